/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;

/** exp(−score) integrates to one over the support of every family, covariance and marginal. */
@Tag("slow")
class FamilyIntegralTest {
  private static final GaussIntegrator RULE = new GaussIntegratorFactory().legendre(20);

  static Stream<MixtureSpec> oneTarget() {
    return FamilyLikelihoodTest.specs()
        .filter(spec -> spec.targets() == 1 && spec.components() == 3);
  }

  static Stream<MixtureSpec> severalTargets() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (int targets : new int[] {2, 3}) {
      for (ComponentFamily family : ComponentFamily.values()) {
        for (Covariance covariance : Covariance.values()) {
          if (covariance != Covariance.FULL || family == ComponentFamily.GAUSSIAN) {
            specs.add(
                MixtureSpec.builder()
                    .components(3)
                    .targets(targets)
                    .covariance(covariance)
                    .family(family)
                    .build());
          }
        }
      }
    }
    return specs.stream();
  }

  static Stream<MixtureSpec> severalContinuousTargets() {
    return severalTargets().filter(spec -> !spec.family().isDiscrete());
  }

  @ParameterizedTest
  @MethodSource("oneTarget")
  void overOneTarget(MixtureSpec spec) {
    double[] raw = RandomRows.of(spec, 1, 1, 3, DataType.DOUBLE).raw().toDoubleVector();
    double integral = integral(spec, raw, 0, new double[1], null);
    assertEquals(1, integral, 1e-9);
  }

  /** The marginal that is left where all other targets are missing. */
  @ParameterizedTest
  @MethodSource("severalTargets")
  void overTheMarginalOfEachTarget(MixtureSpec spec) {
    double[] raw = RandomRows.of(spec, 1, 1, 4, DataType.DOUBLE).raw().toDoubleVector();
    for (int target = 0; target < spec.targets(); target++) {
      double[] observed = new double[spec.targets()];
      observed[target] = 1;
      double[] others = new double[spec.targets()];
      Arrays.fill(others, 1);
      assertEquals(1, integral(spec, raw, target, others, observed), 1e-9);
    }
  }

  /**
   * Gauss and Legendre's rule of 20 points between the locations, where some densities have a kink,
   * and on panels that grow by 2 to either side; of LOG_NORMAL over log y, of VON_MISES once round.
   */
  private static double integral(
      MixtureSpec spec, double[] raw, int target, double[] y, double[] observed) {
    if (spec.family().isDiscrete()) {
      return sum(spec, raw, target, y, observed);
    }
    double[] edges = edges(spec, raw, target);
    int points = (edges.length - 1) * RULE.getNumberOfPoints();
    double[] weights = new double[points];
    double[][] labels = new double[points][];
    for (int i = 0; i < points; i++) {
      int panel = i / RULE.getNumberOfPoints();
      int point = i % RULE.getNumberOfPoints();
      double radius = (edges[panel + 1] - edges[panel]) / 2;
      double x = edges[panel] + radius * (1 + RULE.getPoint(point));
      weights[i] = radius * RULE.getWeight(point);
      labels[i] = y.clone();
      labels[i][target] = x;
      if (spec.family() == ComponentFamily.LOG_NORMAL) {
        labels[i][target] = Math.exp(x);
        weights[i] *= labels[i][target];
      }
    }
    double[] scores = scores(spec, labels, raw, observed);
    double sum = 0;
    for (int i = 0; i < points; i++) {
      sum += weights[i] * Math.exp(-scores[i]);
    }
    return sum;
  }

  /** The sum over counts, where means are below 8 and dispersions below 3. */
  private static double sum(
      MixtureSpec spec, double[] raw, int target, double[] y, double[] observed) {
    double[][] labels = new double[3000][];
    Arrays.setAll(
        labels,
        count -> {
          double[] label = y.clone();
          label[target] = count;
          return label;
        });
    return Arrays.stream(scores(spec, labels, raw, observed)).map(s -> Math.exp(-s)).sum();
  }

  private static double[] edges(MixtureSpec spec, double[] raw, int target) {
    TreeSet<Double> edges = new TreeSet<>();
    if (spec.family() == ComponentFamily.VON_MISES) {
      for (int i = 0; i <= 64; i++) {
        edges.add(Math.PI * (i / 32.0 - 1));
      }
      return edges.stream().mapToDouble(edge -> edge).toArray();
    }
    double reach =
        switch (spec.family()) {
          case STUDENT_T -> 1e25;
          case LOG_NORMAL -> 500; // of which exp is finite
          default -> 5000;
        };
    for (int k = 0; k < spec.components(); k++) {
      double location = raw[spec.columns().location(k, target)];
      edges.add(location);
      for (double step = 0.125; step < reach; step *= 2) {
        edges.add(location + step);
        edges.add(location - step);
      }
    }
    return edges.stream().mapToDouble(edge -> edge).toArray();
  }

  private static double[] scores(
      MixtureSpec spec, double[][] labels, double[] raw, double[] observed) {
    return Graphs.of(spec)
        .score(
            PlainMixtureNll.array(labels, DataType.DOUBLE),
            PlainMixtureNll.repeated(raw, labels.length, DataType.DOUBLE),
            observed == null
                ? null
                : PlainMixtureNll.repeated(observed, labels.length, DataType.DOUBLE))
        .toDoubleVector();
  }

  /**
   * Importance sampling: E_q[p/q] = 1 for points drawn from q, a mixture of products of Cauchy
   * distributions at the components' locations (of LOG_NORMAL in log space), whose tails are as
   * heavy as any of p; of VON_MISES q is uniform. Four standard errors, which are below 0.03.
   */
  @ParameterizedTest
  @MethodSource("severalContinuousTargets")
  void overSeveralTargets(MixtureSpec spec) {
    int points = 20_000;
    double[] raw = RandomRows.of(spec, 1, 1, 5, DataType.DOUBLE).raw().toDoubleVector();
    Random random = new Random(6);
    double[][] labels = new double[points][spec.targets()];
    double[] logProposals = new double[points];
    for (int i = 0; i < points; i++) {
      int k = random.nextInt(spec.components());
      double[] x = new double[spec.targets()];
      for (int d = 0; d < x.length; d++) {
        x[d] =
            spec.family() == ComponentFamily.VON_MISES
                ? Math.PI * (2 * random.nextDouble() - 1)
                : raw[spec.columns().location(k, d)]
                    + width(spec, raw, k, d) * Math.tan(Math.PI * (random.nextDouble() - 0.5));
      }
      logProposals[i] = logProposal(spec, raw, x);
      for (int d = 0; d < x.length; d++) {
        labels[i][d] = spec.family() == ComponentFamily.LOG_NORMAL ? Math.exp(x[d]) : x[d];
        if (labels[i][d] == 0 || Double.isInfinite(labels[i][d])) { // |log y| > 700: p is 0
          labels[i][d] = 1;
          logProposals[i] = Double.POSITIVE_INFINITY;
        }
      }
    }
    double[] scores = scores(spec, labels, raw, null);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < points; i++) {
      double ratio = Math.exp(-scores[i] - logProposals[i]);
      sum += ratio;
      squares += ratio * ratio;
    }
    double mean = sum / points;
    double standardError = Math.sqrt((squares / points - mean * mean) / points);
    assertTrue(standardError < 0.03, "standard error " + standardError);
    assertEquals(1, mean, 4 * standardError);
  }

  private static double width(MixtureSpec spec, double[] raw, int k, int d) {
    return spec.covariance() == Covariance.FULL ? 1.5 : Math.exp(raw[spec.columns().scale(k, d)]);
  }

  private static double logProposal(MixtureSpec spec, double[] raw, double[] x) {
    if (spec.family() == ComponentFamily.VON_MISES) {
      return -x.length * Math.log(2 * Math.PI);
    }
    double density = 0;
    for (int k = 0; k < spec.components(); k++) {
      double product = 1.0 / spec.components();
      for (int d = 0; d < x.length; d++) {
        double width = width(spec, raw, k, d);
        double u = (x[d] - raw[spec.columns().location(k, d)]) / width;
        product /= Math.PI * width * (1 + u * u);
      }
      density += product;
    }
    double jacobian = spec.family() == ComponentFamily.LOG_NORMAL ? Arrays.stream(x).sum() : 0;
    return Math.log(density) - jacobian;
  }
}
