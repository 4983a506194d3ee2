/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.report.FitListener;
import org.mdn4j.regression.report.FitProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees each epoch of all trainings: tells the listener, and logs a line now and then. */
final class TrainingWatch {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWatch.class);
  private static final double SECONDS_BETWEEN_LINES = 5;

  private final RegressorOptions options;
  private final FitListener listener; // or null
  private final boolean quiet;
  private final long began = System.nanoTime();
  private long lastLine = began;
  private int ended;
  private final int trainings;

  TrainingWatch(RegressorOptions options, FitListener listener, boolean quiet) {
    this.options = options;
    this.listener = listener;
    this.quiet = quiet;
    int trials = options.trials();
    this.trainings = (trials == 1 ? 0 : trials) + options.members();
  }

  /** Counts a training that had ended before, in a fit that is resumed. */
  synchronized void wasDone() {
    ended++;
  }

  /** Tells of an epoch that has ended. */
  synchronized void epochDone(Training training, TrainingTask task) {
    if (task.isDone(training)) {
      ended++;
    }
    tell(training, task, false, training.epochs());
  }

  /** Tells of an epoch on all rows that has ended. */
  synchronized void refitted(Training training, TrainingTask task, int epoch) {
    tell(training, task, true, epoch);
  }

  private void tell(Training training, TrainingTask task, boolean refitting, int epoch) {
    double seconds = (System.nanoTime() - began) / 1e9;
    FitProgress progress =
        new FitProgress(
            task.member(),
            Math.max(options.members(), task.member() + 1), // a budget may have time for more
            task.setup().noise(),
            task.setup().bins(),
            task.choosing(),
            refitting,
            epoch,
            training.learningRate(),
            training.validationNll(),
            training.bestNll(),
            ended == 0 ? Double.NaN : seconds / ended * Math.max(0, trainings - ended));
    if (listener != null) {
      listener.epochDone(progress);
    }
    if (!quiet && (System.nanoTime() - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES) {
      lastLine = System.nanoTime();
      LOG.info("{}", progress);
    }
  }
}
