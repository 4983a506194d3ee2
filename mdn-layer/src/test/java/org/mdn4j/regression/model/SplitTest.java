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

  private static RegressorOptions options(long seed) {
    return RegressorOptions.DEFAULT.with("members", 4).with("seed", seed);
  }

  private static Set<Integer> set(int[] rows) {
    return Arrays.stream(rows).boxed().collect(Collectors.toSet());
  }

  @Test
  void aFifthValidatesAndEachRowHasOnePart() {
    for (int member = 0; member < 4; member++) {
      Split split = Split.of(OPTIONS, 101, member);

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
    int[] calibration = Split.calibration(OPTIONS, 101);

    assertEquals(10, calibration.length);
    for (int member = 0; member < 4; member++) {
      Set<Integer> training = set(Split.of(OPTIONS, 101, member).training());
      for (int row : calibration) {
        assertFalse(training.contains(row), "member " + member + ", row " + row);
      }
    }
  }

  @Test
  void membersAndSeedsDiffer() {
    List<Set<Integer>> validation =
        IntStream.range(0, 4).mapToObj(m -> set(Split.of(OPTIONS, 101, m).validation())).toList();

    assertEquals(4, Set.copyOf(validation).size());
    assertNotEquals(validation.get(0), set(Split.of(options(2), 101, 0).validation()));
  }
}
