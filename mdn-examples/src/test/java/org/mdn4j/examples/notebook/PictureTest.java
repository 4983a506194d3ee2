/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;

/** What a notebook says of its pictures where there is no display. */
class PictureTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPictureIsReturnedAndItsFileNamedUnlessAPageShowsIt(boolean page, @TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("a picture.png");
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
    System.setProperty(Picture.IN_A_PAGE, Boolean.toString(page));
    try (CapturedOutput output = new CapturedOutput()) {
      BufferedImage image = Picture.show(file);
      assertEquals(3, image.getWidth());
      assertEquals(2, image.getHeight());
      assertEquals(page ? "" : "Picture: " + file, output.out().strip());
    } finally {
      System.clearProperty(Picture.IN_A_PAGE);
    }
  }

  @Test
  void aMissingPictureIsAnError(@TempDir Path folder) {
    assertThrows(IOException.class, () -> Picture.show(folder.resolve("no.png")));
  }

  @Test
  void aProcessThatCannotOpenAWindowHasNoDisplay() throws Exception {
    assertFalse(Picture.canBeShown("no-such-folder"));
  }
}
