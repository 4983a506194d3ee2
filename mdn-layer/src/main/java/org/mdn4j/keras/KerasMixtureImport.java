/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ScaleTransform;
import org.mdn4j.files.MalformedFileException;

/**
 * Import of networks that Keras saved with the layer {@code MDN} of keras-mdn-layer.
 *
 * <pre>{@code
 * ComputationGraph net = KerasMixtureImport.importGraph(Path.of("mdrnn.h5"));
 * MixtureSpec spec =
 *     ((MixtureDensityOutputLayer) net.getOutputLayer(0).conf().getLayer()).getSpec();
 * MixtureBatch predicted = MixtureBatch.of(spec, net.outputSingle(x), 2, null); // [N, T, P]
 * }</pre>
 *
 * <p>The result is a network like any other, with our head and the same density: K and D come from
 * the MDN layer's configuration, its columns {@code [means | scales | logits]} are brought into our
 * order, and its scales σ = ELU(s) + 1 + 10⁻⁷ stay as they are ({@link
 * ScaleTransform#ELU_PLUS_ONE}). Training goes on with Adam at its defaults; Keras's optimiser and
 * its state are left behind.
 *
 * <p><b>Exact, or rejected.</b> Each layer before the MDN is translated into one of DL4J's, or of
 * this package, that computes the same outside of training. Every key of its configuration is taken
 * over, or has to have the value for which DL4J's layer means the same; any other layer, operator,
 * argument, key or value is rejected, with the layer's name, the key and its value. The guide's
 * table, under "Coming from keras-mdn-layer", lists all that is supported. Each parameter is set
 * from the file, and finite. In place of the MDN a model may end with three Dense layers of one
 * input that are concatenated: means (linear), scales (exponential, or ELU plus 1, each plus a
 * floor) and weights (softmax) of a mixture of one target.
 *
 * <p><b>Files.</b> HDF5 of Keras 2.2 to 2.15 and of Keras 3 ({@code .h5}), whole models or weights
 * only; archives of Keras 3 ({@code .keras}) and its {@code .weights.h5}. The MDN may have any
 * name, inside {@code TimeDistributed} or not.
 *
 * <p>Sequences come in and go out in Keras's order of dimensions, {@code [N, T, size]} (RNNFormat
 * NWC); the layers between work in DL4J's, {@code [N, size, T]}. A file is read into memory,
 * nothing is unpacked, and a network is made, or changed, whole or not at all.
 */
public final class KerasMixtureImport {
  private KerasMixtureImport() {}

  /**
   * Imports a Sequential model.
   *
   * @param file a whole model, {@code .h5} or {@code .keras}
   * @return the network
   * @throws IllegalArgumentException if the file is not such a model, lacks an MDN or has a layer
   *     that is not known; the message says which, and what of it
   * @throws IOException if the file cannot be read
   */
  public static MultiLayerNetwork importSequential(Path file) throws IOException {
    return named(
        file,
        () -> {
          KerasFile read = KerasFile.read(file);
          KerasModel model = model(read);
          if (!model.isSequential()) {
            throw new Refusal("Expected a Sequential model, got a Functional one: use importGraph");
          }
          return new ImportedNetwork(read, model).sequential();
        });
  }

  /**
   * Imports a Functional model, with one or several inputs, whose only output is the mixture.
   *
   * @param file a whole model, {@code .h5} or {@code .keras}
   * @return the network
   * @throws IllegalArgumentException as {@link #importSequential}
   * @throws IOException if the file cannot be read
   */
  public static ComputationGraph importGraph(Path file) throws IOException {
    return named(
        file,
        () -> {
          KerasFile read = KerasFile.read(file);
          KerasModel model = model(read);
          if (model.isSequential()) {
            throw new Refusal(
                "Expected a Functional model, got a Sequential one: use importSequential");
          }
          return new ImportedNetwork(read, model).graph();
        });
  }

  /**
   * Takes the weights of a file into a network that has the layers, and the head's K and D, of the
   * model that was saved. Layers are found by their names if the file has all of the network's, by
   * their order within each kind (dense, LSTM, MDN) if not.
   *
   * @param network an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} of {@code
   *     DenseLayer}s, {@code LSTM}s, layers without parameters and one head, with DIAGONAL Gaussian
   *     components and {@link ScaleTransform#ELU_PLUS_ONE}
   * @param file weights only, or a whole model
   * @throws IllegalArgumentException if the network is not such a one, the file is none of Keras's,
   *     or its arrays do not fit; the network is then as it was
   * @throws IOException if the file cannot be read
   */
  public static void importWeights(Model network, Path file) throws IOException {
    GivenNetwork given = new GivenNetwork(network);
    named(
        file,
        () -> {
          given.take(KerasFile.read(file));
          return null;
        });
  }

  private static KerasModel model(KerasFile file) {
    if (file.model() == null) {
      throw new Refusal(
          "Expected a whole model, got weights only: make the network and use importWeights");
    }
    return KerasModel.of(file);
  }

  private interface Reading<T> {
    T run() throws IOException;
  }

  private static <T> T named(Path file, Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (Refusal e) {
      throw new IllegalArgumentException(
          file + ": " + MalformedFileException.firstLine(e), e.getCause());
    } catch (RuntimeException e) { // of many kinds, where a configuration has no known form
      throw new IllegalArgumentException(
          "%s: Expected a model as Keras saves it, got another form of it (%s)"
              .formatted(file, MalformedFileException.firstLine(e)),
          e);
    }
  }
}
