/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.report;

import org.mdn4j.regression.frame.ColumnKind;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a fit found in a column of features.
 *
 * @param name of the column
 * @param kind of its cells
 * @param missing how many cells are missing
 * @param inputs how many numbers it became, before they are encoded; 0 for a column that is
 *     constant and left out
 */
public record ColumnSummary(
    @JsonProperty("name") String name,
    @JsonProperty("kind") ColumnKind kind,
    @JsonProperty("missing") int missing,
    @JsonProperty("inputs") int inputs) {

  /** Returns the summary as a line for people. */
  @Override
  public String toString() {
    String cells = missing == 0 ? "" : ", %s cells missing".formatted(missing);
    return inputs == 0
        ? "'%s' (%s%s) is constant and left out".formatted(name, kind, cells)
        : "'%s' (%s%s)".formatted(name, kind, cells);
  }
}
