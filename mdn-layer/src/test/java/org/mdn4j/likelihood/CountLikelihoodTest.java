/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.distribution.Mixture;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The likelihood of counts over the whole range of means and dispersions. */
class CountLikelihoodTest {
  private static MixtureSpecBuilder counts() {
    return MixtureSpec.builder().components(1).family(ComponentFamily.NEGATIVE_BINOMIAL);
  }

  /** The values of counts.json, whose script says how they were computed. */
  @Test
  void scoresAndGradientsAreThoseAtHighPrecision() throws IOException {
    JsonNode cases;
    try (InputStream in = Mixture.class.getResourceAsStream("counts.json")) {
      cases = new ObjectMapper().readTree(in);
    }
    double[][] raw = new double[cases.size()][3];
    double[] y = new double[cases.size()];
    for (int n = 0; n < y.length; n++) {
      y[n] = cases.get(n).get("y").doubleValue();
      raw[n][1] = cases.get(n).get("mu").doubleValue();
      raw[n][2] = cases.get(n).get("s").doubleValue();
    }
    for (MixtureLikelihood likelihood : Graphs.engines(counts().build())) {
      ScoreAndGradient actual =
          likelihood.scoreAndGradient(
              Nd4j.createFromArray(y).reshape(-1, 1), Nd4j.createFromArray(raw), null);
      assertReferences(cases, raw, actual);
    }
  }

  private static void assertReferences(JsonNode cases, double[][] raw, ScoreAndGradient actual) {
    for (int n = 0; n < raw.length; n++) {
      String name = cases.get(n).toString();
      double score = -cases.get(n).get("logP").doubleValue();
      assertEquals(score, actual.score().getDouble(n), 1e-10 * Math.max(1, score), name);
      double ofMean = -cases.get(n).get("slopeMu").doubleValue();
      double rounding = 1e-10 * Math.max(1, Math.abs(ofMean)) + 2 * Math.ulp(Math.exp(raw[n][1]));
      assertEquals(ofMean, actual.gradient().getDouble(n, 1), rounding, name);
      double ofDispersion = -cases.get(n).get("slopeS").doubleValue();
      assertEquals(
          ofDispersion,
          actual.gradient().getDouble(n, 2),
          1e-10 * Math.max(1, Math.abs(ofDispersion)),
          name);
    }
  }

  /** In FLOAT the parameters are rounded, and nothing else: the score is computed in DOUBLE. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "HALF"})
  void lowerPrecisionRoundsParametersOnly(DataType dtype) {
    MixtureLikelihood[] engines =
        Graphs.engines(counts().build()).toArray(MixtureLikelihood[]::new);
    for (double mean : new double[] {1e-3, 1, 40, 2000}) {
      for (double alpha : new double[] {1e-3, 0.1, 4}) {
        INDArray raw =
            Nd4j.createFromArray(new double[][] {{0, Math.log(mean), Math.log(alpha)}})
                .castTo(dtype);
        for (double y : new double[] {0, 1, Math.rint(mean), Math.rint(1.4 * mean) + 3}) {
          INDArray label = Nd4j.createFromArray(new double[][] {{y}}).castTo(dtype);
          for (MixtureLikelihood engine : engines) {
            double inDouble =
                engine
                    .score(label.castTo(DataType.DOUBLE), raw.castTo(DataType.DOUBLE), null)
                    .getDouble(0);
            double inDtype = engine.score(label, raw, null).getDouble(0);
            assertEquals(inDouble, inDtype, 1e-6 * Math.max(1, inDouble));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2.5", "-1", "1e-9", "NaN", "Infinity", "-0.5"})
  void labelsThatAreNoCountsAreRefusedByRow(double label) {
    MixtureSpec spec = counts().components(2).targets(2).build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 20, spec.parameterCount());
    INDArray labels = Nd4j.ones(DataType.DOUBLE, 20, 2);
    labels.putScalar(17, 0, label);
    INDArray observed = Nd4j.ones(DataType.DOUBLE, 20, 2);
    observed.putScalar(17, 0, 0);
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> engine.score(labels, raw, null));
      assertEquals(
          "row 17, column 0: expected an integer of at least 0, got " + label, e.getMessage());
      assertTrue(Double.isFinite(engine.score(labels, raw, observed).getDouble(17)));
    }
  }

  /** Means beyond what is read count as the nearest that is, and are led back. */
  @Test
  void meansBeyondTheLimitsAreLedBack() {
    INDArray raw = Nd4j.createFromArray(new double[][] {{0, 500, -60}, {0, -500, -60}});
    INDArray limits = Nd4j.createFromArray(new double[][] {{0, 30, -60}, {0, -30, -60}});
    INDArray y = Nd4j.createFromArray(new double[][] {{7}, {7}});
    for (MixtureLikelihood engine : Graphs.engines(counts().build())) {
      ScoreAndGradient actual = engine.scoreAndGradient(y, raw, null);
      ScoreAndGradient expected = engine.scoreAndGradient(y, limits, null);
      assertEquals(expected.score(), actual.score());
      assertEquals(expected.gradient(), actual.gradient());
      assertTrue(actual.gradient().getDouble(0, 1) > 0);
      assertTrue(actual.gradient().getDouble(1, 1) < 0);
    }
  }

  @Test
  void whatDoesNotGoTogetherIsRejectedWhenItIsBuilt() {
    for (MixtureSpecBuilder builder :
        Arrays.asList(
            counts().targets(2).covariance(Covariance.FULL),
            counts().scaleTransform(ScaleTransform.ELU_PLUS_ONE),
            counts().degreesOfFreedom(3),
            counts().locationBounds(new double[] {-31}, new double[] {3}),
            counts().locationBounds(new double[] {0}, new double[] {30.5}))) {
      Exception e = assertThrows(IllegalArgumentException.class, builder::build);
      assertTrue(
          e.getMessage().contains("expected")
              || e.getMessage().contains("choose")
              || e.getMessage().contains("Only"),
          e.getMessage());
    }
    MixtureSpec spec =
        counts()
            .scaleFloor(1e-4)
            .scaleCeiling(5)
            .locationBounds(new double[] {-5}, new double[] {9})
            .sharedScales(true)
            .build();
    assertEquals(spec, MixtureSpec.fromJson(spec.toJson()));
    assertTrue(spec.toJson().contains("NEGATIVE_BINOMIAL"));
  }
}
