// A notebook for JShell; your-own-data.ipynb is made from it by NotebookConverter, whose source
// says how. One command opens it (see the guide).

System.out.println("""
    # Your own data

    From a table to a distribution: `MixtureRegressor` standardises, chooses its noise, trains,
    stops early and predicts in the table's own units. It is fitted, scored, asked, saved and
    loaded here.

    Pictures go to the folder mdn-examples/target/notebooks, or to that of --out.
    """);
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.notebook.Picture;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.FanChart;
import org.mdn4j.examples.plot.PredictionPlot.Points;
import org.mdn4j.regression.MixtureRegressor;

int epochs = Integer.getInteger("notebook.epochs", 300); // at most
// Where the table, the model and the pictures go
Path out = Path.of(System.getProperty("notebook.out", System.getProperty("java.io.tmpdir")));

System.out.println("""

    ## 1. A table

    Any CSV file of numbers will do; the last column is the target. This one is made up: how
    many minutes a delivery took, by its distance in km and the hour of the day. A bicycle or
    a van brought it, but which one the table does not say: far away it was mostly the van,
    and in the rush hour the van gets stuck.
    """);
UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
ZigguratSampler.NormalizedGaussian noise = ZigguratSampler.NormalizedGaussian.of(random);
String delivery() {
  double distance = random.nextDouble(1, 12);
  double hour = random.nextDouble(8, 20);
  boolean van = random.nextDouble() < 1 / (1 + Math.exp(6 - distance));
  double rush = Math.exp(-0.5 * (hour - 17) * (hour - 17));
  double minutes = van
      ? 8 + (2 + 3 * rush) * distance + 2 * noise.sample()
      : 5 + 5 * distance + noise.sample() * Math.sqrt(distance);
  return String.format(java.util.Locale.ROOT, "%.2f,%.2f,%.1f", distance, hour, minutes);
}
List<String> lines = new ArrayList<>(List.of("distance,hour,minutes"));
for (int row = 0; row < 1500; row++) lines.add(delivery());
Files.createDirectories(out);
Path table = Files.write(out.resolve("deliveries.csv"), lines);
lines.stream().limit(6).forEach(System.out::println);

System.out.println("""

    ## 2. Features and targets

    Plain arrays, in the table's units. The last 300 rows, which are in no order, are the test.
    """);
double[] numbers(String line) {
  return Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
}
double[][] rows = Files.lines(table).skip(1).map(line -> numbers(line)).toArray(double[][]::new);
double[][] features(int from, int to) {
  return IntStream.range(from, to)
      .mapToObj(row -> Arrays.copyOf(rows[row], rows[row].length - 1))
      .toArray(double[][]::new);
}
double[][] targets(int from, int to) {
  return IntStream.range(from, to)
      .mapToObj(row -> new double[] {rows[row][rows[row].length - 1]})
      .toArray(double[][]::new);
}
int train = rows.length - 300;
System.out.println("%d rows to learn from, 300 for the test".formatted(train));

System.out.println("""

    ## 3. Fit

    No option is needed. A limit on the epochs is set here so that the notebook is quick;
    `ensemble(5)` would be better and slower.
    """);
MixtureRegressor regressor = MixtureRegressor.builder().maxEpochs(epochs).quiet().build();
regressor.fit(features(0, train), targets(0, train));
System.out.println("noise on inputs:targets %s, best epoch %d of %d".formatted(
    regressor.report().noise(),
    regressor.report().members().get(0).bestEpoch(),
    regressor.report().members().get(0).curve().size()));

System.out.println("""

    ## 4. Score

    On the test rows, beside the same with one Gaussian. NLL in nats, smaller is better; the
    CRPS is an absolute error for a distribution, in minutes.
    """);
MixtureEvaluation score(MixtureRegressor fitted) {
  return fitted.evaluate(features(train, rows.length), targets(train, rows.length));
}
MixtureRegressor gaussian =
    MixtureRegressor.builder().components(1).contaminated(false).maxEpochs(epochs).quiet().build();
gaussian.fit(features(0, train), targets(0, train));
MixtureEvaluation evaluation = score(regressor);
MixtureEvaluation ofGaussian = score(gaussian);
double testNll = evaluation.nll();
System.out.printf("mixture:      NLL %.3f, CRPS %.3f%n", testNll, evaluation.target(0).crps());
System.out.println("one Gaussian: NLL %.3f, CRPS %.3f".formatted(
    ofGaussian.nll(), ofGaussian.target(0).crps()));
// %%
// Do the probabilities hold?
CalibrationPlot.write(
    evaluation.target(0).pitValues(),
    CalibrationPlot.coverages(evaluation, 0),
    out.resolve("own-calibration.png"));
Picture.show(out.resolve("own-calibration.png"));

System.out.println("""

    ## 5. Predict

    A delivery over 6 km: at 11 the van is quick and the bicycle slow; at 17 the van is stuck,
    and both take alike.
    """);
MixtureBatch predictions = regressor.predict(new double[][] {{6, 11}, {6, 17}});
for (int n = 0; n < predictions.size(); n++) {
  Mixture prediction = predictions.get(n);
  System.out.printf("at %d:%n", n == 0 ? 11 : 17);
  System.out.printf("  the single likeliest time is %.0f minutes%n", prediction.mode()[0]);
  for (Interval piece : prediction.highestDensityRegion(0.9)) {
    System.out.printf("  90 %% region: %.1f to %.1f minutes%n", piece.lower(), piece.upper());
  }
  System.out.printf("  probability of more than 30 minutes: %.2f%n", prediction.survival(30));
}
// %%
// Over all distances x at 11, with the deliveries between 10 and 12; y in minutes
double[][] about11 =
    Arrays.stream(rows).filter(row -> Math.abs(row[1] - 11) < 1).toArray(double[][]::new);
double[] column(double[][] of, int index) {
  return Arrays.stream(of).mapToDouble(row -> row[index]).toArray();
}
double[] distances = IntStream.range(0, 111).mapToDouble(i -> 1 + 0.1 * i).toArray();
double[][] at11 =
    Arrays.stream(distances).mapToObj(km -> new double[] {km, 11}).toArray(double[][]::new);
MixtureBatch along = regressor.predict(at11);
FanChart.write(
    new Points(column(about11, 0), column(about11, 2)),
    distances,
    IntStream.range(0, along.size()).mapToObj(along::get).toArray(Mixture[]::new),
    out.resolve("own-regions.png"));
Picture.show(out.resolve("own-regions.png"));

System.out.println("""

    ## 6. Save and load

    One file holds the network, its options and how the columns were standardised.
    """);
Path file = out.resolve("deliveries.zip");
regressor.save(file);
MixtureRegressor loaded = MixtureRegressor.load(file);
Mixture before = regressor.predict(new double[][] {{4, 9}}).get(0);
Mixture after = loaded.predict(new double[][] {{4, 9}}).get(0);
double difference = Math.abs(before.quantile(0.5) - after.quantile(0.5));
System.out.printf(
    "median of 4 km at 9: %.2f minutes, from the file %.2f%n",
    before.quantile(0.5), after.quantile(0.5));
System.out.println("%s: %d kB".formatted(file.getFileName(), Files.size(file) / 1024));

System.out.println("""

    Your turn: let `table` in step 2 be a file of your own, and go on from there.
    """);
