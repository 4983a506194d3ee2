/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.mdn4j.examples.kit.PrintedProgress;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.training.Trainer;

/** The fits of a table's mixture and of others beside it, which may be stopped and resumed. */
final class TabularFit {
  private final Path csv;
  private final long seed;
  private final Trainer trainer;
  private final int maxEpochs;
  private final TargetOptions targets;
  private final Path checkpoint; // or null
  private final boolean resume;
  private volatile boolean kept; // the checkpoint is there

  /**
   * Creates fits that have not begun.
   *
   * @param csv where the rows come from
   * @param seed of the split, the initial weights, the order and the noise
   * @param trainer the trainer of both
   * @param maxEpochs of a training
   * @param targets what kind of numbers they are
   * @param checkpoint where the mixture's goes; null for nowhere
   * @param resume whether to go on from there
   */
  TabularFit(
      Path csv,
      long seed,
      Trainer trainer,
      int maxEpochs,
      TargetOptions targets,
      Path checkpoint,
      boolean resume) {
    this.csv = csv;
    this.seed = seed;
    this.trainer = trainer;
    this.maxEpochs = maxEpochs;
    this.targets = targets;
    this.checkpoint = checkpoint;
    this.resume = resume;
    this.kept = resume;
  }

  /** Fits the mixture; several targets move together within a Gaussian component. */
  MixtureRegressor mixture(int components, int members, Frame frame, ColumnRoles roles)
      throws IOException {
    if (checkpoint != null && !resume) {
      Files.createDirectories(checkpoint.toAbsolutePath().getParent());
      Files.deleteIfExists(beside(".gaussian"));
      Files.deleteIfExists(beside(".without-atoms"));
    }
    return fit(
        "1 of %s: mixture".formatted(fits()),
        () -> targets.mixture(builder(components), count(roles)).ensemble(members),
        checkpoint,
        frame,
        roles);
  }

  /** Fits one component to the same rows. */
  MixtureRegressor single(Frame frame, ColumnRoles roles) throws IOException {
    return fit(
        "2 of %s: %s".formatted(fits(), targets.singleName()),
        () -> targets.single(builder(1), count(roles)),
        beside(".gaussian"),
        frame,
        roles);
  }

  /** Fits a mixture without atoms to the same rows. */
  MixtureRegressor withoutAtoms(int components, int members, Frame frame, ColumnRoles roles)
      throws IOException {
    return fit(
        "3 of 3: mixture without atoms",
        () ->
            targets
                .mixture(builder(components), count(roles))
                .atoms(AtomSearch.NONE)
                .ensemble(members),
        beside(".without-atoms"),
        frame,
        roles);
  }

  private int fits() {
    return targets.compareAtoms ? 3 : 2;
  }

  private int count(ColumnRoles roles) {
    return roles.targets().size();
  }

  private MixtureRegressorBuilder builder(int components) {
    return MixtureRegressor.builder()
        .components(components)
        .seed(seed)
        .trainer(trainer)
        .maxEpochs(maxEpochs)
        .quiet();
  }

  private MixtureRegressor fit(
      String what,
      Supplier<MixtureRegressorBuilder> options,
      Path file,
      Frame frame,
      ColumnRoles roles)
      throws IOException {
    PrintedProgress progress = new PrintedProgress(what);
    try {
      MixtureRegressorBuilder builder =
          options
              .get()
              .listener(
                  epoch -> {
                    kept = checkpoint != null;
                    progress.epochDone(epoch);
                  });
      if (file != null) {
        builder =
            resume && Files.exists(file) ? builder.resumeFrom(file) : builder.checkpoint(file);
      }
      MixtureRegressor fitted = builder.build().fit(frame, roles);
      progress.ended(fitted.report());
      return fitted;
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(csv, e.getMessage()));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Path beside(String end) {
    return checkpoint == null ? null : checkpoint.resolveSibling(checkpoint.getFileName() + end);
  }

  /** Creates the exception for an interrupted thread. */
  CancellationException interrupted(Exception cause) {
    String message =
        kept
            ? "Interrupted; with the same data and options --resume %s goes on from here"
                .formatted(checkpoint)
            : "Interrupted; nothing was kept"
                + (checkpoint == null ? ", as without --checkpoint" : ", as no epoch had ended");
    CancellationException interruption = new CancellationException(message);
    interruption.initCause(cause);
    return interruption;
  }
}
