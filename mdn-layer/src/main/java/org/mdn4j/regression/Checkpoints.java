/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Keeps the states of all trainings of a fit, and writes them to a file now and then. May be used
 * by several threads.
 */
final class Checkpoints {
  private final Path file; // or null: nothing is kept
  private final Duration interval;
  private final RegressorOptions options;
  private final long dataChecksum;
  private final Map<Checkpoint.Key, TrainingState> states = new ConcurrentSkipListMap<>();
  private long lastWrite = System.nanoTime();
  private boolean unwritten;

  private Checkpoints(Path file, Duration interval, RegressorOptions options, long dataChecksum) {
    this.file = file;
    this.interval = interval;
    this.options = options;
    this.dataChecksum = dataChecksum;
  }

  /** Keeps nothing. */
  static Checkpoints none() {
    return new Checkpoints(null, null, null, 0);
  }

  /** Starts anew; an older file stays until the first write. */
  static Checkpoints to(
      Path file, Duration interval, RegressorOptions options, StandardizedData data) {
    return new Checkpoints(file, interval, options, data.checksum());
  }

  /**
   * Goes on from a file, and then writes to it.
   *
   * @throws UncheckedIOException if it is no checkpoint
   * @throws IllegalArgumentException if it was written with other options or for other data
   */
  static Checkpoints from(
      Path file, Duration interval, RegressorOptions options, StandardizedData data) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    Table.require(
        checkpoint.options().equals(options),
        "%s was written with other options: expected %s, got %s",
        file,
        options,
        checkpoint.options());
    Table.require(
        checkpoint.dataChecksum() == data.checksum(),
        "%s was written for other data than those given",
        file);
    Checkpoints checkpoints = new Checkpoints(file, interval, options, checkpoint.dataChecksum());
    checkpoints.states.putAll(checkpoint.trainings());
    return checkpoints;
  }

  /** Where a training stood; null if it has not begun. */
  TrainingState saved(int member, NoiseLevel noise) {
    return states.get(new Checkpoint.Key(member, noise));
  }

  /** A training has ended an epoch. */
  void update(Training training, int member, NoiseLevel noise) {
    if (file != null) {
      states.put(new Checkpoint.Key(member, noise), training.state());
      writeIfDue();
    }
  }

  private synchronized void writeIfDue() {
    unwritten = true;
    if (System.nanoTime() - lastWrite >= interval.toNanos()) {
      write();
    }
  }

  /** Writes what was not written yet. */
  synchronized void flush() {
    if (unwritten) {
      write();
    }
  }

  private void write() {
    try {
      new Checkpoint(options, dataChecksum, states).write(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The checkpoint %s could not be written: %s".formatted(file, e.getMessage()), e);
    }
    lastWrite = System.nanoTime();
    unwritten = false;
  }
}
