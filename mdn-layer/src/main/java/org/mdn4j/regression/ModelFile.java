/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ComponentBounds;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/**
 * A fitted regressor as one zip: {@code model.json} (format, versions, options, units, report), and
 * per member {@code member-m/configuration.json} (DL4J's) and {@code member-m/parameters.bin}
 * (32-bit floats, big-endian). Nothing is made by Java's serialisation.
 *
 * @param options of the regressor
 * @param ensemble what it learned
 * @param report how
 */
record ModelFile(RegressorOptions options, FittedEnsemble ensemble, FitReport report) {
  private static final String KIND = "a model of mdn4j's MixtureRegressor";
  private static final String FORMAT = "mdn4j-mixture-regressor";
  private static final int FORMAT_VERSION = 1;
  private static final String MODEL = "model.json";

  /** What {@code model.json} holds. */
  private record Model(
      @JsonProperty("format") String format,
      @JsonProperty("formatVersion") int formatVersion,
      @JsonProperty("versions") Map<String, String> versions,
      @JsonProperty("options") RegressorOptions options,
      @JsonProperty("features") Standardization features,
      @JsonProperty("targets") Standardization targets,
      @JsonProperty("report") FitReport report) {}

  /**
   * Writes a file whole, or leaves an older one as it was.
   *
   * @throws IOException if it cannot be written
   */
  void write(Path file) throws IOException {
    try (FileWriter writer = new FileWriter(file)) {
      writer.text(
          MODEL,
          SafeJson.write(
              new Model(
                  FORMAT,
                  FORMAT_VERSION,
                  versions(),
                  options,
                  ensemble.features(),
                  ensemble.targets(),
                  report)));
      for (int m = 0; m < ensemble.members().size(); m++) {
        MultiLayerNetwork net = ensemble.members().get(m).net();
        writer.text(configuration(m), net.getLayerWiseConfigurations().toJson());
        writer.floats(parameters(m), floats(net.params()));
      }
      writer.complete();
    }
  }

  /**
   * Reads a file.
   *
   * @param allowed classes that its configurations may name beside DL4J's, ND4J's and ours
   * @throws IOException if there is none, or it is anything else than what {@link #write} wrote
   */
  static ModelFile read(Path file, Class<?>... allowed) throws IOException {
    try (FileReader reader = new FileReader(file, KIND)) {
      try {
        Model model = model(reader);
        List<MemberNetwork> members = new ArrayList<>();
        for (int m = 0; m < model.options().members(); m++) {
          members.add(member(reader, m, model, allowed));
        }
        return new ModelFile(
            model.options(),
            new FittedEnsemble(
                model.features(),
                model.targets(),
                List.copyOf(members),
                model.report().scaleTemperature()),
            model.report());
      } catch (JsonProcessingException e) {
        throw reader.refused(e.getOriginalMessage(), e);
      }
    }
  }

  private static Model model(FileReader reader) throws IOException {
    Model model = reader.json(MODEL, FORMAT, FORMAT_VERSION, Model.class);
    boolean complete =
        model.options() != null
            && model.features() != null
            && model.targets() != null
            && model.report() != null;
    if (!complete) {
      throw reader.refused(MODEL + " lacks options, units or report", null);
    }
    double temperature = model.report().scaleTemperature();
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw reader.refused("its scaleTemperature should be positive, got " + temperature, null);
    }
    return model;
  }

  /** Checks all that a network's size follows from before it is made. */
  private static MemberNetwork member(
      FileReader reader, int member, Model model, Class<?>... allowed) throws IOException {
    int count = reader.count(parameters(member));
    String json = reader.text(configuration(member));
    MultiLayerConfiguration configuration;
    long needed = 0;
    try {
      configuration = MultiLayerConfiguration.fromJson(SafeJson.configuration(json, allowed));
      for (NeuralNetConfiguration layer : configuration.getConfs()) {
        needed = Math.addExact(needed, layer.getLayer().initializer().numParams(layer));
      }
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw reader.refused("%s: %s".formatted(configuration(member), firstLine(e)), e);
    }
    if (needed != count) {
      throw reader.refused(
          "%s should hold %d numbers, got %d".formatted(parameters(member), needed, count), null);
    }
    MixtureSpec spec = requireFits(reader, configuration, model, member);
    return MemberNetwork.of(configuration, reader.floats(parameters(member), needed), spec);
  }

  /** The form of the output, of which the bounds stand in the configuration only. */
  private static MixtureSpec requireFits(
      FileReader reader, MultiLayerConfiguration configuration, Model model, int member)
      throws IOException {
    List<Layer> layers =
        configuration.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    RegressorOptions options = model.options();
    MixtureSpec free = options.spec(model.targets().columns());
    if (!(layers.get(layers.size() - 1) instanceof MixtureDensityOutputLayer head
        && head.getSpec().withBounds(ComponentBounds.NONE).equals(free)
        && head.getSpec().bounds().isPresent() == options.bounded())) {
      throw reader.refused(
          "%s does not end in a mixture density head of %s%s"
              .formatted(configuration(member), free, options.bounded() ? " with bounds" : ""),
          null);
    }
    int inputs = model.features().columns();
    if (layers.get(0) instanceof FeedForwardLayer first && first.getNIn() != inputs) {
      throw reader.refused(
          "%s takes %d features, the units are of %d"
              .formatted(configuration(member), first.getNIn(), inputs),
          null);
    }
    return head.getSpec();
  }

  private static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("java", Runtime.version().toString());
    putVersion(versions, "deeplearning4j", MultiLayerNetwork.class);
    putVersion(versions, "nd4j", INDArray.class);
    putVersion(versions, "mdn4j", ModelFile.class);
    return versions;
  }

  private static void putVersion(Map<String, String> versions, String name, Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    versions.put(name, version == null ? "unknown" : version);
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }

  private static float[] floats(INDArray array) {
    return array.dup().data().asFloat();
  }

  private static String configuration(int member) {
    return "member-%d/configuration.json".formatted(member);
  }

  private static String parameters(int member) {
    return "member-%d/parameters.bin".formatted(member);
  }
}
