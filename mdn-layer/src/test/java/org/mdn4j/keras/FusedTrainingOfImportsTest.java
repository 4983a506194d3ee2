/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.training.FusedTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** What an import or a user brings of their own is named by FusedTraining, or trained as DL4J. */
class FusedTrainingOfImportsTest {
  private static final class OwnDense extends DenseLayer {
    private static final long serialVersionUID = 1L;

    OwnDense() {
      setNIn(3);
      setNOut(3);
      setHasBias(true);
      setActivationFn(new ActivationTanH());
    }
  }

  private static final class OwnOutput extends OutputLayer {
    private static final long serialVersionUID = 1L;

    OwnOutput() {
      super(
          new OutputLayer.Builder(new LossMixtureNLL(spec()))
              .activation(new ActivationIdentity())
              .nIn(3)
              .nOut(spec().parameterCount()));
    }
  }

  private static final class OwnDropout extends Dropout {
    private static final long serialVersionUID = 1L;

    OwnDropout() {
      super(0.5);
    }

    @Override
    public OwnDropout clone() {
      return new OwnDropout();
    }
  }

  private static final class OwnAdam extends Adam {
    private static final long serialVersionUID = 1L;

    @Override
    public Adam clone() {
      return new OwnAdam();
    }
  }

  /** Neither by epoch nor by a formula of DL4J's. */
  private static final class OwnSchedule implements ISchedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double valueAt(int iteration, int epoch) {
      return iteration % 2 == 0 ? 0.1 : 0.01 / (1 + epoch);
    }

    @Override
    public ISchedule clone() {
      return new OwnSchedule();
    }
  }

  private static MixtureSpec spec() {
    return MixtureSpec.builder().components(2).build();
  }

  private static DenseLayer.Builder dense() {
    return new DenseLayer.Builder().nIn(3).nOut(3).activation(new ActivationTanH());
  }

  private static Layer head() {
    return new MixtureDensityOutputLayer.Builder().nIn(3).spec(spec()).build();
  }

  private static MultiLayerNetwork net(NeuralNetConfiguration.Builder builder, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        builder.seed(5).dataType(DataType.DOUBLE).activation(Activation.TANH).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    return net;
  }

  private static NeuralNetConfiguration.Builder builder() {
    return new NeuralNetConfiguration.Builder().updater(new Sgd(0.1));
  }

  static Stream<Arguments> named() {
    double[] three = {1, 2, 3};
    KerasActivation affine = new KerasActivation(KerasActivation.Function.AFFINE, 2, 1);
    return Stream.of(
        Arguments.of(new NoiseLayer(new Dropout(0.5)), "(NoiseLayer)"),
        Arguments.of(new NoiseLayer(new GaussianNoise(0.1)), "(NoiseLayer)"),
        Arguments.of(new FeatureScalingLayer(three, three, three), "(FeatureScalingLayer)"),
        Arguments.of(new FunctionLayer(new ActivationTanH()), "(FunctionLayer)"),
        Arguments.of(new OwnDense(), "(OwnDense)"),
        Arguments.of(dense().activation(affine).build(), "has the activation"),
        Arguments.of(dense().dropOut(new OwnDropout()).build(), "OwnDropout instead of Dropout"),
        Arguments.of(dense().dropOut(new GaussianNoise(0.1)).build(), "GaussianNoise instead of"),
        Arguments.of(dense().updater(new OwnAdam()).build(), "updater"),
        Arguments.of(dense().biasUpdater(new OwnAdam()).build(), "updater"));
  }

  @ParameterizedTest
  @MethodSource("named")
  void isNamed(Layer layer, String reason) {
    Optional<String> given =
        FusedTraining.reasonAgainst(net(builder(), dense().build(), layer, head()));
    assertTrue(given.orElse("").contains(reason), () -> reason + ", but got " + given);
  }

  @Test
  void anOutputLayerOfOnesOwnIsNamed() {
    Optional<String> given =
        FusedTraining.reasonAgainst(net(builder(), dense().build(), new OwnOutput()));
    assertTrue(given.orElse("").contains("(OwnOutput)"), given::toString);
  }

  /** A schedule is asked as DL4J asks it, so that one's own is no reason against. */
  @Test
  void aScheduleOfOnesOwnIsFollowed() {
    MultiLayerNetwork expected =
        net(builder().updater(new Adam(new OwnSchedule())), dense().build(), head());
    MultiLayerNetwork fused = expected.clone();
    INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 0.1, 21).reshape(7, 3);
    INDArray y = Nd4j.linspace(DataType.DOUBLE, -2, 0.5, 7).reshape(7, 1);
    assertEquals(Optional.empty(), FusedTraining.reasonAgainst(fused));
    try (FusedTraining training = FusedTraining.of(fused)) {
      for (int step = 0; step < 5; step++) {
        expected.fit(x, y);
        training.fit(x, y);
      }
    }
    assertArrayEquals(expected.params().toDoubleVector(), fused.params().toDoubleVector(), 1e-10);
  }
}
