/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.CombinationSampler;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.TrainingDistance;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What says how far predictions can be trusted.
 *
 * @param distance of features to those of the fit; null in files from before there was one
 * @param conformal calibration, or null
 * @param groups the name of the column whose cells are the groups of the calibration, or null
 */
public record Trust(
    @JsonProperty("distance") TrainingDistance distance,
    @JsonProperty("conformal") Conformal conformal,
    @JsonProperty("groups") String groups) {
  /** Of models from before there was any. */
  public static final Trust NONE = new Trust(null, null, null);

  private static final int MOST_ROWS = 10_000;
  private static final int MOST_CELLS = 1_000_000;

  /** Returns what a fit knows: the distance to a sample of its rows. */
  public static Trust of(StandardizedData data, long seed) {
    int columns = data.encoding().features();
    int rows = data.rows();
    int most = Math.max(2, Math.min(MOST_ROWS, MOST_CELLS / columns));
    int[] sample =
        rows <= most
            ? IntStream.range(0, rows).toArray()
            : new CombinationSampler(Seeds.random(seed, Seeds.SPLIT), rows, most).sample();
    Arrays.sort(sample);
    return new Trust(TrainingDistance.of(rows(data.features(), columns, sample), seed), null, null);
  }

  /** Returns rows of cells that lie one after the other. */
  static float[][] rows(float[] cells, int columns, int[] rows) {
    return IntStream.of(rows)
        .mapToObj(row -> Arrays.copyOfRange(cells, row * columns, (row + 1) * columns))
        .toArray(float[][]::new);
  }

  /** Returns this with a calibration. */
  public Trust with(Conformal calibration, String column) {
    return new Trust(distance, Objects.requireNonNull(calibration), column);
  }
}
