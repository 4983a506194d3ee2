/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Labels and masks of every shape but the right ones: refused in training and in scoring, in the
 * words of the array's user; and the network is as good as before.
 */
class HeadShapesTest {
  private static final int EXAMPLES = 3;
  private static final int INPUTS = 2;
  private static final int TARGETS = 2;
  private static final int STEPS = 4;
  private static final int HEIGHT = 4;
  private static final int WIDTH = 5;

  private static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .activation(Activation.TANH)
        .updater(new Sgd(0.01));
  }

  private static MultiLayerNetwork net(Layer... layers) {
    return net(base(), layers);
  }

  private static MultiLayerNetwork net(NeuralNetConfiguration.Builder base, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list = base.list();
    Arrays.stream(layers).forEach(list::layer);
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    return net;
  }

  private static ComputationGraph graph(Layer first, Layer head) {
    ComputationGraph graph =
        new ComputationGraph(
            base()
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", first, "in")
                .addLayer("head", head, "first")
                .setOutputs("head")
                .build());
    graph.init();
    return graph;
  }

  private static LSTM lstm(RNNFormat format) {
    return new LSTM.Builder().nIn(INPUTS).nOut(3).dataFormat(format).build();
  }

  private static MixtureDensityRnnOutputLayer sequenceHead(RNNFormat format, int targets) {
    return new MixtureDensityRnnOutputLayer.Builder()
        .nIn(3)
        .components(2)
        .targets(targets)
        .dataFormat(format)
        .build();
  }

  private static ConvolutionLayer convolution(CNN2DFormat format) {
    return new ConvolutionLayer.Builder(1, 1)
        .nIn(1)
        .nOut(10)
        .dataFormat(format)
        .activation(Activation.IDENTITY)
        .build();
  }

  private static MixtureDensityCnnLossLayer pixelHead(CNN2DFormat format) {
    return new MixtureDensityCnnLossLayer.Builder()
        .components(2)
        .targets(TARGETS)
        .format(format)
        .build();
  }

  private static MixtureDensityOutputLayer denseHead(int targets) {
    return new MixtureDensityOutputLayer.Builder()
        .nIn(INPUTS)
        .components(2)
        .targets(targets)
        .build();
  }

  private static INDArray ones(long... shape) {
    return Nd4j.ones(DataType.FLOAT, shape);
  }

  private static long[] shape(String shape) {
    return Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /** In each way in which a network meets its labels. */
  private static void refused(MultiLayerNetwork net, DataSet data, String... parts) {
    INDArray before = net.params().dup();
    List<Executable> ways =
        List.of(
            () -> net.fit(data),
            () -> net.score(data),
            () -> net.scoreExamples(data, false),
            () -> net.fit(data.getFeatures(), data.getLabels(), null, data.getLabelsMaskArray()));
    for (Executable way : ways) {
      Exception refusal = assertThrows(IllegalArgumentException.class, way);
      for (String part : parts) {
        assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
      }
    }
    assertEquals(before, net.params());
  }

  /** The network is as before: it scores and trains as one that nobody troubled. */
  private static void unharmed(MultiLayerNetwork net, DataSet good) {
    MultiLayerNetwork untroubled = net.clone();
    net.fit(good);
    untroubled.fit(good);
    assertEquals(untroubled.score(), net.score());
    assertEquals(untroubled.params(), net.params());
  }

  @ParameterizedTest
  @CsvSource({
    "NCW, 4 2 3", // [T, D, N]
    "NCW, 3 4 2", // [N, T, D]
    "NCW, 2 2 4", // another N
    "NCW, 3 2 5", // another T
    "NCW, 3 1 4", // another D
    "NCW, 3 10 4", // the output's shape
    "NCW, 12 2", // rows
    "NCW, 3 2", // one label for the whole sequence
    "NCW, 24",
    "NWC, 4 3 2", // [T, N, D]
    "NWC, 3 2 4", // [N, D, T]
    "NWC, 4 2 3",
    "NWC, 3 5 2",
    "NWC, 2 4 2",
    "NWC, 3 4 1"
  })
  void labelsOfSequences(RNNFormat format, String shape) {
    INDArray labels = ones(shape(shape));
    String expected = format == RNNFormat.NCW ? "[N, D, T] = [3, 2, 4]" : "[N, T, D] = [3, 4, 2]";
    MultiLayerNetwork net = net(lstm(format), sequenceHead(format, TARGETS));
    INDArray features = sequences(format, INPUTS);
    refused(
        net,
        new DataSet(features, labels),
        "Expected labels of shape " + expected,
        "got " + Arrays.toString(labels.shape()),
        "layer index: 1");
    unharmed(net, new DataSet(features, sequences(format, TARGETS)));
    ComputationGraph graph = graph(lstm(format), sequenceHead(format, TARGETS));
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> graph.fit(new DataSet(features, labels)));
    assertTrue(refusal.getMessage().contains(expected), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("layer name: head"), refusal::getMessage);
  }

  private static INDArray sequences(RNNFormat format, int size) {
    return format == RNNFormat.NCW ? ones(EXAMPLES, size, STEPS) : ones(EXAMPLES, STEPS, size);
  }

  @ParameterizedTest
  @CsvSource({
    "NCW, 4 3", // [T, N]
    "NCW, 3 1", // per sequence
    "NCW, 12 1", // per row
    "NCW, 3 5",
    "NCW, 2 4",
    "NCW, 3 1 4", // one channel, for two targets
    "NCW, 3 4 2", // [N, T, D]
    "NCW, 4 2 3",
    "NCW, 12",
    "NWC, 4 3",
    "NWC, 3 4 1",
    "NWC, 3 2 4"
  })
  void masksOfSequences(RNNFormat format, String shape) {
    INDArray mask = ones(shape(shape));
    MultiLayerNetwork net = net(lstm(format), sequenceHead(format, TARGETS));
    DataSet good = new DataSet(sequences(format, INPUTS), sequences(format, TARGETS));
    refused(
        net,
        new DataSet(good.getFeatures(), good.getLabels(), null, mask),
        "Expected a label mask of shape [N, T] = [3, 4] (per step) or ",
        format == RNNFormat.NCW
            ? "[N, D, T] = [3, 2, 4] (per target)"
            : "[N, T, D] = [3, 4, 2] (per target)",
        "got " + Arrays.toString(mask.shape()));
    good.setLabelsMaskArray(ones(EXAMPLES, STEPS));
    unharmed(net, good);
  }

  @Test
  void inputsOfSequences() {
    MultiLayerNetwork net = net(sequenceHead(RNNFormat.NCW, 1));
    for (long[] shape : new long[][] {{3, 4, 3}, {3, 3}, {3, 2, 4}}) {
      Exception refusal =
          assertThrows(IllegalArgumentException.class, () -> net.output(ones(shape)));
      assertTrue(
          refusal.getMessage().contains("input of shape [N, nIn, T] with nIn = 3"),
          refusal::getMessage);
    }
    assertTrue(net.output(ones(3, 3, 4)).size(1) == 6);
  }

  /** A minibatch of one and a sequence of one step are right shapes. */
  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void smallestSequencesAreTaken(RNNFormat format) {
    MultiLayerNetwork net = net(lstm(format), sequenceHead(format, TARGETS));
    DataSet one =
        format == RNNFormat.NCW
            ? new DataSet(ones(1, INPUTS, 1), ones(1, TARGETS, 1))
            : new DataSet(ones(1, 1, INPUTS), ones(1, 1, TARGETS));
    net.fit(one);
    double score = net.score(one);
    one.setLabelsMaskArray(ones(1, 1));
    assertEquals(score, net.score(one), 1e-6);
    refused(net, new DataSet(one.getFeatures(), ones(1, 1, 1)), "= [1, ", "got [1, 1, 1]");
  }

  @ParameterizedTest
  @CsvSource({
    "NCHW, 3 4 5 2", // NHWC
    "NCHW, 3 2 5 4", // [N, D, W, H]
    "NCHW, 2 2 4 5",
    "NCHW, 3 1 4 5",
    "NCHW, 3 10 4 5", // the output's shape
    "NCHW, 3 4 5",
    "NCHW, 60 2", // rows
    "NHWC, 3 2 4 5", // NCHW
    "NHWC, 3 5 4 2",
    "NHWC, 5 4 3 2"
  })
  void labelsOfImages(CNN2DFormat format, String shape) {
    INDArray labels = ones(shape(shape));
    MultiLayerNetwork net = net(convolution(format), pixelHead(format));
    refused(
        net,
        new DataSet(images(format, 1), labels),
        format == CNN2DFormat.NCHW
            ? "labels of shape [N, D, H, W] = [3, 2, 4, 5]"
            : "labels of shape [N, H, W, D] = [3, 4, 5, 2]",
        "got " + Arrays.toString(labels.shape()));
    unharmed(net, new DataSet(images(format, 1), images(format, TARGETS)));
  }

  @ParameterizedTest
  @CsvSource({
    "NCHW, 3",
    "NCHW, 1 3",
    "NCHW, 2 1",
    "NCHW, 3 2",
    "NCHW, 60 1",
    "NCHW, 3 4 5",
    "NCHW, 3 1 5 4",
    "NCHW, 3 4 5 1",
    "NCHW, 3 1 4 1",
    "NCHW, 1 1 4 5",
    "NCHW, 2 2 4 5",
    "NHWC, 3 1 4 5",
    "NHWC, 3 5 4 1",
    "NHWC, 3 5 4 2",
    "NHWC, 3 4 5"
  })
  void masksOfImages(CNN2DFormat format, String shape) {
    INDArray mask = ones(shape(shape));
    MultiLayerNetwork net = net(convolution(format), pixelHead(format));
    refused(
        net,
        new DataSet(images(format, 1), images(format, TARGETS), null, mask),
        "Expected a label mask of shape [N, 1] = [3, 1] (per image) or ",
        format == CNN2DFormat.NCHW
            ? "[N, 1, H, W] = [3, 1, 4, 5] (per pixel) or [N, D, H, W] = [3, 2, 4, 5] (per target)"
            : "[N, H, W, 1] = [3, 4, 5, 1] (per pixel) or [N, H, W, D] = [3, 4, 5, 2] (per target)",
        "got " + Arrays.toString(mask.shape()));
    unharmed(net, new DataSet(images(format, 1), images(format, TARGETS)));
  }

  private static INDArray images(CNN2DFormat format, int channels) {
    return format == CNN2DFormat.NCHW
        ? ones(EXAMPLES, channels, HEIGHT, WIDTH)
        : ones(EXAMPLES, HEIGHT, WIDTH, channels);
  }

  /** Without an input type nothing else compares the convolution's channels with the mixture's. */
  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void channelsOfImages(CNN2DFormat format) {
    ConvolutionLayer narrow =
        new ConvolutionLayer.Builder(1, 1).nIn(1).nOut(9).dataFormat(format).build();
    MultiLayerNetwork net = net(narrow, pixelHead(format));
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> net.output(images(format, 1)));
    String expected = format == CNN2DFormat.NCHW ? "[N, P, H, W]" : "[N, H, W, P]";
    assertTrue(
        refusal.getMessage().contains("input of shape " + expected + " with P = 10 channels"),
        refusal::getMessage);
    refused(
        net, new DataSet(images(format, 1), images(format, TARGETS)), expected, "P = 10 channels");
  }

  @ParameterizedTest
  @CsvSource({"2 2", "4 2", "3 1", "3 3", "3 10", "2 3", "6", "3", "3 2 1", "1 3 2"})
  void labelsOfRows(String shape) {
    INDArray labels = ones(shape(shape));
    MultiLayerNetwork net = net(denseHead(TARGETS));
    refused(
        net,
        new DataSet(ones(EXAMPLES, INPUTS), labels),
        "Expected labels of shape [3, 2]",
        "got " + Arrays.toString(labels.shape()));
    unharmed(net, new DataSet(ones(EXAMPLES, INPUTS), ones(EXAMPLES, TARGETS)));
  }

  @ParameterizedTest
  @CsvSource({"2 1", "4 1", "1 3", "3 3", "2 2", "3", "3 1 1", "3 2 1"})
  void masksOfRows(String shape) {
    INDArray mask = ones(shape(shape));
    MultiLayerNetwork net = net(denseHead(TARGETS));
    refused(
        net,
        new DataSet(ones(EXAMPLES, INPUTS), ones(EXAMPLES, TARGETS), null, mask),
        "Expected a label mask of shape [3, 1] (per row) or [3, 2] (per target)",
        "got " + Arrays.toString(mask.shape()));
    unharmed(net, new DataSet(ones(EXAMPLES, INPUTS), ones(EXAMPLES, TARGETS)));
  }

  /** A label or a weight that is no number is named by example, step and target. */
  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void badNumbersInSequences(RNNFormat format) {
    MultiLayerNetwork net = net(lstm(format), sequenceHead(format, TARGETS));
    DataSet data = new DataSet(sequences(format, INPUTS), sequences(format, TARGETS));
    boolean last = format == RNNFormat.NWC;
    int[] place = last ? new int[] {2, 3, 1} : new int[] {2, 1, 3};
    data.getLabels().putScalar(place, Double.NaN);
    refused(net, data, "finite labels, got NaN at example 2, step 3, target 1");
    INDArray mask = ones(EXAMPLES, STEPS);
    mask.putScalar(1, 2, -1);
    data.setLabels(sequences(format, TARGETS));
    data.setLabelsMaskArray(mask);
    refused(net, data, "weights >= 0 in the label mask, got -1.0 at example 1, step 2");
    mask = sequences(format, TARGETS);
    mask.putScalar(place, 0.5);
    data.setLabelsMaskArray(mask);
    refused(net, data, "0 or 1 in the label mask, got 0.5 at example 2, step 3, target 1");
  }

  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void badNumbersInImages(CNN2DFormat format) {
    MultiLayerNetwork net = net(convolution(format), pixelHead(format));
    DataSet data = new DataSet(images(format, 1), images(format, TARGETS));
    boolean last = format == CNN2DFormat.NHWC;
    data.getLabels().putScalar(last ? new int[] {2, 3, 4, 1} : new int[] {2, 1, 3, 4}, Double.NaN);
    refused(net, data, "finite labels, got NaN at image 2, pixel (3, 4), target 1");
    data.setLabels(images(format, TARGETS));
    INDArray mask = images(format, 1);
    mask.putScalar(last ? new int[] {1, 2, 3, 0} : new int[] {1, 0, 2, 3}, -2);
    data.setLabelsMaskArray(mask);
    refused(net, data, "weights >= 0 in the label mask, got -2.0 at image 1, pixel (2, 3)");
  }

  /** One target may come as [N]. */
  @Test
  void flatLabelsOfOneTarget() {
    MultiLayerNetwork net = net(denseHead(1));
    MultiLayerNetwork twin = net.clone();
    INDArray column = Nd4j.createFromArray(new float[] {1, -2, 3}).reshape(3, 1);
    INDArray features = Nd4j.rand(DataType.FLOAT, EXAMPLES, INPUTS);
    net.fit(new DataSet(features, column.reshape(3)));
    twin.fit(new DataSet(features, column));
    assertEquals(twin.score(), net.score());
    assertEquals(twin.params(), net.params());
    assertEquals(
        twin.scoreExamples(new DataSet(features, column), false),
        net.scoreExamples(new DataSet(features, column.reshape(3)), false));
    refused(net, new DataSet(features, ones(4)), "labels of shape [3, 1]", "got [4]");
  }

  /** Integers and other types of numbers are labels as good as floats. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT", "LONG", "SHORT", "UBYTE", "HALF", "BFLOAT16", "DOUBLE"})
  void labelsAndMasksOfEveryTypeOfNumber(DataType dtype) {
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {0, 5}});
    INDArray mask = Nd4j.createFromArray(new float[][] {{1, 0}, {1, 1}, {0, 1}});
    INDArray features = Nd4j.rand(DataType.FLOAT, EXAMPLES, INPUTS);
    MultiLayerNetwork net = net(denseHead(TARGETS));
    assertEquals(
        net.score(new DataSet(features, labels, null, mask)),
        net.score(new DataSet(features, labels.castTo(dtype), null, mask.castTo(dtype))));
    assertEquals(
        net.score(new DataSet(features, labels, null, mask)),
        net.score(new DataSet(features, labels, null, mask.castTo(DataType.BOOL))));
  }

  @Test
  void masksOfSequencesAndImagesMayBeBoolean() {
    MultiLayerNetwork recurrent = net(lstm(RNNFormat.NCW), sequenceHead(RNNFormat.NCW, TARGETS));
    MultiLayerNetwork pixels = net(convolution(CNN2DFormat.NCHW), pixelHead(CNN2DFormat.NCHW));
    for (long[] shape : new long[][] {{3, 4}, {3, 2, 4}, {3, 1}, {3, 1, 4, 5}, {3, 2, 4, 5}}) {
      boolean steps = shape.length == 3 || shape[1] == 4;
      MultiLayerNetwork net = steps ? recurrent : pixels;
      DataSet data =
          steps
              ? new DataSet(sequences(RNNFormat.NCW, INPUTS), sequences(RNNFormat.NCW, TARGETS))
              : new DataSet(images(CNN2DFormat.NCHW, 1), images(CNN2DFormat.NCHW, TARGETS));
      INDArray mask = ones(shape);
      mask.putScalar(new int[shape.length], 0);
      data.setLabelsMaskArray(mask);
      double score = net.score(data);
      data.setLabelsMaskArray(mask.castTo(DataType.BOOL));
      assertEquals(score, net.score(data), () -> Arrays.toString(shape));
    }
  }

  /**
   * A dense head behind an LSTM, by a preprocessor of DL4J, sees rows; it says which head to take.
   */
  @Test
  void sequencesForADenseHead() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(lstm(RNNFormat.NCW))
                .layer(new MixtureDensityOutputLayer.Builder().components(2).targets(2).build())
                .setInputType(InputType.recurrent(INPUTS, STEPS))
                .build());
    net.init();
    refused(
        net,
        new DataSet(sequences(RNNFormat.NCW, INPUTS), sequences(RNNFormat.NCW, TARGETS)),
        "got [3, 2, 4]; for a mixture at each step take a MixtureDensityRnnOutputLayer");
  }

  @Test
  void noLabelsAtAll() {
    for (MultiLayerNetwork net : List.of(net(denseHead(1)), net(sequenceHead(RNNFormat.NCW, 1)))) {
      INDArray features = net.getLayers().length == 1 ? ones(3, 2) : ones(3, 3, 4);
      assertThrows(RuntimeException.class, () -> net.fit(features, (INDArray) null));
    }
  }

  @Test
  void emptyMinibatches() {
    MultiLayerNetwork dense = net(denseHead(1));
    assertThrows(
        RuntimeException.class,
        () -> dense.fit(Nd4j.create(DataType.FLOAT, 0, 2), Nd4j.create(DataType.FLOAT, 0, 1)));
    unharmed(dense, new DataSet(ones(EXAMPLES, INPUTS), ones(EXAMPLES, 1)));
  }

  /** What stock layers with our loss refuse, they refuse by the rows that the loss sees. */
  @Test
  void stockLayersWithTheLoss() {
    LossMixtureNLL loss = LossMixtureNLL.builder().components(2).targets(TARGETS).build();
    MultiLayerNetwork dense =
        net(new OutputLayer.Builder(loss).nIn(2).nOut(10).activation(Activation.IDENTITY).build());
    DataSet good = new DataSet(ones(EXAMPLES, INPUTS), ones(EXAMPLES, TARGETS));
    for (long[] shape : new long[][] {{2, 2}, {3, 10}, {3, 1}, {6}, {3, 2, 1}}) {
      refused(dense, new DataSet(good.getFeatures(), ones(shape)), "labels of shape [3, 2]");
    }
    unharmed(dense, good);
    MultiLayerNetwork narrow =
        net(new OutputLayer.Builder(loss).nIn(2).nOut(9).activation(Activation.IDENTITY).build());
    refused(narrow, good, "output of shape [N, 10]", "got [3, 9]");
    MultiLayerNetwork bounded =
        net(new OutputLayer.Builder(loss).nIn(2).nOut(10).activation(Activation.RELU).build());
    refused(bounded, good, "needs the identity activation, got relu");

    MultiLayerNetwork recurrent =
        net(
            new RnnOutputLayer.Builder(loss)
                .nIn(2)
                .nOut(10)
                .dataFormat(RNNFormat.NCW)
                .activation(Activation.IDENTITY)
                .build());
    INDArray features = ones(EXAMPLES, INPUTS, STEPS);
    for (long[] shape : new long[][] {{2, 2, 4}, {3, 1, 4}, {3, 10, 4}}) {
      refused(recurrent, new DataSet(features, ones(shape)), "labels of shape [12, 2]");
    }
  }

  /** With and without workspaces the same scores, and the same refusals. */
  @ParameterizedTest
  @EnumSource(
      value = WorkspaceMode.class,
      names = {"NONE", "ENABLED"})
  void workspaces(WorkspaceMode mode) {
    Nd4j.getRandom().setSeed(1);
    INDArray features = Nd4j.randn(DataType.FLOAT, EXAMPLES, INPUTS, STEPS);
    INDArray labels = Nd4j.randn(DataType.FLOAT, EXAMPLES, TARGETS, STEPS);
    MultiLayerNetwork plain =
        net(
            base().trainingWorkspaceMode(WorkspaceMode.NONE).inferenceWorkspaceMode(mode),
            lstm(RNNFormat.NCW),
            sequenceHead(RNNFormat.NCW, TARGETS));
    MultiLayerNetwork net =
        net(
            base().trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode),
            lstm(RNNFormat.NCW),
            sequenceHead(RNNFormat.NCW, TARGETS));
    INDArray mask = ones(EXAMPLES, STEPS);
    mask.putScalar(1, 3, 0);
    for (int step = 0; step < 3; step++) {
      DataSet data = new DataSet(features, labels, null, mask);
      plain.fit(data);
      net.fit(data);
      assertEquals(plain.score(), net.score());
      refused(net, new DataSet(features, labels.permute(2, 1, 0).dup()), "got [4, 2, 3]");
    }
    assertEquals(plain.params(), net.params());
  }

  /** A mask of one minibatch does not stay for the next. */
  @Test
  void aMaskIsForgotten() {
    MultiLayerNetwork net = net(lstm(RNNFormat.NCW), sequenceHead(RNNFormat.NCW, TARGETS));
    DataSet data = new DataSet(sequences(RNNFormat.NCW, INPUTS), sequences(RNNFormat.NCW, TARGETS));
    double score = net.score(data);
    INDArray mask = ones(EXAMPLES, STEPS);
    mask.putScalar(0, 0, 0);
    assertTrue(net.score(new DataSet(data.getFeatures(), data.getLabels(), null, mask)) < score);
    assertEquals(score, net.score(data));
    DataSet shorter = new DataSet(ones(2, INPUTS, 3), ones(2, TARGETS, 3));
    assertTrue(Double.isFinite(net.score(shorter)));
    assertEquals(STEPS, LongStream.of(data.getLabels().shape()).skip(2).sum());
  }
}
