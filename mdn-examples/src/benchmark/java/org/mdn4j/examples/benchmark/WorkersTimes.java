/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.Locale;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.sine.InvertedSineSets;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.training.Trainer;

/**
 * Time and test NLL of the inverted sine's training by one worker and by two, over as many epochs,
 * in turn. Wants two cores that do nothing else.
 *
 * <pre>OMP_NUM_THREADS=1 mvn -q -B -Pbenchmark test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=org.mdn4j.examples.benchmark.WorkersTimes</pre>
 */
public final class WorkersTimes {
  private static final int REPEATS = 3;

  private WorkersTimes() {}

  /**
   * Runs the program.
   *
   * @param args not used
   */
  public static void main(String[] args) {
    SafeBackend.install();
    InvertedSineSets sets =
        InvertedSineSets.draw(10_000, 1000, 20_000, RandomSource.SPLIT_MIX_64.create(1));
    System.out.println("hidden minibatch | s per epoch, 1 and 2 workers | ratio | test NLL");
    for (int[] shape : new int[][] {{32, 256, 30}, {256, 256, 10}, {256, 1024, 15}}) {
      for (int repeat = 1; repeat <= REPEATS; repeat++) {
        double[] one = train(sets, shape, repeat, 1);
        double[] two = train(sets, shape, repeat, 2);
        System.out.printf(
            Locale.ROOT,
            "%6d %9d | %.3f %.3f | %.2f | %.3f %.3f%n",
            shape[0],
            shape[1],
            one[0],
            two[0],
            two[0] / one[0],
            one[1],
            two[1]);
      }
    }
  }

  private static double[] train(InvertedSineSets sets, int[] shape, long seed, int workers) {
    DenseTraining.Result result =
        new DenseTraining(
                2, shape[0], shape[2], shape[1], 0.01, 0.03, 0, seed, workers, Trainer.DL4J)
            .fit(
                new MixtureDensityOutputLayer.Builder().components(10).build(),
                sets.trainSet(),
                sets.validationSet(),
                DenseTraining.Progress.NONE);
    double offset = Math.log(sets.standardize().getLabelStd().getDouble(0));
    return new double[] {result.seconds() / shape[2], result.net().score(sets.testSet()) + offset};
  }
}
