/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.CombinationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.annotation.JsonSetter;
import org.nd4j.shade.jackson.annotation.Nulls;

/**
 * How far a row of features is from the rows that a model was trained on: where it is far, the
 * model guesses, and its own uncertainty need not show it.
 *
 * <pre>{@code
 * TrainingDistance distance = TrainingDistance.of(trainingRows, 1);
 * double share = distance.share(row); // of the training rows, so many are at least as far
 * }</pre>
 *
 * <p>The distance is that to the k-th nearest of at most 1,000 reference rows, a sample of the
 * training rows, with k = 5:
 *
 * <pre>
 *   d(a, b) = √( 1/C Σ_c δ_c² ),   δ_c = (a_c − b_c) / unit_c
 * </pre>
 *
 * <p>with a column's standard deviation as its unit. A column of just two values, such as the 0 and
 * 1 of a flag or of one category among others, has their difference as its unit: else a rare
 * category would be farther than anything else. So two rows of different categories, in two columns
 * of 0 and 1, differ by Σ δ² = 2, which is also the mean of δ² of two rows taken at random for a
 * number. <b>Missing values</b>, NaN, count the same: where a cell is missing in one of both rows,
 * δ² is 2, as if the value were any; where it is missing in both, 0. A column of one value has a
 * unit of 1.
 *
 * <p>The {@link #share} compares a row's distance with those of the reference rows, each without
 * itself. For a row like the training rows it is uniform over [0, 1] (with equal distances: at
 * least as large); near 0 it says that hardly any training row is so far from all others. With many
 * columns, distances become alike, and what is unusual in one column alone hardly shows.
 *
 * <p>Immutable: arrays that go in or out are copies.
 *
 * @param units {@code [C]}, positive
 * @param references {@code [R][C]}, finite or NaN
 * @param distances {@code [R]}, of the reference rows, ascending
 * @param neighbors k, in [1, R)
 */
public record TrainingDistance(
    @JsonProperty("units") @JsonSetter(contentNulls = Nulls.FAIL) double[] units,
    @JsonProperty("references") @JsonSetter(contentNulls = Nulls.FAIL) float[][] references,
    @JsonProperty("distances") @JsonSetter(contentNulls = Nulls.FAIL) double[] distances,
    @JsonProperty("neighbors") int neighbors) {
  private static final int MOST_REFERENCES = 1000;
  private static final int NEIGHBORS = 5;

  /** δ² of a missing value and one that is not. */
  private static final double MISSING = 2;

  /**
   * Checks and copies.
   *
   * @param units {@code [C]}, positive
   * @param references {@code [R][C]}, finite or NaN
   * @param distances {@code [R]}, ascending
   * @param neighbors k, in [1, R)
   * @throws IllegalArgumentException if something is null, there is no column, fewer than two or
   *     more than 1,000 rows, lengths differ, or a number is out of its range
   */
  public TrainingDistance {
    require(
        units != null && references != null && distances != null,
        "Expected units, reference rows and distances, got null");
    require(
        units.length > 0 && Arrays.stream(units).allMatch(u -> u >= 1e-300 && Double.isFinite(u)),
        "Expected positive units of at least one column, got %s",
        Arrays.toString(units));
    require(
        2 <= references.length && references.length <= MOST_REFERENCES,
        "Expected 2 to %d reference rows, got %d",
        MOST_REFERENCES,
        references.length);
    requireRows(references, units.length);
    require(
        distances.length == references.length,
        "Expected %d distances, one per reference row, got %d",
        references.length,
        distances.length);
    double before = 0;
    for (double distance : distances) {
      require(
          before <= distance && Double.isFinite(distance),
          "Expected distances of at least 0 in ascending order, got %s after %s",
          distance,
          before);
      before = distance;
    }
    require(
        1 <= neighbors && neighbors < references.length,
        "Expected a number of neighbors in [1, %d), got %d",
        references.length,
        neighbors);
    units = units.clone();
    references = copy(references);
    distances = distances.clone();
  }

  private static void requireRows(float[][] rows, int columns) {
    for (int n = 0; n < rows.length; n++) {
      requireRow(rows[n], columns, n);
    }
  }

  private static void requireRow(float[] row, int columns, int n) {
    require(
        row != null && row.length == columns,
        "Expected rows of %d cells, got %s in row %d",
        columns,
        row == null ? null : row.length,
        n);
    for (int c = 0; c < columns; c++) {
      if (Float.isInfinite(row[c])) {
        throw new IllegalArgumentException(
            "Expected finite cells or NaN, got %s at row %s, column %s".formatted(row[c], n, c));
      }
    }
  }

  private static float[][] copy(float[][] rows) {
    return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
  }

  /**
   * Creates the distance to training rows. Units are those of all rows, references a sample.
   *
   * @param rows {@code [N][C]}, N ≥ 2, as the model takes them or before any scaling; NaN where a
   *     cell is missing
   * @param seed of the sample, where there are more than 1,000 rows
   * @return the distance
   * @throws IllegalArgumentException if there are fewer than two rows or no columns, rows differ in
   *     their length, or a cell is infinite
   */
  public static TrainingDistance of(float[][] rows, long seed) {
    require(rows.length >= 2, "Expected at least 2 rows, got %d", rows.length);
    require(rows[0].length > 0, "Expected at least one column, got none");
    requireRows(rows, rows[0].length);
    double[] units = new double[rows[0].length];
    Arrays.setAll(units, c -> unit(rows, c));
    int[] chosen =
        rows.length <= MOST_REFERENCES
            ? IntStream.range(0, rows.length).toArray()
            : new CombinationSampler(
                    RandomSource.XO_RO_SHI_RO_128_PP.create(seed), rows.length, MOST_REFERENCES)
                .sample();
    float[][] references =
        Arrays.stream(chosen).sorted().mapToObj(n -> rows[n]).toArray(float[][]::new);
    int neighbors = Math.min(NEIGHBORS, references.length - 1);
    double[] distances =
        IntStream.range(0, references.length)
            .parallel()
            .mapToDouble(n -> distance(references[n], n, references, units, neighbors))
            .sorted()
            .toArray();
    return new TrainingDistance(units, references, distances, neighbors);
  }

  private static double unit(float[][] rows, int column) {
    RunningMean values = new RunningMean();
    float first = Float.NaN;
    float second = Float.NaN;
    boolean more = false;
    for (float[] row : rows) {
      float value = row[column];
      if (Float.isNaN(value)) {
        continue;
      }
      values.add(value);
      if (Float.isNaN(first)) {
        first = value;
      } else if (value != first && Float.isNaN(second)) {
        second = value;
      } else if (value != first && value != second) {
        more = true;
      }
    }
    double unit = more ? values.standardDeviation() : Math.abs((double) first - second);
    return unit > 0 ? unit : 1; // NaN of one value or none; of floats at least 1e-45
  }

  /** Returns the distance to the k-th nearest reference, of which one may be left out. */
  private static double distance(
      float[] row, int without, float[][] references, double[] units, int neighbors) {
    double[] factors =
        Arrays.stream(units).map(unit -> 1 / unit).toArray(); // quicker than by units
    double[] nearest = new double[neighbors]; // Σ δ², ascending
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int n = 0; n < references.length; n++) {
      if (n == without) {
        continue;
      }
      double sum = 0;
      float[] reference = references[n];
      for (int c = 0; c < row.length && sum < nearest[neighbors - 1]; c++) {
        double difference = ((double) row[c] - reference[c]) * factors[c];
        if (!Double.isNaN(difference)) {
          sum += difference * difference;
        } else if (Float.isNaN(row[c]) != Float.isNaN(reference[c])) {
          sum += MISSING;
        }
      }
      if (sum < nearest[neighbors - 1]) {
        int place = neighbors - 1;
        for (; place > 0 && nearest[place - 1] > sum; place--) {
          nearest[place] = nearest[place - 1];
        }
        nearest[place] = sum;
      }
    }
    return Math.min(Double.MAX_VALUE, Math.sqrt(nearest[neighbors - 1] / row.length));
  }

  /**
   * Returns the distance of a row to the k-th nearest reference row.
   *
   * @param row {@code [C]}, in the units that the training rows had; finite or NaN
   * @return the root of the mean of δ², at least 0: 1 is a standard deviation in each column
   * @throws IllegalArgumentException if it has not C cells, or one is infinite
   */
  public double distance(float... row) {
    requireRow(row, units.length, 0);
    return distance(row, -1, references, units, neighbors);
  }

  /**
   * Returns the distances of many rows, on all threads of the common pool.
   *
   * @param rows {@code [N][C]}
   * @return {@code [N]}, each as {@link #distance(float...)} gives it
   * @throws IllegalArgumentException if a row has not C cells, or one is infinite
   */
  public double[] distances(float[][] rows) {
    requireRows(rows, units.length);
    return Arrays.stream(rows)
        .parallel()
        .mapToDouble(row -> distance(row, -1, references, units, neighbors))
        .toArray();
  }

  /**
   * Returns the share of training rows that are at least so far from the others.
   *
   * @param row {@code [C]}, in the units that the training rows had; finite or NaN
   * @return a share in [0, 1]; near 0 for a row that is unlike the training rows
   * @throws IllegalArgumentException if it has not C cells, or one is infinite
   */
  public double share(float... row) {
    return beyond(distance(row));
  }

  /**
   * Returns the shares of many rows, on all threads of the common pool.
   *
   * @param rows {@code [N][C]}
   * @return {@code [N]}, each as {@link #share(float...)} gives it
   * @throws IllegalArgumentException if a row has not C cells, or one is infinite
   */
  public double[] shares(float[][] rows) {
    return Arrays.stream(distances(rows)).map(this::beyond).toArray();
  }

  private double beyond(double distance) {
    int low = 0; // the first that is at least so far
    int high = distances.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (distances[middle] < distance) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return (double) (distances.length - low) / distances.length;
  }

  /**
   * Returns the columns' units.
   *
   * @return {@code [C]}; a copy
   */
  @Override
  public double[] units() {
    return units.clone();
  }

  /**
   * Returns the reference rows.
   *
   * @return {@code [R][C]}; a copy
   */
  @Override
  public float[][] references() {
    return copy(references);
  }

  /**
   * Returns the reference rows' own distances.
   *
   * @return {@code [R]}, ascending; a copy
   */
  @Override
  public double[] distances() {
    return distances.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingDistance that
        && Arrays.equals(units, that.units)
        && Arrays.deepEquals(references, that.references)
        && Arrays.equals(distances, that.distances)
        && neighbors == that.neighbors;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(distances) + Arrays.hashCode(units);
  }

  @Override
  public String toString() {
    return "TrainingDistance(columns=%s, references=%s, neighbors=%s)"
        .formatted(units.length, references.length, neighbors);
  }
}
