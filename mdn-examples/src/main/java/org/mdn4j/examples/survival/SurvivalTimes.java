/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.survival;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.KaplanMeier;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.eval.SurvivalScores;
import org.mdn4j.examples.kit.DataOptions;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RunParts;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example of times of which many are known only to be longer than the observation. */
@Command(
    name = "survival",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture of log-normal components and a single one on times until failure by one of"
          + " two causes, of which four in ten are censored.",
      "Writes survival.png and report.json."
    })
public final class SurvivalTimes implements Callable<SurvivalReport> {
  private static final float[] DRAWN_LOADS = {-0.8f, 0, 0.8f};
  private static final double HORIZON = 6; // where one machine in five would still be observed
  private static final int GRID = 61;
  private static final double FLOOR_PANEL = 0.05;

  @Option(names = "--components", description = "mixture components", defaultValue = "5")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "20")
  int epochs;

  @Mixin DataOptions options;

  private SurvivalTimes() {}

  /**
   * A trained network, and its predictions for the test points.
   *
   * @param spec of log-normal components: Gaussians of the logarithms, which the network was
   *     trained on, have the same parameters
   */
  private record Trained(MixtureSpec spec, DenseTraining.Result result, MixtureBatch test) {
    MixtureBatch predict(INDArray loads) {
      return MixtureBatch.of(spec, result.net().output(loads));
    }

    RunningMean nll(INDArray labels) {
      RunningMean nll = new RunningMean();
      Arrays.stream(test.logLikelihood(labels).toDoubleVector()).forEach(value -> nll.add(-value));
      return nll;
    }

    /** Returns the predicted risks: minus the medians. */
    double[] risks() {
      return test.quantile(0.5).neg().reshape(-1).toDoubleVector();
    }

    double[][] survivals(double[] grid) {
      return test.survivalCurves(grid).toDoubleMatrix();
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new SurvivalTimes(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static SurvivalReport run(String... args) throws IOException {
    return Program.parsed(new SurvivalTimes(), args).call();
  }

  @Override
  public SurvivalReport call() throws IOException {
    options.check("survival");
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(options.seed);
    SurvivalData train = draw(options.points, seeds);
    SurvivalData validation = draw(options.validationPoints, seeds);
    SurvivalData machines = draw(options.testPoints, seeds);
    parts.begin("mixture");
    Trained mixture = train(components, "1 of 2: mixture", train, validation, machines);
    parts.begin("baseline");
    Trained baseline = train(1, "2 of 2: one log-normal", train, validation, machines);
    parts.begin(
        "evaluation", String.format(Locale.ROOT, "Scoring %,d test points", options.testPoints));
    RunningMean nll = mixture.nll(machines.ends());
    RunningMean baselineNll = baseline.nll(machines.ends());
    SurvivalScores scores = SurvivalScores.of(machines.times(), machines.failed());
    double[] grid = grid();
    double[][] curves = mixture.survivals(grid);
    SurvivalPlot.Means means =
        new SurvivalPlot.Means(
            grid, means(curves), KaplanMeier.of(machines.times(), machines.failed()));
    double largestGap = 0;
    for (int i = 0; i < grid.length; i++) {
      double gap = Math.abs(means.mixture()[i] - means.observed().survival(grid[i]));
      largestGap = Math.max(largestGap, gap);
    }
    double[] trueRisks = of(machines, load -> -SurvivalData.median(load));
    double[][] trueCurves =
        DoubleStream.of(machines.loads())
            .mapToObj(
                load ->
                    DoubleStream.of(grid).map(time -> SurvivalData.survival(load, time)).toArray())
            .toArray(double[][]::new);
    SurvivalReport report =
        new SurvivalReport(
            nll.mean(),
            nll.standardError(),
            mixture.result().seconds(),
            baselineNll.mean(),
            baselineNll.standardError(),
            baseline.result().seconds(),
            SurvivalData.floorNll(FLOOR_PANEL),
            censoredShare(machines),
            scores.concordance(mixture.risks()),
            scores.concordance(baseline.risks()),
            scores.concordance(trueRisks),
            scores.integratedBrier(grid, curves),
            scores.integratedBrier(grid, baseline.survivals(grid)),
            scores.integratedBrier(grid, trueCurves),
            HORIZON,
            largestGap,
            options.points,
            options.testPoints,
            components,
            epochs,
            mixture.result().trainer().name().toLowerCase(Locale.ROOT),
            options.seed,
            draw(parts, mixture, baseline, means));
    WholeFile.writeJson(options.out.resolve("report.json"), report);
    System.out.println(report.summary());
    System.out.println(RunParts.summary(report.seconds()));
    System.out.println("Written to " + options.out);
    return report;
  }

  private Map<String, Double> draw(
      RunParts parts, Trained mixture, Trained baseline, SurvivalPlot.Means means)
      throws IOException {
    parts.begin("pictures", "Drawing");
    INDArray loads = Nd4j.createFromArray(DRAWN_LOADS).reshape(-1, 1);
    MixtureBatch predicted = mixture.predict(loads);
    MixtureBatch single = baseline.predict(loads);
    List<SurvivalPlot.Curves> curves = new ArrayList<>();
    for (int i = 0; i < DRAWN_LOADS.length; i++) {
      curves.add(new SurvivalPlot.Curves(DRAWN_LOADS[i], predicted.get(i), single.get(i)));
    }
    SurvivalPlot.write(curves, means, options.out.resolve("survival.png"));
    return parts.end();
  }

  private static SurvivalData draw(int points, UniformRandomProvider seeds) {
    return SurvivalData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private Trained train(
      int components, String name, SurvivalData train, SurvivalData validation, SurvivalData test) {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder().components(components).censored().build();
    DataSet examples = train.logarithms();
    DenseTraining.Result result =
        new DenseTraining(2, 32, epochs, 256, 0.01, 0, 0, options.seed)
            .by(options.trainer)
            .fit(
                head,
                examples,
                validation.logarithms(),
                net -> MixtureInitializer.fromLabels(net, examples.getLabels()),
                DenseTraining.Progress.printed(name, train.logJacobian()));
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(components)
            .family(ComponentFamily.LOG_NORMAL)
            .censored()
            .build();
    MixtureBatch predicted = MixtureBatch.of(spec, result.net().output(test.features()));
    return new Trained(spec, result, predicted);
  }

  private static double[] grid() {
    double[] grid = new double[GRID];
    Arrays.setAll(grid, i -> HORIZON * i / (GRID - 1));
    return grid;
  }

  private static double[] means(double[][] curves) {
    double[] means = new double[curves[0].length];
    for (double[] curve : curves) {
      for (int i = 0; i < means.length; i++) {
        means[i] += curve[i] / curves.length;
      }
    }
    return means;
  }

  private static double[] of(SurvivalData machines, DoubleUnaryOperator value) {
    return DoubleStream.of(machines.loads()).map(value).toArray();
  }

  private static double censoredShare(SurvivalData machines) {
    int censored = 0;
    for (boolean seen : machines.failed()) {
      censored += seen ? 0 : 1;
    }
    return (double) censored / machines.failed().length;
  }
}
