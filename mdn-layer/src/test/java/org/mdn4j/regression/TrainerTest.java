/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.file.Checkpoint;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;

/** A regressor learns the same by either trainer. */
@Tag("slow")
class TrainerTest {
  private static final Data DATA = Data.draw(300, 1);

  @TempDir Path folder;

  private static MixtureRegressor fit(MixtureRegressorBuilder builder) {
    return builder.build().fit(DATA.features(), DATA.targets());
  }

  private static double[] logDensities(MixtureRegressor regressor) {
    return regressor
        .predict(DATA.features())
        .logDensity(Nd4j.createFromArray(DATA.targets()))
        .toDoubleVector();
  }

  private static DenseLayer.Builder dense(int inputs, int outputs) {
    return new DenseLayer.Builder().nIn(inputs).nOut(outputs).activation(Activation.TANH);
  }

  private static MultiLayerConfiguration trunk(org.deeplearning4j.nn.conf.layers.Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list();
    for (org.deeplearning4j.nn.conf.layers.Layer layer : layers) {
      list.layer(layer);
    }
    return list.validateOutputLayerConfig(false).build();
  }

  static List<MixtureRegressorBuilder> forms() {
    return List.of(
        Data.quick(),
        Data.quick().bounded(false).scaleFloor(0).averaging(0).weightDecay(0),
        Data.quick().covariance(Covariance.FULL).minibatch(150).noise(NoiseLevel.NONE),
        Data.quick().trunk(trunk(dense(2, 5).build(), dense(5, 4).hasBias(false).build())),
        Data.quick().startFromData(false).gradientClipping(0.1).minibatch(37));
  }

  /**
   * Epoch by epoch: noise, order, averages, decay, clipping, penalties, validation and falling
   * rates. Roundings of FLOAT grow with the steps; nothing else may differ.
   */
  @ParameterizedTest
  @MethodSource("forms")
  void epochsAreTheSame(MixtureRegressorBuilder builder) {
    List<List<Double>> rates = new ArrayList<>();
    List<MixtureRegressor> fitted = new ArrayList<>();
    for (Trainer trainer : List.of(Trainer.FUSED, Trainer.DL4J)) {
      List<Double> seen = new ArrayList<>();
      rates.add(seen);
      fitted.add(
          fit(
              builder
                  .trainer(trainer)
                  .learningRate(0.02)
                  .patience(1)
                  .maxEpochs(7)
                  .listener(progress -> seen.add(progress.learningRate()))));
    }
    assertEquals(rates.get(0), rates.get(1));
    List<FitReport.Epoch> fused = fitted.get(0).report().members().get(0).curve();
    List<FitReport.Epoch> plain = fitted.get(1).report().members().get(0).curve();
    assertEquals(plain.size(), fused.size());
    for (int epoch = 0; epoch < plain.size(); epoch++) {
      double tolerance = 1e-5 * Math.pow(1.7, epoch);
      assertEquals(plain.get(epoch).trainNll(), fused.get(epoch).trainNll(), tolerance);
      assertEquals(plain.get(epoch).validationNll(), fused.get(epoch).validationNll(), tolerance);
    }
  }

  /** Steps too small to matter: the decay, whose penalty DL4J adds to a score, changes nothing. */
  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void theTrainingNllHasNoPenalty(Trainer trainer) {
    double[] nll = new double[2];
    for (int i = 0; i < 2; i++) {
      nll[i] =
          fit(Data.quick()
                  .trainer(trainer)
                  .bins(0)
                  .noise(NoiseLevel.NONE)
                  .learningRate(1e-9)
                  .weightDecay(i)
                  .maxEpochs(1))
              .report()
              .members()
              .get(0)
              .curve()
              .get(0)
              .trainNll();
    }
    assertEquals(nll[0], nll[1], 1e-5);
  }

  /** On rows that neither has seen, over seeds: whole fits part ways, their quality does not. */
  @Test
  void theNllIsTheSameWithinItsError() {
    Data test = Data.draw(400, 99);
    int seeds = 4;
    double[] differences = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      double[] nll = new double[2];
      for (Trainer trainer : List.of(Trainer.FUSED, Trainer.DL4J)) {
        nll[trainer == Trainer.FUSED ? 0 : 1] =
            fit(Data.quick().trainer(trainer).seed(seed).learningRate(0.02).maxEpochs(12))
                .evaluate(test.features(), test.targets())
                .nll();
      }
      differences[seed] = nll[0] - nll[1];
    }
    double mean = Arrays.stream(differences).average().orElseThrow();
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    double error = Math.sqrt(squares / (seeds - 1) / seeds);
    // 4 standard errors of Student's t with 3 degrees of freedom: 3 % of trials beyond; and what
    // differs at all is small
    assertTrue(Math.abs(mean) < Math.max(4 * error, 1e-4), Arrays.toString(differences));
    assertTrue(Arrays.stream(differences).allMatch(d -> Math.abs(d) < 0.1), "of one fit");
  }

  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void theNumberOfThreadsDoesNotMatter(Trainer trainer) {
    for (int members : new int[] {1, 3}) {
      MixtureRegressorBuilder builder =
          Data.quick()
              .trainer(trainer)
              .ensemble(members)
              .noise(NoiseLevel.NONE, new NoiseLevel(0.05, 0.02))
              .minibatch(240) // several blocks, and several networks
              .maxEpochs(2);
      double[] expected = logDensities(fit(builder.parallelism(1)));
      for (int threads : new int[] {2}) {
        assertArrayEquals(expected, logDensities(fit(builder.parallelism(threads))), 0);
      }
    }
  }

  @Test
  void fusedIsRefusedWithTheReasonWhereItDoesNotServe() {
    MultiLayerConfiguration normalized =
        trunk(dense(2, 4).build(), new BatchNormalization.Builder().nIn(4).nOut(4).build());
    MixtureRegressorBuilder uncovered = Data.quick().maxEpochs(1).trunk(normalized);
    String message =
        assertThrows(IllegalArgumentException.class, () -> fit(uncovered.trainer(Trainer.FUSED)))
            .getMessage();
    assertTrue(
        message.startsWith("FusedTraining does not cover this network: layer ")
            && message.contains("BatchNormalization"),
        message);
    double[] byDl4j = logDensities(fit(uncovered.trainer(Trainer.DL4J)));
    assertArrayEquals(byDl4j, logDensities(fit(uncovered.trainer(Trainer.AUTO))), 0);
    for (ComponentFamily family : List.of(ComponentFamily.GAUSSIAN, ComponentFamily.LAPLACE)) {
      MixtureRegressorBuilder covered = Data.quick().family(family).maxEpochs(2);
      double[] fused = logDensities(fit(covered.trainer(Trainer.FUSED)));
      assertArrayEquals(fused, logDensities(fit(covered.trainer(Trainer.AUTO))), 0, "AUTO");
    }
  }

  /** Of a trunk whose dropout the fused training draws from a stream by steps. */
  private static MixtureRegressorBuilder stoppable(Trainer trainer) {
    MixtureRegressorBuilder builder = Data.quick().ensemble(2).parallelism(1);
    return trainer == Trainer.FUSED ? builder.trunk(DROPPING) : builder;
  }

  private static final MultiLayerConfiguration DROPPING =
      trunk(dense(2, 8).build(), dense(8, 8).dropOut(0.8).build());

  /** AUTO goes on with the trainer of the checkpoint; another one that is named is refused. */
  @ParameterizedTest
  @EnumSource(
      value = Trainer.class,
      names = {"FUSED", "DL4J"})
  void aStoppedFitGoesOnBitForBit(Trainer trainer) {
    Path file = folder.resolve(trainer + ".checkpoint");
    double[] whole = logDensities(fit(stoppable(trainer).trainer(trainer)));
    MixtureRegressorBuilder stopped =
        stoppable(trainer)
            .trainer(trainer)
            .checkpoint(file)
            .checkpointInterval(Duration.ZERO)
            .listener(
                progress -> {
                  if (progress.member() == 1 && progress.epoch() == 3) {
                    throw new CancellationException("enough");
                  }
                });
    assertThrows(CancellationException.class, () -> fit(stopped));
    Trainer other = trainer == Trainer.FUSED ? Trainer.DL4J : Trainer.FUSED;
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> fit(stoppable(trainer).trainer(other).resumeFrom(file)))
            .getMessage();
    assertTrue(message.contains("other options") && message.contains("trainer=" + trainer));
    assertArrayEquals(whole, logDensities(fit(stoppable(trainer).resumeFrom(file))), 0);
  }

  /**
   * Written before there were trainers (first version with bounds; {@code Data.draw(60, 1)}, two
   * members of two components, a trunk of three units, 12 epochs): stopped in the second member's
   * third epoch. The whole fit of that version had the curve's end and the NLL below.
   */
  @Test
  void anOlderCheckpointGoesOnByDl4j() throws IOException {
    Path file = folder.resolve("older.checkpoint");
    try (InputStream older = getClass().getResourceAsStream("before-trainers.checkpoint")) {
      Files.copy(older, file);
    }
    byte[] bytes = Files.readAllBytes(file);
    RegressorOptions options = Checkpoint.read(file).options();
    assertEquals(Trainer.DL4J, options.trainer());
    Data data = Data.draw(60, 1);
    for (Trainer trainer : List.of(Trainer.AUTO, Trainer.DL4J, Trainer.FUSED)) {
      Files.write(file, bytes);
      MixtureRegressor regressor =
          Data.quick()
              .components(2)
              .trunk(MultiLayerConfiguration.fromJson(options.trunk()))
              .ensemble(2)
              .maxEpochs(12)
              .parallelism(1)
              .mostValidationRows(0) // as then
              .widerUnits(0)
              .strongerDecay(0)
              .refit(false)
              .contaminated(false)
              .calibrationRows(0)
              .trainer(trainer)
              .resumeFrom(file)
              .build();
      if (trainer == Trainer.FUSED) {
        assertThrows(
            IllegalArgumentException.class, () -> regressor.fit(data.features(), data.targets()));
        continue;
      }
      regressor.fit(data.features(), data.targets());
      List<FitReport.Epoch> curve = regressor.report().members().get(1).curve();
      assertEquals(1.794238637355348, curve.get(11).validationNll(), 1e-5); // roundings of FLOAT
      assertEquals(
          1.7873690814669736, regressor.evaluate(data.features(), data.targets()).nll(), 1e-4);
    }
  }

  /** The model says how it was trained; older files, which do not, were trained by DL4J. */
  @Test
  void aModelRemembersItsTrainer() throws IOException {
    Path file = folder.resolve("model.zip");
    for (Trainer trainer : Trainer.values()) {
      fit(Data.quick().maxEpochs(1).trainer(trainer)).save(file);
      assertTrue(MixtureRegressor.load(file).toString().contains("trainer=" + trainer));
    }
    try (InputStream older = getClass().getResourceAsStream("bounded.zip")) {
      Files.write(file, older.readAllBytes());
    }
    assertTrue(MixtureRegressor.load(file).toString().contains("trainer=DL4J"));
  }
}
