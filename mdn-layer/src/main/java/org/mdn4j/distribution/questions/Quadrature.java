/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.mdn4j.distribution.components.IndependentTargets;

/**
 * Integrals over y, D = 1, by Gauss-Legendre rules on panels that are halved where need be. The
 * panels of a narrow component are those of its {@link Stretch}, where offsets resolve it.
 */
final class Quadrature {
  private static final int POINTS = 12;
  private static final double[] NODES = new double[POINTS]; // in (−1, 1)
  private static final double[] NODE_WEIGHTS = new double[POINTS]; // sum 2

  static {
    GaussIntegrator rule = new GaussIntegratorFactory().legendre(POINTS);
    for (int i = 0; i < POINTS; i++) {
      NODES[i] = rule.getPoint(i);
      NODE_WEIGHTS[i] = rule.getWeight(i);
    }
  }

  private static final int MAX_HALVINGS = 12;

  /** Of the tolerance; of thousands of panels with less than that each no more than it is left. */
  private static final double NEGLIGIBLE = 1e-4;

  /** In all; some dozens are enough where nothing is extreme. */
  private static final int MOST_HALVINGS = 5_000;

  private int halvingsLeft = MOST_HALVINGS;

  private Quadrature() {}

  /** What is integrated. */
  interface Integrand {
    /**
     * Returns width · f(x), in one product since f may be beyond all doubles where the width is
     * tiny.
     */
    double times(double width, double x);
  }

  /** The panels of a stretch: their edges, ascending. */
  record Part(Stretch stretch, double[] edges) {}

  /**
   * Returns panels from the edges of all components that have weight: a grid that is fine where a
   * component is narrow and ends where all but 1e-18 of each is covered.
   *
   * @param reach how far from their locations the edges of heavy tails have to go at least
   * @param further more edges, as values of the target
   */
  static List<Part> parts(
      double[] weights, IndependentTargets components, double reach, double... further) {
    int[] shares = IntStream.range(0, weights.length).filter(k -> weights[k] > 0).toArray();
    List<Part> parts = new ArrayList<>();
    for (Stretch stretch : Stretch.of(components, shares)) {
      DoubleStream.Builder edges = DoubleStream.builder();
      for (int k : shares) {
        stretch.components().addEdges(k, reach, edges);
      }
      Arrays.stream(further).map(edge -> edge - stretch.anchor()).forEach(edges);
      parts.add(new Part(stretch, stretch.inside(edges.build())));
    }
    return parts;
  }

  /**
   * Returns ∫ f for f of one sign, to a relative tolerance of what a first, rough integral gives.
   *
   * @param least smaller integrals need be no more exact than one of this size
   */
  static double integrateRelatively(
      List<Part> parts, double least, Function<Stretch, Integrand> integrands, double tolerance) {
    List<double[]> rough = rough(parts, integrands);
    double size = rough.stream().flatMapToDouble(Arrays::stream).map(Math::abs).sum();
    return integrate(parts, integrands, rough, tolerance * Math.max(least, size));
  }

  /** Returns the rule's value of each panel. */
  private static List<double[]> rough(List<Part> parts, Function<Stretch, Integrand> integrands) {
    List<double[]> rough = new ArrayList<>();
    for (Part part : parts) {
      Integrand f = integrands.apply(part.stretch);
      double[] panels = new double[Math.max(0, part.edges.length - 1)];
      Arrays.setAll(panels, i -> rule(f, part.edges[i], part.edges[i + 1]));
      rough.add(panels);
    }
    return rough;
  }

  /**
   * Returns ∫ f from the first panel's edge to the last of all parts. A panel is halved until that
   * changes its integral by no more than the tolerance, at most 12 times; not at all where the rule
   * gives next to nothing of it.
   *
   * @param integrands the f over the offsets of each stretch
   */
  static double integrate(
      List<Part> parts, Function<Stretch, Integrand> integrands, double tolerance) {
    return integrate(parts, integrands, rough(parts, integrands), tolerance);
  }

  private static double integrate(
      List<Part> parts,
      Function<Stretch, Integrand> integrands,
      List<double[]> rough,
      double tolerance) {
    Quadrature quadrature = new Quadrature();
    double sum = 0;
    for (int p = 0; p < rough.size(); p++) {
      double[] edges = parts.get(p).edges;
      double[] panels = rough.get(p);
      Integrand f = integrands.apply(parts.get(p).stretch);
      for (int i = 0; i < panels.length; i++) {
        sum +=
            Math.abs(panels[i]) <= NEGLIGIBLE * tolerance
                ? panels[i]
                : quadrature.refined(f, edges[i], edges[i + 1], panels[i], tolerance, MAX_HALVINGS);
      }
    }
    return sum;
  }

  private double refined(
      Integrand f, double from, double to, double whole, double tolerance, int halvings) {
    double middle = 0.5 * from + 0.5 * to;
    double left = rule(f, from, middle);
    double right = rule(f, middle, to);
    // Where a panel is few doubles wide, what y's rounding makes of f must not be chased.
    double rounding = 16 * Math.ulp(middle) / (to - from) * Math.abs(left + right);
    if (Math.abs(left + right - whole) <= tolerance + rounding
        || Double.isInfinite(whole)
        || halvings == 0
        || halvingsLeft == 0) {
      return left + right;
    }
    halvingsLeft--;
    return refined(f, from, middle, left, tolerance, halvings - 1)
        + refined(f, middle, to, right, tolerance, halvings - 1);
  }

  private static double rule(Integrand f, double from, double to) {
    double center = 0.5 * from + 0.5 * to;
    double radius = 0.5 * to - 0.5 * from;
    double sum = 0; // without math3's compensation, which makes NaN of infinities
    for (int i = 0; i < POINTS; i++) {
      sum += NODE_WEIGHTS[i] * f.times(radius, center + radius * NODES[i]);
    }
    return sum;
  }
}
