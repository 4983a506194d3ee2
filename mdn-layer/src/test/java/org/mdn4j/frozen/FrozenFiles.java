/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.frozen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.mdn4j.layers.MixtureDensityCnnLossLayer;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Writes a saved network of each kind of layer, and a specification of each family, which later
 * versions must read. When a format has grown, its files are added in a directory of a new number;
 * those that are there are <b>never written anew</b>. From the root, after {@code mvn
 * test-compile}:
 *
 * <pre>
 *   mvn -pl mdn-layer dependency:build-classpath -Dmdep.outputFile=target/classpath
 *   cd mdn-layer
 *   java -cp target/test-classes:target/classes:$(cat target/classpath) \
 *       org.mdn4j.frozen.FrozenFiles src/test/resources/org/mdn4j/frozen/5
 * </pre>
 *
 * <p>The directories: 1 was written in commit cba9b19, of which the only head is dense and Gaussian
 * (FrozenModel and FrozenDense were copied there and FrozenDense run); 2 has all heads, families,
 * shared and fixed scales; 3 names the engine, and has a dense network of each specification; 4 has
 * bounds.
 */
final class FrozenFiles {
  private FrozenFiles() {}

  /**
   * Writes the files.
   *
   * @param arguments the directory, which must be empty or new
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    if (Files.exists(directory) && Files.list(directory).findAny().isPresent()) {
      throw new IllegalArgumentException(
          "Expected a new directory, got one with files: " + directory);
    }
    FrozenDense.write(directory);
    writeRecurrent(directory);
    writePixels(directory);
    for (Map.Entry<String, MixtureSpec> spec : specs().entrySet()) {
      writeDense(directory, spec.getKey(), spec.getValue());
      Files.writeString(
          directory.resolve(spec.getKey() + "-spec.json"), spec.getValue().toJson() + "\n");
    }
  }

  private static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .dataType(DataType.DOUBLE)
        .activation(Activation.TANH)
        .updater(new Adam(0.01));
  }

  private static void writeDense(Path directory, String name, MixtureSpec spec) throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(2).build())
                .layer(
                    new MixtureDensityOutputLayer.Builder()
                        .nIn(2)
                        .spec(spec)
                        .engine(engine(name))
                        .build())
                .build());
    INDArray features = FrozenModel.numbers(DataType.DOUBLE, 0, 4, 2);
    INDArray labels = FrozenModel.numbers(DataType.DOUBLE, 0.5, 4, spec.targets());
    if (spec.family() == ComponentFamily.LOG_NORMAL) {
      labels = Transforms.exp(labels);
    }
    FrozenModel.trained(network, features, labels);
    FrozenModel.write(directory, name, network, features, labels);
  }

  /** The engine that a saved network names since 3; another than AUTO, which is the default. */
  static Engine engine(String name) {
    return List.of("gaussian", "gaussian-bounded").contains(name) ? Engine.FUSED : Engine.SAMEDIFF;
  }

  private static void writeRecurrent(Path directory) throws IOException {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(new LSTM.Builder().nIn(2).nOut(3).dataFormat(RNNFormat.NWC).build())
                .layer(
                    new MixtureDensityRnnOutputLayer.Builder()
                        .nIn(3)
                        .components(2)
                        .targets(2)
                        .covariance(Covariance.FULL)
                        .engine(engine("recurrent"))
                        .dataFormat(RNNFormat.NWC)
                        .build())
                .build());
    INDArray features = FrozenModel.numbers(DataType.DOUBLE, 0, 2, 3, 2);
    INDArray labels = FrozenModel.numbers(DataType.DOUBLE, 0.5, 2, 3, 2);
    FrozenModel.trained(network, features, labels);
    FrozenModel.write(directory, "recurrent", network, features, labels);
  }

  private static void writePixels(Path directory) throws IOException {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(2)
            .targets(1)
            .family(ComponentFamily.STUDENT_T)
            .covariance(Covariance.SPHERICAL)
            .build();
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(
                    new ConvolutionLayer.Builder(1, 1)
                        .nIn(2)
                        .nOut(spec.parameterCount())
                        .dataFormat(CNN2DFormat.NHWC)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(
                    new MixtureDensityCnnLossLayer.Builder()
                        .spec(spec)
                        .engine(engine("pixels"))
                        .format(CNN2DFormat.NHWC)
                        .build())
                .setInputType(InputType.convolutional(2, 3, 2, CNN2DFormat.NHWC))
                .build());
    INDArray features = FrozenModel.numbers(DataType.DOUBLE, 0, 2, 2, 3, 2);
    INDArray labels = FrozenModel.numbers(DataType.DOUBLE, 0.5, 2, 2, 3, 1);
    FrozenModel.trained(network, features, labels);
    FrozenModel.write(directory, "pixels", network, features, labels);
  }

  /** A specification of each family, and each option once, by the name of its file. */
  static Map<String, MixtureSpec> specs() {
    Map<String, MixtureSpec> specs = new TreeMap<>();
    specs.put("gaussian", MixtureSpec.builder().components(3).build());
    specs.put(
        "gaussian-full",
        MixtureSpec.builder()
            .components(2)
            .targets(3)
            .covariance(Covariance.FULL)
            .scaleFloor(0.125)
            .build());
    specs.put(
        "laplace",
        MixtureSpec.builder()
            .components(4)
            .targets(2)
            .covariance(Covariance.SPHERICAL)
            .family(ComponentFamily.LAPLACE)
            .build());
    specs.put(
        "logistic",
        MixtureSpec.builder()
            .components(4)
            .targets(2)
            .family(ComponentFamily.LOGISTIC)
            .sharedScales(true)
            .build());
    specs.put(
        "student-t", MixtureSpec.builder().components(3).family(ComponentFamily.STUDENT_T).build());
    specs.put(
        "student-t-fixed",
        MixtureSpec.builder()
            .components(3)
            .family(ComponentFamily.STUDENT_T)
            .degreesOfFreedom(4.5)
            .build());
    specs.put(
        "log-normal",
        MixtureSpec.builder().components(2).family(ComponentFamily.LOG_NORMAL).build());
    specs.put(
        "von-mises",
        MixtureSpec.builder()
            .components(2)
            .family(ComponentFamily.VON_MISES)
            .fixedScales(0.5, 8)
            .build());
    specs.put(
        "gaussian-bounded",
        MixtureSpec.builder()
            .components(2)
            .scaleCeiling(1.5)
            .locationBounds(new double[] {-1}, new double[] {2})
            .build());
    specs.put(
        "gaussian-full-bounded",
        MixtureSpec.builder()
            .components(2)
            .targets(2)
            .covariance(Covariance.FULL)
            .scaleFloor(0.125)
            .scaleCeiling(1.5, 2)
            .locationBounds(new double[] {-1, -3}, new double[] {2, 3})
            .build());
    specs.put(
        "laplace-bounded",
        MixtureSpec.builder()
            .components(2)
            .targets(2)
            .family(ComponentFamily.LAPLACE)
            .locationBounds(new double[] {-1, -3}, new double[] {2, 3})
            .build());
    return specs;
  }
}
