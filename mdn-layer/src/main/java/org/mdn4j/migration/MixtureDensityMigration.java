/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.migration;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.NetworkFile;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.NetworkLayers;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;

/**
 * Migration of networks with ND4J's {@link LossMixtureDensity} to networks with our head.
 *
 * <pre>{@code
 * MultiLayerNetwork ours = MixtureDensityMigration.migrate(theirs);
 * Model saved = MixtureDensityMigration.migrate(Path.of("old-model.zip"));
 * }</pre>
 *
 * <p>The density stays the same: SPHERICAL Gaussian components, with the columns {@code [logits |
 * log σ | means]} brought into our order {@code [logits | means | log σ]}. The trunk, the layers'
 * options and the counts of iterations and epochs are kept, too; the updater's state is new. The
 * given network is not changed.
 */
public final class MixtureDensityMigration {
  private MixtureDensityMigration() {}

  /**
   * Creates a network with our head from one with LossMixtureDensity.
   *
   * @param network an initialised network whose output layer has LossMixtureDensity
   * @return a new network with the same density
   * @throws IllegalArgumentException if the network is not initialised, its output layer is none
   *     with LossMixtureDensity and the identity activation, or is of another kind than OutputLayer
   *     and RnnOutputLayer
   */
  public static MultiLayerNetwork migrate(MultiLayerNetwork network) {
    NetworkLayers.all(network);
    MultiLayerConfiguration configuration = network.getLayerWiseConfigurations().clone();
    int last = configuration.getConfs().size() - 1;
    NeuralNetConfiguration head = configuration.getConf(last);
    OldHead old = OldHead.of(head.getLayer());
    if (old == null) {
      throw noOldHead(head.getLayer().getClass().getSimpleName());
    }
    head.setLayer(old.replacement());
    MultiLayerNetwork migrated = new MultiLayerNetwork(configuration);
    migrated.init();
    for (int layer = 0; layer <= last; layer++) {
      copy(network.getLayer(layer), migrated.getLayer(layer));
    }
    return migrated;
  }

  /**
   * Creates a graph with our head in place of each output layer with LossMixtureDensity.
   *
   * @param graph an initialised graph
   * @return a new graph with the same densities
   * @throws IllegalArgumentException as {@link #migrate(MultiLayerNetwork)}
   */
  public static ComputationGraph migrate(ComputationGraph graph) {
    NetworkLayers.all(graph);
    ComputationGraphConfiguration configuration = graph.getConfiguration().clone();
    boolean isOld = false;
    for (String output : configuration.getNetworkOutputs()) {
      if (configuration.getVertices().get(output) instanceof LayerVertex vertex) {
        OldHead old = OldHead.of(vertex.getLayerConf().getLayer());
        if (old != null) {
          vertex.getLayerConf().setLayer(old.replacement());
          isOld = true;
        }
      }
    }
    if (!isOld) {
      throw noOldHead("the outputs " + configuration.getNetworkOutputs());
    }
    ComputationGraph migrated = new ComputationGraph(configuration);
    migrated.init();
    for (Layer layer : graph.getLayers()) {
      copy(layer, migrated.getLayer(layer.conf().getLayer().getLayerName()));
    }
    return migrated;
  }

  /**
   * Reads a saved network and migrates it to one with our head. A normaliser in the file stays
   * there; {@link ModelSerializer} reads it. The file may be a stranger's: see {@link NetworkFile}.
   * One that names classes of your own, or that DL4J wrote before 1.0.0-beta4, is for {@link
   * ModelSerializer} and {@link #migrate(MultiLayerNetwork)}, if you trust it.
   *
   * @param file what {@link ModelSerializer} wrote
   * @return a {@link MultiLayerNetwork} or a {@link ComputationGraph}
   * @throws IllegalArgumentException if the file is no network of DL4J, and as {@link
   *     #migrate(MultiLayerNetwork)}
   * @throws IOException if the file cannot be read
   */
  public static Model migrate(Path file) throws IOException {
    Model saved;
    try {
      saved = NetworkFile.read(file);
    } catch (MalformedFileException e) {
      throw new IllegalArgumentException(
          "%s: expected a network that DL4J saved: %s".formatted(file, e.getMessage()), e);
    }
    try {
      return saved instanceof ComputationGraph graph
          ? migrate(graph)
          : migrate((MultiLayerNetwork) saved);
    } catch (RuntimeException e) { // of many kinds, where its parts do not go together
      throw new IllegalArgumentException(
          "%s: %s".formatted(file, MalformedFileException.firstLine(e)), e);
    }
  }

  private static IllegalArgumentException noOldHead(String actual) {
    return new IllegalArgumentException(
        "Expected an output layer with LossMixtureDensity, got " + actual);
  }

  private static void copy(Layer from, Layer to) {
    if (from.numParams() == 0) {
      return;
    }
    OldHead old =
        to.conf().getLayer() instanceof MixtureDensityOutputLayer
            ? OldHead.of(from.conf().getLayer())
            : null;
    from.paramTable()
        .forEach(
            (name, array) -> to.getParam(name).assign(old == null ? array : old.permuted(array)));
  }
}
