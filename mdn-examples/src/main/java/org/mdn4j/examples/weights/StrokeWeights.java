/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.examples.kit.DenseTraining.Progress;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.TrainingLoop;
import org.mdn4j.examples.writing.CursiveGenerator;
import org.mdn4j.examples.writing.HandwritingTraining;
import org.mdn4j.examples.writing.PenTracePlot;
import org.mdn4j.examples.writing.PenTracePlot.Sheet;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.sequence.SequenceGenerator;
import org.mdn4j.zoo.MixtureDensityRnn;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program that makes the weights which {@link MixtureDensityRnn} of the zoo ships: it learns
 * the {@link PenSteps} of the words of {@link CursiveGenerator}, with a mixture and, to compare,
 * with one Gaussian.
 */
@Command(
    name = "stroke-weights",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains the zoo's recurrent network on synthetic handwriting, and its twin with one Gaussian.",
      "Writes mdn-rnn-strokes-v1.zip and one-gaussian-strokes.zip, the same files each time, and"
          + " strokes.png, what they write."
    })
public final class StrokeWeights implements Callable<StrokeWeights.Result> {
  static final String FILE = "mdn-rnn-strokes-v1.zip";
  static final String TWIN = "one-gaussian-strokes.zip";
  private static final double LEARNING_RATE = 0.005;
  private static final int VALIDATION_WORDS = 200;
  private static final int TEST_WORDS = 500;
  private static final int SHOWN = 12;
  private static final int LONGEST = 120; // steps of a written word

  @Option(names = "--words", description = "training words", defaultValue = "4000")
  int words;

  @Option(names = "--components", description = "mixture components", defaultValue = "12")
  int components;

  @Option(names = "--units", description = "units of the LSTM", defaultValue = "80")
  int units;

  @Option(names = "--epochs", description = "passes over the training words", defaultValue = "10")
  int epochs;

  @Option(names = "--seed", description = "seed of the words and the training", defaultValue = "1")
  long seed;

  @Option(names = "--out", description = "output folder", defaultValue = "mdn-examples/target/zoo")
  Path out;

  private StrokeWeights() {}

  /**
   * The scores and the checksum of what was written.
   *
   * @param testNll NLL of the offset per step of the test words, in nats, with lengths in heights
   *     of a small letter
   * @param gaussianNll that of the twin with one Gaussian
   * @param checksum Adler-32 of the mixture's file
   */
  public record Result(double testNll, double gaussianNll, long checksum) {}

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what was written
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static Result run(String... args) throws IOException {
    return Program.parsed(new StrokeWeights(), args).call();
  }

  @Override
  public Result call() throws IOException {
    Program.requirePositive("--words", words);
    Program.requirePositive("--components", components);
    Program.requirePositive("--units", units);
    Program.requirePositive("--epochs", epochs);
    Program.requireFolder(out);
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(seed);
    List<float[][]> train = draw(words, seeds.nextLong());
    List<float[][]> validation = draw(VALIDATION_WORDS, seeds.nextLong());
    List<float[][]> test = draw(TEST_WORDS, seeds.nextLong());
    MultiLayerNetwork mixture = model(components).build().init();
    MultiLayerNetwork gaussian = model(1).build().init();
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> fit("one Gaussian", gaussian, 1, train, validation));
    fit("mixture", mixture, components, train, validation);
    other.join();
    long checksum = ZooFile.write(mixture, out.resolve(FILE));
    ZooFile.write(gaussian, out.resolve(TWIN));
    Result result = new Result(offsetNll(mixture, test), offsetNll(gaussian, test), checksum);
    PenTracePlot.write(
        List.of(
            new Sheet(
                "Words to learn", 2, CursiveGenerator.draw(SHOWN, random(seeds.nextLong())), 0),
            new Sheet(
                "Written by the mixture", 2, PenSteps.write(mixture, SHOWN, LONGEST, seed), 0),
            new Sheet(
                "Written by one Gaussian", 2, PenSteps.write(gaussian, SHOWN, LONGEST, seed), 0)),
        out.resolve("strokes.png"));
    System.out.printf(
        Locale.ROOT,
        "Test NLL of the offset %.4f nats per step, one Gaussian %.4f. Written to %s, Adler-32"
            + " %dL%n",
        result.testNll(),
        result.gaussianNll(),
        out.resolve(FILE),
        checksum);
    return result;
  }

  private static List<float[][]> draw(int count, long seed) {
    return PenSteps.draw(count, random(seed));
  }

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  private MixtureDensityRnn.Builder model(int components) {
    return MixtureDensityRnn.builder()
        .inputs(PenSteps.WIDTH)
        .spec(
            MixtureSpec.builder()
                .components(components)
                .targets(PenSteps.WIDTH)
                .covariance(Covariance.FULL)
                .build())
        .lstm(1, units)
        .seed(seed);
  }

  /**
   * Trains a copy on steps in units of their standard deviations, then gives the network its
   * weights, in the steps' own units.
   */
  private void fit(
      String title,
      MultiLayerNetwork net,
      int components,
      List<float[][]> train,
      List<float[][]> validation) {
    double[] unit = PenSteps.deviations(train);
    List<float[][]> scaled = PenSteps.divide(train, unit);
    List<DataSet> batches =
        HandwritingTraining.batches(scaled, word -> word.length, PenSteps::dataSet);
    DataSet validationSet = PenSteps.dataSet(PenSteps.divide(validation, unit));
    double stepsPerWord = train.stream().mapToInt(word -> word.length).average().orElseThrow();
    double validationSteps = validation.stream().mapToInt(word -> word.length).sum();
    double offset = Arrays.stream(unit).map(Math::log).sum();
    TrainingLoop loop = new TrainingLoop(epochs, 1, seed);
    MultiLayerNetwork copy =
        model(components)
            .updater(new Adam(loop.cosine(LEARNING_RATE, batches.size())))
            .build()
            .init();
    MixtureInitializer.fromLabels(copy, rows(scaled));
    Progress progress = Progress.printed(title, offset);
    loop.run(
        copy,
        batches.size(),
        batch -> copy.fit(batches.get(batch[0])),
        () -> copy.score(validationSet) * validation.size() / validationSteps,
        (epoch, of, score, validationScore, left) -> {
          System.gc(); // arrays lie beside the heap, which alone would seldom be collected
          progress.epoch(epoch, of, score / stepsPerWord, validationScore, left);
        });
    net.setParams(copy.params());
    toOriginalUnits(net, unit);
  }

  /** Returns all steps, [rows, 3]. */
  private static INDArray rows(List<float[][]> words) {
    return Nd4j.createFromArray(words.stream().flatMap(Arrays::stream).toArray(float[][]::new));
  }

  /**
   * Converts a network to original units: x enters as x/u: row d of the LSTM's weights becomes
   * W_d/u_d. It leaves as u·x: locations become u_d μ_d, and row d of the precision's factor
   * becomes L_d/u_d.
   *
   * @param net a network of steps
   * @param unit u, {@code [3]}
   */
  static void toOriginalUnits(MultiLayerNetwork net, double[] unit) {
    MixtureSpec spec =
        ((MixtureDensityRnnOutputLayer) net.getOutputLayer().conf().getLayer()).getSpec();
    INDArray weights = net.getOutputLayer().getParam("W");
    INDArray bias = net.getOutputLayer().getParam("b").reshape(1, spec.parameterCount());
    for (int d = 0; d < unit.length; d++) {
      net.getLayer(0).getParam("W").getRow(d).divi(unit[d]);
      for (int k = 0; k < spec.components(); k++) {
        for (INDArray matrix : List.of(weights, bias)) {
          matrix.getColumn(spec.columns().location(k, d)).muli(unit[d]);
          for (int j = 0; j < d; j++) {
            matrix.getColumn(spec.columns().cholesky(k, d, j)).divi(unit[d]);
          }
        }
        bias.getColumn(spec.columns().cholesky(k, d, d)).subi(Math.log(unit[d])); // holds log L_dd
      }
    }
  }

  /**
   * Returns the mean NLL of the offset, the state left out.
   *
   * @param net a network of steps
   * @param words the words, at least one
   * @return nats per step, with lengths in heights of a small letter
   */
  static double offsetNll(MultiLayerNetwork net, List<float[][]> words) {
    DataSet set = PenSteps.dataSet(words);
    INDArray steps = set.getLabelsMaskArray(); // [N, T]
    INDArray mask = Nd4j.stack(1, steps, steps, Nd4j.zerosLike(steps)); // [N, 3, T]
    set.setLabelsMaskArray(mask);
    INDArray logLikelihood = SequenceGenerator.of(net).logLikelihood(set);
    return -logLikelihood.sumNumber().doubleValue() / steps.sumNumber().doubleValue();
  }
}
