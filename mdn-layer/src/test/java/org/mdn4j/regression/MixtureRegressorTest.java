/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.report.FitProgress;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class MixtureRegressorTest {
  private static final Data TRAIN = Data.draw(300, 1);
  private static final Data TEST = Data.draw(200, 2);

  private static double nll(MixtureRegressor regressor) {
    return regressor.evaluate(TEST.features(), TEST.targets()).nll();
  }

  private static String bits(MixtureRegressor regressor) {
    return Arrays.toString(
        regressor.predict(TEST.features()).logDensity(column(TEST.targets())).toDoubleVector());
  }

  private static INDArray column(double[][] rows) {
    return Nd4j.createFromArray(rows);
  }

  @Test
  void defaultsLearnTwoBranches() {
    Data train = Data.draw(1500, 3);
    Data test = Data.draw(4000, 4);
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .noise(new NoiseLevel(0.02, 0.02))
            .patience(8)
            .quiet()
            .build()
            .fit(train.features(), train.targets());
    MixtureEvaluation evaluation = regressor.evaluate(test.features(), test.targets());

    // no model beats the floor but by chance: the NLL of 4000 rows has a standard error of 0.011
    assertEquals(Data.floor(), evaluation.nll(), 0.1);
    assertTrue(evaluation.nll() > Data.floor() - 0.035, "NLL " + evaluation.nll());
    assertEquals(0.9, evaluation.target(0).centralCoverage(0.9), 0.03);
    Mixture mixture = regressor.predict(new double[][] {{120, 0.5}}).get(0);
    assertEquals(2, mixture.highestDensityRegion(0.9).size());
    assertEquals(0.5, mixture.cdf(0), 0.1);
  }

  @Test
  void matricesOfNd4jAreRowsToo() {
    MixtureRegressor regressor = Data.quick().maxEpochs(2).build();
    regressor.fit(column(TRAIN.features()), column(TRAIN.targets()));
    assertEquals(2, regressor.features());
    assertEquals(1, regressor.targets());
    assertEquals(
        bits(regressor),
        Arrays.toString(
            regressor
                .predict(column(TEST.features()))
                .logDensity(column(TEST.targets()))
                .toDoubleVector()));
    assertEquals(
        nll(regressor), regressor.evaluate(column(TEST.features()), column(TEST.targets())).nll());
  }

  @Test
  void predictsInTheTargetsOwnUnits() {
    double[][] scaled =
        Arrays.stream(TRAIN.targets())
            .map(row -> new double[] {5e6 + 1024 * row[0]})
            .toArray(double[][]::new);
    MixtureRegressor own = Data.quick().build().fit(TRAIN.features(), TRAIN.targets());
    MixtureRegressor other = Data.quick().build().fit(TRAIN.features(), scaled);
    Mixture mixture = own.predict(TEST.features()).get(0);
    Mixture otherMixture = other.predict(TEST.features()).get(0);

    // standardised targets differ by the rounding of 5e6 + 1024 y to doubles and then to floats
    assertEquals(5e6 + 1024 * mixture.mean()[0], otherMixture.mean()[0], 1e-2);
    assertEquals(
        mixture.logDensity(1.5) - Math.log(1024), otherMixture.logDensity(5e6 + 1536), 1e-3);
    assertEquals(
        own.report().members().get(0).validationNll() + Math.log(1024),
        other.report().members().get(0).validationNll(),
        1e-3);
  }

  @Test
  void reportedValidationNllIsThatOfThePredictionsOnThoseRows() {
    int[] order = PermutationSampler.natural(300);
    PermutationSampler.shuffle(Seeds.random(Seeds.derive(1, 0), Seeds.SPLIT), order);
    double[][] features = new double[60][];
    double[][] targets = new double[60][];
    for (int n = 0; n < 60; n++) {
      features[n] = TRAIN.features()[order[n]];
      targets[n] = TRAIN.targets()[order[n]];
    }
    MixtureRegressor plain =
        Data.quick()
            .refit(false)
            .contaminated(false)
            .build()
            .fit(TRAIN.features(), TRAIN.targets());
    assertEquals(
        plain.evaluate(features, targets).nll(),
        plain.report().members().get(0).validationNll(),
        1e-5); // standardised targets are FLOAT

    MixtureRegressor regressor =
        Data.quick()
            .refit(false)
            .mostValidationRows(19) // too few for a width
            .build()
            .fit(TRAIN.features(), TRAIN.targets());
    FitReport.Member member = regressor.report().members().get(0);
    double share = regressor.contamination();
    double sum = 0;
    for (int n = 0; n < 19; n++) { // contaminated by 0.05 in place of its own share
      Mixture mixture = regressor.predict(features).get(n);
      double wide = mixture.responsibilities(targets[n])[mixture.components() - 1];
      assertEquals(share, mixture.weights()[mixture.components() - 1], 1e-15);
      sum -=
          mixture.logDensity(targets[n])
              + Math.log(0.95 * (1 - wide) / (1 - share) + 0.05 * wide / share);
    }
    assertEquals(sum / 19, member.validationNll(), 1e-5);
    assertEquals(
        member.validationNll(),
        member.curve().stream().mapToDouble(FitReport.Epoch::validationNll).min().orElseThrow());
    assertEquals(
        member.validationNll(), member.curve().get(member.bestEpoch() - 1).validationNll());
  }

  @Test
  void sameSeedSameModelWhateverTheThreads() {
    MixtureRegressorBuilder builder =
        Data.quick().ensemble(3).noise(NoiseLevel.NONE, new NoiseLevel(0.1, 0.05)).maxEpochs(5);
    String one = bits(builder.parallelism(1).build().fit(TRAIN.features(), TRAIN.targets()));
    String three = bits(builder.parallelism(3).build().fit(TRAIN.features(), TRAIN.targets()));

    assertEquals(one, three);
    assertNotEquals(one, bits(builder.seed(2).build().fit(TRAIN.features(), TRAIN.targets())));
  }

  @Test
  void firstMemberIsTheSingleModel() {
    MixtureRegressorBuilder builder = Data.quick().maxEpochs(4);
    String single = bits(builder.build().fit(TRAIN.features(), TRAIN.targets()));
    MixtureRegressor ensemble = builder.ensemble(2).build().fit(TRAIN.features(), TRAIN.targets());

    assertEquals(single, bits(ensemble.firstMember()));
    assertNotEquals(single, bits(ensemble));
  }

  @Test
  void ensembleIsTheAverageOfItsMembers() {
    MixtureRegressor ensemble =
        Data.quick().ensemble(2).build().fit(TRAIN.features(), TRAIN.targets());
    double both = ensemble.predict(TEST.features()).get(5).density(1.2);
    double first = ensemble.firstMember().predict(TEST.features()).get(5).density(1.2);
    MixtureBatch all = ensemble.predict(TEST.features());

    assertEquals(8, all.components());
    assertTrue(Math.abs(2 * both - first) > 1e-6); // the second one's share
    assertTrue(nll(ensemble) < nll(ensemble.firstMember()) + 0.2);
  }

  @Test
  void ensembleIsCalibratedOnRowsThatNoMemberTrainedOn() {
    MixtureRegressor ensemble =
        Data.quick()
            .ensemble(2)
            .maxEpochs(60)
            .refit(false)
            .build()
            .fit(TRAIN.features(), TRAIN.targets());
    int[] rows = PermutationSampler.natural(300);
    PermutationSampler.shuffle(Seeds.random(Seeds.derive(1, 0), Seeds.SPLIT), rows);
    double[][] features = new double[60][];
    double[][] targets = new double[60][];
    for (int n = 0; n < 60; n++) {
      features[n] = TRAIN.features()[rows[n]];
      targets[n] = TRAIN.targets()[rows[n]];
    }
    for (MixtureRegressor one : List.of(ensemble, ensemble.firstMember())) {
      double tau = one.scaleTemperature();
      double nll = one.evaluate(features, targets).nll();

      // a further temperature, applied to members after the fit's own, can only be worse there
      for (double other : new double[] {0.9, 0.99, 1.01, 1.1}) {
        MixtureBatch scaled =
            one.predict(features).temperature(new Temperature(1, other)); // of the whole
        double worse = -scaled.logDensity(column(targets)).meanNumber().doubleValue();
        assertTrue(worse > nll, () -> "at " + tau + " times " + other + ": " + worse);
      }
      assertNotEquals(1, tau);
    }
    assertNotEquals(ensemble.scaleTemperature(), ensemble.firstMember().scaleTemperature());
  }

  @Test
  void aNetworksOwnMixturesStayAsTheyAre() {
    MixtureRegressorBuilder builder = Data.quick().contaminated(false).maxEpochs(5);
    MixtureRegressor single = builder.build().fit(TRAIN.features(), TRAIN.targets());
    assertEquals(0, single.contamination());
    assertEquals(1, single.scaleTemperature());
    assertEquals(3, single.predict(TEST.features()).components());
    MixtureRegressor ensemble = builder.ensemble(2).build().fit(TRAIN.features(), TRAIN.targets());
    assertEquals(bits(single), bits(ensemble.firstMember()));
    assertNotEquals(1, ensemble.scaleTemperature());
  }

  @Test
  void takesArraysAndIteratorsAlike() {
    MixtureRegressorBuilder builder = Data.quick().maxEpochs(3);
    String rows = bits(builder.build().fit(TRAIN.features(), TRAIN.targets()));
    INDArray features = Nd4j.createFromArray(TRAIN.features()).dup('f');
    INDArray targets = Nd4j.createFromArray(TRAIN.targets());
    List<DataSet> parts = new ArrayList<>();
    for (int from = 0; from < 300; from += 150) {
      parts.add(
          new DataSet(
              features.get(NDArrayIndex.interval(from, from + 150)),
              targets.get(NDArrayIndex.interval(from, from + 150))));
    }

    assertEquals(rows, bits(builder.build().fit(features, targets.reshape(300))));
    assertEquals(rows, bits(builder.build().fit(new ListDataSetIterator<>(parts))));
  }

  @Test
  void choosesTheNoiseOfTheLowestValidationNll() {
    FitReport report =
        Data.quick()
            .noise(NoiseLevel.NONE, new NoiseLevel(3, 3))
            .widerUnits(0)
            .strongerDecay(0)
            .build()
            .fit(TRAIN.features(), TRAIN.targets())
            .report();

    assertEquals(NoiseLevel.NONE, report.noise());
    assertEquals(2, report.trials().size());
    assertTrue(report.trials().get(0).validationNll() < report.trials().get(1).validationNll());
    assertTrue(report.members().get(0).validationNll() <= report.trials().get(0).validationNll());
  }

  @Test
  void severalTargetsConstantFeatureOtherFamilyAndTrunk() {
    double[][] features =
        Arrays.stream(TRAIN.features())
            .map(row -> new double[] {row[0], 7, row[1]})
            .toArray(double[][]::new);
    double[][] targets = new double[300][];
    for (int n = 0; n < 300; n++) {
      targets[n] = new double[] {TRAIN.targets()[n][0], 1000 - TRAIN.targets()[n][0]};
    }
    MixtureRegressor full =
        Data.quick()
            .covariance(Covariance.FULL)
            .trunk(
                new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new DenseLayer.Builder().nOut(8).activation(Activation.TANH).build())
                    .validateOutputLayerConfig(false)
                    .build())
            .maxEpochs(3)
            .build()
            .fit(features, targets);
    MixtureRegressor laplace =
        Data.quick()
            .family(ComponentFamily.LAPLACE)
            .maxEpochs(3)
            .build()
            .fit(features, TRAIN.targets());

    Mixture mixture = full.predict(features).get(0);
    assertEquals(2, mixture.mean().length);
    assertEquals(1000, mixture.mean()[1], 5);
    assertEquals(600, full.evaluate(features, targets).rows() * 2);
    double[] before = laplace.predict(features).get(3).mean();
    features[3][1] = 1e6; // the constant one says nothing
    assertArrayEquals(before, laplace.predict(features).get(3).mean());
  }

  @Test
  void tellsTheListenerAndAPerson() {
    List<FitProgress> seen = new ArrayList<>();
    MixtureRegressor regressor =
        Data.quick()
            .ensemble(2)
            .parallelism(1) // so that the second member ends last
            .noise(NoiseLevel.NONE, new NoiseLevel(0.1, 0.05))
            .listener(seen::add)
            .build()
            .fit(TRAIN.features(), TRAIN.targets());
    FitProgress last = seen.get(seen.size() - 1);

    assertEquals(
        regressor.report().members().get(1).curve().size(),
        seen.stream().filter(one -> one.member() == 1 && !one.refitting()).count());
    long again = seen.stream().filter(one -> one.member() == 1 && one.refitting()).count();
    assertTrue(
        1 <= again && again <= regressor.report().members().get(1).bestEpoch(),
        again + " epochs on all rows");
    assertEquals(0, last.secondsLeft(), 1e-9);
    assertTrue(Double.isNaN(seen.get(0).secondsLeft()));
    assertTrue(seen.get(0).choosing() && !last.choosing());
    assertTrue(
        last.toString().matches("member 2 of 2, noise .*, epoch \\d+: validation NLL .* s left"),
        last::toString);
    assertEquals(regressor.report().members().get(1).validationNll(), last.bestNll(), 1e-12);
  }
}
