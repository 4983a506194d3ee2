/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** What the tests look for in an example's output folder. */
public final class PictureFiles {
  private PictureFiles() {}

  public static long colours(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }

  /** Only these files, no drafts; and the pictures among them are not empty. */
  public static void assertFolder(Path folder, String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> found =
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
      assertEquals(Set.of(names), found);
    }
    for (String name : names) {
      if (name.endsWith(".png")) {
        assertTrue(colours(ImageIO.read(folder.resolve(name).toFile())) > 10, name + " is empty");
      }
    }
  }
}
