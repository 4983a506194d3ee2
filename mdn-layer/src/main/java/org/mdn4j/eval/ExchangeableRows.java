/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.function.Function;
import org.mdn4j.distribution.MixtureBatch;

/**
 * Rows of features and a model that predicts them, of which some cells can come from other rows.
 * How rows are held, and of what types their columns are, is known here only: what a model looks at
 * can so be asked of any of them.
 */
public interface ExchangeableRows {
  /**
   * Cells from other rows.
   *
   * @param columns indices of the columns that are exchanged together, in the order of the rows'
   *     own columns
   * @param donors {@code [rows predicted]}, for each the row from which its cells of these columns
   *     are
   */
  record Exchange(int[] columns, int[] donors) {}

  /**
   * Returns the number of rows.
   *
   * @return N
   */
  int size();

  /**
   * Predicts some rows with cells of others.
   *
   * @param rows which rows, in [0, N), any of them as often as asked
   * @param exchanges the cells that are not the rows' own; none for the rows as they are
   * @return a mixture per row that was asked for
   */
  MixtureBatch predict(int[] rows, Exchange... exchanges);

  /**
   * Creates such rows of numbers.
   *
   * @param rows {@code [N][C]}, not copied and not to be changed
   * @param model predicts new rows of the same columns
   * @return the rows
   * @throws IllegalArgumentException if there is no row
   */
  static ExchangeableRows of(double[][] rows, Function<double[][], MixtureBatch> model) {
    require(rows.length > 0, "Expected at least one row, got none");
    return new ExchangeableRows() {
      @Override
      public int size() {
        return rows.length;
      }

      @Override
      public MixtureBatch predict(int[] asked, Exchange... exchanges) {
        double[][] cells =
            Arrays.stream(asked).mapToObj(n -> rows[n].clone()).toArray(double[][]::new);
        for (Exchange exchange : exchanges) {
          for (int i = 0; i < cells.length; i++) {
            for (int column : exchange.columns()) {
              cells[i][column] = rows[exchange.donors()[i]][column];
            }
          }
        }
        return model.apply(cells);
      }
    };
  }
}
