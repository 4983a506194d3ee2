/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Trees of XGBoost that were stopped early, by the rows that were held out.
 *
 * @param booster the trees
 * @param rounds how many rounds of trees count
 * @param loss the lowest loss of the rows that were held out
 * @param seconds what the training took
 */
record BoostedTrees(Booster booster, int rounds, double loss, double seconds) {
  private static final int PATIENCE = 50;
  private static final int MOST_ROUNDS = 5000;

  /** Rows in XGBoost's memory; a null target is none. */
  private static DMatrix rows(double[][] features, double[][] targets) {
    int columns = features[0].length;
    float[] cells = new float[features.length * columns];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (float) features[i / columns][i % columns];
    }
    try {
      DMatrix rows = new DMatrix(cells, features.length, columns, Float.NaN);
      if (targets != null) {
        float[] labels = new float[targets.length];
        IntStream.range(0, labels.length).forEach(n -> labels[n] = (float) targets[n][0]);
        rows.setLabel(labels);
      }
      return rows;
    } catch (XGBoostError e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Trains by one thread until the loss of the rows that are held out has not fallen for {@value
   * #PATIENCE} rounds, or time is over.
   *
   * @param quantiles levels; none for the mean
   */
  static BoostedTrees train(
      Setup setup, double[] quantiles, UciRows rows, double seconds, long seed) {
    long began = System.nanoTime();
    DMatrix training = rows(rows.features(), rows.targets());
    DMatrix[] held = {rows(rows.testFeatures(), rows.testTargets())};
    Map<String, Object> parameters = new HashMap<>(setup.parameters());
    parameters.put("tree_method", "hist");
    parameters.put("seed", Math.floorMod(seed, 1L << 31));
    parameters.put("nthread", 1);
    parameters.put("verbosity", 0);
    if (quantiles.length == 0) {
      parameters.put("objective", "reg:squarederror");
    } else {
      parameters.put("objective", "reg:quantileerror");
      parameters.put("quantile_alpha", Arrays.toString(quantiles));
    }
    try {
      Booster booster = XGBoost.train(training, parameters, 1, Map.of(), null, null);
      float[] loss = new float[1];
      double best = Double.POSITIVE_INFINITY;
      int rounds = 0;
      for (int round = 1; ; round++) {
        booster.evalSet(held, new String[] {"held"}, round, loss);
        if (loss[0] < best) {
          best = loss[0];
          rounds = round;
        }
        double spent = (System.nanoTime() - began) / 1e9;
        if (round - rounds >= PATIENCE || round == MOST_ROUNDS || spent > seconds) {
          return new BoostedTrees(booster, rounds, best, spent);
        }
        booster.update(training, round);
      }
    } catch (XGBoostError e) {
      throw new IllegalStateException(e);
    }
  }

  /** Predicts means, {@code [N][1]}, or quantiles, {@code [N][levels]}. */
  float[][] predict(double[][] features) {
    try {
      return booster.predict(rows(features, null), false, rounds);
    } catch (XGBoostError e) {
      throw new IllegalStateException(e);
    }
  }

  /** Predicts by the average of several. */
  static double[][] average(List<BoostedTrees> several, double[][] features) {
    double[][] sum = null;
    for (BoostedTrees one : several) {
      float[][] predictions = one.predict(features);
      if (sum == null) {
        sum = new double[predictions.length][predictions[0].length];
      }
      for (int n = 0; n < sum.length; n++) {
        for (int i = 0; i < sum[n].length; i++) {
          sum[n][i] += predictions[n][i] / several.size();
        }
      }
    }
    return sum;
  }
}
