/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * DL4J's own gradient check of every parameter of a tiny network with our head. Maximum relative
 * error 1e-5, as DL4J asks of its own layers; its central differences with ε = 1e-6 in DOUBLE are
 * right to about 1e-9 absolute, below which a disagreement does not count.
 *
 * <p>With each engine and in each kind of network: of all combinations of components, targets,
 * covariance, mask and minibatch as many as show each pair of values at least once; all of them
 * with {@code -Dmdn4j.gradientChecks=all}.
 */
@Tag("slow")
@ParameterizedClass
@EnumSource(
    value = Engine.class,
    names = {"FUSED", "SAMEDIFF"})
class GradientCheckTest {
  private static final double EPSILON = 1e-6;
  private static final double MAX_RELATIVE_ERROR = 1e-5;
  private static final double MIN_ABSOLUTE_ERROR = 1e-8;

  private static DataType dtypeBefore;

  @Parameter Engine engine;

  enum Mask {
    NONE,
    PER_ROW,
    PER_TARGET
  }

  /** A head and the labels that it is trained on. */
  record Case(int components, int targets, Covariance covariance, Mask mask, int minibatch)
      implements Pairs.Combination {
    @Override
    public List<Object> values() {
      return List.of(components, targets, covariance, mask, minibatch);
    }
  }

  @BeforeAll
  static void useDouble() {
    dtypeBefore = Nd4j.defaultFloatingPointType();
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterAll
  static void restore() {
    Nd4j.setDefaultDataTypes(dtypeBefore, dtypeBefore);
  }

  static List<Arguments> heads() {
    List<Arguments> heads = new ArrayList<>();
    for (int components : new int[] {1, 2, 5}) {
      for (int targets : new int[] {1, 3}) {
        for (Covariance covariance : new Covariance[] {Covariance.SPHERICAL, Covariance.DIAGONAL}) {
          heads.add(Arguments.of(components, targets, covariance));
        }
      }
    }
    return heads;
  }

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Arguments head : heads()) {
      Object[] settings = head.get();
      for (Mask mask : Mask.values()) {
        for (int minibatch : new int[] {1, 7}) {
          all.add(
              new Case(
                  (int) settings[0], (int) settings[1], (Covariance) settings[2], mask, minibatch));
        }
      }
    }
    return "all".equals(System.getProperty("mdn4j.gradientChecks")) ? all : Pairs.cover(all);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void multiLayerNetwork(Case one) {
    MultiLayerConfiguration conf = base().list().layer(dense()).layer(head(one)).build();
    MultiLayerNetwork net = new MultiLayerNetwork(conf);
    net.init();
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.MLNConfig()
                .net(net)
                .input(features(one.minibatch))
                .labels(labels(one.minibatch, one.targets))
                .labelMask(mask(one))
                .epsilon(EPSILON)
                .maxRelError(MAX_RELATIVE_ERROR)
                .minAbsoluteError(MIN_ABSOLUTE_ERROR)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computationGraph(Case one) {
    ComputationGraphConfiguration conf =
        base()
            .graphBuilder()
            .addInputs("x")
            .addLayer("dense", dense(), "x")
            .addLayer("head", head(one), "dense")
            .setOutputs("head")
            .build();
    ComputationGraph net = new ComputationGraph(conf);
    net.init();
    INDArray labelMask = mask(one);
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.GraphConfig()
                .net(net)
                .inputs(new INDArray[] {features(one.minibatch)})
                .labels(new INDArray[] {labels(one.minibatch, one.targets)})
                .labelMask(labelMask == null ? null : new INDArray[] {labelMask})
                .epsilon(EPSILON)
                .maxRelError(MAX_RELATIVE_ERROR)
                .minAbsoluteError(MIN_ABSOLUTE_ERROR)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)));
  }

  /** Where every gradient is 0 a check passes for nothing: they are not, and they are DOUBLE. */
  @ParameterizedTest
  @MethodSource("heads")
  void gradientsAreThere(int components, int targets, Covariance covariance) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            base().list().layer(dense()).layer(head(components, targets, covariance)).build());
    net.init();
    net.setInput(features(7));
    net.setLabels(labels(7, targets));
    net.computeGradientAndScore();
    assertTrue(net.gradient().gradient().amaxNumber().doubleValue() > 1e-3);
    assertEquals(DataType.DOUBLE, net.gradient().gradient().dataType());
  }

  private static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(DataType.DOUBLE)
        .updater(new NoOp())
        .activation(Activation.TANH);
  }

  private static DenseLayer dense() {
    return new DenseLayer.Builder().nIn(2).nOut(2).build();
  }

  private MixtureDensityOutputLayer head(Case one) {
    return head(one.components, one.targets, one.covariance);
  }

  private MixtureDensityOutputLayer head(int components, int targets, Covariance covariance) {
    return new MixtureDensityOutputLayer.Builder()
        .nIn(2)
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .engine(engine)
        .scaleFloor(components == 2 ? 0.1 : 0)
        .build();
  }

  private static INDArray features(int minibatch) {
    Nd4j.getRandom().setSeed(11);
    return Nd4j.randn(DataType.DOUBLE, minibatch, 2);
  }

  private static INDArray labels(int minibatch, int targets) {
    Nd4j.getRandom().setSeed(12);
    return Nd4j.randn(DataType.DOUBLE, minibatch, targets);
  }

  /**
   * At minibatch 7 one row is left out altogether; at minibatch 1 the last target, if not alone.
   */
  private static INDArray mask(Case one) {
    if (one.mask == Mask.NONE) {
      return null;
    }
    INDArray ones =
        Nd4j.ones(DataType.DOUBLE, one.minibatch, one.mask == Mask.PER_ROW ? 1 : one.targets);
    if (one.minibatch > 1) {
      ones.getRow(2).assign(0);
    }
    if (one.mask == Mask.PER_TARGET && one.targets > 1) {
      ones.putScalar(0, one.targets - 1, 0);
    }
    return ones;
  }
}
