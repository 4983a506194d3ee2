/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScaleTransform;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.ops.transforms.Transforms;

/** One combination of settings: a tiny network with its data. */
record GradientCase(
    Components components,
    Covariance covariance,
    Scales scales,
    Mask mask,
    Kind kind,
    Size size,
    PointMasses pointMasses,
    Labels given,
    Engine engine)
    implements Pairs.Combination {
  private static final int INPUTS = 2;
  private static final int HIDDEN = 2;

  enum Components {
    GAUSSIAN,
    LAPLACE,
    LOGISTIC,
    STUDENT_T,
    STUDENT_T_GIVEN,
    LOG_NORMAL,
    VON_MISES,
    NEGATIVE_BINOMIAL;

    ComponentFamily family() {
      return this == STUDENT_T_GIVEN ? ComponentFamily.STUDENT_T : ComponentFamily.valueOf(name());
    }
  }

  enum Scales {
    OWN,
    FLOOR,
    ELU_PLUS_ONE,
    SHARED,
    FIXED,
    BOUNDED
  }

  enum Mask {
    NONE,
    PLACES, // rows, steps or pixels
    TARGETS
  }

  enum Kind {
    DENSE(1),
    NCW(3),
    NWC(3),
    NCHW(4),
    NHWC(4);

    final int places; // per example, if there are several

    Kind(int places) {
      this.places = places;
    }
  }

  enum Size {
    SINGLE(1, 1, 2), // N, K, D: one row, one component
    ONE_TARGET(2, 2, 1),
    SEVERAL(2, 2, 2);

    final int examples;
    final int components;
    final int targets;

    Size(int examples, int components, int targets) {
      this.examples = examples;
      this.components = components;
      this.targets = targets;
    }
  }

  enum PointMasses {
    NONE,
    TWO; // of which the first label is one

    final double[] values = name().equals("TWO") ? new double[] {0, 2} : new double[0];
  }

  /** What is known of a target. */
  enum Labels {
    PLAIN, // [N, D]
    EXACT, // as intervals, [N, 2 D]
    BELOW,
    ABOVE,
    BETWEEN,
    TRUNCATED, // [N, D]
    BETWEEN_TRUNCATED;

    boolean isTruncated() {
      return this == TRUNCATED || this == BETWEEN_TRUNCATED;
    }

    boolean isCensored() {
      return this != PLAIN && this != TRUNCATED;
    }

    double lower(double y, boolean count) {
      return switch (this) {
        case BELOW -> Double.NEGATIVE_INFINITY;
        case BETWEEN, BETWEEN_TRUNCATED -> count ? Math.max(0, y - 1) : y - 0.2 * Math.abs(y);
        case ABOVE -> count ? Math.max(1, y) : y;
        default -> y;
      };
    }

    double upper(double y, boolean count) {
      return switch (this) {
        case ABOVE -> Double.POSITIVE_INFINITY;
        case BETWEEN, BETWEEN_TRUNCATED ->
            count ? y + 2 : y == 0 ? 0.1 : y + 0.3 * Math.abs(y); // 0 is an atom
        default -> y;
      };
    }
  }

  /** Every combination that the specification accepts. */
  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    for (Components components : Components.values()) {
      for (Covariance covariance : Covariance.values()) {
        for (Scales scales : Scales.values()) {
          for (Size size : Size.values()) {
            for (PointMasses pointMasses : PointMasses.values()) {
              for (Labels given : Labels.values()) {
                for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
                  if (isAccepted(components, covariance, scales, size, pointMasses, given)) {
                    for (Mask mask : Mask.values()) {
                      for (Kind kind : Kind.values()) {
                        cases.add(
                            new GradientCase(
                                components,
                                covariance,
                                scales,
                                mask,
                                kind,
                                size,
                                pointMasses,
                                given,
                                engine));
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return cases;
  }

  private static boolean isAccepted(
      Components components,
      Covariance covariance,
      Scales scales,
      Size size,
      PointMasses pointMasses,
      Labels given) {
    try {
      spec(components, covariance, scales, size, pointMasses, given);
      return true;
    } catch (IllegalArgumentException refusal) {
      return false; // which is tested where it belongs
    }
  }

  private static MixtureSpec spec(
      Components components,
      Covariance covariance,
      Scales scales,
      Size size,
      PointMasses pointMasses,
      Labels given) {
    MixtureSpecBuilder builder =
        MixtureSpec.builder()
            .components(size.components)
            .targets(size.targets)
            .covariance(covariance)
            .family(components.family())
            .atoms(pointMasses.values);
    if (components == Components.STUDENT_T_GIVEN) {
      builder.degreesOfFreedom(2.5);
    }
    if (scales == Scales.FLOOR) {
      builder.scaleFloor(0.2);
    }
    if (scales == Scales.ELU_PLUS_ONE) {
      builder.scaleTransform(ScaleTransform.ELU_PLUS_ONE);
    }
    if (scales == Scales.SHARED) {
      builder.sharedScales(true);
    }
    if (scales == Scales.FIXED) {
      double[] fixed = new double[size.components * covariance.scaleParameters(size.targets)];
      Arrays.setAll(fixed, i -> 0.5 + 0.3 * i);
      builder.fixedScales(fixed);
    }
    if (scales == Scales.BOUNDED) { // the labels are standard normal: about what they span
      builder.scaleFloor(0.1).scaleCeiling(0.8);
      builder.locationBounds(new double[] {-0.9}, new double[] {1.2});
    }
    if (given.isCensored()) {
      builder.censored();
    }
    if (given.isTruncated()) { // what holds all labels
      boolean positive = components == Components.LOG_NORMAL;
      double below = pointMasses == PointMasses.TWO ? 0 : 0.05; // an atom may be at the end
      builder.truncatedBelow(positive ? below : -2.5).truncatedAbove(positive ? 12 : 2.5);
    }
    return builder.build();
  }

  @Override
  public List<Object> values() {
    return List.of(components, covariance, scales, mask, kind, size, pointMasses, given, engine);
  }

  private MixtureSpec spec() {
    return spec(components, covariance, scales, size, pointMasses, given);
  }

  private int places() {
    return size == Size.SINGLE ? 1 : kind.places;
  }

  MultiLayerNetwork network() {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(DataType.DOUBLE)
            .updater(new NoOp())
            .activation(Activation.TANH)
            .list();
    switch (kind) {
      case DENSE ->
          layers
              .layer(new DenseLayer.Builder().nIn(INPUTS).nOut(HIDDEN).build())
              .layer(
                  new MixtureDensityOutputLayer.Builder()
                      .nIn(HIDDEN)
                      .spec(spec())
                      .engine(engine)
                      .build());
      case NCW, NWC -> {
        RNNFormat format = RNNFormat.valueOf(kind.name());
        layers
            .layer(new LSTM.Builder().nIn(INPUTS).nOut(HIDDEN).dataFormat(format).build())
            .layer(
                new MixtureDensityRnnOutputLayer.Builder()
                    .nIn(HIDDEN)
                    .spec(spec())
                    .engine(engine)
                    .dataFormat(format)
                    .build());
      }
      case NCHW, NHWC -> {
        CNN2DFormat format = CNN2DFormat.valueOf(kind.name());
        int side = (int) Math.sqrt(places());
        layers
            .layer(convolution(HIDDEN, Activation.TANH, format))
            .layer(convolution(spec().parameterCount(), Activation.IDENTITY, format))
            .layer(
                new MixtureDensityCnnLossLayer.Builder()
                    .spec(spec())
                    .engine(engine)
                    .format(format)
                    .build())
            .setInputType(InputType.convolutional(side, side, INPUTS, format));
      }
    }
    MultiLayerNetwork net = new MultiLayerNetwork(layers.build());
    net.init();
    return net;
  }

  private static ConvolutionLayer convolution(
      int channels, Activation activation, CNN2DFormat format) {
    return new ConvolutionLayer.Builder(1, 1)
        .nOut(channels)
        .dataFormat(format)
        .activation(activation)
        .build();
  }

  INDArray features() {
    return shaped(normal(INPUTS, 11));
  }

  INDArray labels() {
    INDArray labels = normal(size.targets, 12);
    labels =
        switch (components) {
          case LOG_NORMAL -> Transforms.exp(labels);
          case NEGATIVE_BINOMIAL -> Transforms.round(Transforms.exp(labels));
          default -> labels;
        };
    if (pointMasses == PointMasses.TWO) {
      labels.putScalar(0, 0, pointMasses.values[0]);
    }
    if (!given.isCensored()) {
      return shaped(labels);
    }
    if (components == Components.LOG_NORMAL && given == Labels.ABOVE) {
      labels = Transforms.max(labels, 0.1); // that it is above 0 says nothing
    }
    INDArray ends = Nd4j.create(DataType.DOUBLE, labels.size(0), 2L * size.targets);
    for (int n = 0; n < labels.size(0); n++) {
      for (int d = 0; d < size.targets; d++) {
        double y = labels.getDouble(n, d);
        boolean count = components == Components.NEGATIVE_BINOMIAL;
        ends.putScalar(n, 2L * d, given.lower(y, count));
        ends.putScalar(n, 2L * d + 1, given.upper(y, count));
      }
    }
    return shaped(ends);
  }

  /** Hides the last place of several; of targets also the first one of the first place. */
  INDArray labelMask() {
    int rows = size.examples * places();
    INDArray ones = Nd4j.ones(DataType.DOUBLE, rows, mask == Mask.TARGETS ? size.targets : 1);
    if (rows > 1) {
      ones.getRow(rows - 1).assign(0);
    }
    if (mask == Mask.TARGETS && size.targets > 1) {
      ones.putScalar(0, 0, 0);
    }
    return switch (mask) {
      case NONE -> null;
      case PLACES ->
          kind == Kind.NCW || kind == Kind.NWC
              ? ones.reshape('c', size.examples, places())
              : shaped(ones);
      case TARGETS -> shaped(ones);
    };
  }

  private INDArray normal(int channels, long seed) {
    Nd4j.getRandom().setSeed(seed);
    return Nd4j.randn(DataType.DOUBLE, (long) size.examples * places(), channels);
  }

  /** [N·places, channels] in the layer's shape. */
  private INDArray shaped(INDArray rows) {
    long channels = rows.size(1);
    int side = (int) Math.sqrt(places());
    return switch (kind) {
      case DENSE -> rows;
      case NWC -> rows.reshape('c', size.examples, places(), channels);
      case NCW -> rows.reshape('c', size.examples, places(), channels).permute(0, 2, 1).dup('c');
      case NHWC -> rows.reshape('c', size.examples, side, side, channels);
      case NCHW ->
          rows.reshape('c', size.examples, side, side, channels).permute(0, 3, 1, 2).dup('c');
    };
  }
}
