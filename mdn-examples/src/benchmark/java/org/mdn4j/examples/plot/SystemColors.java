/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.Color;
import java.util.Map;

/** One colour for each system, the same in every picture. */
final class SystemColors {
  private static final Color LIGHT_BLUE = new Color(86, 180, 233);

  private static final Map<String, Color> COLORS =
      Map.ofEntries(
          Map.entry("fused", Pictures.BLUE),
          Map.entry("mdn-head-fused", Pictures.BLUE),
          Map.entry("mdn-fused-training", new Color(0, 60, 120)),
          Map.entry("mdn4j", Pictures.BLUE),
          Map.entry("mdn-dense-output", Pictures.BLUE),
          Map.entry("dl4j-output", Pictures.ORANGE),
          Map.entry("samediff", LIGHT_BLUE),
          Map.entry("mdn-head-samediff", LIGHT_BLUE),
          Map.entry("samediff-naive", new Color(190, 215, 235)),
          Map.entry("dl4j-lossmixturedensity", Pictures.ORANGE),
          Map.entry("pytorch-eager", Pictures.VERMILION),
          Map.entry("mse-head", Pictures.GREEN),
          Map.entry("plain-loop", Pictures.GREEN),
          Map.entry("floor", Pictures.GREY),
          Map.entry("floor-vector", new Color(210, 210, 210)));

  private SystemColors() {}

  static Color of(String system) {
    Color color = COLORS.get(system);
    if (color == null) {
      throw new IllegalArgumentException("No colour for " + system);
    }
    return color;
  }
}
