/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Tables that do not fit into memory; of more rows with {@code -Dmdn4j.streamRows=10000000}. */
@Tag("slow")
class StreamTest {
  private static final int COLUMNS = 20;

  @TempDir Path folder;

  private static float[] features(int rows, UniformRandomProvider random) {
    float[] cells = new float[rows * COLUMNS];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = random.nextFloat();
    }
    return cells;
  }

  @Test
  void aMillionRowsOfTwentyUnderASmallHeap() throws Exception {
    int streamed = Integer.getInteger("mdn4j.streamRows", 1_000_000);
    int rows = 200;
    float[] cells = features(rows, RandomSource.XO_RO_SHI_RO_128_PP.create(1L));
    float[] sums = new float[rows];
    for (int i = 0; i < cells.length; i++) {
      sums[i / COLUMNS] += cells[i];
    }
    Path model = folder.resolve("model.zip");
    Data.quick()
        .maxEpochs(20)
        .build()
        .fit(Nd4j.createFromArray(cells).reshape(rows, COLUMNS), Nd4j.createFromArray(sums))
        .save(model);

    // A million rows would take 160 MB as doubles, its mixtures 72 MB.
    String[] printed =
        ChildJvm.lastLine(
                ChildJvm.start(
                    ChildStream.class,
                    List.of("-Xmx64m", "-Dorg.bytedeco.javacpp.maxbytes=256m"),
                    model,
                    streamed))
            .split(" ");
    assertEquals(streamed, Integer.parseInt(printed[0]));
    // sums of twenty uniform numbers: the mean of a million is 10 but for 0.0013; the net is rough
    assertEquals(10, Double.parseDouble(printed[1]), 1);
  }

  /** Predicts random rows; prints how many there were, and the mean of their means. */
  static final class ChildStream {
    private ChildStream() {}

    public static void main(String[] args) throws IOException {
      MixtureRegressor regressor = MixtureRegressor.load(Path.of(args[0]));
      int rows = Integer.parseInt(args[1]);
      double[] sum = new double[1];
      int[] count = new int[1];
      regressor.predict(
          new RandomRows(rows, 10_000),
          (minibatch, mixtures) -> {
            sum[0] += mixtures.mean().sumNumber().doubleValue();
            count[0] += mixtures.size();
          });
      System.out.println(count[0] + " " + sum[0] / rows);
    }
  }

  @Test
  void streamGivesWhatThePartsGive() {
    Data data = Data.draw(100, 1);
    MixtureRegressor regressor =
        Data.quick().maxEpochs(2).build().fit(data.features(), data.targets());
    DataSet all =
        new DataSet(Nd4j.createFromArray(data.features()), Nd4j.createFromArray(data.targets()));
    double[] sum = new double[2];
    regressor.predict(
        new ListDataSetIterator<>(all.asList(), 30),
        (minibatch, mixtures) -> {
          sum[0] -= mixtures.logDensity(minibatch.getLabels()).sumNumber().doubleValue();
          sum[1]++;
        });

    assertEquals(4, sum[1]);
    assertEquals(regressor.evaluate(data.features(), data.targets()).nll(), sum[0] / 100, 1e-5);
    assertTrue(sum[0] != 0);
  }

  /** Makes rows as they are asked for. */
  private static final class RandomRows implements DataSetIterator {
    private static final long serialVersionUID = 1L;

    private final transient UniformRandomProvider random =
        RandomSource.XO_RO_SHI_RO_128_PP.create(2L);
    private final int batch;
    private int left;

    RandomRows(int rows, int batch) {
      this.left = rows;
      this.batch = batch;
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public DataSet next() {
      return next(batch);
    }

    @Override
    public DataSet next(int rows) {
      left -= rows;
      return new DataSet(Nd4j.createFromArray(features(rows, random)).reshape(rows, COLUMNS), null);
    }

    @Override
    public int inputColumns() {
      return COLUMNS;
    }

    @Override
    public int totalOutcomes() {
      return 0;
    }

    @Override
    public boolean resetSupported() {
      return false;
    }

    @Override
    public boolean asyncSupported() {
      return false;
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int batch() {
      return batch;
    }

    @Override
    public void setPreProcessor(org.nd4j.linalg.dataset.api.DataSetPreProcessor preProcessor) {
      throw new UnsupportedOperationException();
    }

    @Override
    public org.nd4j.linalg.dataset.api.DataSetPreProcessor getPreProcessor() {
      return null;
    }

    @Override
    public List<String> getLabels() {
      return null;
    }
  }
}
