/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.DataOptions;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RunParts;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The example of a direction that jumps from π to −π where most of it lies. */
@Command(
    name = "wind",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture of von Mises components and one of Gaussians on a direction whose two"
          + " regimes lie about the seam between π and −π.",
      "Writes rose.png and report.json."
    })
public final class WindDirection implements Callable<WindDirectionReport> {
  private static final float[] DRAWN_GRADIENTS = {-0.8f, 0, 0.8f};
  private static final double NEAR = 0.1; // data within this distance of a drawn gradient
  private static final double FLOOR_PANEL = 0.25;

  @Option(names = "--components", description = "mixture components", defaultValue = "2")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "20")
  int epochs;

  @Mixin DataOptions options;

  private WindDirection() {}

  private record Trained(MixtureDensityOutputLayer head, DenseTraining.Result result) {
    RunningMean nll(WindDirectionData test) {
      DataSet examples = test.toDataSet();
      RunningMean nll = new RunningMean();
      INDArray logDensity = predict(examples.getFeatures()).logDensity(examples.getLabels());
      Arrays.stream(logDensity.toDoubleVector()).forEach(value -> nll.add(-value));
      return nll;
    }

    MixtureBatch predict(INDArray gradients) {
      return MixtureBatch.of(head.getSpec(), result.net().output(gradients));
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new WindDirection(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static WindDirectionReport run(String... args) throws IOException {
    return Program.parsed(new WindDirection(), args).call();
  }

  @Override
  public WindDirectionReport call() throws IOException {
    options.check("wind-direction");
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(options.seed);
    DataSet train = draw(options.points, seeds).toDataSet();
    DataSet validation = draw(options.validationPoints, seeds).toDataSet();
    WindDirectionData test = draw(options.testPoints, seeds);
    parts.begin("vonMises");
    Trained directions = train(ComponentFamily.VON_MISES, "1 of 2: ", train, validation);
    parts.begin("gaussian");
    Trained line = train(ComponentFamily.GAUSSIAN, "2 of 2: ", train, validation);
    parts.begin(
        "evaluation", String.format(Locale.ROOT, "Scoring %,d test points", options.testPoints));
    RunningMean directionsNll = directions.nll(test);
    RunningMean lineNll = line.nll(test);
    parts.begin("pictures", "Drawing");
    RosePlot.write(roses(test, directions, line), options.out.resolve("rose.png"));
    WindDirectionReport report =
        new WindDirectionReport(
            directionsNll.mean(),
            directionsNll.standardError(),
            directions.result().seconds(),
            lineNll.mean(),
            lineNll.standardError(),
            line.result().seconds(),
            WindDirectionData.floorNll(FLOOR_PANEL),
            options.points,
            options.testPoints,
            components,
            epochs,
            trainerOf(directions),
            trainerOf(line),
            options.seed,
            parts.end());
    WholeFile.writeJson(options.out.resolve("report.json"), report);
    System.out.println(report.summary());
    System.out.println(RunParts.summary(report.seconds()));
    System.out.println("Written to " + options.out);
    return report;
  }

  private static WindDirectionData draw(int points, UniformRandomProvider seeds) {
    return WindDirectionData.draw(
        points, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private Trained train(ComponentFamily family, String number, DataSet train, DataSet validation) {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(components)
            .family(family)
            .initialRange(-Math.PI, Math.PI)
            .build();
    DenseTraining.Result result =
        new DenseTraining(2, 32, epochs, 256, 0.01, 0, 0, options.seed)
            .by(options.trainer)
            .fit(head, train, validation, DenseTraining.Progress.printed(number + name(family), 0));
    return new Trained(head, result);
  }

  private static String trainerOf(Trained trained) {
    return trained.result().trainer().name().toLowerCase(Locale.ROOT);
  }

  private static String name(ComponentFamily family) {
    return family == ComponentFamily.VON_MISES ? "von Mises" : "Gaussian";
  }

  private static List<RosePlot.Rose> roses(
      WindDirectionData data, Trained directions, Trained line) {
    INDArray drawn = Nd4j.createFromArray(DRAWN_GRADIENTS).reshape(-1, 1);
    MixtureBatch round = directions.predict(drawn);
    MixtureBatch flat = line.predict(drawn);
    return IntStream.range(0, DRAWN_GRADIENTS.length)
        .mapToObj(
            i -> {
              float gradient = DRAWN_GRADIENTS[i];
              double[] observed =
                  IntStream.range(0, data.gradients().length)
                      .filter(n -> Math.abs(data.gradients()[n] - gradient) <= NEAR)
                      .mapToDouble(n -> data.directions()[n])
                      .toArray();
              return new RosePlot.Rose(
                  String.format(Locale.ROOT, "pressure gradient %.1f", gradient),
                  observed,
                  WindDirectionData.truth(gradient),
                  round.get(i),
                  flat.get(i));
            })
        .toList();
  }
}
