/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Objects;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A layer as {@link MixtureDensityOutputLayer}, for sequences: a mixture at each time step.
 *
 * <pre>{@code
 * new MixtureDensityRnnOutputLayer.Builder().components(5).targets(2).build()
 * }</pre>
 *
 * <p>Shapes in the format NCW, the default: input {@code [N, nIn, T]}, output {@code [N, P, T]},
 * labels {@code [N, D, T]}; in NWC: {@code [N, T, nIn]}, {@code [N, T, P]}, {@code [N, T, D]}.
 * Label masks have shape {@code [N, T]}, per step, or that of the labels, per target; they act on
 * the likelihood ({@link LossMixtureNLL}) and leave the output alone. Sequences of different
 * lengths are padded and masked; as in DL4J's own layer a mask of the features alone does not leave
 * steps out of the score.
 *
 * <p>The score is the NLL summed over the steps that count, divided by the minibatch's size N, as
 * in DL4J's {@code RnnOutputLayer}, so that learning rates carry over.
 *
 * <p>Truncated backpropagation through time needs NCW: DL4J 1.0.0-M2.1 cuts sequences along
 * dimension 2, whatever their format.
 */
public class MixtureDensityRnnOutputLayer extends MixtureDensityOutputLayer {
  private static final long serialVersionUID = 1L;

  private RNNFormat rnnDataFormat;

  /** Creates an empty layer for deserialisation; use {@link Builder}. */
  public MixtureDensityRnnOutputLayer() {}

  /**
   * Creates the layer that a builder describes.
   *
   * @param builder the options
   */
  protected MixtureDensityRnnOutputLayer(Builder builder) {
    super(builder);
    this.rnnDataFormat = builder.rnnDataFormat;
  }

  /**
   * Returns the order of the dimensions of input, output and labels.
   *
   * @return the format; null, until it is set or the input's type is known, stands for NCW
   */
  public RNNFormat getRnnDataFormat() {
    return rnnDataFormat;
  }

  /**
   * Sets {@link #getRnnDataFormat()}; for deserialisation.
   *
   * @param rnnDataFormat the format
   */
  public void setRnnDataFormat(RNNFormat rnnDataFormat) {
    this.rnnDataFormat = rnnDataFormat;
  }

  @Override
  MixtureDensityHead newHead(NeuralNetConfiguration conf, DataType dataType) {
    return new MixtureDensityRnnHead(conf, dataType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeRecurrent recurrent = recurrent(inputType);
    return InputType.recurrent(getNOut(), recurrent.getTimeSeriesLength(), recurrent.getFormat());
  }

  @Override
  public void setNIn(InputType inputType, boolean override) {
    InputType.InputTypeRecurrent recurrent = recurrent(inputType);
    if (rnnDataFormat == null || override) {
      rnnDataFormat = recurrent.getFormat();
    }
    if (getNIn() <= 0 || override) {
      setNIn(recurrent.getSize());
    }
  }

  private InputType.InputTypeRecurrent recurrent(InputType inputType) {
    if (!(inputType instanceof InputType.InputTypeRecurrent recurrent)) {
      throw new IllegalStateException(
          "Layer \"%s\": expected a recurrent input, got %s".formatted(getLayerName(), inputType));
    }
    return recurrent;
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(
        inputType, rnnDataFormat, getLayerName());
  }

  @Override
  protected boolean canEqual(Object other) {
    return other instanceof MixtureDensityRnnOutputLayer;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MixtureDensityRnnOutputLayer that
        && super.equals(other)
        && rnnDataFormat == that.rnnDataFormat;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), rnnDataFormat == null ? "" : rnnDataFormat.name());
  }

  @Override
  public String toString() {
    return "MixtureDensityRnnOutputLayer(%s, %s)".formatted(rnnDataFormat, super.toString());
  }

  /** Builder of a {@link MixtureDensityRnnOutputLayer}. */
  @SuppressWarnings("unchecked") // DL4J's build() returns a type parameter of its own
  public static class Builder extends HeadBuilder<Builder> {
    private RNNFormat rnnDataFormat;

    /** Creates a builder of a layer with 1 target and DIAGONAL Gaussian components. */
    public Builder() {}

    /**
     * Sets the order of the dimensions.
     *
     * @param rnnDataFormat NCW {@code [N, size, T]} or NWC {@code [N, T, size]}; by default that of
     *     the network's input type, or else NCW
     * @return this builder
     */
    public Builder dataFormat(RNNFormat rnnDataFormat) {
      this.rnnDataFormat = rnnDataFormat;
      return this;
    }

    /**
     * Creates the layer.
     *
     * @return the layer
     * @throws IllegalArgumentException if an option is out of its range, or nOut, activation, loss
     *     or biasInit were set to something else than the components imply
     */
    @Override
    public MixtureDensityRnnOutputLayer build() {
      derive();
      return new MixtureDensityRnnOutputLayer(this);
    }
  }
}
