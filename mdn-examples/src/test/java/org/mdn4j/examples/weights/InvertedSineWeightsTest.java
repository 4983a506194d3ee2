/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.examples.sine.InvertedSineData;

class InvertedSineWeightsTest {
  /** A short run; the shipped file comes from the defaults and has a test beside the zoo. */
  @Test
  void theSameRunGivesTheSameFileAndItScoresWhatIsSaid(@TempDir Path folder) throws IOException {
    String[] options = {"--points", "2000", "--epochs", "4", "--out"};
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    InvertedSineWeights.Result first =
        InvertedSineWeights.run(
            options[0], options[1], options[2], options[3], options[4], "" + one);
    InvertedSineWeights.Result second =
        InvertedSineWeights.run(
            options[0], options[1], options[2], options[3], options[4], "" + two);
    assertEquals(first, second);
    Path file = one.resolve(InvertedSineWeights.FILE);
    assertArrayEquals(
        Files.readAllBytes(file), Files.readAllBytes(two.resolve(InvertedSineWeights.FILE)));
    MultiLayerNetwork net = ModelSerializer.restoreMultiLayerNetwork(file.toFile());
    InvertedSineData other =
        InvertedSineData.draw(20_000, RandomSource.XO_RO_SHI_RO_128_PP.create(8L));
    double nll = net.score(other.toDataSet()); // in the data's own units, with no standardisation
    assertEquals(first.testNll(), nll, 0.03); // two samples of 20,000
    assertTrue(nll < 2.6, "worse than one Gaussian: " + nll);
  }

  @Test
  void unusableOptionsAreSaid(@TempDir Path folder) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> InvertedSineWeights.run("--epochs", "0"));
    assertEquals("--epochs: expected at least 1, got 0", e.getMessage());
  }
}
