/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.writing.PenTrace;
import org.mdn4j.examples.writing.PenTracePlot;

/** What stands at the axes, and that words are drawn whole. */
class PictureTicksTest {
  private static final int GAP = 8; // pixels that keep two labels apart
  private static final int WIDEST = 60; // pixels of four bold digits, with room for other fonts

  @ParameterizedTest
  @CsvSource({
    "0.05, 0.05",
    "0.1, 0.1",
    "50000, 50000",
    "-2000, -2000",
    "1950, 1950",
    "0, 0",
    "-0.0, 0",
    "0.30000000000000004, 0.3",
    "100000000, 100000000",
    "1e-5, 0.00001",
    "2e-7, 2e-7",
    "-1.5e12, -1.5e12",
    "1e300, 1e300",
  })
  void numbersAsTheyAreWritten(double value, String expected) {
    assertEquals(expected, Pictures.tick(value));
  }

  /** Labels of epochs, as runs of dark columns in the lines of the picture where they stand. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 116, 131, 1999})
  void epochsStandApart(int epochs, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("loss.png");
    List<Double> nll = IntStream.range(0, epochs).mapToObj(i -> 1 + 1.0 / (1 + i)).toList();
    LossPlot.write(nll, nll, Double.NaN, file);
    BufferedImage picture = ImageIO.read(file.toFile());
    List<int[]> labels = labels(picture);
    assertTrue(labels.size() >= Math.min(3, epochs + 1), () -> labels.size() + " labels");
    for (int[] label : labels) {
      assertTrue(label[1] - label[0] < WIDEST, () -> "%d pixels".formatted(label[1] - label[0]));
    }
  }

  /** From and to of each; the title of the axis is below, and the axis itself above. */
  private static List<int[]> labels(BufferedImage picture) {
    boolean[][] dark = // [height][width]
        where(picture, color -> color.getRed() < 100 && color.getBlue() < 100);
    int bottom = dark.length - 1;
    List<Integer> blocks = new ArrayList<>(); // their last lines, from below
    for (int y = bottom - 1; y > bottom - 120; y--) {
      if (any(dark[y]) && !any(dark[y + 1])) {
        blocks.add(y);
      }
    }
    int labelBottom = blocks.get(2); // legend, title of the axis, labels
    List<int[]> labels = new ArrayList<>();
    for (int x = 0; x < picture.getWidth(); x++) {
      int column = x;
      if (IntStream.rangeClosed(labelBottom - 9, labelBottom).anyMatch(y -> dark[y][column])) {
        int[] last = labels.isEmpty() ? null : labels.get(labels.size() - 1);
        if (last != null && x - last[1] < GAP) {
          last[1] = x;
        } else {
          labels.add(new int[] {x, x});
        }
      }
    }
    return labels;
  }

  /** Each word a line from where the pen begins, 20 to the right, the left, up or down. */
  @Test
  void wordsAreNotCut(@TempDir Path folder) throws IOException {
    double[][] ends = {{20, 0.5}, {-9, 0.5}, {0.5, 8}, {0.5, -8}};
    for (double[] end : ends) {
      PenTrace trace =
          new PenTrace(
              new double[][] {{end[0] / 2, end[1] / 2}, {end[0] / 2, end[1] / 2}},
              new boolean[] {false, true});
      Path file = folder.resolve("words.png");
      PenTracePlot.write(List.of(new PenTracePlot.Sheet("Words", 1, List.of(trace), 0)), file);
      BufferedImage picture = ImageIO.read(file.toFile());
      boolean[][] ink = where(picture, color -> color.getBlue() - color.getRed() > 100);
      int height = span(IntStream.range(0, ink.length).filter(y -> any(ink[y])));
      int width =
          span(
              IntStream.range(0, picture.getWidth())
                  .filter(x -> Arrays.stream(ink).anyMatch(line -> line[x])));
      // 32 pixels a unit, but for the frame that the chart keeps
      assertEquals(Math.abs(end[0]), width / 32.0, 0.1 * Math.abs(end[0]) + 0.3);
      assertEquals(Math.abs(end[1]), height / 32.0, 0.1 * Math.abs(end[1]) + 0.3);
    }
  }

  private static boolean[][] where(BufferedImage picture, Predicate<Color> is) {
    boolean[][] found = new boolean[picture.getHeight()][picture.getWidth()];
    for (int y = 0; y < found.length; y++) {
      for (int x = 0; x < found[y].length; x++) {
        found[y][x] = is.test(new Color(picture.getRGB(x, y)));
      }
    }
    return found;
  }

  private static boolean any(boolean[] line) {
    return IntStream.range(0, line.length).anyMatch(x -> line[x]);
  }

  private static int span(IntStream ascending) {
    int[] values = ascending.toArray();
    return values[values.length - 1] - values[0];
  }
}
