/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.Estimate;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.PrintedProgress;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.ColumnSummary;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program that writes a table of thirty columns whose target has a known density: numbers,
 * categories, dates, truths, a constant, missing cells and weights, as {@link MixedProcess} states.
 * The best Gaussian of each row would lose about 0.27 nats. Rows of weight 0 are slips, a hundred
 * times too dear; the other weights, 1, 2 or 3, say nothing.
 */
@Command(
    name = "mixed",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Writes a table of all kinds of columns, whose target price has a known density: mixed.csv,"
          + " and truth.csv with the NLL of each row that no model can beat on average.",
      "Rows of weight 0 are mistakes, and have no NLL."
    })
public final class MixedTable implements Callable<Estimate> {
  private static final double SLIPS = 0.02; // share of rows
  private static final int PRICE_DIGITS = 8;

  @Option(names = "--rows", description = "rows to write", defaultValue = "50000")
  int rows;

  @Option(
      names = "--missing",
      description = "probability that a cell is missing, of all features but the constant one",
      defaultValue = "0.2")
  double missing;

  @Option(names = "--seed", description = "seed of all rows", defaultValue = "1")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "output folder",
      defaultValue = "mdn-examples/target/mixed-table")
  Path out;

  @Option(
      names = "--fit",
      description =
          "fit a regressor to four fifths of the rows too, and write its NLL of the others and theirs"
              + " by the known density to report.json, and a page that shows it, report.html")
  boolean fit;

  @Option(
      names = "--ensemble",
      paramLabel = "M",
      description = "networks that are averaged by --fit",
      defaultValue = "8")
  int ensemble;

  private MixedTable() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new MixedTable(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return the weighted mean NLL of the rows by the known density, in nats, and its standard error
   *     as an estimate of the floor of all rows to come
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static Estimate run(String... args) throws IOException {
    MixedTable program = new MixedTable();
    Program.commandLine(program).parseArgs(args);
    return program.call();
  }

  /**
   * A row.
   *
   * @param cells in which NaN is missing
   * @param price what the process gave
   * @param weight 0 for a slip
   */
  record Row(double[] cells, double price, int weight) {
    /** Returns the NLL by the known density; NaN of a slip. */
    double nll() {
      return weight == 0 ? Double.NaN : -MixedProcess.logDensity(cells, price);
    }
  }

  @Override
  public Estimate call() throws IOException {
    Program.require(rows >= 1, "--rows: expected at least 1, got %d", rows);
    Program.require(
        0 <= missing && missing <= 1, "--missing: expected a number in [0, 1], got %s", missing);
    Program.require(ensemble >= 1, "--ensemble: expected at least 1, got %d", ensemble);
    Program.requireFolder(out);
    List<Row> drawn = draw(rows, missing, seed);
    double[] nll = drawn.parallelStream().mapToDouble(Row::nll).toArray();
    write(
        out.resolve("mixed.csv"),
        Stream.concat(Stream.of(header()), drawn.stream().map(MixedTable::line)));
    write(
        out.resolve("truth.csv"),
        Stream.concat(
            Stream.of("row,nll"), // the line of the table
            IntStream.range(0, rows)
                .mapToObj(
                    n -> (n + 2) + "," + (Double.isNaN(nll[n]) ? "" : Digits.of(nll[n], 10)))));
    Estimate floor = floor(drawn, nll);
    System.out.printf(
        Locale.ROOT,
        "%d rows. Their mean NLL by the density that they were drawn from, weighted, is %.4f nats, that"
            + " of all rows to come %.4f ± %.4f%n",
        rows,
        floor.value(),
        floor.value(),
        floor.standardError());
    if (fit) {
      fit(drawn, nll);
    }
    System.out.println("Written to " + out);
    return floor;
  }

  /**
   * What a fit came to.
   *
   * @param testNll weighted mean NLL of the test rows, in nats
   * @param floorNll the same by the known density
   * @param testNllStandardError of the difference of both
   * @param seconds that the fit took
   * @param columns what was found in them
   */
  record FitResult(
      @JsonProperty("testNll") double testNll,
      @JsonProperty("floorNll") double floorNll,
      @JsonProperty("testNllStandardError") double testNllStandardError,
      @JsonProperty("seconds") double seconds,
      @JsonProperty("columns") List<ColumnSummary> columns) {}

  private void fit(List<Row> drawn, double[] nll) throws IOException {
    Path file = out.resolve("mixed.csv");
    CsvTable table = CsvTable.read(file, CsvDialect.DEFAULT);
    TabularData.Options columns =
        new TabularData.Options(
            TargetColumns.values(List.of("price")),
            false,
            List.of(MixedColumn.HEATING.header()),
            "weight",
            null);
    TabularData data = TabularData.of(table, table, columns, 0);
    int training = rows * 4 / 5;
    PrintedProgress progress = new PrintedProgress("the regressor");
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .seed(seed)
            .ensemble(ensemble)
            .quiet()
            .listener(progress)
            .build()
            .fit(data.only(IntStream.range(0, training).toArray()).frame(), data.roles());
    int[] test =
        IntStream.range(training, rows).filter(row -> drawn.get(row).weight() > 0).toArray();
    TabularData others = data.only(test);
    MixtureBatch mixtures = regressor.predict(others.frame());
    double[] predicted =
        mixtures.logDensity(Nd4j.createFromArray(others.outcomes().lower())).toDoubleVector();
    RunningMean model = new RunningMean();
    RunningMean truth = new RunningMean();
    RunningMean difference = new RunningMean();
    for (int n = 0; n < test.length; n++) {
      double weight = drawn.get(test[n]).weight();
      model.add(-predicted[n], weight);
      truth.add(nll[test[n]], weight);
      difference.add(-predicted[n] - nll[test[n]], weight);
    }
    FitResult result =
        new FitResult(
            model.mean(),
            truth.mean(),
            difference.standardError(),
            regressor.report().seconds(),
            regressor.report().columns());
    WholeFile.write(
        out.resolve("report.json"),
        draft ->
            Files.writeString(
                draft,
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result)));
    draw(file, training, data, others, regressor, mixtures, truth);
    System.out.printf(
        Locale.ROOT,
        "Test NLL %.4f, by the known density %.4f: %.4f ± %.4f more; %.0f s%n",
        result.testNll(),
        result.floorNll(),
        difference.mean(),
        difference.standardError(),
        result.seconds());
  }

  private void draw(
      Path file,
      int training,
      TabularData all,
      TabularData test,
      MixtureRegressor regressor,
      MixtureBatch predicted,
      RunningMean truth)
      throws IOException {
    MixtureEvaluation evaluation = regressor.evaluate(test.frame());
    List<TestScore> scores = test.scores(evaluation, predicted);
    TestScore floor = new TestScore(TestScore.NLL, truth.mean(), truth.standardError());
    TabularPage.of(
            file,
            training,
            all,
            test,
            regressor,
            predicted,
            evaluation,
            ScoreTable.of("mixture", scores).with("known density", List.of(floor)))
        .seed(seed)
        .write(out.resolve("report.html"));
  }

  static List<Row> draw(int rows, double missing, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    List<Row> drawn = new ArrayList<>();
    for (int n = 0; n < rows; n++) {
      double[] cells = MixedColumn.draw(random);
      double price = MixedProcess.draw(cells, random);
      boolean slip = random.nextDouble() < SLIPS;
      int weight = slip ? 0 : 1 + random.nextInt(3);
      for (MixedColumn column : MixedColumn.values()) {
        if (random.nextDouble() < missing && column != MixedColumn.COUNTRY) {
          cells[column.ordinal()] = Double.NaN;
        }
      }
      drawn.add(new Row(cells, slip ? 100 * price : price, weight));
    }
    return drawn;
  }

  /** Returns Σ w x / Σ w and √(Σ w² (x − mean)²) / Σ w, over the rows that are no slips. */
  private static Estimate floor(List<Row> drawn, double[] nll) {
    double weights = 0;
    double sum = 0;
    for (int n = 0; n < nll.length; n++) {
      int weight = drawn.get(n).weight();
      weights += weight;
      sum += weight == 0 ? 0 : weight * nll[n];
    }
    double mean = sum / weights;
    double squares = 0;
    for (int n = 0; n < nll.length; n++) {
      int weight = drawn.get(n).weight();
      squares += weight == 0 ? 0 : Math.pow(weight * (nll[n] - mean), 2);
    }
    return new Estimate(mean, Math.sqrt(squares) / weights);
  }

  private static String header() {
    return Arrays.stream(MixedColumn.values())
            .map(MixedColumn::header)
            .collect(Collectors.joining(","))
        + ",price,weight";
  }

  private static String line(Row row) {
    return Arrays.stream(MixedColumn.values())
            .map(column -> PredictionFile.quoted(column.cell(row.cells())))
            .collect(Collectors.joining(","))
        + ","
        + Digits.of(row.price(), PRICE_DIGITS)
        + ","
        + row.weight();
  }

  private static void write(Path file, Stream<String> lines) throws IOException {
    WholeFile.write(
        file,
        draft -> {
          try (Writer writer = Files.newBufferedWriter(draft)) {
            for (String line : (Iterable<String>) lines::iterator) {
              writer.write(line + System.lineSeparator());
            }
          }
        });
  }
}
