/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ProfilingMode;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.profiler.OpProfiler;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** FusedTraining in use: dropout, memory, operations, threads. */
class FusedTrainingUseTest {
  private static final int ROWS = 130;

  private final INDArray features = Nd4j.rand(DataType.DOUBLE, ROWS, 4).subi(0.5);
  private final INDArray labels = Nd4j.rand(DataType.DOUBLE, ROWS, 1);

  private static NeuralNetConfiguration.Builder builder(DataType dtype) {
    return new NeuralNetConfiguration.Builder()
        .seed(11)
        .dataType(dtype)
        .activation(Activation.TANH);
  }

  private static MultiLayerNetwork net(NeuralNetConfiguration.Builder builder) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            builder
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(6).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(5).components(3).build())
                .build());
    net.init();
    return net;
  }

  /** One step each, and the second is an epoch. */
  @Test
  void dataSetsAndIteratorsTrainAsArraysDo() {
    MultiLayerNetwork byArrays = net(builder(DataType.DOUBLE));
    MultiLayerNetwork byData = byArrays.clone();
    DataSet data = new DataSet(features, labels);
    try (FusedTraining one = FusedTraining.of(byArrays);
        FusedTraining other = FusedTraining.of(byData)) {
      one.fit(features, labels);
      one.fit(features, labels);
      other.fit(data);
      other.fit(new ExistingDataSetIterator(List.of(data)));
      assertEquals(one.score(), other.score());
      assertEquals(byData.score(), other.score());
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> other.fit(new ExistingDataSetIterator(List.of(data)), 0))
              .getMessage();
      assertTrue(message.contains("at least 1 epoch") && message.contains("got 0 of"), message);
    }
    assertEquals(byArrays.params(), byData.params());
    assertEquals(2, byData.getIterationCount());
    assertEquals(1, byData.getEpochCount());
  }

  /** Dropout of the features, within the net, and as a layer of its own. */
  private static MultiLayerNetwork dropping(Dropout input, Dropout inside, Dropout layer) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            builder(DataType.DOUBLE)
                .updater(new Sgd(1))
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(6).dropOut(input).build())
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).dropOut(inside).build())
                .layer(new DropoutLayer(layer))
                .layer(new MixtureDensityOutputLayer.Builder().nIn(5).components(3).build())
                .build());
    net.init();
    return net;
  }

  /** The step of Sgd with rate 1 is the gradient of the score for the masks of that iteration. */
  @Test
  void gradientThroughDropoutIsThatOfTheScore() {
    MultiLayerNetwork net = dropping(new Dropout(0.8), new Dropout(0.6), new Dropout(0.7));
    INDArray start = net.params().dup();
    INDArray direction = Nd4j.rand(DataType.DOUBLE, start.length()).subi(0.5);
    double slope =
        -step(net, start, 0, direction).sub(start).mul(direction).sumNumber().doubleValue();
    double h = 1e-5;
    step(net, start, h, direction);
    double above = net.score();
    step(net, start, -h, direction);
    double below = net.score();
    assertEquals((above - below) / (2 * h), slope, 1e-6 * Math.abs(slope));
  }

  /** The parameters after iteration 3 from a point on a line. */
  private INDArray step(MultiLayerNetwork net, INDArray start, double at, INDArray direction) {
    net.params().assign(start.add(direction.mul(at)));
    net.setIterationCount(3);
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(features, labels);
    }
    return net.params().dup();
  }

  @Test
  void dropoutIsDrawnAnewInEachIterationAndAlikeForTheSameOne() {
    MultiLayerNetwork net = dropping(new Dropout(0.5), new Dropout(0.5), new Dropout(0.5));
    INDArray start = net.params().dup();
    INDArray none = Nd4j.zeros(DataType.DOUBLE, start.length());
    INDArray once = step(net, start, 0, none);
    double score = net.score();
    assertEquals(once, step(net, start, 0, none));
    assertEquals(score, net.score());
    net.params().assign(start);
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(features, labels); // iteration 4
    }
    assertTrue(Math.abs(net.score() - score) > 1e-6);
  }

  /** The mean of what a linear net puts out is what it puts out without dropout. */
  @Test
  void dropoutIsInverted() {
    int rows = 40_000;
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            builder(DataType.FLOAT)
                .updater(new Sgd(0))
                .list()
                .layer(
                    new DenseLayer.Builder().nIn(1).nOut(1).activation(Activation.IDENTITY).build())
                .layer(new DropoutLayer(new Dropout(0.3)))
                .layer(new MixtureDensityOutputLayer.Builder().nIn(1).components(1).build())
                .build());
    net.init();
    net.setParams(Nd4j.createFromArray(1f, 0f, 0f, 1f, 0f, 0f, 0f, 0f));
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(Nd4j.ones(rows, 1), Nd4j.zeros(rows, 1));
    }
    // μ is 1 / p with probability p, so that the mean of ½ μ² is 1 / (2 p).
    double expected = 0.5 * Math.log(2 * Math.PI) + 1 / (2 * 0.3);
    double error = Math.sqrt(0.3 * 0.7) / (2 * 0.09) / Math.sqrt(rows);
    assertEquals(expected, net.score(), 4 * error);
  }

  @Test
  void dropoutFollowsItsSchedule() {
    var schedule = new MapSchedule(ScheduleType.ITERATION, java.util.Map.of(0, 0.5, 4, 1.0));
    MultiLayerNetwork net =
        dropping(new Dropout(schedule), new Dropout(schedule), new Dropout(schedule));
    MultiLayerNetwork plain = dropping(new Dropout(1), new Dropout(1), new Dropout(1));
    plain.setParams(net.params());
    for (MultiLayerNetwork each : new MultiLayerNetwork[] {net, plain}) {
      each.setIterationCount(4);
      try (FusedTraining training = FusedTraining.of(each)) {
        training.fit(features, labels);
      }
    }
    assertEquals(plain.params(), net.params());
  }

  @Test
  void aStepAllocatesLittle() {
    MultiLayerNetwork net = net(builder(DataType.FLOAT).updater(new Adam(1e-3)).l2(0.01));
    INDArray x = features.castTo(DataType.FLOAT);
    INDArray y = labels.castTo(DataType.FLOAT);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (FusedTraining training = FusedTraining.inOneThread(net)) {
      for (int i = 0; i < 200; i++) {
        training.fit(x, y);
      }
      int steps = 200;
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < steps; i++) {
        training.fit(x, y);
      }
      long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / steps;
      assertTrue(bytes <= 1024, () -> bytes + " bytes a step");
    }
  }

  @Test
  @SuppressWarnings("deprecation") // the profiler's newer settings do not count operations
  void aStepRunsNoOperationOfNd4j() {
    MultiLayerNetwork net = net(builder(DataType.FLOAT).updater(new Adam(1e-3)).l1(0.01));
    INDArray x = features.castTo(DataType.FLOAT);
    INDArray y = labels.castTo(DataType.FLOAT);
    INDArray mask = Nd4j.ones(DataType.FLOAT, ROWS, 1);
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(x, y, mask);
      Nd4j.getExecutioner().setProfilingMode(ProfilingMode.OPERATIONS);
      OpProfiler.getInstance().reset();
      training.fit(x, y, mask);
      long operations = OpProfiler.getInstance().getInvocationsCount();
      net.fit(x, y);
      assertEquals(0, operations);
      assertTrue(OpProfiler.getInstance().getInvocationsCount() > 10, "operations are counted");
    } finally {
      Nd4j.getExecutioner().setProfilingMode(ProfilingMode.DISABLED);
    }
  }

  @Test
  void productsGetTheirThreadsBack() {
    int before = Nd4j.factory().blas().getMaxThreads();
    Nd4j.factory().blas().setMaxThreads(2);
    try {
      MultiLayerNetwork net = net(builder(DataType.DOUBLE));
      FusedTraining first = FusedTraining.of(net);
      FusedTraining second = FusedTraining.of(net);
      first.fit(features, labels);
      second.fit(features, labels);
      assertEquals(1, Nd4j.factory().blas().getMaxThreads());
      first.close();
      first.close();
      assertEquals(1, Nd4j.factory().blas().getMaxThreads());
      second.close();
      assertEquals(2, Nd4j.factory().blas().getMaxThreads());
    } finally {
      Nd4j.factory().blas().setMaxThreads(before);
    }
  }

  @Test
  void farOutActivationsInFloat() {
    MultiLayerNetwork net = net(builder(DataType.FLOAT).updater(new Sgd(0.01)));
    INDArray x = features.castTo(DataType.FLOAT).mul(1e9);
    INDArray y = labels.castTo(DataType.FLOAT);
    MultiLayerNetwork expected = net.clone();
    expected.fit(x, y);
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(x, y);
    }
    assertArrayEquals(expected.params().toFloatVector(), net.params().toFloatVector(), 1e-5f);
  }

  @Test
  void masksOfFeaturesAreRefused() {
    DataSet data = new DataSet(features, labels, Nd4j.ones(ROWS, 1), null);
    try (FusedTraining training = FusedTraining.of(net(builder(DataType.DOUBLE)))) {
      assertThrows(IllegalArgumentException.class, () -> training.fit(data));
    }
  }
}
