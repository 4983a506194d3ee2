/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.DataOptions;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.sine.StartComparisonReport.Run;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The comparison of the head's own start with the one from the labels, on the inverted sine. */
@Command(
    name = "starts",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains on the inverted sine from the head's own start and from the labels"
          + " (MixtureInitializer), with several seeds.",
      "Prints the test NLL and the number of components that no test point needs, early and at the"
          + " end, and writes them to start-comparison.json."
    })
public final class StartComparison implements Callable<StartComparisonReport> {
  static final String DEFAULT_START = "default";
  static final String START_FROM_LABELS = "labels";

  @Option(names = "--seeds", description = "number of seeds, from --seed on", defaultValue = "10")
  int seeds;

  @Option(names = "--components", description = "mixture components", defaultValue = "10")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "150")
  int epochs;

  @Option(
      names = "--early",
      description = "the epoch after which the scores are taken for the first time",
      defaultValue = "10")
  int early;

  @Mixin DataOptions options = new DataOptions(10_000, 1_000);

  private StartComparison() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new StartComparison(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code start-comparison.json} says
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static StartComparisonReport run(String... args) throws IOException {
    return Program.parsed(new StartComparison(), args).call();
  }

  @Override
  public StartComparisonReport call() throws IOException {
    options.check("start-comparison");
    Program.requirePositive("--seeds", seeds);
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    Program.require(
        1 <= early && early <= epochs,
        "--early: expected an epoch from 1 to %d, got %d",
        epochs,
        early);
    List<Run> runs = new ArrayList<>();
    System.out.println(StartComparisonReport.header(early, epochs));
    for (long seed = options.seed; seed < options.seed + seeds; seed++) {
      InvertedSineSets sets =
          InvertedSineSets.draw(
              options.points,
              options.validationPoints,
              options.testPoints,
              RandomSource.SPLIT_MIX_64.create(seed));
      runs.add(train(seed, DEFAULT_START, sets, net -> {}));
      System.out.println(runs.get(runs.size() - 1).line());
      runs.add(
          train(
              seed,
              START_FROM_LABELS,
              sets,
              net -> MixtureInitializer.fromLabels(net, sets.trainSet().getLabels())));
      System.out.println(runs.get(runs.size() - 1).line());
    }
    StartComparisonReport report =
        StartComparisonReport.of(
            epochs, early, options.points, options.testPoints, components, runs);
    report.write(options.out.resolve("start-comparison.json"));
    System.out.println(report.summary());
    System.out.println("Written to " + options.out);
    return report;
  }

  private Run train(
      long seed, String name, InvertedSineSets sets, Consumer<MultiLayerNetwork> start) {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder().components(components).targets(1).build();
    MixtureEvaluation atEarly = sets.evaluation(head.getSpec()).levels().build();
    MixtureEvaluation atEnd = atEarly.newInstance();
    MultiLayerNetwork[] inTraining = new MultiLayerNetwork[1];
    DenseTraining.Result result =
        InvertedSineSets.training(epochs, seed)
            .by(options.trainer)
            .fit(
                head,
                sets.trainSet(),
                sets.validationSet(),
                net -> {
                  start.accept(net);
                  inTraining[0] = net;
                },
                (epoch, of, train, validation, left) -> {
                  if (epoch == early) {
                    evaluate(inTraining[0], sets, atEarly);
                  }
                });
    evaluate(result.net(), sets, atEnd);
    return new Run(
        seed,
        name,
        atEarly.nll(),
        atEarly.unusedComponents().length,
        atEnd.nll(),
        atEnd.unusedComponents().length,
        result.seconds());
  }

  private static void evaluate(
      MultiLayerNetwork net, InvertedSineSets sets, MixtureEvaluation evaluation) {
    evaluation.eval(sets.testSet().getLabels(), net.output(sets.testSet().getFeatures()));
  }
}
