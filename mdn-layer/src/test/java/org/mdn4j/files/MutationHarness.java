/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.keras.KerasArchives;
import org.mdn4j.keras.KerasMixtureImport;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.migration.MixtureDensityMigration;
import org.mdn4j.regression.CheckpointFiles;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;

/**
 * Reads damaged files, and counts what comes of them: an object that works, or a refusal in a
 * sentence. Anything else, a class of {@link Traps}, or more than two seconds, is a fault, and its
 * file is kept. Run as a program of its own, because a fault may be the end of it:
 *
 * <pre>MutationHarness FOLDER COUNT SEED KIND…</pre>
 */
final class MutationHarness {
  private static final double LIMIT_SECONDS = 2;
  private static final double HANG_SECONDS = 60;
  private static final com.sun.management.OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  private final Path folder;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private double longest;
  private double reading;
  private volatile long since = Long.MAX_VALUE;

  private MutationHarness(Path folder) {
    this.folder = folder;
  }

  /** What files there are. */
  enum Kind {
    MODEL,
    CHECKPOINT,
    KERAS,
    LAYERS,
    NETWORK,
    JSON
  }

  private interface Reading {
    void read(Path file) throws Exception;
  }

  /** A file to damage, how, and what reads it. */
  private record Subject(byte[] original, Damage damage, Reading reading) {}

  private interface Damage {
    byte[] apply(Mutations mutations, byte[] original) throws IOException;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    long seed = Long.parseLong(arguments[2]);
    for (String kind : Arrays.asList(arguments).subList(3, arguments.length)) {
      MutationHarness harness = new MutationHarness(folder);
      harness.watch();
      harness.run(harness.subjects(Kind.valueOf(kind)), count, seed);
      System.out.printf(
          Locale.ROOT,
          "%s: %d files, %s; %.1f s to read them, the longest %.2f s%n",
          kind,
          count,
          harness.outcomes,
          harness.reading,
          harness.longest);
    }
  }

  /** Ends the program where a file holds it up. */
  private void watch() {
    Thread watch =
        new Thread(
            () -> {
              while (true) {
                if ((System.nanoTime() - since) / 1e9 > HANG_SECONDS) {
                  System.out.println("HANG " + folder);
                  Runtime.getRuntime().halt(3);
                }
                try {
                  Thread.sleep(500);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    watch.setDaemon(true);
    watch.start();
  }

  private void run(List<Subject> subjects, int count, long seed) throws IOException {
    Path file = folder.resolve("damaged");
    for (Subject subject : subjects) { // as they are, they are read; and all is warm
      Files.write(file, subject.original());
      String outcome = outcome(subject.reading(), file);
      if (!outcome.equals("works")) {
        throw new IllegalStateException("The undamaged file: " + outcome);
      }
    }
    for (int i = 0; i < count; i++) {
      Subject subject = subjects.get(i % subjects.size());
      byte[] damaged = subject.damage().apply(new Mutations(seed + i), subject.original());
      Files.write(file, damaged);
      since = System.nanoTime();
      long cpu = PROCESS.getProcessCpuTime();
      String outcome = outcome(subject.reading(), file);
      double seconds = (System.nanoTime() - since) / 1e9;
      longest = Math.max(longest, seconds);
      reading += seconds;
      double cpuSeconds = (PROCESS.getProcessCpuTime() - cpu) / 1e9;
      since = Long.MAX_VALUE;
      if (Math.min(seconds, cpuSeconds) > LIMIT_SECONDS) { // the machine may have been busy
        outcome = String.format(Locale.ROOT, "FAULT %.1f s", seconds);
      }
      if (outcome.startsWith("FAULT")) {
        Files.copy(file, folder.resolve("fault-" + (seed + i)));
        System.out.println(seed + i + " " + outcome);
      }
      outcomes.merge(outcome.split(":")[0], 1, Integer::sum);
    }
  }

  private static String outcome(Reading reading, Path file) {
    String outcome;
    try {
      reading.read(file);
      outcome = "works";
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      outcome = isSentence(e) ? "refused" : "FAULT no sentence: " + e;
    } catch (Throwable e) {
      outcome = "FAULT " + e.getClass().getName() + ": " + e.getMessage() + at(e);
    }
    return Traps.sprung() == null ? outcome : "FAULT trap " + Traps.sprung();
  }

  private static String at(Throwable e) {
    StringBuilder places = new StringBuilder();
    for (int i = 0; i < Math.min(8, e.getStackTrace().length); i++) {
      places.append("\n    ").append(e.getStackTrace()[i]);
    }
    return places.toString();
  }

  /** It names the file or what was expected, and is not a virtual machine's explanation. */
  private static boolean isSentence(Exception e) {
    String message = e.getMessage();
    return message != null
        && message.lines().count() == 1
        && message.split(" ").length >= 4
        && !message.contains("NullPointer")
        && !message.contains("Cannot invoke")
        && !message.contains("out of bounds")
        && !message.contains("cannot be cast");
  }

  private List<Subject> subjects(Kind kind) throws Exception {
    return switch (kind) {
      case MODEL -> models();
      case CHECKPOINT -> checkpoints();
      case KERAS -> keras();
      case LAYERS -> layersOfKeras();
      case NETWORK -> networks();
      case JSON -> texts();
    };
  }

  private List<Subject> models() throws IOException {
    double[][] features = new double[20][2];
    double[][] targets = new double[20][1];
    for (int n = 0; n < features.length; n++) {
      features[n] = new double[] {Math.sin(n), n};
      targets[n][0] = Math.cos(5 * n);
    }
    MultiLayerConfiguration trunk =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new DenseLayer.Builder().nOut(6).activation(Activation.RELU).build())
            .layer(new BatchNormalization())
            .layer(new DropoutLayer(0.9))
            .validateOutputLayerConfig(false)
            .build();
    Path file = folder.resolve("model");
    List<Subject> subjects = new ArrayList<>();
    for (MixtureRegressorBuilder builder :
        List.of(MixtureRegressor.builder().ensemble(2), MixtureRegressor.builder().trunk(trunk))) {
      builder
          .components(2)
          .maxEpochs(3)
          .noise(NoiseLevel.NONE)
          .quiet()
          .build()
          .fit(features, targets)
          .save(file);
      subjects.add(
          new Subject(
              Files.readAllBytes(file),
              Mutations::zip,
              damaged -> MixtureRegressor.load(damaged).predict(new double[][] {features[0]})));
    }
    subjects.add(frameModel(file));
    subjects.add(calibratedModel(file));
    for (String name : List.of("atoms.zip", "censored.zip", "counts.zip")) {
      try (InputStream frozen = MixtureRegressor.class.getResourceAsStream(name)) {
        subjects.add(
            new Subject(
                frozen.readAllBytes(),
                Mutations::zip,
                damaged -> MixtureRegressor.load(damaged).predict(new double[][] {{2}})));
      }
    }
    return subjects;
  }

  /** Fitted to columns of all kinds, with missing cells and without, common and rare categories. */
  private static Subject frameModel(Path file) throws IOException {
    int rows = 40;
    double[] area = new double[rows];
    String[] town = new String[rows];
    Boolean[] garden = new Boolean[rows];
    LocalDate[] sold = new LocalDate[rows];
    double[] price = new double[rows];
    for (int n = 0; n < rows; n++) {
      area[n] = n % 4 == 0 ? Double.NaN : n;
      town[n] = n % 3 == 0 ? "rare " + n : "town " + n % 3;
      garden[n] = n % 5 < 2;
      sold[n] = LocalDate.of(2024, 1, 1).plusDays(17 * n);
      price[n] = Math.cos(5 * n);
    }
    Frame frame =
        Frame.builder()
            .numbers("area", area)
            .categories("town", town)
            .booleans("garden", garden)
            .dates("sold", sold)
            .numbers("price", price)
            .build();
    MixtureRegressor.builder()
        .components(2)
        .maxEpochs(3)
        .noise(NoiseLevel.NONE)
        .bins(3)
        .quiet()
        .build()
        .fit(frame, "price")
        .save(file);
    Frame unknown =
        Frame.builder()
            .numbers("area", Double.NaN)
            .categories("town", "new")
            .booleans("garden", (Boolean) null)
            .dates("sold", (LocalDate) null)
            .build();
    return new Subject(
        Files.readAllBytes(file),
        Mutations::zip,
        damaged -> MixtureRegressor.load(damaged).predict(unknown));
  }

  /** An ensemble with atoms and weights, calibrated in groups; all that it can say is asked. */
  private static Subject calibratedModel(Path file) throws IOException {
    int rows = 60;
    double[] area = new double[rows];
    String[] town = new String[rows];
    double[] weight = new double[rows];
    double[] rain = new double[rows];
    for (int n = 0; n < rows; n++) {
      area[n] = Math.sin(n);
      town[n] = n % 2 == 0 ? "Ulm" : "Bonn";
      weight[n] = 1 + n % 3;
      rain[n] = n % 4 == 0 ? 0 : 2 + Math.cos(5 * n);
    }
    Frame frame =
        Frame.builder()
            .numbers("area", area)
            .categories("town", town)
            .numbers("weight", weight)
            .numbers("rain", rain)
            .build();
    MixtureRegressor.builder()
        .components(2)
        .ensemble(2)
        .maxEpochs(3)
        .noise(NoiseLevel.NONE)
        .bins(3)
        .quiet()
        .build()
        .fit(frame, ColumnRoles.targets("rain").weights("weight"))
        .conformalize(frame, "town")
        .save(file);
    Frame asked = frame.select(new int[] {0, 1});
    return new Subject(
        Files.readAllBytes(file),
        Mutations::zip,
        damaged -> {
          MixtureRegressor loaded = MixtureRegressor.load(damaged);
          loaded.evaluate(asked);
          loaded.toJson();
          loaded.trust().uncertainty(asked).memberVariance();
          if (loaded.trust().isConformal()) {
            loaded.trust().intervals(asked, 0.8);
            loaded.trust().regions(asked, 0.8);
            loaded.trust().summary(asked);
            loaded.trust().typicality(asked);
          }
        });
  }

  /** Of a fit that is done, and of two that were stopped; every fiftieth goes on to its end. */
  private List<Subject> checkpoints() throws IOException {
    CheckpointFiles files = new CheckpointFiles();
    Path done = folder.resolve("done");
    files.writeDone(done);
    Path stopped = folder.resolve("stopped");
    files.writeStopped(stopped);
    Path onAllRows = folder.resolve("stopped-on-all-rows");
    files.writeStoppedOnAllRows(onAllRows);
    int[] read = new int[1];
    List<Subject> subjects = new ArrayList<>();
    for (Path file : List.of(done, stopped, onAllRows)) {
      subjects.add(
          new Subject(
              Files.readAllBytes(file),
              Mutations::zip,
              damaged -> {
                files.read(damaged);
                if (read[0]++ % 50 == 0) {
                  files.resume(damaged);
                }
              }));
    }
    return subjects;
  }

  private static byte[] resource(String name) throws IOException {
    try (var in = MutationHarness.class.getResourceAsStream("/keras/" + name)) {
      return in.readAllBytes();
    }
  }

  private static List<Subject> keras() throws IOException {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(3)
            .targets(2)
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(7).build())
                .layer(new DenseLayer.Builder().nIn(7).nOut(6).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(6).spec(spec).build())
                .build());
    net.init();
    return List.of(
        new Subject(resource("dense.h5"), Mutations::bytes, KerasMixtureImport::importSequential),
        new Subject(resource("dense.keras"), Mutations::zip, KerasMixtureImport::importSequential),
        new Subject(resource("lstm.keras"), Mutations::zip, KerasMixtureImport::importGraph),
        new Subject(
            resource("dense.weights.h5"),
            Mutations::bytes,
            file -> KerasMixtureImport.importWeights(net, file)));
  }

  /** Of every layer and operator that is known. */
  private List<Subject> layersOfKeras() throws IOException {
    return KerasArchives.all(folder).stream()
        .map(
            archive ->
                new Subject(
                    archive.bytes(),
                    Mutations::zip,
                    archive.isFunctional()
                        ? KerasMixtureImport::importGraph
                        : KerasMixtureImport::importSequential))
        .toList();
  }

  private List<Subject> networks() throws IOException {
    LossMixtureDensity loss = LossMixtureDensity.builder().gaussians(2).labelWidth(1).build();
    OutputLayer head =
        new OutputLayer.Builder(loss).nIn(4).nOut(6).activation(Activation.IDENTITY).build();
    DenseLayer hidden = new DenseLayer.Builder().nIn(2).nOut(4).build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder().list().layer(hidden).layer(head).build());
    net.init();
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", hidden, "x")
                .addLayer("head", head, "hidden")
                .setOutputs("head")
                .build());
    graph.init();
    Path file = folder.resolve("network");
    List<Subject> subjects = new ArrayList<>();
    for (var model : List.of(net, graph)) {
      ModelSerializer.writeModel(model, file.toFile(), false);
      subjects.add(
          new Subject(Files.readAllBytes(file), Mutations::zip, MixtureDensityMigration::migrate));
    }
    return subjects;
  }

  private static List<Subject> texts() {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).build();
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    Nd4j.getRandom().setSeed(1);
    evaluation.eval(Nd4j.randn(5, 2), Nd4j.randn(5, spec.parameterCount()));
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(4).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(4).spec(spec).build())
                .build());
    return List.of(
        text(evaluation.toJson(), json -> MixtureEvaluation.fromJson(json).stats()),
        text(spec.toJson(), MixtureSpec::fromJson),
        text(net.getLayerWiseConfigurations().toJson(), NetworkJson::layersOfRows),
        text(net.getLayerWiseConfigurations().toJson(), NetworkJson::layers));
  }

  private interface Parsing {
    void parse(String json) throws Exception;
  }

  private static Subject text(String json, Parsing parsing) {
    return new Subject(
        json.getBytes(StandardCharsets.UTF_8),
        (mutations, original) ->
            mutations
                .json(new String(original, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8),
        file -> parsing.parse(Files.readString(file, StandardCharsets.ISO_8859_1)));
  }
}
