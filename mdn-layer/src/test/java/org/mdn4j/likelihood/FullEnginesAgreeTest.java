/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The fused engine with FULL covariance against the definition and the textbook's formula. */
class FullEnginesAgreeTest {
  static List<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (int targets : new int[] {1, 2, 3, 5, 8}) {
      for (int components : new int[] {1, 4, 11}) {
        specs.add(
            MixtureSpec.builder()
                .components(components)
                .targets(targets)
                .covariance(Covariance.FULL)
                .scaleFloor(components == 4 ? 0.1 : 0)
                .build());
      }
    }
    return specs;
  }

  /** Ordinary rows, in FLOAT's precision so that both dtypes see the same numbers. */
  private static final class Rows {
    final double[][] raw;
    final double[][] labels;
    final double[][] observed;

    Rows(MixtureSpec spec, int rows, long seed) {
      Random random = new Random(seed);
      raw = new double[rows][spec.parameterCount()];
      labels = new double[rows][spec.targets()];
      observed = new double[rows][spec.targets()];
      for (int n = 0; n < rows; n++) {
        Arrays.setAll(raw[n], column -> (float) random.nextGaussian());
        Arrays.setAll(labels[n], d -> (float) (2 * random.nextGaussian()));
        int kind = n % 4; // whole, nothing observed, some observed
        Arrays.setAll(
            observed[n], d -> kind == 0 ? 1 : kind == 1 ? 0 : random.nextBoolean() ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void doubleIsTheDefinition(MixtureSpec spec) {
    Rows rows = new Rows(spec, 40, spec.parameterCount());
    for (double[][] mask : new double[][][] {null, rows.observed}) {
      INDArray labels = PlainMixtureNll.array(rows.labels, DataType.DOUBLE);
      INDArray raw = PlainMixtureNll.array(rows.raw, DataType.DOUBLE);
      INDArray observed = mask == null ? null : PlainMixtureNll.array(mask, DataType.DOUBLE);
      ScoreAndGradient ours = new FusedLikelihood(spec).scoreAndGradient(labels, raw, observed);
      ScoreAndGradient theirs =
          new SameDiffLikelihood(spec).scoreAndGradient(labels, raw, observed);
      double[][] gradient = PlainMixtureNll.matrix(ours.gradient());
      double[][] defined = PlainMixtureNll.matrix(theirs.gradient());
      for (int n = 0; n < rows.raw.length; n++) {
        double score =
            PlainMixtureScore.of(spec, rows.labels[n], rows.raw[n], mask == null ? null : mask[n]);
        double size = Math.max(1, Math.abs(score));
        // The condition of up to 8 random rows of L costs some digits in the marginal.
        assertEquals(score, ours.score().getDouble(n), 1e-9 * size, "row " + n);
        assertEquals(0, distance(defined[n], gradient[n]) / largest(defined[n]), 1e-9, "row " + n);
      }
    }
  }

  /** Columns, in double with our own exponential, against rows, in double throughout. */
  @ParameterizedTest
  @MethodSource("specs")
  void floatIsDoubleRounded(MixtureSpec spec) {
    Rows rows = new Rows(spec, 300, spec.parameterCount() + 1);
    for (double[][] mask : new double[][][] {null, rows.observed}) {
      FusedLikelihood fused = new FusedLikelihood(spec);
      ScoreAndGradient[] results = new ScoreAndGradient[2];
      DataType[] dtypes = {DataType.FLOAT, DataType.DOUBLE};
      for (int i = 0; i < 2; i++) {
        results[i] =
            fused.scoreAndGradient(
                PlainMixtureNll.array(rows.labels, dtypes[i]),
                PlainMixtureNll.array(rows.raw, dtypes[i]).dup(i == 0 ? 'f' : 'c'),
                mask == null ? null : PlainMixtureNll.array(mask, dtypes[i]));
      }
      double[][] single = PlainMixtureNll.matrix(results[0].gradient());
      double[][] exact = PlainMixtureNll.matrix(results[1].gradient());
      for (int n = 0; n < rows.raw.length; n++) {
        double score = results[1].score().getDouble(n);
        assertEquals(
            score,
            results[0].score().getDouble(n),
            1e-7 * Math.max(1, Math.abs(score)),
            "row " + n);
        assertEquals(0, distance(exact[n], single[n]) / largest(exact[n]), 1e-7, "row " + n);
      }
    }
  }

  /** Labels to 1e6, entries of the factor to ±100, diagonals to ±50: finite in both dtypes. */
  @ParameterizedTest
  @MethodSource("specs")
  void extremesAreFinite(MixtureSpec spec) {
    Random random = new Random(spec.parameterCount() + 2);
    double[][] raw = new double[200][spec.parameterCount()];
    double[][] labels = new double[200][spec.targets()];
    double[][] observed = new double[200][spec.targets()];
    for (int n = 0; n < raw.length; n++) {
      double size = Math.pow(10, 2 * random.nextDouble());
      Arrays.setAll(raw[n], column -> size * (2 * random.nextDouble() - 1));
      for (int k = 0; k < spec.components(); k++) {
        for (int d = 0; d < spec.targets(); d++) {
          raw[n][spec.columns().cholesky(k, d, d)] /= 2;
        }
      }
      Arrays.setAll(labels[n], d -> Math.pow(10, 6 * random.nextDouble()));
      Arrays.setAll(observed[n], d -> random.nextInt(3) > 0 ? 1 : 0);
    }
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      for (double[][] mask : new double[][][] {null, observed}) {
        ScoreAndGradient result =
            new FusedLikelihood(spec)
                .scoreAndGradient(
                    PlainMixtureNll.array(labels, dtype),
                    PlainMixtureNll.array(raw, dtype),
                    mask == null ? null : PlainMixtureNll.array(mask, dtype));
        assertTrue(allFinite(result.score().reshape(-1, 1)), dtype + ", score");
        assertTrue(allFinite(result.gradient()), dtype + ", gradient");
      }
    }
  }

  private static boolean allFinite(INDArray matrix) {
    return Arrays.stream(PlainMixtureNll.matrix(matrix))
        .flatMapToDouble(Arrays::stream)
        .allMatch(Double::isFinite);
  }

  /** At least 1e-3: where nothing is observed the gradient is 0. */
  private static double largest(double[] values) {
    return Math.max(1e-3, Arrays.stream(values).map(Math::abs).max().orElseThrow());
  }

  private static double distance(double[] expected, double[] actual) {
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> Math.abs(expected[i] - actual[i]))
        .max()
        .orElseThrow();
  }
}
