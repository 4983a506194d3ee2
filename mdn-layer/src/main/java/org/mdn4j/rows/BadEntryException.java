/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

/** Exception for a label or an entry of a mask that cannot be used; it says which entry that is. */
public final class BadEntryException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final long row;
  private final long column;

  BadEntryException(String problem, long row, long column) {
    super("%s at row %s, column %s".formatted(problem, row, column));
    this.problem = problem;
    this.row = row;
    this.column = column;
  }

  /** Returns the exception for a label that is NaN or infinite. */
  static BadEntryException label(double label, long row, long column) {
    return new BadEntryException("Expected finite labels, got " + label, row, column);
  }

  /**
   * Returns what is wrong, without the place.
   *
   * @return a sentence without its end
   */
  public String problem() {
    return problem;
  }

  /**
   * Returns the row of the entry, as the likelihood sees it.
   *
   * @return in [0, N)
   */
  public long row() {
    return row;
  }

  /**
   * Returns the column of the entry.
   *
   * @return the target, in [0, D); 0 in a mask of rows
   */
  public long column() {
    return column;
  }
}
