/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import org.mdn4j.regression.columns.Table;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Columns in units of their standard deviation, around their mean:
 *
 * <pre>
 *   z_c = (x_c − m_c) / s_c
 * </pre>
 *
 * <p>A cell that is missing, NaN, is none of the column's, and stays NaN. A constant column has s =
 * 0 and says nothing: its z is 0 in every row, also in later rows where it has another value.
 * Computed in DOUBLE; DL4J's NormalizerStandardize would raise an s below 1e-5 to 1e-5.
 *
 * @param means {@code [C]}
 * @param deviations {@code [C]}, at least 0
 */
public record Standardization(
    @JsonProperty("means") double[] means, @JsonProperty("deviations") double[] deviations) {

  private static final double FARTHEST = 1e6;

  /** Checks what was read from a file. */
  public Standardization {
    require(
        means != null
            && deviations != null
            && means.length == deviations.length
            && Arrays.stream(means).allMatch(Double::isFinite)
            && Arrays.stream(deviations).allMatch(s -> s >= 0 && Double.isFinite(s)),
        "Expected as many finite means as deviations of at least 0, got %s and %s",
        Arrays.toString(means),
        Arrays.toString(deviations));
  }

  /**
   * Returns means and standard deviations of all columns, where all rows count alike.
   *
   * @throws IllegalArgumentException as {@link #of(String, Table, float[], int)}
   */
  public static Standardization of(String name, Table table) {
    return of(name, table, null, table.columns());
  }

  /**
   * Returns means and standard deviations of the first columns; the others stay as they are.
   *
   * @param weights of the rows, or null
   * @param standardized how many columns get units of their own
   * @throws IllegalArgumentException if a column is so wide or so narrow that its deviation is not
   *     a number of normal precision
   */
  public static Standardization of(String name, Table table, float[] weights, int standardized) {
    double[] means = new double[table.columns()];
    double[] deviations = new double[table.columns()];
    Arrays.fill(deviations, 1);
    for (int column = 0; column < standardized; column++) {
      double first = Double.NaN;
      double mean = 0;
      double total = 0;
      boolean constant = true;
      for (int row = 0; row < table.rows(); row++) {
        double value = table.get(row, column);
        if (!Double.isNaN(value)) {
          double weight = weights == null ? 1 : weights[row];
          first = Double.isNaN(first) ? value : first;
          total += weight;
          mean += weight * ((value - mean) / total);
          constant &= value == first;
        }
      }
      double squares = 0;
      for (int row = 0; row < table.rows(); row++) {
        double distance = table.get(row, column) - mean;
        if (!Double.isNaN(distance)) {
          squares += (weights == null ? 1 : weights[row]) * (distance * distance);
        }
      }
      means[column] = total == 0 ? 0 : constant ? first : mean;
      deviations[column] = constant ? 0 : Math.sqrt(squares / total);
      require(
          constant || (1e-140 < deviations[column] && deviations[column] < 1e140),
          "Expected %s with a standard deviation in (1e-140, 1e140), got %s in %s",
          name,
          deviations[column],
          table.column(column));
    }
    return new Standardization(means, deviations);
  }

  /** Returns units of columns that stay as they are. */
  public static Standardization none(int columns) {
    double[] deviations = new double[columns];
    Arrays.fill(deviations, 1);
    return new Standardization(new double[columns], deviations);
  }

  public int columns() {
    return means.length;
  }

  /**
   * Returns the standardised cells, {@code [N · C]}, row by row. A table of intervals has two
   * columns, the ends, for each of these; an infinite end stays infinite.
   *
   * @throws IllegalArgumentException if a cell is over a million standard deviations from the mean,
   *     which can only be a mistake
   */
  public float[] apply(String name, Table table) {
    int perColumn = table.columns() / columns();
    double[] cells = table.cells();
    float[] standardized = new float[cells.length];
    for (int i = 0; i < cells.length; ) {
      for (int column = 0; column < columns(); column++) {
        for (int end = 0; end < perColumn; end++, i++) {
          double distance = distance(cells[i], column);
          if (!isNear(distance) && !(perColumn > 1 && Double.isInfinite(cells[i]))) {
            throw far(name, table, i);
          }
          standardized[i] = (float) distance;
        }
      }
    }
    return standardized;
  }

  private static IllegalArgumentException far(String name, Table table, int i) {
    return new IllegalArgumentException(
        "Expected %s within %s standard deviations of their mean, got %s in row %s, %s"
            .formatted(
                name,
                FARTHEST,
                table.cells()[i],
                i / table.columns(),
                table.column(i % table.columns())));
  }

  /** Returns whether a cell is no farther from its column's mean than {@link #apply} takes it. */
  public boolean isNear(double cell, int column) {
    return isNear(distance(cell, column));
  }

  private static boolean isNear(double distance) {
    return !(Math.abs(distance) > FARTHEST);
  }

  private double distance(double cell, int column) {
    return deviations[column] == 0 ? 0 : (cell - means[column]) / deviations[column];
  }

  /** Returns values of the first column in its units. */
  public double[] apply(List<Double> values) {
    return values.stream().mapToDouble(x -> (x - means[0]) / deviations[0]).toArray();
  }

  /**
   * Returns what is added to an NLL in standardised units for the NLL in original units: log |det
   * ∂y/∂z| = Σ_c log s_c.
   */
  public double logJacobian() {
    return Arrays.stream(deviations).map(Math::log).sum();
  }
}
