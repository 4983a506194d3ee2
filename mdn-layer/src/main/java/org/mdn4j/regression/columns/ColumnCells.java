/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import static org.mdn4j.Arguments.require;

import java.util.Map;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/** The cells of one column of a frame, as {@link FeatureColumn} makes numbers of them. */
final class ColumnCells {
  private final FeatureColumn column;
  private final double[] numbers; // or null
  private final String[] texts; // or null
  private final Map<String, Integer> places;

  private ColumnCells(FeatureColumn column, double[] numbers, String[] texts) {
    this.column = column;
    this.numbers = numbers;
    this.texts = texts;
    this.places = column.places();
  }

  /**
   * Finds a column.
   *
   * @throws IllegalArgumentException if it is not there or of another kind
   */
  static ColumnCells of(Frame frame, FeatureColumn column) {
    String name = column.name();
    require(
        frame.has(name), "Expected a column '%s' as in the fit, there are %s", name, frame.names());
    require(
        frame.kind(name) == column.kind(),
        "Expected column '%s' of kind %s as in the fit, it is of kind %s",
        name,
        column.kind(),
        frame.kind(name));
    boolean category = column.kind() == ColumnKind.CATEGORY;
    return new ColumnCells(
        column, category ? null : frame.numbers(name), category ? frame.categories(name) : null);
  }

  /** Returns whether the cell is missing or a category that the fit has not seen. */
  boolean isUnknown(int row) {
    return texts == null
        ? Double.isNaN(numbers[row])
        : texts[row] == null || column.place(texts[row], places) < 0;
  }

  /**
   * Writes a row's numbers.
   *
   * @param guess which guess stands for an unknown cell, or {@link FrameColumns#NO_GUESS}
   * @param into all numbers, where flags are 0
   * @param at where its continuous numbers begin
   * @param flag where its flags begin
   */
  void put(int row, int guess, double[] into, int at, int flag) {
    boolean unknown = isUnknown(row);
    if (unknown && column.missing()) {
      into[flag + column.flags() - 1] = 1;
    }
    boolean guessed = unknown && guess != FrameColumns.NO_GUESS;
    if (column.kind() == ColumnKind.CATEGORY) {
      String text = guessed ? column.guessedCategories().get(guess) : texts[row];
      int place = unknown && !guessed ? -1 : column.place(text, places);
      if (place >= 0) {
        into[flag + place] = 1;
      }
      return;
    }
    double number = guessed ? column.guesses().get(guess) : numbers[row];
    switch (column.kind()) {
      case NUMBER -> into[at] = number;
      case BOOLEAN -> into[flag] = Double.isNaN(number) ? 0 : 2 * number - 1;
      default -> putDate(number, into, at, flag);
    }
  }

  private void putDate(double seconds, double[] into, int at, int flag) {
    int number = at;
    int angle = flag;
    for (DatePart part : column.parts()) {
      double value = Double.isNaN(seconds) ? seconds : part.value(seconds, column.origin());
      if (!part.isAngle()) {
        into[number++] = value;
        continue;
      }
      into[angle++] = Double.isNaN(value) ? 0 : Math.sin(value);
      into[angle++] = Double.isNaN(value) ? 0 : Math.cos(value);
    }
  }
}
