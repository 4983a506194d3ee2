/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Programs that a test needs beside Java; with {@code -Dmdn4j.everything} they must be there. */
public final class NeededProgram {
  private NeededProgram() {}

  /**
   * Skips the test that lacks a program.
   *
   * @param present whether the program is there
   * @param missing what is said if it is not
   */
  public static void require(boolean present, String missing) {
    demandOfEverything(present, missing);
    assumeTrue(present, missing);
  }

  /**
   * Lets a test go on that can do a part of its work without a program, but not where everything is
   * to be tested.
   *
   * @param present whether the program is there
   * @param missing what is said if it is not
   */
  public static void demandOfEverything(boolean present, String missing) {
    assertTrue(present || !Boolean.getBoolean("mdn4j.everything"), missing);
  }
}
