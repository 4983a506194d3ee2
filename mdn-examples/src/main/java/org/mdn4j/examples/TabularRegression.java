/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.plot.ObservedPredictedPlot;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Learns the distribution of one column of a CSV file given all others.
 *
 * <pre>{@code
 * TabularRegression --csv houses.csv --target price
 * }</pre>
 *
 * <p>The rows are split at random into training, validation and test; a mixture density network and
 * the same network with one Gaussian are trained on the standardised columns; the parameters with
 * the best validation score are kept. The negative log-likelihood (NLL) of the test rows is in nats
 * and in the target's own units: with s the standard deviation of the training rows' target,
 *
 * <pre>
 *   NLL = NLL(standardised) + log s
 * </pre>
 *
 * <p>Into the output folder go {@code model.zip} (the mixture network and the normaliser, for
 * {@link ModelSerializer}; its inputs are the columns without the target, in the file's order),
 * {@code predictions.csv} (one {@link Prediction} per test row) and {@code predictions.png}. A
 * user's mistake is one line on standard error and exit status 2, and nothing is written.
 */
@Command(
    name = "TabularRegression",
    description = "Learns the distribution of one column of a CSV file given all others.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
public final class TabularRegression implements Callable<Integer> {

  /** What to learn, how, and where to put it. */
  public static final class Options {
    /** For picocli, which fills the fields. */
    public Options() {}

    @Option(
        names = "--csv",
        required = true,
        paramLabel = "FILE",
        description = "The data: numbers under a line of column names.")
    Path csv;

    @Option(
        names = "--target",
        required = true,
        paramLabel = "COLUMN",
        description = "The column to predict; all others are inputs.")
    String target;

    @Option(names = "--components", paramLabel = "K", description = "Gaussians in the mixture.")
    int components = 5;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "Where model.zip, predictions.csv and predictions.png go.")
    Path out = Path.of("mdn-examples", "target", "tabular-regression");

    @Option(
        names = "--validation-fraction",
        paramLabel = "F",
        description = "Part of the rows that chooses the best epoch.")
    double validationFraction = 0.15;

    @Option(
        names = "--test-fraction",
        paramLabel = "F",
        description = "Part of the rows that is kept for the report.")
    double testFraction = 0.15;

    @Option(names = "--hidden-layers", paramLabel = "N", description = "Hidden layers.")
    int hiddenLayers = 2;

    @Option(names = "--hidden-units", paramLabel = "N", description = "Units in each hidden layer.")
    int hiddenUnits = 50;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training rows.")
    int epochs = 200;

    @Option(
        names = "--learning-rate",
        paramLabel = "R",
        description = "Of the first step; it falls to a hundredth.")
    double learningRate = 0.003;

    @Option(
        names = "--scale-floor",
        paramLabel = "F",
        description = "Least standard deviation of a component, in those of the training target.")
    double scaleFloor = 0.02;

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Of the split, the initial weights and the shuffling.")
    long seed = 1;

    private void validate() throws InvalidInputException {
      require(components >= 1, "--components", "at least 1", components);
      require(hiddenLayers >= 1, "--hidden-layers", "at least 1", hiddenLayers);
      require(hiddenUnits >= 1, "--hidden-units", "at least 1", hiddenUnits);
      require(epochs >= 1, "--epochs", "at least 1", epochs);
      require(
          isFraction(validationFraction), "--validation-fraction", "in (0, 1)", validationFraction);
      require(isFraction(testFraction), "--test-fraction", "in (0, 1)", testFraction);
      require(
          isFraction(validationFraction + testFraction),
          "--validation-fraction and --test-fraction together",
          "below 1",
          validationFraction + testFraction);
      require(
          learningRate > 0 && Double.isFinite(learningRate),
          "--learning-rate",
          "positive",
          learningRate);
      require(
          scaleFloor >= 0 && Double.isFinite(scaleFloor),
          "--scale-floor",
          "at least 0",
          scaleFloor);
    }

    private static boolean isFraction(double value) {
      return value > 0 && value < 1;
    }

    private static void require(boolean condition, String option, String expected, Object given)
        throws InvalidInputException {
      if (!condition) {
        throw new InvalidInputException("%s must be %s, got %s", option, expected, given);
      }
    }
  }

  /**
   * What came out.
   *
   * @param trainingRows rows that were trained on
   * @param validationRows rows that chose the best epoch
   * @param predictions one per test row, in the file's order
   * @param testNll mean NLL of the test rows, in nats and the target's own units
   * @param baselineNll the same from one Gaussian
   */
  public record Result(
      int trainingRows,
      int validationRows,
      List<Prediction> predictions,
      double testNll,
      double baselineNll) {}

  @Mixin private final Options options = new Options();

  private TabularRegression() {}

  /**
   * Runs the command; ends the process with status 2 after a user's mistake.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String... arguments) {
    int status = execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  /** What {@link #main} does, but for ending the process. */
  static int execute(String... arguments) {
    return CommandRunner.run(new TabularRegression(), arguments);
  }

  @Override
  public Integer call() throws InvalidInputException, IOException {
    Result result = run(options);
    System.out.printf(
        "Test NLL of %d rows, in nats and units of \"%s\": mixture of %d %.4f, one Gaussian %.4f%n",
        result.predictions().size(),
        options.target,
        options.components,
        result.testNll(),
        result.baselineNll());
    System.out.println("Written to " + options.out);
    return 0;
  }

  /**
   * Reads, trains, predicts, and then writes.
   *
   * @param options what to do
   * @return the predictions and their score
   * @throws InvalidInputException if an option or the file is not usable; nothing has been written
   * @throws IOException if a file cannot be read or written
   */
  public static Result run(Options options) throws InvalidInputException, IOException {
    options.validate();
    requireWritable(options.out);
    NumericTable table = NumericTable.read(options.csv);
    int target = table.indexOf(options.target);
    RandomSplit split =
        RandomSplit.of(
            table.rows().length, options.validationFraction, options.testFraction, options.seed);
    StandardizedTable data = StandardizedTable.of(table, target, split);
    System.out.printf(
        "%s: %d rows to train on, %d for validation, %d for test%n",
        table.file().getFileName(),
        split.training().length,
        split.validation().length,
        split.test().length);
    if (!data.ignored().isEmpty()) {
      System.out.println("Ignored, because constant in training: " + data.ignored());
    }

    int[] lines = IntStream.of(split.test()).map(row -> table.lines()[row]).toArray();
    MultiLayerNetwork baseline = train("one Gaussian", 1, options, data);
    double baselineNll = meanNll(predict(baseline, data, lines));
    MultiLayerNetwork net = train("mixture", options.components, options, data);
    List<Prediction> predictions = predict(net, data, lines);
    Result result =
        new Result(
            split.training().length,
            split.validation().length,
            predictions,
            meanNll(predictions),
            baselineNll);
    write(options, net, data, result);
    return result;
  }

  private static MultiLayerNetwork train(
      String title, int components, Options options, StandardizedTable data) {
    // About thirty steps per epoch, however many rows there are.
    int minibatch = Math.max(16, data.training().numExamples() / 30);
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(components)
            .scaleFloor(options.scaleFloor)
            .build();
    return new DenseTraining(
            options.hiddenLayers,
            options.hiddenUnits,
            options.epochs,
            minibatch,
            options.learningRate,
            options.seed)
        .fit(
            head,
            data.training().copy(), // because fit shuffles it
            data.validation(),
            DenseTraining.Progress.printed(title, Math.log(data.targetDeviation())))
        .net();
  }

  private static List<Prediction> predict(
      MultiLayerNetwork net, StandardizedTable data, int[] lines) {
    DataSet test = data.test();
    MixtureDensityOutputLayer head =
        (MixtureDensityOutputLayer) net.getOutputLayer().conf().getLayer();
    MixtureBatch predicted = MixtureBatch.of(head.getSpec(), net.output(test.getFeatures()));
    INDArray logDensity = predicted.logDensity(test.getLabels()); // [N]
    INDArray mean = predicted.mean(); // [N, 1]
    INDArray variance = predicted.variance(); // [N, 1]
    double unit = data.targetDeviation();
    return IntStream.range(0, lines.length)
        .mapToObj(
            n ->
                new Prediction(
                    lines[n],
                    data.targetMean() + unit * test.getLabels().getDouble(n, 0),
                    logDensity.getDouble(n) - Math.log(unit),
                    data.targetMean() + unit * mean.getDouble(n, 0),
                    unit * Math.sqrt(variance.getDouble(n, 0))))
        .toList();
  }

  private static double meanNll(List<Prediction> predictions) {
    return -predictions.stream().mapToDouble(Prediction::logDensity).average().orElseThrow();
  }

  private static void write(
      Options options, MultiLayerNetwork net, StandardizedTable data, Result result)
      throws IOException {
    WholeFile.write(
        options.out.resolve("model.zip"),
        file -> ModelSerializer.writeModel(net, file.toFile(), false, data.normalizer()));
    WholeFile.write(
        options.out.resolve("predictions.csv"),
        file -> Prediction.writeCsv(result.predictions(), file));
    ObservedPredictedPlot.write(
        options.out.resolve("predictions.png"),
        "Test NLL %.3f (one Gaussian: %.3f)".formatted(result.testNll(), result.baselineNll()),
        options.target,
        column(result, Prediction::target),
        column(result, Prediction::mean),
        column(result, Prediction::standardDeviation));
  }

  private static double[] column(Result result, ToDoubleFunction<Prediction> value) {
    return result.predictions().stream().mapToDouble(value).toArray();
  }

  /** Looks before training whether a folder is there or can be made. */
  private static void requireWritable(Path folder) throws InvalidInputException {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new InvalidInputException(
          "Cannot write to %s: %s is not a folder that may be written to", folder, existing);
    }
  }
}
