/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import static org.mdn4j.Arguments.require;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.mdn4j.regression.frame.ColumnKind;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What was learned about one column of features from the rows of a fit, and how its cells become
 * numbers: <i>continuous</i> ones, which are standardised, get noise and are encoded, and
 * <i>flags</i>, which stay as they are.
 *
 * <table>
 * <caption>What the kinds become</caption>
 * <tr><th>kind</th><th>continuous</th><th>flags</th></tr>
 * <tr><td>NUMBER</td><td>itself</td><td></td></tr>
 * <tr><td>BOOLEAN</td><td></td><td>1 or −1; 0 where it is missing</td></tr>
 * <tr><td>CATEGORY</td><td></td><td>1 for its own name, or for the bucket of rare names that its
 * hash falls into; 0 for the others</td></tr>
 * <tr><td>DATE</td><td>days elapsed, year</td><td>sine and cosine of the day of the year, the day
 * of the week and the time of day</td></tr>
 * </table>
 *
 * <p>A column with enough missing cells in the rows of the fit has one flag more, which is 1 where
 * the cell is missing: that is an answer of its own then. In a column without, a missing cell can
 * be anything, and {@link #guesses} stand for it. A category that was never seen counts as missing.
 *
 * @param name of the column
 * @param kind of its cells
 * @param constant whether it says nothing and is left out: all cells are the same
 * @param missing whether missing cells have a flag
 * @param categories those with a flag of their own
 * @param buckets flags that the other categories share by their hash; 0 if there are none
 * @param origin the first date
 * @param parts of dates, those that vary
 * @param guesses cells that stand for a missing one, equally likely: quantiles of numbers
 * @param guessedCategories the same of categories
 */
record FeatureColumn(
    @JsonProperty("name") String name,
    @JsonProperty("kind") ColumnKind kind,
    @JsonProperty("constant") boolean constant,
    @JsonProperty("missing") boolean missing,
    @JsonProperty("categories") List<String> categories,
    @JsonProperty("buckets") int buckets,
    @JsonProperty("origin") double origin,
    @JsonProperty("parts") List<DatePart> parts,
    @JsonProperty("guesses") List<Double> guesses,
    @JsonProperty("guessedCategories") List<String> guessedCategories) {

  /** How many cells stand for a missing one. */
  static final int GUESSES = 16;

  /** The most categories that have a flag of their own. */
  static final int MOST_CATEGORIES = 256;

  /** The most flags that others share. */
  static final int MOST_BUCKETS = 64;

  /** Checks what was read from a file. */
  FeatureColumn {
    require(name != null && kind != null, "Expected a name and a kind of each column");
    categories = copy(name, categories);
    parts = copy(name, parts);
    guesses = copy(name, guesses);
    guessedCategories = copy(name, guessedCategories);
    require(
        categories.size() <= MOST_CATEGORIES
            && categories.stream().distinct().count() == categories.size()
            && 0 <= buckets
            && buckets <= MOST_BUCKETS
            && parts.stream().distinct().count() == parts.size()
            && Double.isFinite(origin)
            && guesses.stream().allMatch(Double::isFinite),
        "Expected different categories, at most %d of them, at most %d buckets, different parts and"
            + " finite numbers in column '%s'",
        MOST_CATEGORIES,
        MOST_BUCKETS,
        name);
    require(
        kind != ColumnKind.DATE
            || (DatePart.isDate(origin) && guesses.stream().allMatch(DatePart::isDate)),
        "Expected dates in column '%s', got seconds since 1970 beyond those of a date",
        name);
    boolean guessed =
        (kind == ColumnKind.CATEGORY ? guessedCategories.size() : guesses.size()) == GUESSES;
    require(constant || guessed, "Expected %d guesses of column '%s'", GUESSES, name);
  }

  private static <T> List<T> copy(String name, List<T> list) {
    require(
        list == null || list.stream().noneMatch(Objects::isNull),
        "Expected no null among what column '%s' has",
        name);
    return list == null ? List.of() : List.copyOf(list);
  }

  /** Returns how many continuous numbers it becomes. */
  int continuous() {
    if (constant) {
      return 0;
    }
    return switch (kind) {
      case NUMBER -> 1;
      case BOOLEAN, CATEGORY -> 0;
      case DATE -> (int) parts.stream().filter(part -> !part.isAngle()).count();
    };
  }

  /** Returns how many flags it becomes. */
  int flags() {
    if (constant) {
      return 0;
    }
    int own =
        switch (kind) {
          case NUMBER -> 0;
          case BOOLEAN -> 1;
          case CATEGORY -> categories.size() + buckets;
          case DATE -> 2 * (int) parts.stream().filter(DatePart::isAngle).count();
        };
    return own + (missing ? 1 : 0);
  }

  /** Returns the places of the categories among its flags. */
  Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    for (String category : categories) {
      places.put(category, places.size());
    }
    return places;
  }

  /**
   * Returns the flag that a category sets; −1 for one that was never seen.
   *
   * @param places as {@link #places()} returns them
   */
  int place(String category, Map<String, Integer> places) {
    Integer own = places.get(category);
    if (own != null) {
      return own;
    }
    return buckets == 0 ? -1 : categories.size() + bucket(category, buckets);
  }

  /** Returns the bucket of a name: its CRC-32C in UTF-8, modulo the number of buckets. */
  static int bucket(String category, int buckets) {
    CRC32C checksum = new CRC32C();
    checksum.update(category.getBytes(StandardCharsets.UTF_8));
    return (int) (checksum.getValue() % buckets);
  }
}
