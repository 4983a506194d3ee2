/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches of outputs with a mixture per step or per pixel. */
class PlacesTest {
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(2).targets(2).build();
  private static final int CHANNELS = SPEC.parameterCount();
  private static final INDArray SEQUENCES = random(1, 3, CHANNELS, 4); // [N, P, T]
  private static final INDArray STEP_MASK =
      Nd4j.createFromArray(new double[][] {{1, 1, 1, 1}, {1, 0.5, 0, 0}, {0, 0, 0, 1}});

  private static INDArray random(long seed, long... shape) {
    Nd4j.getRandom().setSeed(seed);
    return Nd4j.randn(DataType.DOUBLE, shape);
  }

  private static Mixture alone(double[] raw) {
    return MixtureBatch.of(SPEC, Nd4j.createFromArray(new double[][] {raw})).get(0);
  }

  private static double[] column(INDArray sequences, int example, int step) {
    double[] raw = new double[(int) sequences.size(1)];
    Arrays.setAll(raw, p -> sequences.getDouble(example, p, step));
    return raw;
  }

  private static void assertSame(Mixture expected, Mixture actual) {
    assertEquals(expected.toString(), actual.toString());
  }

  /** In each order of the numbers, contiguous or not. */
  @ParameterizedTest
  @ValueSource(strings = {"NCW c", "NCW f", "NWC", "NWC view"})
  void stepsAreAddressedByExampleAndStep(String layout) {
    INDArray raw =
        switch (layout) {
          case "NCW c" -> SEQUENCES;
          case "NCW f" -> SEQUENCES.dup('f');
          case "NWC" -> SEQUENCES.permute(0, 2, 1).dup('c');
          default -> SEQUENCES.permute(0, 2, 1);
        };
    int channelDimension = layout.startsWith("NCW") ? 1 : 2;
    MixtureBatch batch = MixtureBatch.of(SPEC, raw, channelDimension, null);
    assertEquals(12, batch.size());
    for (int n = 0; n < 3; n++) {
      for (int t = 0; t < 4; t++) {
        Mixture expected = alone(column(SEQUENCES, n, t));
        assertSame(expected, batch.get(n, t));
        assertSame(expected, batch.get(n * 4 + t));
      }
    }
  }

  @Test
  void maskedStepsAreLeftOut() {
    INDArray raw = SEQUENCES.dup();
    raw.putScalar(new int[] {1, 0, 3}, Double.NaN); // masked, so that nobody minds
    MixtureBatch batch = MixtureBatch.of(SPEC, raw, 1, STEP_MASK);
    int[][] places = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 0}, {1, 1}, {2, 3}};
    assertEquals(places.length, batch.size());
    MixtureBatch warm = batch.rescale(3, 4).shift(1, 2).temperature(Temperature.of(2));
    for (int row = 0; row < places.length; row++) {
      Mixture expected = alone(column(raw, places[row][0], places[row][1]));
      assertSame(expected, batch.get(row));
      assertSame(expected, batch.get(places[row][0], places[row][1]));
      assertSame(warm.get(row), warm.get(places[row][0], places[row][1]));
    }
    assertMessage("not masked, got [1, 2]", () -> batch.get(1, 2));
    assertSame(
        MixtureBatch.average(batch, warm).get(6), MixtureBatch.average(batch, warm).get(2, 3));
  }

  /** Outcomes in the shape of the labels, or as rows. */
  @Test
  void outcomesOfTheOutputsShape() {
    INDArray labels = random(2, 3, 2, 4);
    MixtureBatch batch = MixtureBatch.of(SPEC, SEQUENCES, 1, STEP_MASK);
    INDArray rows = batch.rows(labels);
    assertArrayEquals(new long[] {7, 2}, rows.shape());
    assertEquals(labels.getDouble(1, 1, 1), rows.getDouble(5, 1));
    INDArray logDensity = batch.logDensity(labels);
    assertEquals(logDensity, batch.logDensity(rows));
    assertEquals(
        batch.get(2, 3).logDensity(labels.getDouble(2, 0, 3), labels.getDouble(2, 1, 3)),
        logDensity.getDouble(6));
    assertMessage("with D channels", () -> batch.logDensity(random(2, 3, 4, 2)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pixelsAreAddressedByExampleRowAndColumn(boolean channelsLast) {
    INDArray nchw = random(3, 2, CHANNELS, 3, 4);
    INDArray raw = channelsLast ? nchw.permute(0, 2, 3, 1).dup('c') : nchw;
    int dimension = channelsLast ? 3 : 1;
    MixtureBatch batch = MixtureBatch.of(SPEC, raw, dimension, null);
    assertEquals(24, batch.size());
    double[] pixel = new double[CHANNELS];
    Arrays.setAll(pixel, p -> nchw.getDouble(1, p, 2, 3));
    assertSame(alone(pixel), batch.get(1, 2, 3));

    INDArray perImage = Nd4j.createFromArray(new double[][] {{0}, {1}});
    MixtureBatch second = MixtureBatch.of(SPEC, raw, dimension, perImage);
    assertEquals(12, second.size());
    assertSame(alone(pixel), second.get(1, 2, 3));

    INDArray perPixel = Nd4j.zeros(DataType.DOUBLE, 2, 3, 4);
    perPixel.putScalar(new int[] {1, 2, 3}, 1);
    for (INDArray mask :
        new INDArray[] {
          perPixel, channelsLast ? perPixel.reshape(2, 3, 4, 1) : perPixel.reshape(2, 1, 3, 4)
        }) {
      MixtureBatch one = MixtureBatch.of(SPEC, raw, dimension, mask);
      assertEquals(1, one.size());
      assertSame(alone(pixel), one.get(0));
    }
  }

  @Test
  void mistakesAreNamed() {
    assertMessage(
        "Expected 10 channels in dimension 2", () -> MixtureBatch.of(SPEC, SEQUENCES, 2, null));
    assertMessage("from 1 to 2, got 0", () -> MixtureBatch.of(SPEC, SEQUENCES, 0, null));
    assertMessage(
        "3 or 4 dimensions", () -> MixtureBatch.of(SPEC, Nd4j.zeros(2, CHANNELS), 1, null));
    assertMessage(
        "Expected a mask of shape [3, 4]",
        () -> MixtureBatch.of(SPEC, SEQUENCES, 1, Nd4j.ones(4, 3)));
    assertMessage("weights >= 0", () -> MixtureBatch.of(SPEC, SEQUENCES, 1, STEP_MASK.sub(1)));
    assertMessage("got none", () -> MixtureBatch.of(SPEC, SEQUENCES, 1, Nd4j.zeros(3, 4)));
    MixtureBatch batch = MixtureBatch.of(SPEC, SEQUENCES, 1, null);
    assertMessage("Expected 2 indices", () -> batch.get(0, 1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.get(0, 4));
    MixtureBatch rows = MixtureBatch.of(SPEC, Nd4j.zeros(DataType.DOUBLE, 2, CHANNELS));
    assertMessage("one per row", () -> rows.get(0, 1));
  }

  private static void assertMessage(String message, Executable mistake) {
    Exception e = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
