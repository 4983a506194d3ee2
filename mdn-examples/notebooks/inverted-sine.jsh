// A notebook for JShell; inverted-sine.ipynb is made from it by NotebookConverter, whose source
// says how. One command opens it (see the guide).

System.out.println("""
    # The inverted sine: why a mean fails, and what to learn in its place

    A mixture density network is built and trained from first principles. Every step shows
    what it found; at the end the session stays open, with the trained model at hand.

    Pictures go to the folder mdn-examples/target/notebooks, or to that of --out.
    """);
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mdn4j.MixtureSpec;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.examples.sine.InvertedSineData;
import org.mdn4j.examples.kit.ScaledModel;
import org.mdn4j.examples.notebook.Picture;
import org.mdn4j.examples.plot.DensitySlicePlot;
import org.mdn4j.examples.plot.PredictionPlot;
import org.mdn4j.examples.plot.PredictionPlot.Points;
import org.mdn4j.examples.plot.TemperatureAnimation;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

SafeBackend.install(); // ND4J on the CPU may free memory too early
int epochs = Integer.getInteger("notebook.epochs", 150);
// Where the pictures go
Path out = Path.of(System.getProperty("notebook.out", System.getProperty("java.io.tmpdir")));

System.out.println("""

    ## 1. The ambiguity

    t is drawn evenly from -10.5 to 10.5, and

        s = 7 sin(0.75 t) + 0.5 t + noise

    From t to s there is one answer. We ask the other way round: given s, what is t?
    Near s = 0 there are five right answers. Here are the t of points with |s| < 0.1:
    """);
InvertedSineData data = InvertedSineData.draw(3000, RandomSource.XO_RO_SHI_RO_128_PP.create(2));
double[] targetsNear(double s, double distance) {
  return IntStream.range(0, data.s().length)
      .filter(i -> Math.abs(data.s()[i] - s) < distance)
      .mapToDouble(i -> data.t()[i])
      .sorted()
      .toArray();
}
double[] atZero = targetsNear(0, 0.1);
Arrays.stream(atZero).forEach(t -> System.out.printf("%6.2f", t));
System.out.println();

System.out.println("""

    ## 2. Why a mean fails

    A network trained by the squared error learns the mean of t given s. The mean of
    those five groups lies where the third of them happens to be; a little to the side,
    at s = 3, it lies where there is no data at all:
    """);
double[] atThree = targetsNear(3, 0.25);
double mean = Arrays.stream(atThree).average().orElseThrow();
double nearest = Arrays.stream(atThree).map(t -> Math.abs(t - mean)).min().orElseThrow();
System.out.println("mean of t near s = 3: %.2f; the nearest of %d data points is %.2f away".formatted(
    mean, atThree.length, nearest));

System.out.println("""

    ## 3. From products to sums of logarithms

    So we learn the whole distribution of t, as a mixture of K Gaussians whose weights,
    means and deviations the network puts out (Bishop 1994):

        pi_k = exp(z_k) / sum_j exp(z_j)                             softmax of the logits
        p(t) = sum_k pi_k exp(-(t - mu_k)^2 / (2 sigma_k^2)) / (sigma_k sqrt(2 pi))

    and the loss is -log p(t). Written down as it stands, in Java:
    """);
double linearNll(double t, double[] z, double[] mu, double[] sigma) {
  double norm = 0;
  for (double logit : z) norm += Math.exp(logit);
  double p = 0;
  for (int k = 0; k < z.length; k++) {
    double pi = Math.exp(z[k]) / norm;                                   // softmax
    double u = (t - mu[k]) / sigma[k];
    p += pi * Math.exp(-0.5 * u * u) / (sigma[k] * Math.sqrt(2 * Math.PI)); // pi_k N_k
  }
  return -Math.log(p);
}

System.out.println("""
    The same with every product turned into a sum, and nothing exponentiated before its
    largest term has been taken out:

        logsumexp(x) = m + log sum_k exp(x_k - m),  m = max x
        log pi_k     = z_k - logsumexp(z)                            log-softmax
        log N_k      = -log sigma_k - log(2 pi)/2 - ((t - mu_k) / sigma_k)^2 / 2
        -log p(t)    = -logsumexp_k(log pi_k + log N_k)

    The network puts out log sigma itself, so that sigma is positive without a limit.
    """);
double logSumExp(double[] x) {
  double m = Arrays.stream(x).max().orElseThrow();
  return m + Math.log(Arrays.stream(x).map(value -> Math.exp(value - m)).sum());
}
double logNll(double t, double[] z, double[] mu, double[] logSigma) {
  double[] joint = new double[z.length];
  for (int k = 0; k < z.length; k++) {
    double logPi = z[k] - logSumExp(z);                                  // log-softmax
    double u = (t - mu[k]) * Math.exp(-logSigma[k]);
    double logN = -logSigma[k] - 0.5 * Math.log(2 * Math.PI) - 0.5 * u * u; // log N_k
    joint[k] = logPi + logN;
  }
  return -logSumExp(joint);
}

// %%
System.out.println("Two equal components at -1 and 1, sigma = 0.5. A target moves away from them:");
double[] z = {0, 0}, mu = {-1, 1}, sigma = {0.5, 0.5}, logSigma = {Math.log(0.5), Math.log(0.5)};
for (double t : new double[] {1, 5, 15, 25, 1000}) {
  System.out.printf(
      "  t = %6.0f   linear %10.3f   log space %14.3f%n",
      t, linearNll(t, z, mu, sigma), logNll(t, z, mu, logSigma));
}
System.out.println("and with logits of 800 and -800, at t = 1:");
double[] far = {800, -800};
System.out.printf(
    "               linear %10.3f   log space %14.3f%n",
    linearNll(1, far, mu, sigma), logNll(1, far, mu, logSigma));
double farLinear = linearNll(1000, z, mu, sigma);
double farLog = logNll(1000, z, mu, logSigma);

System.out.println("""

    ## 4. The head

    mdn4j writes these lines as SameDiff operations. In a network it is one layer; its
    width, its identity activation and its loss follow from the number of components.
    """);
NormalizerStandardize standardize = new NormalizerStandardize();
standardize.fitLabel(true);
standardize.fit(data.toDataSet());
DataSet train = data.toDataSet();
standardize.transform(train);

int minibatch = 256;
int steps = epochs * ((3000 + minibatch - 1) / minibatch);
MixtureDensityOutputLayer head =
    new MixtureDensityOutputLayer.Builder().nIn(32).components(10).targets(1).build();
double decay = Math.pow(0.01, 1.0 / steps);
MultiLayerNetwork net = new MultiLayerNetwork(
    new NeuralNetConfiguration.Builder()
        .seed(1)
        .weightInit(WeightInit.XAVIER)
        .activation(Activation.TANH)
        .updater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 0.02, decay)))
        .list()
        .layer(new DenseLayer.Builder().nIn(1).nOut(32).build())
        .layer(new DenseLayer.Builder().nIn(32).nOut(32).build())
        .layer(head)
        .build());
net.init();
System.out.println(net.summary());

System.out.println("""

    ## 5. Training

    The score is the negative log-likelihood, in nats. Adding the logarithm of t's
    standard deviation turns it back from standardised to original units. No model can
    be better than the data's own noise allows:
    """);
System.out.printf("floor: %.3f nats%n", InvertedSineData.floorNll());
Nd4j.getEnvironment().setMaxThreads(1); // a small network runs faster on one thread
double offset = Math.log(standardize.getLabelStd().getDouble(0));
for (int epoch = 1; epoch <= epochs; epoch++) {
  train.shuffle(epoch);
  for (DataSet batch : train.batchBy(minibatch)) net.fit(batch);
  if (epoch == 1 || epoch == epochs || epoch % 10 == 0) {
    System.out.printf("epoch %3d of %d: NLL %.3f%n", epoch, epochs, net.score(train) + offset);
  }
}
DataSet test = InvertedSineData.draw(5000, RandomSource.XO_RO_SHI_RO_128_PP.create(1)).toDataSet();
standardize.transform(test);
double testNll = net.score(test) + offset;
System.out.println("NLL on 5000 new points: %.3f".formatted(testNll));

System.out.println("""

    ## 6. Asking the distribution

    A prediction is a mixture: weights, means, deviations, density, samples.
    """);
ScaledModel model = new ScaledModel(net, head.getSpec(), standardize);
Mixture prediction = model.predict(0)[0];
for (int k = 0; k < prediction.components(); k++) {
  if (prediction.weights()[k] < 0.01) continue;
  System.out.printf(
      "  weight %.2f   mean %6.2f   deviation %.2f%n",
      prediction.weights()[k], prediction.means()[k][0], prediction.standardDeviations()[k][0]);
}
var random = RandomSource.XO_RO_SHI_RO_128_PP.create(3);
System.out.print("five samples of t given s = 0:");
for (double[] sample : prediction.sample(5, random)) System.out.printf(" %.2f", sample[0]);
System.out.println();

System.out.println("""

    ## 7. Three pictures

    One sample of the model for each point of the data, and the components' means, in
    prediction.png:
    """);
Mixture[] mixtures = model.predict(data.s());
Points samples(double tau) {
  var source = RandomSource.XO_RO_SHI_RO_128_PP.create(4);
  double[] t = Arrays.stream(mixtures)
      .mapToDouble(mixture -> mixture.temperature(Temperature.of(tau)).sample(1, source)[0][0])
      .toArray();
  return new Points(data.s(), t);
}
Points points = new Points(data.s(), data.t());
double[] grid = IntStream.range(0, 150).mapToDouble(i -> -14 + 28 * i / 149.0).toArray();
PredictionPlot.write(points, samples(1), grid, model.predict(grid), out.resolve("prediction.png"));
Picture.show(out.resolve("prediction.png"));

System.out.println("""

    The density at s = 0, its components, and the data near it, in pdf-slice.png:
    """);
double[] nearby = targetsNear(0, 0.25);
DensitySlicePlot.write(0, 0.25, nearby, prediction, -14, 14, out.resolve("pdf-slice.png"));
Picture.show(out.resolve("pdf-slice.png"));

System.out.println("""

    The temperature divides the logits and multiplies the variances: 0.1 keeps to the
    likeliest branch, 1 is the learned model, 2.5 wanders. temperatures.gif shows them all;
    its first frame, at 0.1:
    """);
List<Double> temperatures =
    IntStream.range(0, 24).mapToObj(i -> 0.1 * Math.pow(25, i / 23.0)).toList();
Path animation = out.resolve("temperatures.gif");
TemperatureAnimation.write(points, temperatures, tau -> samples(tau), animation);
Picture.show(out.resolve("temperatures.gif"));

System.out.println("""

    Your turn: try `model.predict(3)[0].weights()`.
    """);
