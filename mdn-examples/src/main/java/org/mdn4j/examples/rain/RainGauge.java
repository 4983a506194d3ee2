/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.rain;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
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

/** The example of a target that is often exactly 0, and of which large values are censored. */
@Command(
    name = "rain",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture of log-normal components with an atom at 0, one of Gaussians and one"
          + " Gaussian on a gauge's daily rain: dry days, drizzle and storms, and overflows at"
          + " 100 mm.",
      "Writes rain.png and report.json."
    })
public final class RainGauge implements Callable<RainReport> {
  private static final int DRAWN_POINTS = 1500;
  private static final int EVALUATED_POINTS = 2000;

  /** Below the gauge's least reading: a Gaussian at the dry days stays a density. */
  private static final double SCALE_FLOOR = 0.02;

  @Option(names = "--components", description = "mixture components", defaultValue = "4")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "10")
  int epochs;

  @Mixin DataOptions options;

  private RainGauge() {}

  private record Trained(MixtureSpec spec, DenseTraining.Result result) {
    MixtureBatch predict(int... days) {
      return MixtureBatch.of(spec, result.net().output(RainData.features(days)));
    }

    /** Returns the distribution of each day. */
    Mixture[] days() {
      MixtureBatch predicted = predict(IntStream.range(0, RainData.DAYS).toArray());
      return IntStream.range(0, predicted.size()).mapToObj(predicted::get).toArray(Mixture[]::new);
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new RainGauge(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static RainReport run(String... args) throws IOException {
    return Program.parsed(new RainGauge(), args).call();
  }

  @Override
  public RainReport call() throws IOException {
    options.check("rain");
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(options.seed);
    RainData train = draw(options.points, seeds);
    RainData validation = draw(options.validationPoints, seeds);
    RainData test = draw(options.testPoints, seeds);
    parts.begin("rain");
    MixtureSpec known =
        MixtureSpec.builder()
            .family(ComponentFamily.LOG_NORMAL)
            .components(components)
            .atoms(0) // dry days
            .censored() // overflows
            .build();
    Trained trained =
        train(known, "1 of 3: atom and censoring", train.asKnown(), validation.asKnown());
    parts.begin("gaussian");
    Mixture[] gaussian = gaussians(components, "2 of 3: Gaussian mixture", train, validation);
    parts.begin("single");
    Mixture[] single = gaussians(1, "3 of 3: one Gaussian", train, validation);
    parts.begin(
        "evaluation", String.format(Locale.ROOT, "Scoring %,d test points", options.testPoints));
    Mixture[] days = trained.days();
    RunningMean nll = nll(test, days);
    RunningMean gaussianNll = nll(test, gaussian);
    RunningMean singleNll = nll(test, single);
    MixtureEvaluation evaluation = new MixtureEvaluation(known);
    RainData evaluated = test.first(EVALUATED_POINTS);
    evaluation.eval(evaluated.asKnown().getLabels(), trained.predict(evaluated.days()), null);
    parts.begin("pictures", "Drawing");
    RainPlot.write(train.first(DRAWN_POINTS), days, gaussian, options.out.resolve("rain.png"));
    RainReport report =
        new RainReport(
            nll.mean(),
            nll.standardError(),
            trained.result().seconds(),
            gaussianNll.mean(),
            gaussianNll.standardError(),
            singleNll.mean(),
            singleNll.standardError(),
            nll(test, RainData.truths()).mean(),
            RainData.floorNll(0.1),
            test.share(0),
            mean(test, days, rain -> rain.cdf(RainData.LEAST)),
            test.share(RainData.MOST),
            mean(test, days, rain -> rain.survival(RainData.MOST)),
            evaluation.target(0).pitKs(),
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

  private static RainData draw(int points, UniformRandomProvider seeds) {
    return RainData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  /** Returns the days' distributions by Gaussians that take the readings for numbers. */
  private Mixture[] gaussians(int count, String name, RainData train, RainData validation) {
    MixtureSpec spec = MixtureSpec.builder().components(count).scaleFloor(SCALE_FLOOR).build();
    return train(spec, name, train.asNumbers(), validation.asNumbers()).days();
  }

  private Trained train(MixtureSpec spec, String name, DataSet train, DataSet validation) {
    DenseTraining training =
        new DenseTraining(1, 32, epochs, 512, 0.02, 0, 0, options.seed).by(options.trainer);
    return new Trained(spec, training.fit(spec, name, train, validation));
  }

  private static RunningMean nll(RainData test, Mixture[] days) {
    RunningMean nll = new RunningMean();
    for (int n = 0; n < test.days().length; n++) {
      nll.add(RainData.nll(days[test.days()[n]], test.readings()[n]));
    }
    return nll;
  }

  private static double mean(RainData test, Mixture[] days, ToDoubleFunction<Mixture> value) {
    double[] perDay =
        IntStream.range(0, days.length).mapToDouble(d -> value.applyAsDouble(days[d])).toArray();
    return IntStream.of(test.days()).mapToDouble(d -> perDay[d]).average().orElseThrow();
  }
}
