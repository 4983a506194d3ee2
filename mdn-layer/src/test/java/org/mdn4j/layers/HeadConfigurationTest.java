/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** What happens to heads whose configuration others change. */
class HeadConfigurationTest {
  private static final FineTuneConfiguration RELU =
      new FineTuneConfiguration.Builder()
          .activation(Activation.RELU)
          .weightInit(WeightInit.ONES)
          .biasInit(7)
          .updater(new Sgd(0.01))
          .build();

  private static MixtureDensityOutputLayer dense() {
    return new MixtureDensityOutputLayer.Builder().nIn(Nets.HIDDEN).components(2).build();
  }

  private static MixtureDensityRnnOutputLayer recurrent() {
    return new MixtureDensityRnnOutputLayer.Builder().nIn(3).components(2).build();
  }

  private static MixtureDensityCnnLossLayer pixel() {
    return new MixtureDensityCnnLossLayer.Builder().components(2).build();
  }

  private static MultiLayerNetwork recurrentNet() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Nets.base(DataType.FLOAT, new Sgd(0.01))
                .list()
                .layer(new LSTM.Builder().nIn(2).nOut(3).build())
                .layer(recurrent())
                .build());
    net.init();
    return net;
  }

  private static MultiLayerNetwork pixelNet(MixtureDensityCnnLossLayer head) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Nets.base(DataType.FLOAT, new Sgd(0.01))
                .list()
                .layer(
                    new ConvolutionLayer.Builder(1, 1)
                        .nOut(head.getSpec().parameterCount())
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(head)
                .setInputType(InputType.convolutional(3, 4, 1))
                .build());
    net.init();
    return net;
  }

  private static MultiLayerNetwork reread(MultiLayerNetwork net) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ModelSerializer.writeModel(net, bytes, true);
    return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()));
  }

  /** The head's raw output, computed here from what reaches it. */
  private static INDArray expected(MultiLayerNetwork net, INDArray features) {
    INDArray hidden = net.feedForwardToLayer(0, features).get(1);
    INDArray weights = net.getLayer(1).getParam("W");
    return hidden.mmul(weights).addRowVector(net.getLayer(1).getParam("b"));
  }

  /** Fine-tuning gives a saved network another activation: the hidden layer takes it. */
  @Test
  void aSavedHeadThatIsFineTunedKeepsTheIdentity() throws IOException {
    MultiLayerNetwork saved = reread(Nets.network(DataType.FLOAT, dense()));
    MultiLayerNetwork tuned =
        new TransferLearning.Builder(saved).fineTuneConfiguration(RELU).build();
    assertEquals(new ActivationReLU(), ((DenseLayer) conf(tuned, 0)).getActivationFn());
    assertEquals(new ActivationIdentity(), ((BaseOutputLayer) conf(tuned, 1)).getActivationFn());
    DataSet data = Nets.data(DataType.FLOAT, 8, 1, 1);
    INDArray output = tuned.output(data.getFeatures());
    assertTrue(output.equalsWithEps(expected(tuned, data.getFeatures()), 1e-5));
    assertTrue(output.minNumber().doubleValue() < 0, "a relu would leave nothing below 0");
    assertEquals(saved.getLayer(1).params(), tuned.getLayer(1).params());
    double before = tuned.score(data);
    tuned.fit(data);
    assertTrue(tuned.score(data) < before);

    ComputationGraph graph = Nets.graph(DataType.FLOAT, dense());
    ComputationGraph tunedGraph =
        new TransferLearning.GraphBuilder(graph).fineTuneConfiguration(RELU).build();
    tunedGraph.fit(data);
    assertTrue(tunedGraph.output(data.getFeatures())[0].minNumber().doubleValue() < 0);
    // With a frozen trunk, too.
    MultiLayerNetwork frozen =
        new TransferLearning.Builder(saved)
            .fineTuneConfiguration(RELU)
            .setFeatureExtractor(0)
            .build();
    frozen.fit(data);
    assertTrue(frozen.output(data.getFeatures()).minNumber().doubleValue() < 0);
    TransferLearningHelper helper = new TransferLearningHelper(frozen);
    helper.fitFeaturized(helper.featurize(data.copy()));
    assertTrue(
        helper
                .outputFromFeaturized(helper.featurize(data.copy()).getFeatures())
                .minNumber()
                .doubleValue()
            < 0);
  }

  @Test
  void theOtherHeadsKeepItToo() throws IOException {
    MultiLayerNetwork sequences =
        new TransferLearning.Builder(reread(recurrentNet())).fineTuneConfiguration(RELU).build();
    INDArray features = Nd4j.rand(DataType.FLOAT, 2, 2, 5);
    assertTrue(sequences.output(features).minNumber().doubleValue() < 0);
    sequences.fit(features, Nd4j.rand(DataType.FLOAT, 2, 1, 5));

    MultiLayerNetwork images =
        new TransferLearning.Builder(reread(pixelNet(pixel()))).fineTuneConfiguration(RELU).build();
    assertEquals(
        new ActivationIdentity(), ((MixtureDensityCnnLossLayer) conf(images, 1)).getActivationFn());
    images.fit(Nd4j.rand(DataType.FLOAT, 2, 1, 3, 4), Nd4j.rand(DataType.FLOAT, 2, 1, 3, 4));
  }

  private static FeedForwardLayer conf(MultiLayerNetwork net, int layer) {
    return (FeedForwardLayer) net.getLayer(layer).conf().getLayer();
  }

  @Test
  void settersKeepTheActivationAndRefuseAnotherLoss() {
    for (BaseOutputLayer head : List.of(dense(), recurrent())) {
      head.setActivationFn(new ActivationReLU());
      assertEquals(new ActivationIdentity(), head.getActivationFn());
      Exception refusal =
          assertThrows(IllegalArgumentException.class, () -> head.setLossFn(new LossMSE()));
      assertTrue(refusal.getMessage().contains("LossMixtureNLL, got LossMSE"), refusal::getMessage);
      assertThrows(IllegalArgumentException.class, () -> head.setLossFn(null));
    }
    assertEquals(dense(), withActivation(dense()));
    MixtureDensityCnnLossLayer pixel = pixel();
    pixel.setActivationFn(new ActivationReLU());
    assertEquals(pixel(), pixel);
    assertThrows(IllegalArgumentException.class, () -> pixel.setLossFn(new LossMSE()));
  }

  private static MixtureDensityOutputLayer withActivation(MixtureDensityOutputLayer head) {
    head.setActivationFn(null);
    return head;
  }

  /** What was saved while a head could still be given another activation. */
  @Test
  void jsonWithAnotherActivationIsReadAsTheIdentity() {
    MultiLayerConfiguration configuration = Nets.configuration(dense());
    String json = configuration.toJson();
    String other = json.replace("ActivationIdentity", "ActivationReLU");
    assertNotEquals(json, other);
    assertEquals(configuration, MultiLayerConfiguration.fromJson(other));
    ComputationGraphConfiguration graph = Nets.graphConfiguration(dense());
    assertEquals(
        graph,
        ComputationGraphConfiguration.fromJson(
            graph.toJson().replace("ActivationIdentity", "ActivationReLU")));
  }

  @Test
  void jsonWithAnotherLossIsRefused() {
    String json = Nets.configuration(dense()).toJson();
    int from = json.indexOf("\"lossFn\"");
    int to = json.indexOf("}", json.indexOf("\"spec\"", from)) + 1; // the specification's end
    String other =
        json.substring(0, from)
            + "\"lossFn\" : {\"@class\" : \"org.nd4j.linalg.lossfunctions.impl.LossMSE\"}"
            + json.substring(json.indexOf("}", to) + 1);
    Throwable refusal =
        assertThrows(RuntimeException.class, () -> MultiLayerConfiguration.fromJson(other));
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    assertTrue(messages.toString().contains("trained by LossMixtureNLL"), messages::toString);
  }

  /** A width that is not the mixture's is refused when the network is made. */
  @Test
  void anotherWidthIsRefused() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, dense());
    Exception refusal =
        assertThrows(
            IllegalStateException.class,
            () ->
                new TransferLearning.Builder(net)
                    .fineTuneConfiguration(RELU)
                    .nOutReplace(1, 9, WeightInit.XAVIER)
                    .build());
    assertTrue(refusal.getMessage().contains("expected nOut = 6"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("got 9"), refusal::getMessage);
    String json = net.getLayerWiseConfigurations().toJson();
    int head = json.indexOf("MixtureDensityOutputLayer");
    String other =
        json.substring(0, head) + json.substring(head).replace("\"nout\" : 6", "\"nout\" : 8");
    assertNotEquals(json, other);
    MultiLayerNetwork wide = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(other));
    refusal = assertThrows(IllegalStateException.class, wide::init);
    assertTrue(refusal.getMessage().contains("expected nOut = 6"), refusal::getMessage);
    // The hidden layer's may change.
    MultiLayerNetwork other4 =
        new TransferLearning.Builder(net)
            .fineTuneConfiguration(RELU)
            .nOutReplace(0, 4, WeightInit.XAVIER)
            .build();
    other4.fit(Nets.data(DataType.FLOAT, 8, 1, 1));
  }

  @Test
  void parametersOfAnotherNumberAreRefused() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, dense());
    INDArray before = net.params().dup();
    assertThrows(
        RuntimeException.class,
        () ->
            net.getLayer(1).setParams(Nd4j.ones(DataType.FLOAT, net.getLayer(1).numParams() + 1)));
    assertThrows(
        RuntimeException.class,
        () -> net.setParams(Nd4j.ones(DataType.FLOAT, net.numParams() - 1)));
    // DL4J fills the layers in front before it finds that the rest is too short.
    assertEquals(net.getLayer(1).numParams(), net.getLayer(1).params().length());
    assertEquals(before.length(), net.params().length());
  }

  @Test
  void thePixelLayersBuilderTakesTheOptionsOfTheOthers() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(3)
            .targets(2)
            .covariance(Covariance.SPHERICAL)
            .scaleFloor(0.1)
            .family(ComponentFamily.LAPLACE)
            .build();
    MixtureDensityCnnLossLayer byOptions =
        new MixtureDensityCnnLossLayer.Builder()
            .components(3)
            .targets(2)
            .covariance(Covariance.SPHERICAL)
            .scaleFloor(0.1)
            .family(ComponentFamily.LAPLACE)
            .build();
    assertEquals(spec, byOptions.getSpec());
    assertEquals(new MixtureDensityCnnLossLayer.Builder().spec(spec).build(), byOptions);
    assertEquals(MixtureSpec.builder().components(2).build(), pixel().getSpec());
    assertEquals(6, pixel().getNOut());
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new MixtureDensityCnnLossLayer.Builder().build());
    assertTrue(refusal.getMessage().contains("components must be at least 1"), refusal::getMessage);
  }

  @Test
  void aRangeThatIsNoneIsRefusedWhenTheNetworkIsMade() {
    MixtureDensityOutputLayer head = dense();
    head.setInitialUpper(head.getInitialLower());
    MultiLayerNetwork net = new MultiLayerNetwork(Nets.configuration(head));
    Exception refusal = assertThrows(IllegalArgumentException.class, net::init);
    assertTrue(refusal.getMessage().contains("lower < upper"), refusal::getMessage);
  }

  /** Neither silently wins. */
  @Test
  void optionsAndASpecificationTogetherAreRefused() {
    MixtureSpec spec = MixtureSpec.builder().components(3).build();
    for (Executable both :
        List.<Executable>of(
            () -> new MixtureDensityOutputLayer.Builder().components(5).spec(spec).build(),
            () -> new MixtureDensityRnnOutputLayer.Builder().spec(spec).targets(2).build(),
            () -> new MixtureDensityCnnLossLayer.Builder().spec(spec).scaleFloor(1).build())) {
      Exception refusal = assertThrows(IllegalArgumentException.class, both);
      assertTrue(refusal.getMessage().contains("got both; spec is MixtureSpec(components=3"));
    }
  }

  /** One pass over the likelihood per iteration, of the same score and step as two. */
  @Test
  void thePixelHeadComputesItsLikelihoodOnce() {
    CountingLoss loss = new CountingLoss(pixel().getSpec());
    MixtureDensityCnnLossLayer head = pixel();
    head.setLossFn(loss);
    MultiLayerNetwork net = pixelNet(head);
    DataSet first =
        new DataSet(Nd4j.rand(DataType.FLOAT, 2, 1, 3, 4), Nd4j.rand(DataType.FLOAT, 2, 1, 3, 4));
    DataSet second =
        new DataSet(
            Nd4j.rand(DataType.FLOAT, 3, 1, 3, 4),
            Nd4j.rand(DataType.FLOAT, 3, 1, 3, 4),
            null,
            Nd4j.createFromArray(new float[][] {{1}, {0}, {1}}));
    for (DataSet data : List.of(first, second, first)) {
      double before = net.score(data); // asks for no gradient
      int gradients = loss.gradients.get();
      int scores = loss.scores.get();
      net.fit(data);
      assertEquals(gradients + 1, loss.gradients.get());
      assertEquals(scores, loss.scores.get());
      assertEquals(before, net.score(), 1e-5 * Math.abs(before));
      assertNotEquals(before, net.score(data));
    }
  }

  /** Counts the passes that a network asks for. */
  private static final class CountingLoss extends LossMixtureNLL {
    private static final long serialVersionUID = 1L;
    private final AtomicInteger gradients = new AtomicInteger();
    private final AtomicInteger scores = new AtomicInteger();

    CountingLoss(MixtureSpec spec) {
      super(spec, Engine.AUTO);
    }

    @Override
    public double computeScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activationFn,
        INDArray mask,
        boolean average) {
      scores.incrementAndGet();
      return super.computeScore(labels, preOutput, activationFn, mask, average);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
        INDArray labels,
        INDArray preOutput,
        IActivation activationFn,
        INDArray mask,
        boolean average) {
      gradients.incrementAndGet();
      return super.computeGradientAndScore(labels, preOutput, activationFn, mask, average);
    }
  }
}
