/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.writing.PenTrace;
import org.mdn4j.zoo.MixtureDensityRnn;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class StrokeWeightsTest {
  private static final long OTHER_SEED = 99; // than that of the words to learn

  private static List<float[][]> words(int count) {
    return PenSteps.draw(count, RandomSource.XO_RO_SHI_RO_128_PP.create(OTHER_SEED));
  }

  /** What the zoo ships, on words that it has never seen, against its twin with one Gaussian. */
  @Test
  void theShippedMixtureIsAtLeastTwoTenthsOfANatBetterThanOneGaussian(@TempDir Path cache)
      throws IOException {
    File before = DL4JResources.getBaseDirectory();
    DL4JResources.setBaseDirectory(cache.toFile());
    MultiLayerNetwork mixture;
    try {
      mixture = (MultiLayerNetwork) MixtureDensityRnn.builder().build().initPretrained();
    } finally {
      DL4JResources.setBaseDirectory(before);
    }
    MultiLayerNetwork gaussian;
    try (InputStream twin = StrokeWeightsTest.class.getResourceAsStream(StrokeWeights.TWIN)) {
      gaussian = ModelSerializer.restoreMultiLayerNetwork(twin);
    }
    List<float[][]> words = words(300);
    double nll = StrokeWeights.offsetNll(mixture, words);
    double gaussianNll = StrokeWeights.offsetNll(gaussian, words);
    assertTrue(nll <= gaussianNll - 0.2, nll + " against " + gaussianNll);
    // As the Javadoc says; the words' own means have a standard error of about 0.01.
    assertEquals(-3.57, nll, 0.05);
    assertEquals(-3.07, gaussianNll, 0.05);
  }

  /** A short run; the shipped file comes from the defaults. */
  @Test
  void theSameRunGivesTheSameFilesAndTheyScoreWhatIsSaid(@TempDir Path folder) throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    StrokeWeights.Result result = shortRun(one);
    assertEquals(result, shortRun(two));
    for (String file : List.of(StrokeWeights.FILE, StrokeWeights.TWIN)) {
      assertArrayEquals(
          Files.readAllBytes(one.resolve(file)), Files.readAllBytes(two.resolve(file)));
    }
    PictureFiles.assertFolder(one, StrokeWeights.FILE, StrokeWeights.TWIN, "strokes.png");
    List<float[][]> words = words(300);
    assertEquals(
        result.testNll(), StrokeWeights.offsetNll(net(one, StrokeWeights.FILE), words), 0.1);
    assertEquals(
        result.gaussianNll(), StrokeWeights.offsetNll(net(one, StrokeWeights.TWIN), words), 0.1);
  }

  private static StrokeWeights.Result shortRun(Path out) throws IOException {
    String options = "--words 64 --epochs 2 --units 8 --components 3 --out " + out;
    return StrokeWeights.run(options.split(" "));
  }

  private static MultiLayerNetwork net(Path folder, String file) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(folder.resolve(file).toFile());
  }

  /** p(x) = p(x/u) / Π u, for the same inputs in either unit. */
  @Test
  void otherUnitsLeaveTheDensityAsItWas() {
    MultiLayerNetwork net =
        MixtureDensityRnn.builder()
            .inputs(3)
            .spec(
                MixtureSpec.builder().components(4).targets(3).covariance(Covariance.FULL).build())
            .lstm(1, 6)
            .build()
            .init();
    double[] unit = {0.5, 4, 0.25}; // exact in FLOAT
    List<float[][]> words = words(5);
    DataSet divided = PenSteps.dataSet(PenSteps.divide(words, unit));
    double before = net.score(divided);
    StrokeWeights.toOriginalUnits(net, unit);
    double steps = divided.getLabelsMaskArray().sumNumber().doubleValue() / words.size();
    double logUnit = Math.log(0.5 * 4 * 0.25);
    assertEquals(before + steps * logUnit, net.score(PenSteps.dataSet(words)), 1e-3);
  }

  @Test
  void stepsHoldOffsetsAndStates() {
    PenTrace trace =
        new PenTrace(
            new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}},
            new boolean[] {false, true, false, true});
    float[][] steps =
        PenSteps.of(List.of(trace), RandomSource.XO_RO_SHI_RO_128_PP.create(1L)).get(0);
    double[] states = {0, 1, 0, 2};
    for (int t = 0; t < 4; t++) {
      assertEquals(trace.offsets()[t][0], steps[t][0]);
      assertEquals(trace.offsets()[t][1], steps[t][1]);
      assertEquals(states[t], steps[t][2], 0.4); // 4 σ
    }
    float[][] shorter = {{9, 10, 0.5f}};
    DataSet set = PenSteps.dataSet(List.of(steps, shorter));
    assertEquals(
        Nd4j.createFromArray(new float[][] {{1, 1, 1, 1}, {1, 0, 0, 0}}), set.getLabelsMaskArray());
    assertArrayEquals(new double[] {1, 3, 5, 7}, row(set.getLabels(), 0));
    assertArrayEquals(new double[] {0, 1, 3, 5}, row(set.getFeatures(), 0));
    assertArrayEquals(new double[] {9, 0, 0, 0}, row(set.getLabels(), 1));
    assertArrayEquals(new double[4], row(set.getFeatures(), 1));
  }

  /** The first number of each step. */
  private static double[] row(INDArray array, int word) {
    return array
        .get(NDArrayIndex.point(word), NDArrayIndex.point(0), NDArrayIndex.all())
        .toDoubleVector();
  }

  @Test
  void unusableOptionsAreSaid() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> StrokeWeights.run("--units", "0"));
    assertEquals("--units: expected at least 1, got 0", e.getMessage());
  }
}
