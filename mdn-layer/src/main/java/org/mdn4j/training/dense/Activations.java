/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/** Which function stands for which of ND4J's activations, by exact class. */
final class Activations {
  private static final Map<Class<?>, Function<IActivation, Activation>> KNOWN =
      Map.ofEntries(
          Map.entry(ActivationIdentity.class, a -> new Rationals.Identity()),
          Map.entry(ActivationReLU.class, a -> relu((ActivationReLU) a)),
          Map.entry(ActivationReLU6.class, a -> new Rectifiers.Relu6()),
          Map.entry(
              ActivationLReLU.class, a -> new Rectifiers.Leaky(((ActivationLReLU) a).getAlpha())),
          Map.entry(
              ActivationThresholdedReLU.class,
              a -> new Rectifiers.Thresholded(((ActivationThresholdedReLU) a).getTheta())),
          Map.entry(ActivationTanH.class, a -> new Sigmoids.Tanh()),
          Map.entry(ActivationRectifiedTanh.class, a -> new Sigmoids.RectifiedTanh()),
          Map.entry(ActivationRationalTanh.class, a -> new Rationals.RationalTanh()),
          Map.entry(ActivationHardTanH.class, a -> new Rationals.HardTanh()),
          Map.entry(ActivationSigmoid.class, a -> new Sigmoids.Sigmoid()),
          Map.entry(ActivationHardSigmoid.class, a -> new Rationals.HardSigmoid()),
          Map.entry(ActivationSwish.class, a -> new Sigmoids.SigmoidLinear(1)),
          Map.entry(
              ActivationGELU.class,
              a ->
                  ((ActivationGELU) a).isPrecise()
                      ? new Sigmoids.GeluByTanh()
                      : new Sigmoids.SigmoidLinear(1.702f)),
          Map.entry(ActivationMish.class, a -> new Sigmoids.Mish()),
          Map.entry(ActivationELU.class, a -> new Exponentials.Elu(((ActivationELU) a).getAlpha())),
          Map.entry(ActivationSELU.class, a -> new Exponentials.Selu()),
          Map.entry(ActivationSoftPlus.class, a -> new Exponentials.Softplus()),
          Map.entry(ActivationSoftSign.class, a -> new Rationals.Softsign()),
          Map.entry(ActivationCube.class, a -> new Rationals.Cube()));

  private Activations() {}

  /** Returns the function of an activation, or null if it is none of one number, or unknown. */
  static Activation of(IActivation activation) {
    Function<IActivation, Activation> known = KNOWN.get(activation.getClass());
    return known == null ? null : known.apply(activation);
  }

  private static Activation relu(ActivationReLU relu) {
    Double slope = relu.getNegativeSlope();
    Double threshold = relu.getThreshold();
    if (relu.getMax() == null && slope == null && threshold == null) {
      return new Rectifiers.Relu();
    }
    if (relu.getMax() == null && (threshold == null || threshold == 0)) {
      return new Rectifiers.Leaky(slope == null ? 0 : slope);
    }
    return new Rectifiers.General(relu.getMax(), threshold, slope);
  }
}
