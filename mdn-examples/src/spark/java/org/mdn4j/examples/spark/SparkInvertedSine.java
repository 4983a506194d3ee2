/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.sine.InvertedSineData;
import org.mdn4j.examples.sine.InvertedSineSets;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The program that learns the inverted sine on Apache Spark, and once more in one process to
 * compare.
 */
@Command(
    name = "SparkInvertedSine",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains a mixture density network on the inverted sine by parameter averaging on Spark,",
      "scores it on all partitions, trains the same network in one process, and writes report.json."
    })
public final class SparkInvertedSine implements Callable<SparkInvertedSineReport> {
  private static final int SCORED_AT_ONCE = 1000;
  private static final Pattern MASTERS =
      Pattern.compile("local(\\[(\\d+|\\*)])?|yarn|(spark|k8s)://.+");

  @Option(names = "--points", description = "training points", defaultValue = "10000")
  int points;

  @Option(names = "--test-points", description = "test points", defaultValue = "20000")
  int testPoints;

  @Option(names = "--components", description = "mixture components", defaultValue = "10")
  int components;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "150")
  int epochs;

  @Option(
      names = "--workers",
      description = "partitions that are trained on at once: all cores of the cluster",
      defaultValue = "2")
  int workers;

  @Option(
      names = "--averaging-frequency",
      description = "minibatches of each worker between two averagings",
      defaultValue = "40")
  int averagingFrequency;

  @Option(
      names = "--seed",
      description = "seed of the data and the initial weights",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--master",
      description = "Spark's master; by default what spark-submit says, or local[2]")
  String master;

  @Option(
      names = "--out",
      description = "output folder",
      defaultValue = "mdn-examples/target/spark-inverted-sine")
  Path out;

  private SparkInvertedSine() {}

  /**
   * Runs the program.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new SparkInvertedSine(), args);
  }

  /** Runs {@link #main} without ending the process, and returns the exit status. */
  static int execute(String... args) {
    return Program.run(new SparkInvertedSine(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static SparkInvertedSineReport run(String... args) throws IOException {
    return Program.parsed(new SparkInvertedSine(), args).call();
  }

  @Override
  public SparkInvertedSineReport call() throws IOException {
    checkOptions();
    Program.requireFolder(out);
    InvertedSineSets sets =
        InvertedSineSets.draw(points, 1000, testPoints, RandomSource.SPLIT_MIX_64.create(seed));
    SparkConf configuration = new SparkConf().setAppName("SparkInvertedSine");
    if (master != null) {
      configuration.setMaster(master);
    }
    configuration.setIfMissing("spark.master", "local[2]");
    SparkInvertedSineReport report;
    try (JavaSparkContext context = connect(configuration)) {
      report = train(context, sets);
    }
    report.write(out.resolve("report.json"));
    System.out.println(report.summary());
    System.out.println("Written to " + out);
    return report;
  }

  private static JavaSparkContext connect(SparkConf configuration) {
    try {
      return new JavaSparkContext(configuration);
    } catch (Exception e) { // Scala declares none
      throw new Program.UserError(
          "Spark did not start at %s: %s"
              .formatted(configuration.get("spark.master"), e.getMessage()));
    }
  }

  private SparkInvertedSineReport train(JavaSparkContext context, InvertedSineSets sets) {
    DenseTraining training = InvertedSineSets.training(epochs, seed).among(workers);
    JavaRDD<DataSet> train =
        context
            .parallelize(sets.trainSet().batchBy(training.minibatch()), workers)
            .map(SparkInvertedSine::onSafeBackend);
    JavaRDD<DataSet> test =
        context
            .parallelize(sets.testSet().batchBy(SCORED_AT_ONCE), workers)
            .map(SparkInvertedSine::onSafeBackend);

    long began = System.nanoTime();
    MixtureDensityOutputLayer head = head();
    SparkDl4jMultiLayer spark =
        new SparkDl4jMultiLayer(
            context,
            training.network(head, sets.trainSet()),
            new ParameterAveragingTrainingMaster.Builder(workers, training.minibatch())
                .batchSizePerWorker(training.minibatch())
                .averagingFrequency(averagingFrequency)
                .saveUpdater(true) // or Adam starts anew after every averaging
                .rddTrainingApproach(RDDTrainingApproach.Direct) // needs no file system in common
                .rngSeed(seed)
                .build());
    int stepsPerEpoch = training.stepsPerEpoch(points);
    for (int epoch = 0; epoch < epochs; epoch++) {
      // Spark counts averagingFrequency steps for rounds that were shorter, too.
      spark.getNetwork().getLayerWiseConfigurations().setIterationCount(epoch * stepsPerEpoch);
      spark.fit(train);
      System.out.printf(
          Locale.ROOT,
          "Spark  epoch %3d/%d  NLL train %6.3f%n",
          epoch + 1,
          epochs,
          score(spark, sets));
    }
    double sparkSeconds = secondsSince(began);
    MixtureEvaluation merged = sets.evaluation(head.getSpec()).levels().build();
    // As many evaluating networks as there can be tasks in one process; see EvaluationRunner.
    MixtureEvaluation[] results = spark.doEvaluation(test, workers, SCORED_AT_ONCE, merged);

    DenseTraining.Result local =
        InvertedSineSets.training(epochs, seed)
            .fit(head(), sets.trainSet(), sets.validationSet(), DenseTraining.Progress.NONE);
    return new SparkInvertedSineReport(
        results[0].nll(),
        nll(spark.getNetwork(), head, sets),
        nll(local.net(), head, sets),
        InvertedSineData.floorNll(),
        results[0].rows(),
        test.getNumPartitions(),
        executors(test),
        context.master(),
        sparkSeconds,
        local.seconds());
  }

  /**
   * Returns the data unchanged, after ND4J has been made safe: each executor is a process of its
   * own.
   */
  private static DataSet onSafeBackend(DataSet data) {
    SafeBackend.install();
    return data;
  }

  private static double score(SparkDl4jMultiLayer spark, InvertedSineSets sets) {
    return spark.getScore() + Math.log(sets.standardize().getLabelStd().getDouble(0));
  }

  private static int executors(JavaRDD<DataSet> data) {
    JavaRDD<String> names =
        data.mapPartitions(unused -> List.of(SparkEnv.get().executorId()).iterator());
    return (int) names.distinct().count();
  }

  private MixtureDensityOutputLayer head() {
    return new MixtureDensityOutputLayer.Builder().components(components).build();
  }

  private static double nll(
      MultiLayerNetwork net, MixtureDensityOutputLayer head, InvertedSineSets sets) {
    MixtureEvaluation evaluation = sets.evaluation(head.getSpec()).levels().build();
    net.doEvaluation(new ViewIterator(sets.testSet(), SCORED_AT_ONCE), evaluation);
    return evaluation.nll();
  }

  private void checkOptions() {
    Program.require(points >= 10, "--points: expected at least 10, got %d", points);
    Program.require(testPoints >= 10, "--test-points: expected at least 10, got %d", testPoints);
    Program.requirePositive("--components", components);
    Program.requirePositive("--epochs", epochs);
    Program.requirePositive("--workers", workers);
    Program.requirePositive("--averaging-frequency", averagingFrequency);
    Program.require(
        master == null || MASTERS.matcher(master).matches(),
        "--master: expected local[N], spark://HOST:PORT, yarn or k8s://URL, got %s",
        master);
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
