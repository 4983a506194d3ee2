/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The fused engine against the definition, and both against the textbook's formula, over random
 * specifications, numbers of rows, masks, orders of memory, dtypes and distances.
 */
@Tag("slow")
class EnginesAgreeTest {
  /** Rounding of the joint log density, in units of ε (1 + max_k |log joint_k|). */
  private static final double ROUNDINGS = 8;

  /** A random case, told by its seed. */
  record Case(int seed, MixtureSpec spec, DataType dtype) {
    static Case of(int seed) {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbours start alike
      MixtureSpec spec =
          MixtureSpec.builder()
              .components(1 + (int) Math.pow(60, random.nextDouble()))
              .targets(1 + random.nextInt(6))
              .covariance(random.nextBoolean() ? Covariance.SPHERICAL : Covariance.DIAGONAL)
              .scaleFloor(random.nextInt(3) == 0 ? 0.2 * random.nextDouble() : 0)
              .build();
      return new Case(seed, spec, seed % 2 == 0 ? DataType.FLOAT : DataType.DOUBLE);
    }

    double epsilon() {
      return dtype == DataType.FLOAT ? Math.ulp(1f) : Math.ulp(1.0);
    }
  }

  static List<Case> cases() {
    return IntStream.range(0, 30).mapToObj(Case::of).toList();
  }

  /**
   * Within 10 σ of a component in every target. The fused engine computes FLOAT in double, so that
   * only its result is rounded, to ε/2; the definition is computed in the dtype throughout.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void near(Case one) {
    MixtureSpec spec = one.spec();
    Random random = new Random(one.seed() + 1000);
    MixtureLikelihood fused = new FusedLikelihood(spec);
    MixtureLikelihood definition = Graphs.of(spec);
    for (int repeat = 0; repeat < 4; repeat++) {
      int rows = 1 + random.nextInt(repeat == 0 ? 5 : 600);
      RandomRows some = RandomRows.of(spec, rows, 10, random.nextLong(), one.dtype());
      INDArray raw = some.raw().dup(random.nextBoolean() ? 'c' : 'f');
      INDArray labels = some.labels().dup(random.nextBoolean() ? 'c' : 'f');
      INDArray observed = repeat % 2 == 0 ? null : some.observed();
      ScoreAndGradient ours = fused.scoreAndGradient(labels, raw, observed);
      ScoreAndGradient theirs = definition.scoreAndGradient(labels, raw, observed);
      double[][] gradient = PlainMixtureNll.matrix(ours.gradient());
      double[][] defined = PlainMixtureNll.matrix(theirs.gradient());
      PlainMixtureNll[] plain = PlainMixtureNll.rows(spec, labels, raw, observed);
      double[][] joint = logJoint(spec, labels, raw, observed);
      for (int n = 0; n < rows; n++) {
        double size = 1 + Arrays.stream(joint[n]).map(Math::abs).max().orElseThrow();
        double rounding = ROUNDINGS * one.epsilon() * size;
        // Where nothing is observed the gradient is 0, the difference of two weights of size 1.
        boolean seen = observed == null || observed.getRow(n).sumNumber().intValue() > 0;
        double largest = seen ? largest(plain[n].gradient()) : 1;
        String where = one + ", row " + n;
        double exact = one.dtype() == DataType.FLOAT ? 1e-7 : 1e-12;
        assertEquals(0, distance(plain[n].gradient(), gradient[n]) / largest, exact, where);
        assertEquals(0, distance(defined[n], gradient[n]) / largest, rounding, where);
        double score = plain[n].score();
        double near = Math.max(1, Math.abs(score));
        assertEquals(score, ours.score().getDouble(n), exact * near, where);
        assertEquals(theirs.score().getDouble(n), ours.score().getDouble(n), rounding, where);
      }
    }
  }

  /**
   * Logits to ±1e4, scale parameters to ±50, labels to ±1e15 in all magnitudes: finite, and where
   * the joint log densities of the two likeliest components differ by more than the dtype can lose,
   * the same component is named.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void extreme(Case one) {
    MixtureSpec spec = one.spec();
    int rows = 300;
    Random random = new Random(one.seed() + 2000);
    double[][] outputs = new double[rows][spec.parameterCount()];
    double[][] targets = new double[rows][spec.targets()];
    for (int n = 0; n < rows; n++) {
      double logits = Math.pow(10, 4 * random.nextDouble());
      double scales = Math.pow(10, 1.7 * random.nextDouble());
      for (int column = 0; column < spec.parameterCount(); column++) {
        double size = column < spec.columns().locations().from() ? logits : 10;
        size = column < spec.columns().scales().from() ? size : scales;
        outputs[n][column] = size * (2 * random.nextDouble() - 1);
      }
      for (int d = 0; d < spec.targets(); d++) {
        double magnitude = Math.pow(10, 30 * random.nextDouble() - 15);
        targets[n][d] = random.nextBoolean() ? magnitude : -magnitude;
      }
    }
    INDArray raw = PlainMixtureNll.array(outputs, one.dtype());
    INDArray labels = PlainMixtureNll.array(targets, one.dtype());
    ScoreAndGradient ours = new FusedLikelihood(spec).scoreAndGradient(labels, raw, null);
    ScoreAndGradient theirs = Graphs.of(spec).scoreAndGradient(labels, raw, null);
    double[][] gradient = PlainMixtureNll.matrix(ours.gradient());
    double[][] defined = PlainMixtureNll.matrix(theirs.gradient());
    double[][] joint = logJoint(spec, labels, raw, null);
    int compared = 0;
    for (int n = 0; n < rows; n++) {
      assertTrue(Arrays.stream(gradient[n]).allMatch(Double::isFinite), one + ", row " + n);
      assertTrue(Arrays.stream(defined[n]).allMatch(Double::isFinite), one + ", row " + n);
      assertTrue(Double.isFinite(ours.score().getDouble(n)), one + ", row " + n);
      double[] sorted = joint[n].clone();
      Arrays.sort(sorted);
      double likeliest = sorted[sorted.length - 1];
      double next = sorted.length == 1 ? Double.NEGATIVE_INFINITY : sorted[sorted.length - 2];
      double resolution = ROUNDINGS * one.epsilon() * (1 + Math.abs(likeliest) + 1e4);
      double limit = Limits.of(one.dtype()).halfSquaredDistance();
      if (likeliest - next > 1 + resolution && likeliest > -limit / 10) {
        int expected = indexOf(joint[n], likeliest);
        assertEquals(expected, dominating(spec, raw, n, gradient[n]), one + ", row " + n);
        assertEquals(expected, dominating(spec, raw, n, defined[n]), one + ", row " + n);
        compared++;
      }
    }
    assertTrue(compared > rows / 3, "compared only " + compared);
  }

  /** The component with the largest responsibility π_k − dL/dz_k. */
  private static int dominating(MixtureSpec spec, INDArray raw, int n, double[] gradient) {
    double[] z = raw.getRow(n).toDoubleVector();
    double max = Arrays.stream(z, 0, spec.components()).max().orElseThrow();
    double sum = Arrays.stream(z, 0, spec.components()).map(x -> Math.exp(x - max)).sum();
    double[] responsibilities = new double[spec.components()];
    Arrays.setAll(responsibilities, k -> Math.exp(z[k] - max) / sum - gradient[k]);
    return indexOf(responsibilities, Arrays.stream(responsibilities).max().orElseThrow());
  }

  private static int indexOf(double[] values, double value) {
    return IntStream.range(0, values.length).filter(k -> values[k] == value).findFirst().orElse(-1);
  }

  /** log π_k + Σ_d log N_kd of each row and component, in double. */
  private static double[][] logJoint(
      MixtureSpec spec, INDArray labels, INDArray raw, INDArray observed) {
    double[][] y = PlainMixtureNll.matrix(labels);
    double[][] x = PlainMixtureNll.matrix(raw);
    double[][] seen = observed == null ? null : PlainMixtureNll.matrix(observed);
    double[][] joint = new double[y.length][spec.components()];
    for (int n = 0; n < y.length; n++) {
      double max = Arrays.stream(x[n], 0, spec.components()).max().orElseThrow();
      double sum = Arrays.stream(x[n], 0, spec.components()).map(z -> Math.exp(z - max)).sum();
      for (int k = 0; k < spec.components(); k++) {
        joint[n][k] = x[n][k] - max - Math.log(sum);
        for (int d = 0; d < spec.targets(); d++) {
          if (seen == null || seen[n][d] == 1) {
            double s = x[n][spec.columns().scale(k, d)];
            double sigma = spec.scaleFloor() + Math.exp(Math.max(-300, Math.min(600, s)));
            double u = (y[n][d] - x[n][spec.columns().location(k, d)]) / sigma;
            joint[n][k] -= 0.5 * u * u + Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
          }
        }
      }
    }
    return joint;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double distance(double[] expected, double[] actual) {
    return IntStream.range(0, expected.length)
        .mapToDouble(i -> Math.abs(expected[i] - actual[i]))
        .max()
        .orElseThrow();
  }
}
