/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.demand;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.DataOptions;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RunParts;
import org.mdn4j.examples.kit.WholeFile;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example of counts with two regimes, and with weeks in which nothing can be sold. */
@Command(
    name = "demand",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a zero-inflated mixture of negative binomial components, one of Gaussians and one"
          + " Poisson distribution on weekly demand from two kinds of customers and with stock-outs.",
      "Writes season.png and report.json."
    })
public final class WeeklyDemand implements Callable<DemandReport> {
  private static final int DRAWN_POINTS = 1500;
  private static final int EVALUATED_POINTS = 2000;

  /** A dispersion so small that the variance is Poisson's. */
  private static final double NO_DISPERSION = 1e-9;

  @Option(names = "--components", description = "mixture components", defaultValue = "3")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "6")
  int epochs;

  @Mixin DataOptions options;

  private WeeklyDemand() {}

  private record Trained(MixtureSpec spec, DenseTraining.Result result) {
    MixtureBatch predict(double... weeks) {
      return MixtureBatch.of(spec, result.net().output(DemandData.features(weeks)));
    }

    /** Returns the distribution of each week. */
    Mixture[] weeks() {
      MixtureBatch predicted =
          predict(IntStream.range(0, DemandData.WEEKS).asDoubleStream().toArray());
      return IntStream.range(0, predicted.size()).mapToObj(predicted::get).toArray(Mixture[]::new);
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new WeeklyDemand(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static DemandReport run(String... args) throws IOException {
    return Program.parsed(new WeeklyDemand(), args).call();
  }

  @Override
  public DemandReport call() throws IOException {
    options.check("weekly-demand");
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(options.seed);
    DemandData training = draw(options.points, seeds);
    DataSet train = training.toDataSet();
    DataSet validation = draw(options.validationPoints, seeds).toDataSet();
    DemandData test = draw(options.testPoints, seeds);
    parts.begin("counts");
    MixtureSpecBuilder counts =
        MixtureSpec.builder()
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .components(components)
            .atoms(0); // stock-outs
    Trained trained = train(counts.build(), "1 of 3: counts", train, validation);
    parts.begin("gaussian");
    MixtureSpec line = MixtureSpec.builder().components(components).build();
    Mixture[] gaussian = train(line, "2 of 3: Gaussian", train, validation).weeks();
    parts.begin("poisson");
    MixtureSpec one = counts.components(1).atoms().fixedScales(NO_DISPERSION).build();
    Mixture[] poisson = train(one, "3 of 3: Poisson", train, validation).weeks();
    parts.begin(
        "evaluation", String.format(Locale.ROOT, "Scoring %,d test points", options.testPoints));
    Mixture[] weeks = trained.weeks();
    RunningMean nll = nll(test, weeks);
    RunningMean gaussianNll = nll(test, gaussian);
    RunningMean poissonNll = nll(test, poisson);
    MixtureEvaluation evaluation = new MixtureEvaluation(trained.spec());
    DataSet examples = test.first(EVALUATED_POINTS).toDataSet();
    evaluation.eval(
        examples.getLabels(),
        MixtureBatch.of(trained.spec(), trained.result().net().output(examples.getFeatures())),
        null);
    parts.begin("pictures", "Drawing");
    SeasonPlot.write(training.first(DRAWN_POINTS), weeks, options.out.resolve("season.png"));
    DemandReport report =
        new DemandReport(
            nll.mean(),
            nll.standardError(),
            trained.result().seconds(),
            gaussianNll.mean(),
            gaussianNll.standardError(),
            poissonNll.mean(),
            poissonNll.standardError(),
            DemandData.floorNll(),
            evaluation.target(0).crps(),
            evaluation.target(0).pitKs(),
            Arrays.stream(test.demands()).filter(y -> y == 0).count() / (double) options.testPoints,
            IntStream.of(test.weeks())
                .mapToDouble(w -> weeks[w].density(0))
                .average()
                .orElseThrow(),
            options.points,
            options.testPoints,
            components,
            epochs,
            trained.result().trainer().name().toLowerCase(Locale.ROOT),
            options.seed,
            parts.end());
    WholeFile.writeJson(options.out.resolve("report.json"), report);
    System.out.println(report.summary());
    System.out.println(RunParts.summary(report.seconds()));
    System.out.println("Written to " + options.out);
    return report;
  }

  private static DemandData draw(int points, UniformRandomProvider seeds) {
    return DemandData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private Trained train(MixtureSpec spec, String name, DataSet train, DataSet validation) {
    DenseTraining training =
        new DenseTraining(1, 32, epochs, 512, 0.02, 0, 0, options.seed).by(options.trainer);
    return new Trained(spec, training.fit(spec, name, train, validation));
  }

  /** Returns −log P(y), given the distribution of each week. */
  private static RunningMean nll(DemandData test, Mixture[] weeks) {
    RunningMean nll = new RunningMean();
    for (int n = 0; n < test.demands().length; n++) {
      double y = test.demands()[n];
      nll.add(-Math.log(weeks[test.weeks()[n]].probability(y - 0.5, y + 0.5)));
    }
    return nll;
  }
}
