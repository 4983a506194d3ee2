/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import static org.mdn4j.files.MalformedFileException.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ComponentBounds;
import org.mdn4j.MixtureSpec;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.NetworkJson;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.regression.columns.FrameColumns;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.Networks;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.regression.model.Trust;
import org.mdn4j.regression.report.FitReport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A fitted regressor as one zip: {@code model.json} (format, versions, options, units, report), and
 * {@code trust.json} (distances, conformal calibration), and per member {@code
 * member-m/configuration.json} (DL4J's) and {@code member-m/parameters.bin} (32-bit floats,
 * big-endian). Nothing is made by Java's serialisation.
 *
 * @param fitted what it learned
 */
public record ModelFile(Fitted fitted) {
  private static final String KIND = "a model of mdn4j's MixtureRegressor";
  private static final String FORMAT = "mdn4j-mixture-regressor";
  private static final int FORMAT_VERSION = 3;
  private static final String MODEL = "model.json";
  private static final String TRUST = "trust.json";

  /** What {@code model.json} holds. */
  private record Model(
      @JsonProperty("format") String format,
      @JsonProperty("formatVersion") int formatVersion,
      @JsonProperty("versions") Map<String, String> versions,
      @JsonProperty("options") RegressorOptions options,
      @JsonProperty("columns") FrameColumns columns,
      @JsonProperty("features") Standardization features,
      @JsonProperty("encoding") FeatureEncoding encoding,
      @JsonProperty("targets") Standardization targets,
      @JsonProperty("scaleTemperature") double scaleTemperature,
      @JsonProperty("firstScaleTemperature") double firstScaleTemperature,
      @JsonProperty("contaminations") double[] contaminations,
      @JsonProperty("report") @JsonIgnoreProperties("scaleTemperature") FitReport report) {}

  /** What {@code model.json} held otherwise in version 1: the temperature stood in the report. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Version1(@JsonProperty("report") Report report) {
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Report(@JsonProperty("scaleTemperature") double scaleTemperature) {}
  }

  /**
   * Writes a file whole, or leaves an older one as it was.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    FittedEnsemble ensemble = fitted.ensemble();
    FileWriter.write(
        file,
        writer -> {
          writer.json(
              MODEL,
              new Model(
                  FORMAT,
                  FORMAT_VERSION,
                  versions(),
                  fitted.options(),
                  ensemble.columns(),
                  ensemble.features(),
                  ensemble.encoding(),
                  ensemble.targets(),
                  ensemble.scaleTemperature(),
                  ensemble.firstScaleTemperature(),
                  ensemble.members().stream().mapToDouble(MemberNetwork::contamination).toArray(),
                  fitted.report()));
          writer.json(TRUST, fitted.trust());
          for (int m = 0; m < ensemble.members().size(); m++) {
            MultiLayerNetwork net = ensemble.members().get(m).net();
            writer.text(configuration(m), net.getLayerWiseConfigurations().toJson());
            writer.floats(parameters(m), floats(net.params()));
          }
        });
  }

  /**
   * Reads a model from a file, and predicts once with it.
   *
   * @param allowed classes that its configurations may name beside DL4J's, ND4J's and ours
   * @throws IOException if there is none, or it is anything else than what {@link #write} wrote
   */
  public static ModelFile read(Path file, Class<?>... allowed) throws IOException {
    return FileReader.read(file, KIND, reader -> read(reader, allowed));
  }

  private static ModelFile read(FileReader reader, Class<?>... allowed)
      throws MalformedFileException {
    Model model = model(reader);
    requireTrunk(model, reader.count(parameters(0)), allowed);
    List<MemberNetwork> members = new ArrayList<>();
    for (int m = 0; m < model.options().members(); m++) {
      members.add(member(reader, m, model, allowed));
    }
    require(
        model.report().members().size() == members.size(),
        "its report should be of %d members, got %d",
        members.size(),
        model.report().members().size());
    require(
        model.contaminations() == null || model.contaminations().length == members.size(),
        "its contaminations should be of %d members, got %s",
        members.size(),
        Arrays.toString(model.contaminations()));
    FittedEnsemble ensemble =
        new FittedEnsemble(
            model.columns(),
            model.features(),
            model.encoding(),
            model.targets(),
            List.copyOf(members),
            model.scaleTemperature(),
            model.firstScaleTemperature(),
            model.options().atoms());
    requirePredicts(ensemble);
    Trust trust = model.formatVersion() < 3 ? Trust.NONE : reader.json(TRUST, Trust.class);
    requireTrust(trust, model);
    return new ModelFile(new Fitted(model.options(), ensemble, model.report(), trust));
  }

  private static Model model(FileReader reader) throws MalformedFileException {
    int version = reader.version(MODEL, FORMAT, FORMAT_VERSION);
    Model model = reader.json(MODEL, Model.class);
    FitReport report = model.report();
    require(
        model.options() != null
            && model.features() != null
            && model.targets() != null
            && report != null
            && hasAllParts(report),
        MODEL + " lacks options, units or report");
    require(
        model.features().columns() >= 1
            && model.targets().columns() >= 1
            && Arrays.stream(model.targets().deviations()).allMatch(s -> s > 0),
        "it should have features, and targets of a positive deviation, got %s and %s",
        Arrays.toString(model.features().deviations()),
        Arrays.toString(model.targets().deviations()));
    FrameColumns columns = model.columns();
    require(
        columns == null
            || (columns.numbers() == model.features().columns()
                && columns.targets().size()
                    == model.options().columnsPerTarget() * model.targets().columns()),
        "its columns should give %d numbers and %d targets",
        model.features().columns(),
        model.targets().columns());
    double temperature =
        version == 1
            ? reader.json(MODEL, Version1.class).report().scaleTemperature()
            : model.scaleTemperature();
    require(
        temperature > 0 && Double.isFinite(temperature),
        "its scaleTemperature should be positive, got %s",
        temperature);
    double ofFirst = model.firstScaleTemperature();
    require(
        ofFirst >= 0 && Double.isFinite(ofFirst),
        "its firstScaleTemperature should be positive, got %s",
        ofFirst);
    FeatureEncoding encoding =
        version == 1 ? FeatureEncoding.none(model.features().columns()) : model.encoding();
    require(
        encoding != null && encoding.features() == model.features().columns(),
        "it should have an encoding of its %d features",
        model.features().columns());
    return new Model(
        FORMAT,
        version,
        model.versions(),
        model.options(),
        model.columns(),
        model.features(),
        encoding,
        model.targets(),
        temperature,
        ofFirst == 0 ? 1 : ofFirst, // files from before it was calibrated
        model.contaminations(),
        report);
  }

  /** Returns ε of a member's predictions; 0 in files from before there was any. */
  private static double contamination(Model model, int member) throws MalformedFileException {
    double[] shares = model.contaminations();
    require(
        shares == null || (member < shares.length && 0 <= shares[member] && shares[member] < 1),
        "its contaminations should be in [0, 1), one for each member, got %s",
        Arrays.toString(shares));
    return shares == null ? 0 : shares[member];
  }

  private static void requireTrust(Trust trust, Model model) throws MalformedFileException {
    require(
        (trust.distance() == null || trust.distance().units().length == model.features().columns())
            && (trust.conformal() == null
                || trust.conformal().tails().length == model.targets().columns())
            && (trust.groups() == null || trust.conformal() != null),
        "%s should be of %d features and %d targets",
        TRUST,
        model.features().columns(),
        model.targets().columns());
  }

  private static boolean hasAllParts(FitReport report) {
    return report.noise() != null
        && report.trials() != null
        && report.trials().stream().allMatch(trial -> trial != null && trial.noise() != null)
        && report.members() != null
        && report.members().stream().allMatch(member -> member != null && member.curve() != null)
        && report.members().stream()
            .flatMap(member -> member.curve().stream())
            .allMatch(Objects::nonNull);
  }

  /** Checks the trunk: a fit would make a network of it, so it must be the members'. */
  private static void requireTrunk(Model model, int count, Class<?>... allowed)
      throws MalformedFileException {
    String trunk = model.options().trunk();
    if (trunk == null) {
      return;
    }
    String what = "the trunk of its options";
    guarded(what, () -> NetworkJson.layersOfRows(trunk, allowed));
    long needed =
        guarded(
            what,
            () ->
                NetworkJson.parameters(
                    Networks.configuration(
                        model.options(),
                        model.encoding().outputs(),
                        spec(model),
                        model.options().seed()),
                    count));
    require(
        needed == count,
        "%s makes networks of %d parameters, got %d in %s",
        what,
        needed,
        count,
        parameters(0));
  }

  /** Checks all that a network's size follows from before it is made. */
  private static MemberNetwork member(
      FileReader reader, int member, Model model, Class<?>... allowed)
      throws MalformedFileException {
    int count = reader.count(parameters(member));
    String json = reader.text(configuration(member));
    String what = configuration(member);
    MultiLayerConfiguration configuration =
        guarded(what, () -> NetworkJson.layersOfRows(json, allowed));
    long needed =
        guarded(
            "%s should hold the numbers of %s".formatted(parameters(member), what),
            () -> NetworkJson.parameters(configuration, count));
    require(
        needed == count, "%s should hold %d numbers, got %d", parameters(member), needed, count);
    MixtureSpec spec = requireFits(configuration, model, what);
    float[] parameters = reader.floats(parameters(member), needed);
    double contamination = contamination(model, member);
    return guarded(what, () -> MemberNetwork.of(configuration, parameters, spec, contamination));
  }

  /** Returns the form of the output without bounds. */
  private static MixtureSpec spec(Model model) {
    RegressorOptions options = model.options();
    return options.spec(model.targets().columns(), model.targets().apply(options.atoms()));
  }

  /** Returns the form of the output, of which the bounds stand in the configuration only. */
  private static MixtureSpec requireFits(
      MultiLayerConfiguration configuration, Model model, String what)
      throws MalformedFileException {
    RegressorOptions options = model.options();
    int inputs = model.encoding().outputs();
    MixtureSpec free = spec(model);
    List<Layer> layers =
        configuration.getConfs().stream().map(NeuralNetConfiguration::getLayer).toList();
    if (!(layers.get(layers.size() - 1) instanceof MixtureDensityOutputLayer head
        && head.getLossFn() instanceof LossMixtureNLL loss
        && loss.getSpec().bounds().isPresent() == options.bounded()
        && loss.getSpec().withBounds(ComponentBounds.NONE).equals(free))) {
      throw new MalformedFileException(
          "%s does not end in a mixture density head of %s%s"
              .formatted(what, free, options.bounded() ? " with bounds" : ""));
    }
    require(
        configuration.getDataType() == DataType.FLOAT,
        "%s should be of type FLOAT, got %s",
        what,
        configuration.getDataType());
    if (layers.get(0) instanceof FeedForwardLayer first && first.getNIn() > 0) {
      require(
          first.getNIn() == inputs,
          "%s takes %d inputs, the features are encoded in %d",
          what,
          first.getNIn(),
          inputs);
    }
    return head.getSpec();
  }

  /**
   * Checks a prediction: what cannot predict the middle of its training data, in numbers, predicts
   * nothing.
   */
  private static void requirePredicts(FittedEnsemble ensemble) throws MalformedFileException {
    double[] mean =
        guarded(
            "it does not predict",
            () ->
                ensemble
                    .predictNumbers(
                        Table.of("features", new double[][] {ensemble.features().means()}))
                    .get(0)
                    .mean());
    require(
        Arrays.stream(mean).allMatch(Double::isFinite),
        "it predicts %s, expected finite numbers",
        Arrays.toString(mean));
  }

  private interface Step<T> {
    T run() throws MalformedFileException;
  }

  /** Runs a step in which DL4J throws exceptions of many kinds for what it does not know. */
  private static <T> T guarded(String what, Step<T> step) throws MalformedFileException {
    try {
      return step.run();
    } catch (MalformedFileException | RuntimeException e) {
      throw new MalformedFileException(
          "%s: %s".formatted(what, MalformedFileException.firstLine(e)), e);
    }
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

  private static float[] floats(INDArray array) {
    return array.dup().data().asFloat();
  }

  private static String configuration(int member) {
    return "member-%s/configuration.json".formatted(member);
  }

  private static String parameters(int member) {
    return "member-%s/parameters.bin".formatted(member);
  }
}
