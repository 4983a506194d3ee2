/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A translator of the layers that look at several steps at once: convolutions and pooling. */
final class StepsTranslator {
  private final KerasFile file;
  private final KerasNode node;
  private final LayerConfiguration layer;
  private final Form input;

  StepsTranslator(KerasFile file, KerasNode node, Form input) {
    this.file = file;
    this.node = node;
    this.layer = node.layer();
    this.input = input;
    if (!input.isSequence()) {
      throw layer.refusal("its input is expected to be [N, T, F], got " + input);
    }
  }

  Translation translate() {
    return switch (layer.className()) {
      case "Conv1D" -> convolution();
      case "GlobalMaxPooling1D" -> pooling(PoolingType.MAX);
      default -> pooling(PoolingType.AVG);
    };
  }

  private Translation convolution() {
    int filters = layer.size("filters");
    int kernel = layer.single("kernel_size");
    int stride = layer.single("strides");
    int dilation = layer.single("dilation_rate");
    boolean hasBias = layer.flag("use_bias");
    if (stride > 1 && dilation > 1) {
      throw layer.refusal("dilation_rate", "Keras has strides of 1 only with it");
    }
    ConvolutionMode mode =
        switch (String.valueOf(layer.value("padding"))) {
          case "valid" -> ConvolutionMode.Truncate;
          case "same" -> ConvolutionMode.Same;
          case "causal" -> ConvolutionMode.Causal;
          default -> throw layer.refusal("padding", "known are valid, same and causal");
        };
    Convolution1DLayer.Builder convolution =
        new Convolution1DLayer.Builder()
            .nIn(input.size())
            .nOut(filters)
            .hasBias(hasBias)
            .kernelSize(kernel)
            .stride(stride)
            .dilation(dilation)
            .convolutionMode(mode)
            .rnnDataFormat(RNNFormat.NCW)
            .activation(Activations.elementwise(layer, "activation", file));
    Training.frozenIfAsked(convolution, layer);
    Training.regularised(convolution, layer, "kernel_regularizer");
    Training.biasRegularised(convolution, layer, "bias_regularizer");
    Map<String, INDArray> parameters =
        LayerTranslator.kernelAndBias(
            file.layer(node.name(), node.group()), "", hasBias, kernel, input.size(), filters);
    // DL4J's array has the shape [out, in, width]; it reads the numbers as [width, in, out].
    parameters.computeIfPresent(
        DefaultParamInitializer.WEIGHT_KEY,
        (name, array) -> array.dup('c').reshape('c', filters, input.size(), kernel));
    return Translation.of(
        node,
        convolution.build(),
        parameters,
        Form.sequence(stepsAfter(mode, kernel, stride, dilation), filters));
  }

  private long stepsAfter(ConvolutionMode mode, int kernel, int stride, int dilation) {
    if (input.steps() == Form.UNKNOWN) {
      return Form.UNKNOWN;
    }
    long lost = mode == ConvolutionMode.Truncate ? (kernel - 1L) * dilation : 0;
    if (input.steps() <= lost) {
      throw layer.refusal("its input " + input + " is shorter than its kernel");
    }
    return (input.steps() - lost + stride - 1) / stride;
  }

  private Translation pooling(PoolingType type) {
    Layer pooling = new GlobalPoolingLayer.Builder().poolingType(type).build();
    return Translation.of(node, pooling, Map.of(), Form.row(input.size()));
  }
}
