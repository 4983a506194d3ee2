/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import static org.mdn4j.Arguments.require;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.regression.model.RefitState;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.TrainerChoice;
import org.mdn4j.regression.model.TrainingState;
import org.mdn4j.training.Trainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the states of all trainings of a fit, and writes them to a file now and then. May be used
 * by several threads.
 */
public final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final Path file; // or null: nothing is kept
  private final Duration interval;
  private final RegressorOptions options;
  private final long dataChecksum;
  private final Map<Checkpoint.Key, TrainingState> states = new ConcurrentSkipListMap<>();
  private final Map<Checkpoint.Key, RefitState> refits = new ConcurrentSkipListMap<>();
  private long lastWrite = System.nanoTime();
  private boolean unwritten;
  private boolean written;
  private boolean failing;

  private Checkpoints(Path file, Duration interval, RegressorOptions options, long dataChecksum) {
    this.file = file;
    this.interval = interval;
    this.options = options;
    this.dataChecksum = dataChecksum;
  }

  /** Creates checkpoints that are kept nowhere. */
  public static Checkpoints none(RegressorOptions options) {
    return new Checkpoints(null, null, options, 0);
  }

  /** Creates checkpoints of a new fit; an older file stays until the first write. */
  public static Checkpoints to(
      Path file, Duration interval, RegressorOptions options, StandardizedData data) {
    return new Checkpoints(file, interval, options, data.checksum());
  }

  /**
   * Goes on from a file, and then writes to it; where the options leave the trainer open, by the
   * one that the file was written by.
   *
   * @throws UncheckedIOException if it is no checkpoint, or none that such a fit can have written
   * @throws IllegalArgumentException if it was written with other options or for other data, or by
   *     a trainer that does not cover the network here
   */
  public static Checkpoints from(
      Path file, Duration interval, RegressorOptions options, StandardizedData data) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.read(file);
      RegressorOptions expected =
          options.trainer() == Trainer.AUTO
              ? options.with("trainer", checkpoint.options().trainer())
              : options;
      require(
          checkpoint.options().equals(expected),
          "%s was written with other options: expected %s, got %s",
          file,
          expected,
          checkpoint.options());
      require(
          checkpoint.dataChecksum() == data.checksum(),
          "%s was written for other data than those given",
          file);
      require(
          TrainerChoice.decided(expected, data).equals(expected),
          "%s names no trainer that its fit was run by, but %s",
          file,
          expected.trainer());
      new CheckpointCheck(options, data).requireFits(file, checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    Checkpoints checkpoints =
        new Checkpoints(file, interval, checkpoint.options(), checkpoint.dataChecksum());
    checkpoints.states.putAll(checkpoint.trainings());
    checkpoints.refits.putAll(checkpoint.refits());
    checkpoints.written = true; // what was read stays there, whatever comes
    return checkpoints;
  }

  /** Returns the options that the fit runs with, whose trainer is FUSED or DL4J. */
  public RegressorOptions options() {
    return options;
  }

  /** Returns where a training stood; null if it has not begun. */
  public TrainingState saved(int member, Setup setup) {
    return states.get(new Checkpoint.Key(member, setup));
  }

  /** Returns where a training on all rows stood; null if it has not begun. */
  public RefitState savedRefit(int member, Setup setup) {
    return refits.get(new Checkpoint.Key(member, setup));
  }

  /** Keeps the state of a training on all rows that has ended an epoch. */
  public void update(RefitState state, int member, Setup setup) {
    if (file != null) {
      refits.put(new Checkpoint.Key(member, setup), state);
      writeIfDue();
    }
  }

  /** Keeps the state of a training that has ended an epoch. */
  public void update(TrainingState state, int member, Setup setup) {
    if (file != null) {
      states.put(new Checkpoint.Key(member, setup), state);
      writeIfDue();
    }
  }

  private synchronized void writeIfDue() {
    unwritten = true;
    if (System.nanoTime() - lastWrite < interval.toNanos()) {
      return;
    }
    try {
      write();
    } catch (UncheckedIOException e) {
      if (!written) {
        throw e; // the first: nothing would ever be kept
      }
      if (!failing) { // once, until one succeeds
        LOG.warn("{}; the fit goes on, and the checkpoint before stays", e.getMessage());
      }
      failing = true;
      lastWrite = System.nanoTime();
    }
  }

  /** Writes what was not written yet; at the end of a fit, whose outcome is worth more. */
  public synchronized void flush() {
    if (!unwritten) {
      return;
    }
    try {
      write();
    } catch (UncheckedIOException e) {
      LOG.warn("{}; what the fit has learned is kept in memory", e.getMessage());
    }
  }

  private void write() {
    try {
      new Checkpoint(options, dataChecksum, states, refits).write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The checkpoint %s could not be written: %s"
              .formatted(file, MalformedFileException.firstLine(e)),
          e);
    }
    lastWrite = System.nanoTime();
    unwritten = false;
    written = true;
    failing = false;
  }
}
