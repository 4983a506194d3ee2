/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;

/**
 * A view of a page: predictions along one input, which the page's slider for x moves along, beside
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
 * @param names what the inputs are called, {@code [G]}, which are then 0, 1, …; empty for numbers
 * @param joints how this and other targets move together, by pairs; empty if that is not shown
 * @param open indices of data of which only an interval is known, in whose place an end stands
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
    OptionalDouble nearby,
    List<String> names,
    List<Joint> joints,
    int[] open) {

  /**
   * Predictions of two targets together, at the inputs of a panel.
   *
   * @param outputs names of the targets, {@code [2]}
   * @param predictions Gaussian mixtures at the panel's grid, {@code [G]}, over both
   * @param data what was observed of both, {@code [N][2]}
   * @param oneEach whether the first of the data belongs to the grid's first input and so on; if
   *     not, all are shown at each input
   */
  public record Joint(
      List<String> outputs, Mixture[] predictions, double[][] data, boolean oneEach) {}

  /**
   * Creates a view of one target along numbers.
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
   * @param nearby data within this distance of x are shown beside the density; may be empty
   */
  public Panel(
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
    this(
        name,
        input,
        output,
        note,
        grid,
        predictions,
        dataX,
        dataY,
        start,
        nearby,
        List.of(),
        List.of(),
        new int[0]);
  }

  /**
   * Checks that there are inputs and data, that lengths agree, and that the mixtures can be shown.
   */
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
    for (int index : open) {
      require(0 <= index && index < dataY.length, "Expected indices of data, got %s", index);
    }
    require(
        names.isEmpty() || names.size() == grid.length,
        "Expected one name per input, got %d inputs and %d names",
        grid.length,
        names.size());
    joints.forEach(this::requireJoint);
  }

  private void requireJoint(Joint joint) {
    require(
        joint.predictions().length == grid.length,
        "Expected one joint mixture per input, got %d inputs and %d mixtures",
        grid.length,
        joint.predictions().length);
    for (Mixture mixture : joint.predictions()) {
      require(
          mixture.targets() == 2 && mixture.family() == ComponentFamily.GAUSSIAN,
          "Expected joint mixtures of Gaussians over two targets, got %s over %d",
          mixture.family(),
          mixture.targets());
    }
    require(
        !joint.oneEach() || joint.data().length == grid.length,
        "Expected one row of joint data per input, got %d inputs and %d rows",
        grid.length,
        joint.data().length);
  }

  /** Returns the index of the grid's input that is nearest to the start. */
  int startIndex() {
    int nearest = 0;
    for (int i = 1; i < grid.length; i++) {
      if (Math.abs(grid[i] - start) < Math.abs(grid[nearest] - start)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /** Returns evenly spaced inputs. */
  static double[] evenly(double low, double high, int count) {
    double[] grid = new double[count];
    Arrays.setAll(grid, i -> low + (high - low) * i / (count - 1));
    return grid;
  }
}
