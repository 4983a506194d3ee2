// A notebook for JShell; ask-the-distribution.ipynb is made from it by NotebookConverter, whose
// source says how. One command opens it (see the guide).

System.out.println("""
    # Ask the distribution

    A mixture density network does not answer with a number but with a whole distribution.
    This notebook trains one and then asks it: how likely, how much at most, between what,
    which alternatives, and whether its probabilities can be believed.

    Pictures go to the folder mdn-examples/target/notebooks, or to that of --out.
    """);
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.TargetScores;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.sine.InvertedSineData;
import org.mdn4j.examples.kit.ScaledModel;
import org.mdn4j.examples.notebook.Picture;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.DensitySlicePlot;
import org.mdn4j.examples.plot.FanChart;
import org.mdn4j.examples.plot.PredictionPlot;
import org.mdn4j.examples.plot.PredictionPlot.Points;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

SafeBackend.install(); // ND4J on the CPU may free memory too early
int epochs = Integer.getInteger("notebook.epochs", 150);
// Where the pictures go
Path out = Path.of(System.getProperty("notebook.out", System.getProperty("java.io.tmpdir")));

System.out.println("""

    ## 1. A model to ask

    The data is the inverted sine: t is drawn evenly from -10.5 to 10.5, and
    s = 7 sin(0.75 t) + 0.5 t + noise. Given s, what is t? Up to five answers are right.
    Two dense layers of 32 learn it, under a head of ten Gaussians, on standardised data.
    """);
InvertedSineData draw(int points, long seed) {
  return InvertedSineData.draw(points, RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
}
InvertedSineData data = draw(5000, 1);
NormalizerStandardize standardize = new NormalizerStandardize();
standardize.fitLabel(true);
standardize.fit(data.toDataSet());
DataSet standardized(InvertedSineData points) {
  DataSet set = points.toDataSet();
  standardize.transform(set);
  return set;
}

Nd4j.getEnvironment().setMaxThreads(1); // a small network runs faster on one thread
MixtureDensityOutputLayer head = new MixtureDensityOutputLayer.Builder().components(10).build();
DenseTraining training = new DenseTraining(2, 32, epochs, 256, 0.01, 0.03, 0, 1);
MultiLayerNetwork net = training.fit(
    head, standardized(data), standardized(draw(1000, 2)), DenseTraining.Progress.NONE).net();
ScaledModel model = new ScaledModel(net, head.getSpec(), standardize);
System.out.println("%d parameters, trained for %d epochs".formatted(net.numParams(), epochs));

System.out.println("""

    ## 2. One prediction

    The answer at s = 0 is a `Mixture`, in the units of t. It is weights, means and
    deviations; and it is one density, blue in the picture, over the data near s = 0.
    """);
Mixture prediction = model.predict(0)[0];
System.out.println("weight    mean   deviation");
for (int k = 0; k < prediction.components(); k++) {
  if (prediction.weights()[k] < 0.01) continue;
  System.out.printf(
      "  %.2f  %6.2f   %9.2f%n",
      prediction.weights()[k], prediction.means()[k][0], prediction.standardDeviations()[k][0]);
}
// %%
double[] targetsNear(double s, double distance) {
  return IntStream.range(0, data.s().length)
      .filter(i -> Math.abs(data.s()[i] - s) <= distance)
      .mapToDouble(i -> data.t()[i])
      .toArray();
}
double[] nearby = targetsNear(0, 0.25);
DensitySlicePlot.write(0, 0.25, nearby, prediction, -14, 14, out.resolve("one-prediction.png"));
Picture.show(out.resolve("one-prediction.png"));

System.out.println("""

    ## 3. How likely?

    The density compares two values; the cdf and its complement, the survival function, give
    probabilities. Far out, where 1 - cdf is but a rounding error, the survival function still
    knows.
    """);
double above5 = prediction.survival(5);
System.out.printf("density at 0: %.3f, at 2: %.3f%n", prediction.density(0), prediction.density(2));
System.out.printf("P(t < 0) = %.3f, P(t > 5) = %.3f%n", prediction.cdf(0), above5);
System.out.println("P(t > 12) = %.2e, where 1 - cdf(12) = %.2e".formatted(
    prediction.survival(12), 1 - prediction.cdf(12)));

System.out.println("""

    ## 4. Quantiles

    The value that t stays below with a given probability; the median; the central interval,
    which leaves out as much on either side.
    """);
for (double p : new double[] {0.05, 0.25, 0.5, 0.75, 0.95}) {
  System.out.printf("with probability %.2f, t is below %6.2f%n", p, prediction.quantile(p));
}
Interval central = prediction.interval(0.9);
System.out.println("central 90 %% interval: %.2f to %.2f, %.2f wide".formatted(
    central.lower(), central.upper(), central.width()));

System.out.println("""

    ## 5. Modes

    The mean of several branches may lie on none of them. The modes are the peaks of the
    density: the alternatives themselves. `mode()` is the highest.
    """);
double[][] modes = prediction.modes();
for (double[] mode : modes) {
  System.out.printf("a mode at %6.2f, density %.3f%n", mode[0], prediction.density(mode));
}
System.out.println("the highest is at %.2f; the mean is %.2f, where the density is %.3f".formatted(
    prediction.mode()[0], prediction.mean()[0], prediction.density(prediction.mean())));

System.out.println("""

    ## 6. Regions of highest density

    The shortest set that holds 90 % of the probability: it falls into pieces where there are
    branches, and so it promises more than the central interval, which holds the gaps as well.
    """);
List<Interval> region = prediction.highestDensityRegion(0.9);
for (Interval piece : region) {
  System.out.printf("from %6.2f to %6.2f%n", piece.lower(), piece.upper());
}
double regionWidth = region.stream().mapToDouble(Interval::width).sum();
System.out.println("%.2f wide in all; the central interval, %.2f".formatted(regionWidth, central.width()));
// %%
// Both kinds, along s
double[] grid = IntStream.range(0, 150).mapToDouble(i -> -14 + 28 * i / 149.0).toArray();
Points some = new Points(Arrays.copyOf(data.s(), 800), Arrays.copyOf(data.t(), 800));
FanChart.write(some, grid, model.predict(grid), out.resolve("regions.png"));
Picture.show(out.resolve("regions.png"));

System.out.println("""

    ## 7. Which component was it?

    Once t is known, the responsibilities say how probably each component brought it forth.
    """);
for (double t : new double[] {-7.5, 4.7}) {
  double[] responsibilities = prediction.responsibilities(t);
  System.out.printf("t = %4.1f:", t);
  for (int k = 0; k < responsibilities.length; k++) {
    if (responsibilities[k] < 0.01) continue;
    System.out.printf("  component %d %.2f", k, responsibilities[k]);
  }
  System.out.println();
}

System.out.println("""

    ## 8. Can the probabilities be believed?

    On points that the model has not seen: a 90 % region must hold 90 % of them, and the
    cdf at the targets, the PIT, must be uniform. `MixtureEvaluation` counts. The NLL is in
    nats; the CRPS is in the units of t, and is an absolute error for a distribution.
    """);
MixtureEvaluation evaluation =
    MixtureEvaluation.builder(head.getSpec()).inOriginalUnits(standardize).build();
net.doEvaluation(new ViewIterator(standardized(draw(5000, 3)), 1000), evaluation);
TargetScores scores = evaluation.target(0);
System.out.printf(
    "NLL %.3f (no model can be below %.3f), CRPS %.3f%n",
    evaluation.nll(), InvertedSineData.floorNll(), scores.crps());
System.out.println("level   central interval   region of highest density");
for (double level : evaluation.levels()) {
  System.out.printf(
      "%.2f    %16.3f   %25.3f%n",
      level, scores.centralCoverage(level), scores.regionCoverage(level));
}
// %%
CalibrationPlot.write(
    scores.pitValues(), CalibrationPlot.coverages(evaluation, 0), out.resolve("calibration.png"));
Picture.show(out.resolve("calibration.png"));

System.out.println("""

    ## 9. Temperature

    To sample more carefully or more boldly than was learned: the temperature divides the
    logits and multiplies the variances. 1 is the learned model. The entropy, in nats, says how
    much is left open.
    """);
for (double tau : new double[] {0.1, 0.5, 1, 2}) {
  Mixture tempered = prediction.temperature(Temperature.of(tau));
  System.out.printf(
      "temperature %.1f: entropy %5.2f, heaviest weight %.2f%n",
      tau, tempered.entropy(), Arrays.stream(tempered.weights()).max().orElseThrow());
}
// %%
// Samples at temperature 0.2: close to the branches, and only to the likelier ones
Points near = new Points(Arrays.copyOf(data.s(), 2000), Arrays.copyOf(data.t(), 2000));
var random = RandomSource.XO_RO_SHI_RO_128_PP.create(4);
Mixture[] cool(double[] inputs) {
  return Arrays.stream(model.predict(inputs))
      .map(mixture -> mixture.temperature(Temperature.of(0.2)))
      .toArray(Mixture[]::new);
}
Points samples(double[] inputs) {
  double[] t = Arrays.stream(cool(inputs))
      .mapToDouble(mixture -> mixture.sample(1, random)[0][0])
      .toArray();
  return new Points(inputs, t);
}
PredictionPlot.write(near, samples(near.x()), grid, cool(grid), out.resolve("temperature.png"));
Picture.show(out.resolve("temperature.png"));

System.out.println("""

    Your turn: try `model.predict(3)[0].interval(0.5)`, or another temperature.
    """);
