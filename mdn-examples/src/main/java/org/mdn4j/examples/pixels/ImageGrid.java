/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Small images in columns under titles, each pixel enlarged to a square. */
final class ImageGrid {
  private static final int GAP = 10;
  private static final int LINE = 17;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private ImageGrid() {}

  /**
   * A column of images under a title.
   *
   * @param title may have several lines
   * @param images of one size, from top to bottom
   */
  record Column(String title, List<BufferedImage> images) {}

  /**
   * Draws the columns.
   *
   * @param columns columns of the same number of images
   * @param side width of an enlarged image, about; a multiple of an image's own
   */
  static BufferedImage draw(List<Column> columns, int side) {
    BufferedImage first = columns.get(0).images().get(0);
    int scale = Math.max(1, side / first.getWidth());
    int cell = scale * first.getWidth() + GAP;
    int head =
        GAP + LINE * columns.stream().mapToInt(it -> lines(it.title()).length).max().orElseThrow();
    int rows = columns.get(0).images().size();
    BufferedImage picture =
        new BufferedImage(
            GAP + columns.size() * cell, head + rows * cell, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setFont(FONT);
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      int left = GAP + i * cell;
      String[] title = lines(column.title());
      for (int line = 0; line < title.length; line++) {
        int centred = left + (cell - GAP - metrics.stringWidth(title[line])) / 2;
        graphics.drawString(title[line], centred, LINE * (line + 1));
      }
      for (int row = 0; row < rows; row++) {
        BufferedImage image = column.images().get(row);
        graphics.drawImage(
            image,
            left,
            head + row * cell,
            scale * image.getWidth(),
            scale * image.getHeight(),
            null);
      }
    }
    graphics.dispose();
    return picture;
  }

  private static String[] lines(String title) {
    return title.split("\n");
  }
}
