/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.swing.ImageIcon;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;

/** Shows the pictures that a notebook has drawn. */
public final class Picture {
  /** The property of a JVM whose notebook's page shows the images that its cells return. */
  static final String IN_A_PAGE = "notebook.page";

  private Picture() {}

  /**
   * Shows a picture: in Jupyter as the cell's output; in JShell in a window, where there is a
   * display, and by the file's path.
   *
   * @param file a picture
   * @return the picture, or the first of its frames
   * @throws IOException if it cannot be read
   */
  public static BufferedImage show(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    if (!Boolean.getBoolean(IN_A_PAGE)) {
      System.out.println("Picture: " + file);
      if (!GraphicsEnvironment.isHeadless()) {
        SwingUtilities.invokeLater(() -> open(file));
      }
    }
    return image;
  }

  private static void open(Path file) {
    JFrame window = new JFrame(file.getFileName().toString());
    window.add(new JLabel(new ImageIcon(file.toString()))); // an icon moves, if the file does
    window.setDefaultCloseOperation(JFrame.DISPOSE_ON_CLOSE);
    window.setLocationByPlatform(true);
    window.pack();
    window.setVisible(true);
  }

  /**
   * Returns whether a JVM of this machine can open a window, which another one tries: one that has
   * tried in vain can draw no more.
   *
   * @param classPath a class path that holds this class
   */
  static boolean canBeShown(String classPath) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = List.of(java.toString(), "-cp", classPath, Picture.class.getName());
    return new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /**
   * Opens no window, and fails if it could not.
   *
   * @param args unused
   */
  public static void main(String[] args) {
    new JFrame().dispose();
  }
}
