/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** As {@link GradientCheckTest}, for σ = ε + ELU(s) + 1, with s on both sides of 0. */
@Tag("slow")
class EluGradientCheckTest {
  private static final int ROWS = 7;
  private static DataType dtypeBefore;

  @BeforeAll
  static void useDouble() {
    dtypeBefore = Nd4j.defaultFloatingPointType();
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterAll
  static void restore() {
    Nd4j.setDefaultDataTypes(dtypeBefore, dtypeBefore);
  }

  private static MixtureSpec spec(int components, int targets, Covariance covariance) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, DIAGONAL",
    "1, 3, SPHERICAL",
    "2, 1, DIAGONAL",
    "5, 3, DIAGONAL",
    "5, 3, SPHERICAL"
  })
  void dense(int components, int targets, Covariance covariance) {
    MixtureSpec spec = spec(components, targets, covariance);
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Nets.configuration(
                Nets.base(DataType.DOUBLE, new NoOp()),
                new MixtureDensityOutputLayer.Builder().spec(spec).build()));
    net.init();
    spread(net, spec);
    for (INDArray mask : new INDArray[] {null, mask(ROWS, targets)}) {
      assertTrue(
          GradientCheckUtil.checkGradients(
              new GradientCheckUtil.MLNConfig()
                  .net(net)
                  .input(normal(1, ROWS, Nets.INPUTS))
                  .labels(normal(2, ROWS, targets))
                  .labelMask(mask)
                  .epsilon(1e-6)
                  .maxRelError(1e-5)
                  .minAbsoluteError(1e-8)
                  .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)));
    }
  }

  @Test
  void recurrent() {
    MixtureSpec spec = spec(3, 2, Covariance.DIAGONAL);
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            Nets.base(DataType.DOUBLE, new NoOp())
                .list()
                .layer(new LSTM.Builder().nIn(2).nOut(3).build())
                .layer(new MixtureDensityRnnOutputLayer.Builder().nIn(3).spec(spec).build())
                .build());
    net.init();
    spread(net, spec);
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.MLNConfig()
                .net(net)
                .input(normal(1, 2, 2, 4))
                .labels(normal(2, 2, 2, 4))
                .epsilon(1e-6)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-8)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)));
  }

  /** Scale parameters in ±1.5, none within the check's step of 0, where the slope has a bend. */
  private static void spread(MultiLayerNetwork net, MixtureSpec spec) {
    INDArray biases = net.getOutputLayer().getParam("b");
    Random random = new Random(5);
    for (int column = spec.columns().scales().from();
        column < spec.columns().scales().to();
        column++) {
      double s = 1.5 * random.nextDouble();
      biases.putScalar(column, (column % 2 == 0 ? 1 : -1) * (0.2 + s));
    }
  }

  private static INDArray mask(int rows, int targets) {
    INDArray mask = Nd4j.ones(DataType.DOUBLE, rows, targets);
    mask.getRow(2).assign(0);
    mask.putScalar(0, targets - 1, 0);
    return mask;
  }

  private static INDArray normal(long seed, long... shape) {
    Random random = new Random(seed);
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    double[] values = DoubleStream.generate(random::nextGaussian).limit(length).toArray();
    return Nd4j.createFromArray(values).reshape('c', shape);
  }
}
