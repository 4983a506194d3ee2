/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.util.Arrays;
import java.util.OptionalDouble;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;

/**
 * One view of a page: predictions along one input, which the page's slider for x walks, beside
 * data.
 *
 * @param name what the page's list of views calls it
 * @param input name of the input x
 * @param output name of the target y
 * @param note a sentence on what is shown; may be empty
 * @param grid inputs, ascending, {@code [G]}
 * @param predictions the mixtures at the grid, {@code [G]}, over one target each
 * @param dataX inputs of the data, {@code [N]}
 * @param dataY their targets, {@code [N]}
 * @param start the slider begins at the grid's input that is nearest to this one
 * @param nearby data within this distance of x are shown beside the density; empty if data near x
 *     do not follow the density at x, as where other inputs vary
 */
public record Panel(
    String name,
    String input,
    String output,
    String note,
    double[] grid,
    Mixture[] predictions,
    double[] dataX,
    double[] dataY,
    double start,
    OptionalDouble nearby) {

  /** Checks that there are inputs and data, that lengths agree, and what the mixtures are. */
  void requireUsable() {
    require(grid.length > 0, "Expected at least one input, got none");
    require(
        predictions.length == grid.length,
        "Expected one mixture per input, got %d inputs and %d mixtures",
        grid.length,
        predictions.length);
    for (int i = 1; i < grid.length; i++) {
      require(
          grid[i - 1] < grid[i],
          "Expected ascending inputs, got %s before %s",
          grid[i - 1],
          grid[i]);
    }
    require(
        dataX.length == dataY.length && dataX.length > 0,
        "Expected data with as many inputs as targets, got %d and %d",
        dataX.length,
        dataY.length);
    ComponentFamily family = predictions[0].family();
    for (Mixture mixture : predictions) {
      require(
          mixture.targets() == 1,
          "Expected mixtures over one target, got one over %d; take its marginal",
          mixture.targets());
      require(
          mixture.family() == family,
          "Expected mixtures of one family, got %s and %s",
          family,
          mixture.family());
    }
  }

  /** Index of the grid's input that is nearest to the start. */
  int startIndex() {
    int nearest = 0;
    for (int i = 1; i < grid.length; i++) {
      if (Math.abs(grid[i] - start) < Math.abs(grid[nearest] - start)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /** Evenly spaced inputs. */
  static double[] evenly(double low, double high, int count) {
    double[] grid = new double[count];
    Arrays.setAll(grid, i -> low + (high - low) * i / (count - 1));
    return grid;
  }

  private static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
