/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every family and FULL at the ends of their parameters. */
@Tag("slow")
class FamilyExtremesTest {

  /** One row at an end; the second component is like the first and half as far away again. */
  record Row(String name, MixtureSpec spec, double[] y, double[] raw, double[] observed) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family != ComponentFamily.VON_MISES && !family.isDiscrete()) {
        for (double u : new double[] {0.3, -1e6, 1e6}) {
          // σ = 1e-5, so that log-normal targets 1e6 σ away are numbers, and 1
          for (double s : new double[] {Math.log(1e-5), 0}) {
            double reach = u * Math.exp(s);
            if (family != ComponentFamily.LOG_NORMAL || Math.abs(reach) < 100) {
              rows.add(
                  one(
                      String.format(Locale.ROOT, "%s, %s σ, s = %.1f", family, u, s),
                      family,
                      s,
                      0.5,
                      reach));
            }
          }
        }
      }
    }
    for (double nu : new double[] {1 - 1e-9, 1, 1 + 1e-9, 99.9, 100.1, 1e6}) {
      for (double u : new double[] {0.1, 1, -30, 1e6}) {
        rows.add(
            one("ν = %s, %s σ".formatted(nu, u), ComponentFamily.STUDENT_T, 0.2, Math.log(nu), u));
      }
    }
    for (double kappa : new double[] {1e-6, 1e-3, 29.9, 30.1, 1e6}) {
      double width = Math.min(1, 1 / Math.sqrt(kappa));
      for (double u : new double[] {0.3 * width, -4 * width, 3, 1e3}) {
        rows.add(
            one(
                "κ = %s, %s rad".formatted(kappa, u),
                ComponentFamily.VON_MISES,
                Math.log(kappa),
                0,
                u));
      }
    }
    for (double rest : new double[] {1e-3, 1e-9}) {
      for (int sign : new int[] {1, -1}) {
        double[][] residuals = {{1, sign}, {1, -sign}, {1e-5, 2e-5}, {1e6, -1e6}, {0.4, 3}};
        for (double[] r : residuals) {
          for (double[] observed : new double[][] {null, {1, 0}, {0, 1}}) {
            rows.add(correlated(sign, rest, r, observed));
          }
        }
      }
    }
    return rows;
  }

  /** Two components over one target, the first at 0.7 with the given parameters. */
  private static Row one(String name, ComponentFamily family, double s, double n, double reach) {
    MixtureSpec spec = MixtureSpec.builder().components(2).family(family).build();
    double[] raw = {0.4, -0.3, 0.7, 0.7 - 0.5 * reach, s, s};
    if (spec.learnsDegreesOfFreedom()) {
      raw = new double[] {0.4, -0.3, 0.7, 0.7 - 0.5 * reach, s, s, n, n};
    }
    double y = raw[2] + reach;
    if (family == ComponentFamily.LOG_NORMAL) {
      y = Math.exp(y);
    }
    return new Row(name, spec, new double[] {y}, raw, null);
  }

  /** Unit variances and correlation ±(1 − rest): L₁₁ = 1/√(1 − ρ²), L₂₁ = −ρ L₁₁, L₂₂ = 1. */
  private static Row correlated(int sign, double rest, double[] r, double[] observed) {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).targets(2).covariance(Covariance.FULL).build();
    double diagonal = 1 / Math.sqrt(rest * (2 - rest));
    double below = -sign * (1 - rest) * diagonal;
    double l = Math.log(diagonal);
    double[] raw = {
      0.4, -0.3, 0.7, -1, 0.7 - 0.5 * r[0], -1 - 0.5 * r[1], l, below, 0, l, below, 0
    };
    double[] y = {0.7 + r[0], -1 + r[1]};
    String name = "ρ = %d (1 − %s), r = %s, observed %s";
    return new Row(
        name.formatted(sign, rest, Arrays.toString(r), Arrays.toString(observed)),
        spec,
        y,
        raw,
        observed);
  }

  private static ScoreAndGradient run(MixtureLikelihood likelihood, Row row, DataType dtype) {
    return likelihood.scoreAndGradient(
        array(row.y, dtype),
        array(row.raw, dtype),
        row.observed == null ? null : array(row.observed, dtype));
  }

  private static INDArray array(double[] row, DataType dtype) {
    return Nd4j.createFromArray(new double[][] {row}).castTo(dtype);
  }

  /**
   * The score to 1e-10, relative beyond 1, and its derivatives against differences of the plain
   * formula's, of fourth order, so that with steps of a thousandth of the function's own width 1e-8
   * is left, and what the score's own rounding makes of the quotient.
   */
  @ParameterizedTest
  @MethodSource("rows")
  void scoreAndGradientAreRight(Row row) {
    Graphs.engines(row.spec).stream()
        .forEach(
            likelihood -> {
              ScoreAndGradient actual = run(likelihood, row, DataType.DOUBLE);
              double score = plain(row, row.raw);
              double size = Math.max(1, Math.abs(score));
              assertEquals(score, actual.score().getDouble(0), 1e-10 * size);
              double[] gradient = actual.gradient().getRow(0).toDoubleVector();
              double[] logits =
                  PlainMixtureScore.logitGradient(row.spec, row.y, row.raw, row.observed);
              for (int column = 0; column < row.raw.length; column++) {
                if (column < logits.length) {
                  // r_k is as exact as log N_k is absolutely
                  assertEquals(logits[column], gradient[column], 1e-14 * size + 1e-10);
                  continue;
                }
                double step = step(row, column);
                double slope = slope(row, column, step);
                double rounding = 8 * Math.ulp(size) / step;
                assertEquals(
                    slope,
                    gradient[column],
                    1e-7 * Math.abs(slope) + rounding + 1e-12,
                    row + ", column " + column);
              }
            });
  }

  private static double plain(Row row, double[] raw) {
    return PlainMixtureScore.of(row.spec, row.y, raw, row.observed);
  }

  private static double slope(Row row, int column, double step) {
    return (8 * difference(row, column, step) - difference(row, column, 2 * step)) / (12 * step);
  }

  private static double difference(Row row, int column, double step) {
    double[] up = row.raw.clone();
    double[] down = row.raw.clone();
    up[column] += step;
    down[column] -= step;
    return plain(row, up) - plain(row, down);
  }

  /** A thousandth of what changes the density by a factor of about e. */
  private static double step(Row row, int column) {
    MixtureSpec spec = row.spec;
    int location = column - spec.columns().locations().from();
    if (spec.covariance() == Covariance.FULL) {
      double stiff = Math.exp(row.raw[spec.columns().cholesky(0, 0, 0)]);
      double far = 1.5 * Math.max(1, Math.max(Math.abs(row.y[0]), Math.abs(row.y[1])) + 2);
      return 1e-3 / stiff / (location < spec.columns().locations().width() ? 1 : far);
    }
    if (location >= spec.columns().locations().width()) {
      return 1e-3;
    }
    double scale = Math.exp(row.raw[spec.columns().scale(location / spec.targets(), 0)]);
    return 1e-3
        * (spec.family() == ComponentFamily.VON_MISES ? Math.min(1, 1 / Math.sqrt(scale)) : scale);
  }

  /** Of Student's t also right, since ν multiplies what is left of 1 + u²/ν. */
  @ParameterizedTest
  @MethodSource("rows")
  void floatStaysFinite(Row row) {
    Graphs.engines(row.spec).stream()
        .forEach(
            likelihood -> {
              ScoreAndGradient result = run(likelihood, row, DataType.FLOAT);
              assertFinite(result);
              if (row.spec.family() == ComponentFamily.STUDENT_T) {
                double score =
                    PlainMixtureScore.of(row.spec, rounded(row.y), rounded(row.raw), null);
                assertEquals(score, result.score().getDouble(0), 1e-5 * Math.max(1, score));
              }
            });
  }

  private static double[] rounded(double[] values) {
    return Arrays.stream(values).map(value -> (float) value).toArray();
  }

  private static void assertFinite(ScoreAndGradient result) {
    for (INDArray array : List.of(result.score(), result.gradient().reshape(-1))) {
      double[] values = array.toDoubleVector();
      long bad = Arrays.stream(values).filter(value -> !Double.isFinite(value)).count();
      assertEquals(0, bad, () -> "not finite of " + values.length);
    }
  }

  static Stream<MixtureSpec> specs() {
    return FamilyLikelihoodTest.specs().filter(spec -> spec.components() > 1);
  }

  /** Logits to ±1e4, all other parameters to ±1e3, labels of ±1e-15 to ±1e15. */
  @ParameterizedTest
  @MethodSource("specs")
  void aRandomSweepStaysFinite(MixtureSpec spec) {
    Random random = new Random(11);
    double[][] raw = new double[200][spec.parameterCount()];
    double[][] labels = new double[200][spec.targets()];
    double[][] observed = new double[200][spec.targets()];
    for (int n = 0; n < raw.length; n++) {
      for (int column = 0; column < raw[n].length; column++) {
        double size = column < spec.columns().scales().from() ? 1e4 : 1e3;
        raw[n][column] = size * (2 * random.nextDouble() - 1);
      }
      for (int d = 0; d < spec.targets(); d++) {
        double magnitude = Math.pow(10, 30 * random.nextDouble() - 15);
        boolean positive = spec.family() == ComponentFamily.LOG_NORMAL || random.nextBoolean();
        labels[n][d] = positive ? magnitude : -magnitude;
        if (spec.family().isDiscrete()) {
          labels[n][d] = Math.rint(magnitude);
        }
        observed[n][d] = random.nextInt(2);
      }
    }
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray y = PlainMixtureNll.array(labels, dtype);
      INDArray x = PlainMixtureNll.array(raw, dtype);
      Graphs.engines(spec).stream()
          .forEach(
              likelihood -> {
                assertFinite(likelihood.scoreAndGradient(y, x, null));
                assertFinite(
                    likelihood.scoreAndGradient(y, x, PlainMixtureNll.array(observed, dtype)));
              });
    }
  }

  /** Every second row has one column that is not finite; those between are as without them. */
  @ParameterizedTest
  @MethodSource("specs")
  void aRowWithNaNIsNaNAndNoOther(MixtureSpec spec) {
    int rows = 2 * spec.parameterCount() + 1;
    INDArray labels = Nd4j.ones(DataType.DOUBLE, rows, spec.targets());
    INDArray observed = labels.dup();
    double[][] values = new double[rows][spec.parameterCount()];
    INDArray zeros = PlainMixtureNll.array(values, DataType.DOUBLE);
    for (int column = 0; column < spec.parameterCount(); column++) {
      values[2 * column + 1][column] = column % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
      observed.putScalar(2 * column + 1, 0, 0);
    }
    INDArray raw = PlainMixtureNll.array(values, DataType.DOUBLE);
    MixtureLikelihood likelihood = Graphs.of(spec);
    for (INDArray mask : Arrays.asList(null, observed)) {
      ScoreAndGradient clean = likelihood.scoreAndGradient(labels, zeros, mask);
      ScoreAndGradient actual = likelihood.scoreAndGradient(labels, raw, mask);
      double[][] cleanGradient = PlainMixtureNll.matrix(clean.gradient());
      double[][] gradient = PlainMixtureNll.matrix(actual.gradient());
      for (int n = 0; n < rows; n++) {
        if (n % 2 == 1) {
          assertTrue(Double.isNaN(actual.score().getDouble(n)), "row " + n);
          assertTrue(Arrays.stream(gradient[n]).allMatch(Double::isNaN), "row " + n);
        } else {
          assertEquals(clean.score().getDouble(n), actual.score().getDouble(n));
          assertArrayEquals(cleanGradient[n], gradient[n], 0); // 0 and -0 alike
        }
      }
    }
  }
}
