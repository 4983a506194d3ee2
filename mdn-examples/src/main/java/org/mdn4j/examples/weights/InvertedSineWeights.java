/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ColumnRange;
import org.mdn4j.MixtureSpec;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.sine.InvertedSineSets;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.zoo.MixtureDensityNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program that makes the weights which {@link MixtureDensityNetwork} of the zoo ships: trained
 * as in {@link org.mdn4j.examples.sine.InvertedSine}, then converted to the data's own units, so
 * that no standardisation has to go along.
 */
@Command(
    name = "sine-weights",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains the zoo's network on the inverted sine.",
      "Writes mdn-inverted-sine-v2.zip, the same file each time."
    })
public final class InvertedSineWeights implements Callable<InvertedSineWeights.Result> {
  static final String FILE = "mdn-inverted-sine-v2.zip";

  @Option(names = "--points", description = "training points", defaultValue = "10000")
  int points;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "150")
  int epochs;

  @Option(names = "--seed", description = "seed of data and training", defaultValue = "2")
  long seed;

  @Option(names = "--out", description = "output folder", defaultValue = "mdn-examples/target/zoo")
  Path out;

  private InvertedSineWeights() {}

  /**
   * The score and the checksum of what was written.
   *
   * @param testNll NLL on 20,000 test points, in nats and the data's units
   * @param checksum Adler-32 of the file
   */
  public record Result(double testNll, long checksum) {}

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what was written
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static Result run(String... args) throws IOException {
    return Program.parsed(new InvertedSineWeights(), args).call();
  }

  @Override
  public Result call() throws IOException {
    Program.require(points >= 10, "--points: expected at least 10, got %d", points);
    Program.requirePositive("--epochs", epochs);
    Program.requireFolder(out);
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(seed);
    InvertedSineSets sets = InvertedSineSets.draw(points, 1000, 20_000, seeds);
    NormalizerStandardize standardize = sets.standardize();
    double offset = Math.log(standardize.getLabelStd().getDouble(0));
    MultiLayerNetwork net = MixtureDensityNetwork.builder().build().init();
    MixtureSpec spec =
        ((MixtureDensityOutputLayer) net.getOutputLayer().conf().getLayer()).getSpec();
    MultiLayerNetwork trained =
        InvertedSineSets.training(epochs, seed)
            .fit(
                new MixtureDensityOutputLayer.Builder().spec(spec).build(),
                sets.trainSet(),
                sets.validationSet(),
                DenseTraining.Progress.printed("mixture", offset))
            .net();
    net.setParams(trained.params());
    toOriginalUnits(net, spec, standardize);
    double testNll = net.score(sets.test().toDataSet());
    Path file = out.resolve(FILE);
    long checksum = ZooFile.write(net, file);
    System.out.printf(
        Locale.ROOT, "Test NLL %.4f nats. Written to %s, Adler-32 %dL%n", testNll, file, checksum);
    return new Result(testNll, checksum);
  }

  /**
   * Converts a network to original units: s enters as (s − m)/d: the first layer's W becomes W/d,
   * its b becomes b − m W/d. t leaves as m + d t: locations become m + d μ, log scales gain log d.
   */
  private static void toOriginalUnits(
      MultiLayerNetwork net, MixtureSpec spec, NormalizerStandardize standardize) {
    double inputMean = standardize.getMean().getDouble(0);
    double inputDeviation = standardize.getStd().getDouble(0);
    INDArray weights = net.getLayer(0).getParam("W"); // [1, units]
    weights.divi(inputDeviation);
    INDArray bias = net.getLayer(0).getParam("b");
    bias.subi(weights.mul(inputMean).reshape(bias.shape()));

    double mean = standardize.getLabelMean().getDouble(0);
    double deviation = standardize.getLabelStd().getDouble(0);
    ColumnRange locations = spec.columns().locations();
    columns(net.getOutputLayer().getParam("W"), locations).muli(deviation);
    INDArray headBias = net.getOutputLayer().getParam("b").reshape(1, spec.parameterCount());
    columns(headBias, locations).muli(deviation).addi(mean);
    columns(headBias, spec.columns().scales()).addi(Math.log(deviation));
  }

  private static INDArray columns(INDArray matrix, ColumnRange range) {
    return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(range.from(), range.to()));
  }
}
