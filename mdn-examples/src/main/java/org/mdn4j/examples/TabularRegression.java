/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.plot.LossPlot;
import org.mdn4j.examples.plot.ObservedPredictedPlot;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.dataset.ViewIterator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Learns the distribution of one column of a CSV file given all others.
 *
 * <pre>{@code
 * TabularRegression --csv houses.csv --target price
 * }</pre>
 *
 * <p>The rows are split at random into training, validation and test; a mixture density network and
 * the same network with one Gaussian are trained on the standardised columns, and the parameters
 * with the best validation score are kept. The negative log-likelihood (NLL) of the test rows is in
 * nats and in the target's own units: with s the standard deviation of the training rows' target,
 *
 * <pre>
 *   NLL = NLL(standardised) + log s
 * </pre>
 *
 * <p>When all is computed, the output folder gets {@code model.zip} (the mixture network and the
 * {@code NormalizerStandardize} of features and label, for {@link ModelSerializer}; its inputs are
 * the columns but the target's, in the file's order), {@code predictions.csv} (a {@link Prediction}
 * per test row), {@code predictions.png}, {@code loss.png} and {@code report.html}, a page that
 * shows the model in the browser. A mistake in options or data ends in one line on standard error
 * and exit status 2, and nothing is written.
 */
@Command(
    name = "TabularRegression",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Learns the distribution of one column of a CSV file given all others, and writes",
      "model.zip, predictions.csv (whose rows are the lines of the file; the header is line 1),",
      "predictions.png, loss.png and report.html."
    })
public final class TabularRegression implements Callable<TabularRegression.Result> {
  /**
   * What came out.
   *
   * @param trainingRows rows that were trained on
   * @param validationRows rows that chose the best epoch
   * @param predictions one per test row, in the file's order
   * @param testNll mean NLL of the test rows, in nats and the target's own units
   * @param baselineNll the same of the network with one Gaussian
   */
  public record Result(
      int trainingRows,
      int validationRows,
      List<Prediction> predictions,
      double testNll,
      double baselineNll) {}

  private record Trained(ScaledModel model, DenseTraining.Result training) {}

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = "the data: numbers under a line of column names")
  Path csv;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      required = true,
      description = "the column to predict; all others are inputs")
  String target;

  @Option(names = "--components", description = "mixture components", defaultValue = "5")
  int components;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "output folder",
      defaultValue = "mdn-examples/target/tabular-regression")
  Path out;

  @Option(
      names = "--validation-fraction",
      description = "part of the rows that chooses the best epoch",
      defaultValue = "0.15")
  double validationFraction;

  @Option(
      names = "--test-fraction",
      description = "part of the rows that is kept for the report",
      defaultValue = "0.15")
  double testFraction;

  @Option(names = "--hidden-units", description = "units in both layers", defaultValue = "50")
  int hiddenUnits;

  @Option(names = "--epochs", description = "passes over the training rows", defaultValue = "100")
  int epochs;

  @Option(
      names = "--learning-rate",
      description = "of the first epoch; it falls to 0 along half a cosine",
      defaultValue = "0.003")
  double learningRate;

  @Option(
      names = "--scale-floor",
      description = "least standard deviation of a component, in those of the training target",
      defaultValue = "0.02")
  double scaleFloor;

  @Option(
      names = "--seed",
      description = "seed of the split, the initial weights and the shuffling",
      defaultValue = "1")
  long seed;

  private TabularRegression() {}

  /**
   * Runs the program.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new TabularRegression(), args);
  }

  /** What {@link #main} does, without ending the process: the exit status. */
  static int execute(String... args) {
    return Program.run(new TabularRegression(), args);
  }

  /**
   * Runs the program inside another one.
   *
   * @param args see {@code --help}
   * @return predictions of the test rows, and their score
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if an option or the data are not usable
   */
  public static Result run(String... args) throws IOException {
    TabularRegression program = new TabularRegression();
    new CommandLine(program).parseArgs(args);
    return program.call();
  }

  @Override
  public Result call() throws IOException {
    checkOptions();
    Program.requireFolder(out);
    NumericTable table = NumericTable.read(csv);
    int column = table.indexOf(target);
    RandomSplit split = RandomSplit.of(table.rows().length, validationFraction, testFraction, seed);
    StandardizedTable data = StandardizedTable.of(table, column, split);
    System.out.printf(
        "%d rows for training, %d for validation, %d for test%n",
        split.training().length, split.validation().length, split.test().length);
    if (!data.ignored().isEmpty()) {
      System.out.println("Ignored, because constant in training: " + data.ignored());
    }

    Trained mixture = train("mixture", components, data);
    Trained gaussian = train("one Gaussian", 1, data);
    List<Prediction> predictions = predict(mixture.model(), data, table, column, split.test());
    Result result =
        new Result(
            split.training().length,
            split.validation().length,
            predictions,
            meanNll(predictions),
            meanNll(predict(gaussian.model(), data, table, column, split.test())));
    write(mixture, data, result);
    writePage(mixture, data, table, split, result.baselineNll());
    System.out.printf(
        "Test NLL, in nats and units of \"%s\": mixture %.3f, one Gaussian %.3f%n",
        target, result.testNll(), result.baselineNll());
    System.out.println("Written to " + out);
    return result;
  }

  private void checkOptions() {
    Program.require(components >= 1, "--components: expected at least 1, got %d", components);
    Program.require(hiddenUnits >= 1, "--hidden-units: expected at least 1, got %d", hiddenUnits);
    Program.require(epochs >= 1, "--epochs: expected at least 1, got %d", epochs);
    Program.require(
        validationFraction > 0 && testFraction > 0 && validationFraction + testFraction < 1,
        "--validation-fraction, --test-fraction: expected positive, with a sum below 1, got %s, %s",
        validationFraction,
        testFraction);
    Program.require(
        learningRate > 0 && Double.isFinite(learningRate),
        "--learning-rate: expected positive, got %s",
        learningRate);
    Program.require(
        scaleFloor >= 0 && Double.isFinite(scaleFloor),
        "--scale-floor: expected at least 0, got %s",
        scaleFloor);
  }

  private Trained train(String title, int components, StandardizedTable data) {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(components)
            .scaleFloor(scaleFloor)
            .build();
    // At most about thirty steps per epoch, however many rows there are.
    int minibatch = Math.max(32, data.training().numExamples() / 30);
    DenseTraining.Result training =
        new DenseTraining(2, hiddenUnits, epochs, minibatch, learningRate, 0, 0, seed)
            .fit(
                head,
                data.training(),
                data.validation(),
                DenseTraining.Progress.printed(title, data.nllOffset()));
    return new Trained(
        new ScaledModel(training.net(), head.getSpec(), data.standardize()), training);
  }

  private static List<Prediction> predict(
      ScaledModel model, StandardizedTable data, NumericTable table, int column, int[] rows) {
    Mixture[] mixtures = model.predictStandardized(data.test().getFeatures());
    return IntStream.range(0, rows.length)
        .mapToObj(
            n -> Prediction.of(table.lines()[rows[n]], table.rows()[rows[n]][column], mixtures[n]))
        .toList();
  }

  private static double meanNll(List<Prediction> predictions) {
    return -predictions.stream().mapToDouble(Prediction::logDensity).average().orElseThrow();
  }

  private void write(Trained mixture, StandardizedTable data, Result result) throws IOException {
    ScaledModel model = mixture.model();
    WholeFile.write(
        out.resolve("model.zip"),
        file -> {
          // In two steps: writeModel with a normaliser closes its stream before it flushes it.
          ModelSerializer.writeModel(model.net(), file.toFile(), false);
          ModelSerializer.addNormalizerToModel(file.toFile(), model.standardize());
        });
    WholeFile.write(
        out.resolve("predictions.csv"), file -> Prediction.writeCsv(result.predictions(), file));
    ObservedPredictedPlot.write(
        target,
        column(result, Prediction::target),
        column(result, Prediction::mean),
        column(result, Prediction::standardDeviation),
        out.resolve("predictions.png"));
    LossPlot.write(
        nll(mixture.training().trainScores(), data),
        nll(mixture.training().validationScores(), data),
        Double.NaN,
        out.resolve("loss.png"));
  }

  private void writePage(
      Trained mixture,
      StandardizedTable data,
      NumericTable table,
      RandomSplit split,
      double baselineNll)
      throws IOException {
    ScaledModel model = mixture.model();
    MixtureEvaluation evaluation =
        MixtureEvaluation.builder(model.spec())
            .units(
                model.standardize().getLabelMean().toDoubleVector(),
                model.standardize().getLabelStd().toDoubleVector())
            .build();
    model.net().doEvaluation(new ViewIterator(data.test(), 1000), evaluation);
    TabularPage.of(table, target, split, model::predictBatch, evaluation, baselineNll)
        .seed(seed)
        .loss(
            nll(mixture.training().trainScores(), data),
            nll(mixture.training().validationScores(), data),
            Double.NaN)
        .write(out.resolve("report.html"));
  }

  private static List<Double> nll(List<Double> scores, StandardizedTable data) {
    return scores.stream().map(nll -> nll + data.nllOffset()).toList();
  }

  private static double[] column(Result result, ToDoubleFunction<Prediction> value) {
    return result.predictions().stream().mapToDouble(value).toArray();
  }
}
