/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.frozen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Files that earlier versions wrote are read, and mean the same. See {@link FrozenFiles}. */
@Tag("slow")
class FrozenFilesTest {
  private static final MixtureSpec DENSE =
      MixtureSpec.builder()
          .components(3)
          .targets(2)
          .covariance(Covariance.DIAGONAL)
          .scaleFloor(0.01)
          .build();

  static List<Arguments> networks() {
    List<Arguments> networks = new ArrayList<>();
    networks.add(Arguments.of("1", "dense"));
    for (String directory : List.of("2", "3", "4")) {
      for (String name : List.of("dense", "recurrent", "pixels")) {
        networks.add(Arguments.of(directory, name));
      }
    }
    for (String directory : List.of("3", "4")) {
      specs(directory).forEach(name -> networks.add(Arguments.of(directory, name)));
    }
    return networks;
  }

  /** The specifications of a format, which have bounds since 4. */
  private static List<String> specs(String directory) {
    return FrozenFiles.specs().entrySet().stream()
        .filter(spec -> directory.equals("4") || spec.getValue().bounds().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void savedNetworksAnswerAsTheyDid(String directory, String name) throws IOException {
    FrozenModel frozen = FrozenModel.read(directory, name);
    MultiLayerNetwork network = frozen.network();
    INDArray output = network.output(frozen.features());
    assertArrayEquals(frozen.output().shape(), output.shape());
    assertTrue(
        frozen.output().equalsWithEps(output.castTo(frozen.output().dataType()), 1e-6),
        () -> "expected " + frozen.output() + ", got " + output);
    DataSet data = new DataSet(frozen.features(), frozen.labels());
    assertEquals(frozen.score(), network.score(data), 1e-5); // likelihood of FLOAT outputs
  }

  @ParameterizedTest
  @MethodSource("networks")
  void savedNetworksGoOnLearning(String directory, String name) throws IOException {
    FrozenModel frozen = FrozenModel.read(directory, name);
    MultiLayerNetwork network = frozen.network();
    assertNotNull(network.getUpdater().getStateViewArray());
    assertTrue(
        network.getUpdater().getStateViewArray().amaxNumber().doubleValue() > 0,
        "the updater's state was saved");
    DataSet data = new DataSet(frozen.features(), frozen.labels());
    for (int step = 0; step < 20; step++) {
      network.fit(data);
    }
    assertTrue(network.score(data) < frozen.score());
    MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
    assertEquals(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4"})
  void savedHeadsHaveTheirOptions(String directory) throws IOException {
    MixtureDensityOutputLayer head =
        (MixtureDensityOutputLayer)
            FrozenModel.read(directory, "dense").network().getLayer(1).conf().getLayer();
    assertEquals(DENSE, head.getSpec());
    assertEquals(-2, head.getInitialLower());
    assertEquals(2.5, head.getInitialUpper());
    assertEquals(DENSE, spec(directory, "dense"));
  }

  /** Before format 3 no network names an engine; its heads are computed by AUTO. */
  @ParameterizedTest
  @MethodSource("networks")
  void savedHeadsHaveTheirEngine(String directory, String name) throws IOException {
    MultiLayerNetwork network = FrozenModel.read(directory, name).network();
    Layer head = network.getLayers()[network.getnLayers() - 1].conf().getLayer();
    ILossFunction loss =
        head instanceof CnnLossLayer pixels
            ? pixels.getLossFn()
            : ((MixtureDensityOutputLayer) head).getLossFn();
    boolean named = Integer.parseInt(directory) >= 3 && !name.equals("dense");
    assertEquals(
        named ? FrozenFiles.engine(name) : Engine.AUTO, ((LossMixtureNLL) loss).getEngine());
    if (named && FrozenFiles.specs().containsKey(name)) {
      assertEquals(FrozenFiles.specs().get(name), ((LossMixtureNLL) loss).getSpec());
    }
  }

  /** Number of columns: K logits, K·D locations, scale parameters, degrees of freedom. */
  @ParameterizedTest
  @CsvSource({
    "gaussian, 9", // 3 + 3 + 3
    "gaussian-full, 20", // 2 + 6 + 12
    "laplace, 16", // 4 + 8 + 4
    "logistic, 14", // 4 + 8 + 2 shared
    "student-t, 12", // 3 + 3 + 3 + 3
    "student-t-fixed, 9",
    "log-normal, 6",
    "von-mises, 4", // 2 + 2, fixed concentrations
    "gaussian-bounded, 6",
    "gaussian-full-bounded, 12", // 2 + 4 + 6
    "laplace-bounded, 10" // 2 + 4 + 4
  })
  void specificationsMeanTheSame(String name, int columns) throws IOException {
    for (String directory : List.of("2", "3", "4")) {
      if (!specs(directory).contains(name)) {
        continue;
      }
      MixtureSpec spec = spec(directory, name);
      assertEquals(FrozenFiles.specs().get(name), spec);
      assertEquals(columns, spec.parameterCount());
    }
  }

  private static MixtureSpec spec(String directory, String name) throws IOException {
    try (InputStream file = FrozenModel.open(directory + "/" + name + "-spec.json")) {
      return MixtureSpec.fromJson(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The program that writes them still runs, so that the next format can be frozen. */
  @Test
  void theProgramWritesAllFiles(@TempDir Path directory) throws IOException {
    Path files = directory.resolve("next");
    FrozenFiles.main(new String[] {files.toString()});
    String[] written = files.toFile().list();
    assertNotNull(written);
    assertEquals(2 * 3 + 1 + 3 * FrozenFiles.specs().size(), written.length);
  }
}
