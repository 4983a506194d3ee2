/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.Well19937c;

/**
 * Labels in K groups, as {@link MixtureInitializer} describes them.
 *
 * @param weights {@code [K]}, each group's share of the labels
 * @param means {@code [K][D]}
 * @param scales {@code [K][D]}, √3 times the standard deviations within the groups, positive
 * @param spread {@code [D]}, standard deviation of all labels; 1 for a constant
 */
record LabelGroups(double[] weights, double[][] means, double[][] scales, double[] spread) {
  /** Half the width of evenly spread labels, in their standard deviations. */
  private static final double WIDENED = Math.sqrt(3);

  private static final double SMALLEST = 1e-3;
  private static final int ITERATIONS = 100;
  private static final long SEED = 1;

  static LabelGroups of(double[][] labels, int components) {
    // Seen from one of them, so that no digit is lost where they lie close together and far from 0.
    double[] origin = labels[0].clone();
    double[][] differences = new double[labels.length][origin.length];
    for (int n = 0; n < labels.length; n++) {
      double[] label = labels[n];
      Arrays.setAll(differences[n], d -> label[d] - origin[d]);
    }
    LabelGroups groups = ofDifferences(differences, components);
    for (double[] mean : groups.means()) {
      Arrays.setAll(mean, d -> origin[d] + mean[d]);
    }
    return groups;
  }

  private static LabelGroups ofDifferences(double[][] labels, int components) {
    int targets = labels[0].length;
    double[] center = means(Arrays.asList(labels), targets);
    double[] spread = standardDeviations(Arrays.asList(labels), center);
    double[] smallest = new double[targets];
    for (int d = 0; d < targets; d++) {
      boolean constant = spread[d] == 0;
      smallest[d] = constant ? 1 : SMALLEST * spread[d];
      spread[d] = constant ? 1 : spread[d];
    }
    List<List<double[]>> groups =
        targets == 1 ? runs(labels, components) : clusters(labels, components, center, spread);

    double[] weights = new double[components];
    double[][] means = new double[components][];
    double[][] scales = new double[components][];
    for (int k = 0; k < components; k++) {
      List<double[]> group = groups.get(k);
      long copies = groups.stream().filter(other -> other == group).count();
      weights[k] = (double) group.size() / copies;
      means[k] = means(group, targets);
      scales[k] = standardDeviations(group, means[k]);
      for (int d = 0; d < targets; d++) {
        scales[k][d] = Math.max(WIDENED * scales[k][d], smallest[d]);
      }
    }
    double sizes = Arrays.stream(weights).sum();
    Arrays.setAll(weights, k -> weights[k] / sizes);
    return new LabelGroups(weights, means, scales, spread);
  }

  /**
   * Returns runs of the sorted labels; a label is in several runs if there are fewer labels than
   * runs.
   */
  private static List<List<double[]>> runs(double[][] labels, int components) {
    List<double[]> sorted =
        Arrays.stream(labels).sorted(Comparator.comparingDouble(label -> label[0])).toList();
    List<List<double[]>> runs = new ArrayList<>();
    for (int k = 0; k < components; k++) {
      int from = (int) ((long) k * sorted.size() / components);
      int to = (int) ((k + 1L) * sorted.size() / components);
      runs.add(sorted.subList(from, Math.max(to, from + 1)));
    }
    return runs;
  }

  /**
   * Returns clusters of the standardised labels; repeated if there are fewer different labels than
   * K.
   */
  private static List<List<double[]>> clusters(
      double[][] labels, int components, double[] center, double[] spread) {
    List<DoublePoint> points = new ArrayList<>();
    for (double[] label : labels) {
      double[] point = new double[label.length];
      Arrays.setAll(point, d -> (label[d] - center[d]) / spread[d]);
      points.add(new DoublePoint(point));
    }
    int different = (int) points.stream().distinct().count();
    List<CentroidCluster<DoublePoint>> clusters =
        new KMeansPlusPlusClusterer<DoublePoint>(
                Math.min(components, different),
                ITERATIONS,
                new EuclideanDistance(),
                new Well19937c(SEED))
            .cluster(points);
    List<List<double[]>> groups = new ArrayList<>();
    for (CentroidCluster<DoublePoint> cluster : clusters) {
      List<double[]> group = new ArrayList<>();
      for (DoublePoint point : cluster.getPoints()) {
        double[] label = point.getPoint().clone();
        Arrays.setAll(label, d -> center[d] + spread[d] * label[d]);
        group.add(label);
      }
      if (!group.isEmpty()) {
        groups.add(group);
      }
    }
    int found = groups.size();
    for (int k = found; k < components; k++) {
      groups.add(groups.get(k % found));
    }
    return groups;
  }

  private static double[] means(List<double[]> rows, int targets) {
    double[] means = new double[targets];
    for (double[] row : rows) {
      for (int d = 0; d < targets; d++) {
        means[d] += row[d] / rows.size();
      }
    }
    return means;
  }

  private static double[] standardDeviations(List<double[]> rows, double[] means) {
    double[] deviations = new double[means.length];
    for (double[] row : rows) {
      for (int d = 0; d < means.length; d++) {
        deviations[d] += (row[d] - means[d]) * (row[d] - means[d]) / rows.size();
      }
    }
    Arrays.setAll(deviations, d -> Math.sqrt(deviations[d]));
    return deviations;
  }
}
