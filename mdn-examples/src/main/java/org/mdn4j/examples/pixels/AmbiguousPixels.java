/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.DenseTraining.Progress;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.TrainingLoop;
import org.mdn4j.layers.MixtureDensityCnnLossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The example that guesses the colour of grey pictures, where each ball may be blue or orange. */
@Command(
    name = "pixels",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture per pixel, and one Gaussian per pixel, to guess the colour of balls in grey"
          + " pictures, which may be blue or orange.",
      "Writes colours.png, pixel.png and report.json."
    })
public final class AmbiguousPixels implements Callable<AmbiguousPixelsReport> {
  private static final int DRAWN = 4;
  private static final int MINIBATCH = 8;
  private static final double LEARNING_RATE = 0.01;
  private static final int FIRST_CHANNELS = 12;
  private static final int CHANNELS = 24;

  @Option(names = "--images", description = "training images", defaultValue = "200")
  int images;

  @Option(names = "--validation-images", description = "validation images", defaultValue = "30")
  int validationImages;

  @Option(names = "--test-images", description = "test images", defaultValue = "200")
  int testImages;

  @Option(names = "--size", description = "height and width of an image", defaultValue = "32")
  int size;

  @Option(names = "--components", description = "mixture components", defaultValue = "3")
  int components;

  @Option(names = "--epochs", description = "passes over the training images", defaultValue = "30")
  int epochs;

  @Option(
      names = "--seed",
      description = "seed of the images, the initial weights and the samples",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--out",
      description = "output folder",
      defaultValue = "mdn-examples/target/ambiguous-pixels")
  Path out;

  private AmbiguousPixels() {}

  /** A network and the form of its output. */
  private record Trained(MultiLayerNetwork net, MixtureSpec spec, double seconds) {
    MixtureBatch predict(INDArray grey) {
      return MixtureBatch.of(spec, net.output(grey), 1, null);
    }

    MixtureEvaluation evaluate(DataSet test) {
      MixtureEvaluation evaluation = MixtureEvaluation.builder(spec).levels().build();
      net.doEvaluation(new ViewIterator(test, MINIBATCH), evaluation);
      return evaluation;
    }
  }

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new AmbiguousPixels(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static AmbiguousPixelsReport run(String... args) throws IOException {
    return Program.parsed(new AmbiguousPixels(), args).call();
  }

  @Override
  public AmbiguousPixelsReport call() throws IOException {
    Program.require(images >= 10, "--images: expected at least 10, got %d", images);
    Program.requirePositive("--validation-images", validationImages);
    Program.require(
        testImages >= DRAWN, "--test-images: expected at least %d, got %d", DRAWN, testImages);
    Program.require(8 <= size && size <= 128, "--size: expected from 8 to 128, got %d", size);
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    Program.requireFolder(out);
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(seed);
    DataSet train = images(images, seeds).toDataSet();
    DataSet validation = images(validationImages, seeds).toDataSet();
    AmbiguousImages test = images(testImages, seeds);
    DataSet testSet = test.toDataSet();

    Trained mixture = fit("mixture", components, train, validation);
    Trained gaussian = fit("one Gaussian", 1, train, validation);
    MixtureEvaluation evaluation = mixture.evaluate(testSet);
    AmbiguousPixelsReport report =
        new AmbiguousPixelsReport(
            evaluation.nll(),
            gaussian.evaluate(testSet).nll(),
            test.floorNll(),
            test.gaussianFloorNll(),
            evaluation.rows(),
            mixture.seconds(),
            gaussian.seconds(),
            epochs,
            images,
            size,
            components,
            seed);
    INDArray drawn = testSet.getFeatures().get(NDArrayIndex.interval(0, DRAWN));
    ColourGuessPlot plot =
        new ColourGuessPlot(
            test, DRAWN, mixture.predict(drawn), gaussian.predict(drawn), seeds.nextLong());
    plot.writeImages(out.resolve("colours.png"));
    plot.writePixel(out.resolve("pixel.png"));
    report.write(out.resolve("report.json"));
    System.out.println(report.summary());
    System.out.println("Written to " + out);
    return report;
  }

  private AmbiguousImages images(int count, UniformRandomProvider seeds) {
    return AmbiguousImages.draw(
        count, size, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private Trained fit(String title, int components, DataSet train, DataSet validation) {
    MixtureSpec spec = MixtureSpec.builder().components(components).targets(1).build();
    TrainingLoop loop = new TrainingLoop(epochs, MINIBATCH, seed);
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .convolutionMode(ConvolutionMode.Same)
                .updater(new Adam(loop.cosine(LEARNING_RATE, train.numExamples())))
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(FIRST_CHANNELS).build())
                .layer(new ConvolutionLayer.Builder(1, 1).nOut(CHANNELS).build())
                .layer(
                    new ConvolutionLayer.Builder(1, 1)
                        .nOut(spec.parameterCount())
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new MixtureDensityCnnLossLayer.Builder().spec(spec).build())
                .setInputType(InputType.convolutional(size, size, 1))
                .build());
    net.init();
    double pixels = (double) size * size;
    Progress progress = Progress.printed(title, 0);
    TrainingLoop.Scores scores =
        loop.run(
            net,
            train.numExamples(),
            rows -> net.fit(DataSet.merge(Arrays.stream(rows).mapToObj(train::get).toList())),
            () -> net.score(validation),
            (epoch, of, trainScore, validationScore, left) ->
                progress.epoch(epoch, of, trainScore / pixels, validationScore / pixels, left));
    return new Trained(net, spec, scores.seconds());
  }
}
