/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RunParts;
import org.mdn4j.examples.kit.ScaledModel;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.DensitySlicePlot;
import org.mdn4j.examples.plot.FanChart;
import org.mdn4j.examples.plot.LossPlot;
import org.mdn4j.examples.plot.PredictionPlot;
import org.mdn4j.examples.plot.PredictionPlot.Points;
import org.mdn4j.examples.plot.TemperatureAnimation;
import org.mdn4j.examples.sine.InvertedSineReport.Calibration;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The example of the inverted sine: learns it, scores the model, and draws what it has learned. The
 * network is configured by hand and trained as DL4J's {@code fit} would, to show the head in a
 * network of one's own; {@link org.mdn4j.regression.MixtureRegressor} needs none of it, and comes
 * to the same NLL.
 */
@Command(
    name = "sine",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture density network on the inverted sine and draws what it has learned.",
      "Writes prediction.png, temperatures.gif, pdf-slice.png, fan.png, calibration.png, loss.png,"
          + " report.json and report.html."
    })
public final class InvertedSine implements Callable<InvertedSineReport> {
  private static final double DATA_RANGE = 14; // of t, with room for samples around ±10.5
  private static final double SLICE_HALF_WIDTH = 0.25;
  private static final int GRID = 150;
  private static final int DRAWN = 3000;
  private static final int DRAWN_OVER_REGIONS = 800;
  private static final int TEMPERATURES = 24;

  @Option(names = "--points", description = "training points", defaultValue = "10000")
  int points;

  @Option(names = "--validation-points", description = "validation points", defaultValue = "1000")
  int validationPoints;

  @Option(names = "--test-points", description = "test points", defaultValue = "20000")
  int testPoints;

  @Option(names = "--components", description = "mixture components", defaultValue = "10")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "150")
  int epochs;

  @Option(
      names = "--engine",
      description = "engine of the likelihood: auto, fused or samediff",
      defaultValue = "auto")
  Engine engine;

  @Option(
      names = "--trainer",
      description = "trainer: auto, fused or dl4j's own fit",
      defaultValue = "auto")
  Trainer trainer;

  @Option(
      names = "--workers",
      description = "copies of the network that are trained in parallel, one thread each",
      defaultValue = "1")
  int workers;

  @Option(
      names = "--seed",
      description = "seed of the data, the initial weights and the samples",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--temperatures",
      paramLabel = "LOW,HIGH",
      split = ",",
      description = "lowest and highest temperature of the animation",
      defaultValue = "0.1,2.5")
  List<Double> temperatures;

  @Option(
      names = "--slice",
      description = "the input x at which the density is drawn",
      defaultValue = "0")
  double slice;

  @Option(
      names = "--out",
      description = "output folder",
      defaultValue = "mdn-examples/target/inverted-sine")
  Path out;

  private InvertedSine() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new InvertedSine(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static InvertedSineReport run(String... args) throws IOException {
    return Program.parsed(new InvertedSine(), args).call();
  }

  @Override
  public InvertedSineReport call() throws IOException {
    checkOptions();
    Program.requireFolder(out);
    RunParts parts = new RunParts();
    parts.begin("data");
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(seed);
    InvertedSineSets sets = InvertedSineSets.draw(points, validationPoints, testPoints, seeds);
    NormalizerStandardize standardize = sets.standardize();
    DataSet trainSet = sets.trainSet();
    DataSet validationSet = sets.validationSet();
    DataSet testSet = sets.testSet();

    double offset = Math.log(standardize.getLabelStd().getDouble(0));
    DenseTraining training = InvertedSineSets.training(epochs, seed, workers).by(trainer);
    parts.begin("mixture");
    MixtureDensityOutputLayer head = head(components);
    DenseTraining.Result mixture =
        training.fit(
            head,
            trainSet,
            validationSet,
            DenseTraining.Progress.printed("1 of 3: mixture", offset));
    parts.begin("oneGaussian");
    DenseTraining.Result gaussian =
        training.fit(
            head(1),
            trainSet,
            validationSet,
            DenseTraining.Progress.printed("2 of 3: one Gaussian", offset));
    parts.begin("oneSigma");
    DenseTraining.Result regression =
        training.fit(
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build(),
            trainSet,
            validationSet,
            DenseTraining.Progress.printed(
                "3 of 3: one sigma", error -> constantSigmaNll(error, error) + offset));

    parts.begin("evaluation", String.format(Locale.ROOT, "Scoring %,d test points", testPoints));
    ScaledModel model = new ScaledModel(mixture.net(), head.getSpec(), standardize);
    MixtureEvaluation evaluation = sets.evaluation(head.getSpec()).build();
    mixture.net().doEvaluation(new ViewIterator(testSet, 1000), evaluation);
    double nll = evaluation.nll();
    double gaussianNll = gaussian.net().score(testSet) + offset;
    double regressionNll =
        constantSigmaNll(regression.net().score(trainSet), regression.net().score(testSet))
            + offset;
    Calibration calibration = InvertedSineCalibration.of(evaluation, model.predict(slice)[0]);
    Calibration truth = InvertedSineCalibration.ofTruth(sets.test(), evaluation.levels(), slice);
    parts.begin("pictures", "Drawing");
    CalibrationPlot.write(
        evaluation.target(0).pitValues(),
        CalibrationPlot.coverages(evaluation, 0),
        out.resolve("calibration.png"));
    draw(model, sets.train(), sets.test(), seeds.nextLong());
    List<Double> trainNll = mixture.trainScores().stream().map(it -> it + offset).toList();
    List<Double> validationNll =
        mixture.validationScores().stream().map(it -> it + offset).toList();
    LossPlot.write(trainNll, validationNll, InvertedSineData.floorNll(), out.resolve("loss.png"));
    InvertedSineReport report =
        new InvertedSineReport(
            nll,
            testPoints,
            InvertedSineData.floorNll(),
            gaussianNll,
            regressionNll,
            mixture.seconds(),
            epochs,
            points,
            components,
            engine.name().toLowerCase(Locale.ROOT),
            mixture.trainer().name().toLowerCase(Locale.ROOT),
            workers,
            seed,
            parts.end(),
            calibration,
            truth);
    report.write(out.resolve("report.json"));
    InvertedSinePage.of(report, model, first(sets.train(), DRAWN), slice)
        .loss(trainNll, validationNll, report.floorNll())
        .calibration(evaluation, 0)
        .write(out.resolve("report.html"));
    System.out.println(report.summary());
    System.out.println(RunParts.summary(report.seconds()));
    System.out.println("Written to " + out);
    return report;
  }

  private void checkOptions() {
    Program.require(points >= 10, "--points: expected at least 10, got %d", points);
    Program.require(
        validationPoints >= 10,
        "--validation-points: expected at least 10, got %d",
        validationPoints);
    Program.require(testPoints >= 10, "--test-points: expected at least 10, got %d", testPoints);
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    Program.requirePositive("--workers", workers);
    Program.require(
        trainer != Trainer.FUSED || workers == 1 && engine != Engine.SAMEDIFF,
        "--trainer: expected auto or dl4j with %s, got fused",
        workers > 1 ? "several workers" : "the engine samediff");
    Program.require(Double.isFinite(slice), "--slice: expected a finite number, got %s", slice);
    Program.require(
        temperatures.size() == 2
            && 0 < temperatures.get(0)
            && temperatures.get(0) < temperatures.get(1)
            && Double.isFinite(temperatures.get(1)),
        "--temperatures: expected two numbers, 0 < LOW < HIGH, got %s",
        temperatures);
  }

  private MixtureDensityOutputLayer head(int components) {
    return new MixtureDensityOutputLayer.Builder().components(components).engine(engine).build();
  }

  /**
   * Returns the NLL of N(prediction, σ²), where σ² is the mean squared error on the training data.
   */
  private static double constantSigmaNll(double trainSquaredError, double testSquaredError) {
    return 0.5 * Math.log(2 * Math.PI * trainSquaredError)
        + 0.5 * testSquaredError / trainSquaredError;
  }

  private void draw(
      ScaledModel model, InvertedSineData train, InvertedSineData test, long sampleSeed)
      throws IOException {
    Points data = first(train, DRAWN);
    Mixture[] atData = model.predict(data.x());
    double low = Arrays.stream(train.s()).min().orElseThrow();
    double high = Arrays.stream(train.s()).max().orElseThrow();
    double[] grid =
        IntStream.range(0, GRID).mapToDouble(i -> low + (high - low) * i / (GRID - 1)).toArray();
    Mixture[] atGrid = model.predict(grid);
    FanChart.write(first(train, DRAWN_OVER_REGIONS), grid, atGrid, out.resolve("fan.png"));
    PredictionPlot.write(
        data,
        samples(data.x(), atData, Temperature.of(1), sampleSeed),
        grid,
        atGrid,
        out.resolve("prediction.png"));

    double ratio = temperatures.get(1) / temperatures.get(0);
    List<Double> steps =
        IntStream.range(0, TEMPERATURES)
            .mapToObj(i -> temperatures.get(0) * Math.pow(ratio, i / (TEMPERATURES - 1.0)))
            .toList();
    TemperatureAnimation.write(
        data,
        steps,
        tau -> samples(data.x(), atData, Temperature.of(tau), sampleSeed),
        out.resolve("temperatures.gif"));

    double[] nearby =
        IntStream.range(0, test.s().length)
            .filter(i -> Math.abs(test.s()[i] - slice) <= SLICE_HALF_WIDTH)
            .mapToDouble(i -> test.t()[i])
            .toArray();
    DensitySlicePlot.write(
        slice,
        SLICE_HALF_WIDTH,
        nearby,
        model.predict(slice)[0],
        -DATA_RANGE,
        DATA_RANGE,
        out.resolve("pdf-slice.png"));
  }

  /** Returns the first points, at most as many as do not hide what is drawn with them. */
  private static Points first(InvertedSineData data, int most) {
    int count = Math.min(most, data.s().length);
    return new Points(Arrays.copyOf(data.s(), count), Arrays.copyOf(data.t(), count));
  }

  private static Points samples(
      double[] inputs, Mixture[] mixtures, Temperature temperature, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[] samples =
        Arrays.stream(mixtures)
            .flatMapToDouble(
                mixture -> DoubleStream.of(mixture.temperature(temperature).sample(1, random)[0]))
            .toArray();
    return new Points(inputs, samples);
  }
}
