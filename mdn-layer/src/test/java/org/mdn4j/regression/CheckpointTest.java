/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.files.InMemory;
import org.mdn4j.regression.file.Checkpoint;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.factory.Nd4j;

/** A fit that was stopped, by whatever means, goes on to the same model. */
@Tag("slow")
class CheckpointTest {
  private static final Data DATA = Data.draw(200, 1);

  @TempDir(factory = InMemory.class)
  Path folder;

  /** Of two noise levels and two members, so that all phases are met. */
  private static MixtureRegressorBuilder regressor() {
    return Data.quick()
        .ensemble(2)
        .noise(NoiseLevel.NONE, new NoiseLevel(0.05, 0.02))
        .bins(4, 0)
        .roundSteps(3)
        .widerUnits(0)
        .strongerDecay(0)
        .maxEpochs(12)
        .parallelism(2);
  }

  private static double[] logDensities(MixtureRegressor regressor) {
    return regressor
        .predict(DATA.features())
        .logDensity(Nd4j.createFromArray(DATA.targets()))
        .toDoubleVector();
  }

  private static MixtureRegressor fit(MixtureRegressorBuilder builder) {
    return builder.build().fit(DATA.features(), DATA.targets());
  }

  /** Fits with checkpoints, slowly, until it is killed. */
  static final class ChildFit {
    private static final String EPOCH = "an epoch";

    private ChildFit() {}

    public static void main(String[] args) {
      fit(
          regressor()
              .trainer(Trainer.valueOf(System.getProperty("trainer")))
              .checkpoint(Path.of(args[0]))
              .checkpointInterval(Duration.ZERO)
              .listener(
                  progress -> {
                    System.out.println(EPOCH); // whose checkpoint is written
                    try {
                      Thread.sleep(20);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void killedProcessGoesOnToTheSameModel(Trainer trainer) throws Exception {
    Path file = folder.resolve("fit.checkpoint");
    Process child = ChildJvm.start(ChildFit.class, List.of("-Dtrainer=" + trainer), file);
    BufferedReader output = child.inputReader();
    for (int epochs = 0; epochs < 15; ) { // of about 40
      String line = output.readLine();
      assertNotNull(line, "the fit ended before it was killed");
      epochs += line.equals(ChildFit.EPOCH) ? 1 : 0;
    }
    child.destroyForcibly(); // SIGKILL
    assertTrue(child.waitFor(1, TimeUnit.MINUTES));
    assertEquals(128 + 9, child.exitValue());
    int kept = epochs(file);

    MixtureRegressor whole = fit(regressor().trainer(trainer));
    int[] seen = new int[1];
    MixtureRegressor resumed =
        fit(
            regressor()
                .trainer(trainer)
                .resumeFrom(file)
                .listener(progress -> seen[0] += progress.refitting() ? 0 : 1));
    int all = whole.report().members().stream().mapToInt(one -> one.curve().size()).sum();

    assertArrayEquals(logDensities(whole), logDensities(resumed));
    assertEquals(whole.report().members(), resumed.report().members());
    assertTrue(kept >= 15 && seen[0] < all + 12, "%d kept, %d more".formatted(kept, seen[0]));
  }

  private static int epochs(Path file) throws IOException {
    return Checkpoint.read(file).trainings().values().stream()
        .mapToInt(state -> state.curve().size())
        .sum();
  }

  @Test
  void interruptedFitLeavesACheckpoint() {
    Path file = folder.resolve("fit.checkpoint");
    Thread fitting = Thread.currentThread();
    MixtureRegressorBuilder stopped =
        regressor()
            .checkpoint(file)
            .checkpointInterval(Duration.ofDays(1))
            .listener(
                progress -> {
                  if (progress.epoch() == 3) {
                    fitting.interrupt();
                  }
                });

    assertThrows(CancellationException.class, () -> fit(stopped));
    assertTrue(Thread.interrupted(), "the flag is kept, and cleared here");
    assertArrayEquals(
        logDensities(fit(regressor())), logDensities(fit(regressor().resumeFrom(file))));
  }

  @Test
  void listenersProblemEndsTheFitAndIsKept() {
    Path file = folder.resolve("fit.checkpoint");
    MixtureRegressorBuilder failing =
        regressor()
            .checkpoint(file)
            .listener(
                progress -> {
                  throw new IllegalStateException("enough");
                });

    assertEquals(
        "enough", assertThrows(IllegalStateException.class, () -> fit(failing)).getMessage());
    assertTrue(Files.exists(file));
  }

  @Test
  void finishedFitResumesToItself() {
    Path file = folder.resolve("fit.checkpoint");
    MixtureRegressor first = fit(regressor().checkpoint(file));
    int[] epochs = new int[1];
    MixtureRegressor second = fit(regressor().resumeFrom(file).listener(progress -> epochs[0]++));

    assertEquals(0, epochs[0]);
    assertArrayEquals(logDensities(first), logDensities(second));
  }

  /** In every epoch on all rows, so also where a stage ends, or the last one does. */
  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void aTrainingOnAllRowsGoesOnWhereItWasStopped(Trainer trainer) {
    Path file = folder.resolve("fit.checkpoint");
    int[] all = new int[1];
    MixtureRegressor whole =
        fit(onAllRows(trainer).listener(progress -> all[0] += progress.refitting() ? 1 : 0));
    long stages =
        Plateau.schedule(whole.report().members().get(0).curve(), 2).stream()
            .filter(epochs -> epochs > 0)
            .count();
    assertTrue(all[0] >= 5 && stages >= 2, "%s epochs in %s stages".formatted(all[0], stages));
    for (int stop = 1; stop <= all[0]; stop++) {
      int last = stop;
      MixtureRegressorBuilder stopped =
          onAllRows(trainer)
              .checkpoint(file)
              .checkpointInterval(Duration.ofDays(1))
              .listener(
                  progress -> {
                    if (progress.refitting() && progress.epoch() == last) {
                      throw new CancellationException("enough");
                    }
                  });
      assertThrows(CancellationException.class, () -> fit(stopped));
      int[] more = new int[1];
      MixtureRegressor resumed =
          fit(onAllRows(trainer).resumeFrom(file).listener(progress -> more[0]++));
      assertEquals(all[0] - stop, more[0], "epochs after " + stop);
      assertArrayEquals(logDensities(whole), logDensities(resumed), "stopped after " + stop);
    }
  }

  private static MixtureRegressorBuilder onAllRows(Trainer trainer) {
    return Data.quick()
        .trainer(trainer)
        .noise(NoiseLevel.NONE)
        .bins(0)
        .roundSteps(3)
        .widerUnits(0)
        .strongerDecay(0)
        .learningRate(0.03)
        .patience(2)
        .maxEpochs(40)
        .parallelism(1);
  }

  @Test
  void otherOptionsDataOrFilesAreRefused() throws IOException {
    Path file = folder.resolve("fit.checkpoint");
    fit(regressor().maxEpochs(1).checkpoint(file));
    double[][] other = Arrays.stream(DATA.targets()).map(double[]::clone).toArray(double[][]::new);
    other[7][0] += 0.5;
    Path model = folder.resolve("model.zip");
    fit(regressor().maxEpochs(1)).save(model);
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length / 2));

    assertTrue(
        message(IllegalArgumentException.class, () -> fit(regressor().seed(5).resumeFrom(file)))
            .contains("was written with other options"));
    assertTrue(
        message(
                IllegalArgumentException.class,
                () -> regressor().maxEpochs(1).resumeFrom(file).build().fit(DATA.features(), other))
            .contains("was written for other data"));
    assertTrue(
        message(UncheckedIOException.class, () -> fit(regressor().resumeFrom(model)))
            .contains("it has no checkpoint.json"));
    assertTrue(
        message(UncheckedIOException.class, () -> fit(regressor().resumeFrom(cut)))
            .contains("truncated or no zip"));
    assertTrue(
        message(UncheckedIOException.class, () -> fit(regressor().resumeFrom(folder.resolve("no"))))
            .contains("no"));
  }

  /** The folder is gone: the model is there, and what was to be said is said at WARN. */
  @Test
  void aLastCheckpointThatCannotBeWrittenLosesNoModel() {
    Path file = folder.resolve("gone").resolve("fit.checkpoint");
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    MixtureRegressor kept;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      kept = fit(regressor().checkpoint(file).checkpointInterval(Duration.ofDays(1)));
    } finally {
      System.setErr(before);
    }

    assertArrayEquals(logDensities(fit(regressor())), logDensities(kept));
    String said = log.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("The checkpoint " + file + " could not be written"), said);
    assertTrue(said.contains("WARN"), said);
  }

  /** One that was written stays; the fit goes on. */
  @Test
  void aCheckpointThatCannotBeWrittenAgainStopsNoFit() throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Path file = gone.resolve("fit.checkpoint");
    MixtureRegressor kept =
        fit(
            regressor()
                .parallelism(1)
                .checkpoint(file)
                .checkpointInterval(Duration.ZERO)
                .listener(
                    progress -> {
                      try {
                        Files.deleteIfExists(file);
                        Files.deleteIfExists(gone);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));
    assertArrayEquals(logDensities(fit(regressor())), logDensities(kept));
  }

  /** Not even its first one: the checkpoint that it has read was one already. */
  @Test
  void aResumedFitGoesOnWhereItsCheckpointCannotBeWritten() throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Path file = gone.resolve("fit.checkpoint");
    MixtureRegressorBuilder stopped =
        regressor()
            .maxEpochs(4)
            .parallelism(1)
            .checkpoint(file)
            .listener(
                progress -> {
                  throw new CancellationException("enough");
                });
    assertThrows(CancellationException.class, () -> fit(stopped));
    MixtureRegressor resumed =
        fit(
            regressor()
                .maxEpochs(4)
                .parallelism(1)
                .resumeFrom(file)
                .checkpointInterval(Duration.ofMillis(300)) // not yet due in the first epoch
                .listener(
                    progress -> {
                      try {
                        if (Files.deleteIfExists(file)) {
                          Files.delete(gone);
                          Thread.sleep(320);
                        }
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
    assertFalse(Files.exists(gone));
    assertArrayEquals(logDensities(fit(regressor().maxEpochs(4))), logDensities(resumed));
  }

  /** A mistake in its name is found before a long fit has trained for long. */
  @Test
  void aFirstCheckpointThatCannotBeWrittenEndsTheFit() {
    Path file = folder.resolve("gone").resolve("fit.checkpoint");
    int[] epochs = new int[1];
    String message =
        message(
            UncheckedIOException.class,
            () ->
                fit(
                    regressor()
                        .parallelism(1)
                        .checkpoint(file)
                        .checkpointInterval(Duration.ZERO)
                        .listener(progress -> epochs[0] += progress.refitting() ? 0 : 1)));
    assertTrue(message.contains(file + " could not be written"), message);
    assertEquals(0, epochs[0]);
  }

  @Test
  void nothingIsLeftBeside() throws IOException {
    fit(regressor().maxEpochs(2).checkpoint(folder.resolve("a")).checkpointInterval(Duration.ZERO));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("a")), files.toList());
    }
    assertFalse(Files.exists(folder.resolve("a.part")));
  }

  private static String message(
      Class<? extends Throwable> type, org.junit.jupiter.api.function.Executable call) {
    return assertThrows(type, call).getMessage();
  }
}
