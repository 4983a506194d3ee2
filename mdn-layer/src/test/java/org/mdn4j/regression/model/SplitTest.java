/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final RegressorOptions OPTIONS = options(1);

  private static final StandardizedData ROWS = rows(new RowInfo(null, null));

  private static StandardizedData rows(RowInfo info) {
    return new StandardizedData(
        new float[101], 1, FeatureEncoding.none(1), new float[101], 1, info);
  }

  private static RegressorOptions options(long seed) {
    return RegressorOptions.DEFAULT.with("members", 4).with("seed", seed);
  }

  private static Set<Integer> set(int[] rows) {
    return Arrays.stream(rows).boxed().collect(Collectors.toSet());
  }

  @Test
  void aFifthValidatesAndEachRowHasOnePart() {
    for (int member = 0; member < 4; member++) {
      Split split = Split.of(OPTIONS, ROWS, member);

      assertEquals(20, split.validation().length);
      assertEquals(
          IntStream.range(0, 101).boxed().toList(),
          IntStream.concat(IntStream.of(split.training()), IntStream.of(split.validation()))
              .sorted()
              .boxed()
              .toList());
    }
  }

  @Test
  void noMemberTrainsOnTheCalibrationRows() {
    for (int rows : new int[] {0, 9, 13, 20, 200}) { // of 20 that validate
      RegressorOptions options = OPTIONS.with("calibrationRows", rows);
      int[] calibration = Split.calibration(options, ROWS);

      assertEquals(Math.max(10, Math.min(20, rows)), calibration.length);
      for (int member = 0; member < 4; member++) {
        Set<Integer> training = set(Split.of(options, ROWS, member).training());
        for (int row : calibration) {
          assertFalse(training.contains(row), "member " + member + ", row " + row);
        }
      }
    }
  }

  @Test
  void membersWithAPartOfTheirOwnAndSeedsDiffer() {
    RegressorOptions half = OPTIONS.with("calibrationRows", 0);
    List<Set<Integer>> validation =
        IntStream.range(0, 4).mapToObj(m -> set(Split.of(half, ROWS, m).validation())).toList();

    assertEquals(4, Set.copyOf(validation).size());
    assertNotEquals(validation.get(0), set(Split.of(options(2), ROWS, 0).validation()));
  }

  @Test
  void rowsOfAGroupAreOnOneSide() {
    int[] groups = IntStream.range(0, 101).map(row -> row % 23).toArray();
    StandardizedData data = rows(new RowInfo(null, groups));
    Set<Integer> calibration = groups(Split.calibration(OPTIONS, data), groups);
    for (int member = 0; member < 4; member++) {
      Split split = Split.of(OPTIONS, data, member);
      Set<Integer> training = groups(split.training(), groups);
      Set<Integer> validation = groups(split.validation(), groups);

      assertEquals(101, split.training().length + split.validation().length);
      assertEquals(23, training.size() + validation.size(), "none on both sides");
      assertEquals(20, split.validation().length, 5, "to the end of a group");
      assertFalse(calibration.isEmpty());
      assertFalse(calibration.stream().anyMatch(training::contains), "member " + member);
    }
  }

  @Test
  void twoGroupsAreOneEach() {
    int[] groups = IntStream.range(0, 101).map(row -> row < 95 ? 1 : 0).toArray();
    Split split = Split.of(OPTIONS, rows(new RowInfo(null, groups)), 0);

    assertEquals(1, groups(split.training(), groups).size());
    assertEquals(1, groups(split.validation(), groups).size());
  }

  /** Where one group alone validates, it calibrates, and no member trains on it. */
  @Test
  void theOnlyValidatingGroupCalibrates() {
    for (int count : new int[] {2, 3}) {
      int[] groups = IntStream.range(0, 101).map(row -> row * count / 101).toArray();
      StandardizedData data = rows(new RowInfo(null, groups));
      Set<Integer> calibration = groups(Split.calibration(OPTIONS, data), groups);
      assertEquals(1, calibration.size());
      for (int member = 0; member < 4; member++) {
        Split split = Split.of(OPTIONS, data, member);
        assertEquals(calibration, groups(split.validation(), groups));
        assertEquals(count - 1, groups(split.training(), groups).size());
      }
    }
  }

  private static Set<Integer> groups(int[] rows, int[] groups) {
    return Arrays.stream(rows).map(row -> groups[row]).boxed().collect(Collectors.toSet());
  }
}
