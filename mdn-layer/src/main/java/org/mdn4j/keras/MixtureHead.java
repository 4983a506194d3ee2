/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The mixture at a model's end: an MDN layer, or Dense layers that are concatenated.
 *
 * @param name the layer that is the model's output
 * @param input the layer whose output the mixture's parameters are computed from
 * @param replaced the layers that our head takes the place of
 * @param spec the mixture
 * @param parts kernel and bias of the means, the scales' parameters and the logits
 * @param isTrainable whether it goes on being trained
 */
record MixtureHead(
    String name,
    String input,
    Set<String> replaced,
    MixtureSpec spec,
    List<INDArray> parts,
    boolean isTrainable) {

  static MixtureHead of(KerasModel model, KerasFile file) {
    KerasNode output = model.nodes().get(model.output());
    LayerConfiguration layer = output.layer();
    if (layer.simpleName().equals("Concatenate")) {
      return new SplitMixture(model, file).head();
    }
    LayerConfiguration mixture =
        layer.className().equals("TimeDistributed") ? layer.inner("layer") : layer;
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(mixture.size("num_mixtures"))
            .targets(mixture.size("output_dimension"))
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .build();
    return new MixtureHead(
        output.name(),
        output.input(),
        Set.of(output.name()),
        spec,
        file.layer(output.name(), output.group()).mixtureParts(),
        mixture.isTrainable());
  }

  /** Returns our head, for inputs of this form. */
  MixtureDensityOutputLayer layer(Form input) {
    MixtureDensityOutputLayer head =
        input.isSequence()
            ? new MixtureDensityRnnOutputLayer.Builder()
                .nIn(input.size())
                .spec(spec)
                .dataFormat(RNNFormat.NWC)
                .build()
            : new MixtureDensityOutputLayer.Builder().nIn(input.size()).spec(spec).build();
    head.setLayerName(name);
    if (!isTrainable) {
      head.setIUpdater(new Sgd(0));
    }
    return head;
  }

  /** Returns the layers of a model without those that the head replaces. */
  List<KerasNode> trunk(KerasModel model) {
    List<KerasNode> trunk = new ArrayList<>(model.nodes().values());
    trunk.removeIf(node -> replaced.contains(node.name()));
    return trunk;
  }
}
