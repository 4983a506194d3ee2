/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.DataOptions;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RunParts;
import org.mdn4j.examples.kit.ScaledModel;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example of an arm with two links: the angles that put its hand where it was seen. */
@Command(
    name = "arm",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains mixture density networks on the inverse kinematics of an arm with two links, with full"
          + " and with diagonal covariances.",
      "Writes arm-poses.png, posterior-full.png, posterior-diagonal.png and report.json."
    })
public final class TwoLinkArm implements Callable<TwoLinkArmReport> {
  private static final double[][] DRAWN_HANDS = { // distance from the shoulder, direction
    {0.85, 0.75}, {0.92, 0.95}, {0.99, 0.6}
  };
  private static final int DRAWN_POSES = 40;
  private static final double SMALLEST_NOISE = 0.005; // finer ones need a floor of finer panels
  private static final double LARGEST_NOISE = 1; // as far as the arm reaches

  @Option(
      names = "--noise",
      description = "standard deviation of the noise on each of the hand's coordinates",
      defaultValue = "0.05")
  double noise;

  @Option(
      names = "--covariance",
      description = "train only this one: full or diagonal; both by default")
  Covariance covariance;

  @Option(names = "--components", description = "mixture components", defaultValue = "20")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "60")
  int epochs;

  @Mixin DataOptions options;

  private TwoLinkArm() {}

  private record Trained(
      ScaledModel model, MixtureEvaluation evaluation, DenseTraining.Result result) {
    double seconds() {
      return result.seconds();
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new TwoLinkArm(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static TwoLinkArmReport run(String... args) throws IOException {
    return Program.parsed(new TwoLinkArm(), args).call();
  }

  @Override
  public TwoLinkArmReport call() throws IOException {
    checkOptions();
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(options.seed);
    DataSet train = draw(options.points, seeds).toDataSet();
    DataSet validation = draw(options.validationPoints, seeds).toDataSet();
    DataSet test = draw(options.testPoints, seeds).toDataSet();
    NormalizerStandardize standardize = new NormalizerStandardize();
    standardize.fitLabel(true);
    standardize.fit(train);
    List.of(train, validation, test).forEach(standardize::transform);

    Map<Covariance, Trained> trained = new EnumMap<>(Covariance.class);
    List<Covariance> wanted =
        covariance == null ? List.of(Covariance.DIAGONAL, Covariance.FULL) : List.of(covariance);
    for (Covariance form : wanted) {
      String title = "%s of %s: %s".formatted(trained.size() + 1, wanted.size(), name(form));
      trained.put(form, train(form, title, parts, train, validation, test, standardize));
    }
    parts.begin("pictures", "Drawing");
    TwoLinkArmTruth truth = new TwoLinkArmTruth(noise);
    draw(trained, truth, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
    TwoLinkArmReport report =
        report(
            trained.get(Covariance.FULL),
            trained.get(Covariance.DIAGONAL),
            truth.floorNll(),
            parts.end());
    WholeFile.writeJson(options.out.resolve("report.json"), report);
    System.out.println(report.summary());
    System.out.println(RunParts.summary(report.seconds()));
    System.out.println("Written to " + options.out);
    return report;
  }

  private void checkOptions() {
    options.check("two-link-arm");
    Program.require(
        SMALLEST_NOISE <= noise && noise <= LARGEST_NOISE,
        "--noise: expected from %s to %s, got %s",
        SMALLEST_NOISE,
        LARGEST_NOISE,
        noise);
    Program.require(
        covariance != Covariance.SPHERICAL,
        "--covariance: expected full or diagonal, got spherical");
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
  }

  private TwoLinkArmData draw(int points, UniformRandomProvider seeds) {
    return TwoLinkArmData.draw(
        points, noise, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private Trained train(
      Covariance form,
      String title,
      RunParts parts,
      DataSet train,
      DataSet validation,
      DataSet test,
      NormalizerStandardize standardize) {
    double offset = Arrays.stream(standardize.getLabelStd().toDoubleVector()).map(Math::log).sum();
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(components)
            .targets(2)
            .covariance(form)
            .build();
    parts.begin(name(form));
    DenseTraining.Result result =
        new DenseTraining(3, 64, epochs, 256, 0.005, 0, 0, options.seed)
            .by(options.trainer)
            .fit(head, train, validation, DenseTraining.Progress.printed(title, offset));
    parts.begin(
        "evaluation", String.format(Locale.ROOT, "Scoring %,d test points", options.testPoints));
    MixtureEvaluation evaluation =
        MixtureEvaluation.builder(head.getSpec())
            .levels()
            .samples(1)
            .inOriginalUnits(standardize)
            .build();
    result.net().doEvaluation(new ViewIterator(test, 1000), evaluation);
    ScaledModel model = new ScaledModel(result.net(), head.getSpec(), standardize);
    return new Trained(model, evaluation, result);
  }

  private TwoLinkArmReport report(
      Trained full, Trained diagonal, double floor, Map<String, Double> seconds) {
    return new TwoLinkArmReport(
        figure(full, it -> it.evaluation().nll()),
        figure(full, it -> it.evaluation().nllStandardError()),
        figure(full, Trained::seconds),
        figure(diagonal, it -> it.evaluation().nll()),
        figure(diagonal, it -> it.evaluation().nllStandardError()),
        figure(diagonal, Trained::seconds),
        floor,
        noise,
        options.points,
        options.testPoints,
        components,
        epochs,
        (full == null ? diagonal : full).result().trainer().name().toLowerCase(Locale.ROOT),
        options.seed,
        seconds);
  }

  private static Double figure(Trained trained, Function<Trained, Double> figure) {
    return trained == null ? null : figure.apply(trained);
  }

  private void draw(
      Map<Covariance, Trained> trained, TwoLinkArmTruth truth, UniformRandomProvider random)
      throws IOException {
    double[][] hands =
        Arrays.stream(DRAWN_HANDS)
            .map(it -> new double[] {it[0] * Math.cos(it[1]), it[0] * Math.sin(it[1])})
            .toArray(double[][]::new);
    List<DoubleBinaryOperator> posteriors = Arrays.stream(hands).map(truth::density).toList();
    for (Map.Entry<Covariance, Trained> entry : trained.entrySet()) {
      Path file = options.out.resolve("posterior-%s.png".formatted(name(entry.getKey())));
      Mixture[] predictions = entry.getValue().model().predict(hands);
      PosteriorPlot.write(
          name(entry.getKey()), TwoLinkArmData.RANGES, hands, posteriors, predictions, file);
    }
    Trained best = trained.getOrDefault(Covariance.FULL, trained.get(Covariance.DIAGONAL));
    double[][][] poses = // [hands][poses][2], angles
        Arrays.stream(best.model().predict(hands))
            .map(mixture -> mixture.sample(DRAWN_POSES, random))
            .toArray(double[][][]::new);
    ArmPosesPlot.write(
        hands,
        poses,
        TwoLinkArmData::elbow,
        TwoLinkArmData::hand,
        options.out.resolve("arm-poses.png"));
  }

  private static String name(Covariance form) {
    return form.name().toLowerCase(Locale.ROOT);
  }
}
