/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** {@link MixtureDensityCnnLossLayer} in networks. */
class PixelHeadTest {
  private static final int IMAGES = 2;
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;

  @BeforeEach
  void inDouble() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterEach
  void inFloat() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  private static MixtureSpec spec(Covariance covariance) {
    return MixtureSpec.builder().components(2).targets(2).covariance(covariance).build();
  }

  private static MultiLayerConfiguration configuration(CNN2DFormat format, MixtureSpec spec) {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(DataType.DOUBLE)
        .updater(new NoOp())
        .convolutionMode(ConvolutionMode.Same)
        .list()
        .layer(
            new ConvolutionLayer.Builder(3, 3)
                .nOut(2)
                .dataFormat(format)
                .activation(Activation.TANH)
                .build())
        .layer(
            new ConvolutionLayer.Builder(1, 1)
                .nOut(spec.parameterCount())
                .dataFormat(format)
                .activation(Activation.IDENTITY)
                .build())
        .layer(new MixtureDensityCnnLossLayer.Builder().spec(spec).format(format).build())
        .setInputType(InputType.convolutional(HEIGHT, WIDTH, 1, format))
        .build();
  }

  private static MultiLayerNetwork net(CNN2DFormat format, MixtureSpec spec) {
    MultiLayerNetwork net = new MultiLayerNetwork(configuration(format, spec));
    net.init();
    return net;
  }

  private static INDArray images(CNN2DFormat format, int channels, long seed) {
    Nd4j.getRandom().setSeed(seed);
    INDArray nchw = Nd4j.randn(DataType.DOUBLE, IMAGES, channels, HEIGHT, WIDTH);
    return format == CNN2DFormat.NHWC ? nchw.permute(0, 2, 3, 1).dup('c') : nchw;
  }

  private static INDArray mask(CNN2DFormat format, String kind) {
    INDArray mask;
    switch (kind) {
      case "pixels" -> mask = images(format, 1, 5).gt(-0.3).castTo(DataType.DOUBLE);
      case "targets" -> mask = images(format, 2, 5).gt(-0.3).castTo(DataType.DOUBLE);
      case "images" -> mask = Nd4j.createFromArray(new double[][] {{1}, {0}});
      default -> mask = null;
    }
    return mask;
  }

  @ParameterizedTest
  @CsvSource({
    "NCHW, DIAGONAL, none",
    "NHWC, DIAGONAL, none",
    "NCHW, FULL, pixels",
    "NHWC, SPHERICAL, pixels",
    "NCHW, DIAGONAL, targets",
    "NHWC, DIAGONAL, targets",
    "NCHW, SPHERICAL, images"
  })
  void gradientsPassFiniteDifferences(CNN2DFormat format, Covariance covariance, String mask) {
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.MLNConfig()
                .net(net(format, spec(covariance)))
                .input(images(format, 1, 1))
                .labels(images(format, 2, 2))
                .labelMask(mask(format, mask))
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)));
  }

  /** Sum over the pixels that count, divided by the number of images. */
  @ParameterizedTest
  @EnumSource(CNN2DFormat.class)
  void theScoreIsTheSumOverPixelsByImages(CNN2DFormat format) {
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    MultiLayerNetwork net = net(format, spec);
    INDArray pixels = mask(format, "pixels");
    DataSet data = new DataSet(images(format, 1, 1), images(format, 2, 2), null, pixels);
    INDArray output = net.output(data.getFeatures());
    assertArrayEquals(
        format == CNN2DFormat.NCHW
            ? new long[] {IMAGES, 10, HEIGHT, WIDTH}
            : new long[] {IMAGES, HEIGHT, WIDTH, 10},
        output.shape());
    INDArray scores =
        new SameDiffLikelihood(spec)
            .score(rows(data.getLabels(), format), rows(output, format), null)
            .mul(rows(pixels, format).reshape(-1))
            .reshape('c', IMAGES, HEIGHT * WIDTH);
    assertEquals(scores.sumNumber().doubleValue() / IMAGES, net.score(data), 1e-10);
    assertTrue(net.scoreExamples(data, false).reshape(-1).equalsWithEps(scores.sum(1), 1e-10));
  }

  private static INDArray rows(INDArray images, CNN2DFormat format) {
    INDArray nhwc = format == CNN2DFormat.NCHW ? images.permute(0, 2, 3, 1) : images;
    return nhwc.dup('c').reshape('c', IMAGES * HEIGHT * WIDTH, nhwc.size(3));
  }

  @Test
  void aMaskedPixelMayBeNaN() {
    MultiLayerNetwork net = net(CNN2DFormat.NCHW, spec(Covariance.DIAGONAL));
    INDArray labels = images(CNN2DFormat.NCHW, 2, 2);
    INDArray mask = Nd4j.ones(DataType.DOUBLE, IMAGES, 1, HEIGHT, WIDTH);
    mask.putScalar(new int[] {1, 0, 2, 3}, 0);
    double score = net.score(new DataSet(images(CNN2DFormat.NCHW, 1, 1), labels, null, mask));
    labels.putScalar(new int[] {1, 1, 2, 3}, Double.NaN);
    assertEquals(score, net.score(new DataSet(images(CNN2DFormat.NCHW, 1, 1), labels, null, mask)));
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    Exception e =
        assertThrows(
            IllegalStateException.class,
            () ->
                new NeuralNetConfiguration.Builder()
                    .list()
                    .layer(new ConvolutionLayer.Builder(1, 1).nOut(9).build())
                    .layer(new MixtureDensityCnnLossLayer.Builder().spec(spec).build())
                    .setInputType(InputType.convolutional(HEIGHT, WIDTH, 1))
                    .build());
    assertTrue(e.getMessage().contains("expected 10 channels"), e.getMessage());
    MultiLayerNetwork net = net(CNN2DFormat.NCHW, spec);
    e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                net.fit(
                    images(CNN2DFormat.NCHW, 1, 1),
                    Nd4j.zeros(DataType.DOUBLE, IMAGES, 2, HEIGHT, WIDTH + 1)));
    assertTrue(e.getMessage().contains("height and width"), e.getMessage());
  }

  @Test
  void configurationGoesThroughJson() {
    MultiLayerConfiguration configuration = configuration(CNN2DFormat.NHWC, spec(Covariance.FULL));
    assertEquals(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()));
    assertEquals(configuration, MultiLayerConfiguration.fromYaml(configuration.toYaml()));
  }
}
