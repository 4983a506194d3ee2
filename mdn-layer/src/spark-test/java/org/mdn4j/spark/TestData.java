/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * Rows with a known conditional density: y is x or −x with equal probability, plus N(0, 0.2²); and
 * a second label, x plus such noise; weights 1 to 3.
 */
record TestData(double[][] features, double[][] targets, double[] weights) {
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("second", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType);

  static TestData draw(int rows, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[][] features = new double[rows][3];
    double[][] targets = new double[rows][2];
    double[] weights = new double[rows];
    for (int n = 0; n < rows; n++) {
      double x = random.nextDouble(1, 3);
      features[n][0] = 100 + 10 * x;
      features[n][1] = random.nextDouble(); // says nothing
      features[n][2] = random.nextInt(2);
      targets[n][0] = (random.nextBoolean() ? x : -x) + 0.2 * normal.sample();
      targets[n][1] = x + 0.2 * normal.sample();
      weights[n] = random.nextInt(4);
    }
    return new TestData(features, targets, weights);
  }

  double[][] labels() {
    return Arrays.stream(targets).map(row -> new double[] {row[0]}).toArray(double[][]::new);
  }

  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < features.length; n++) {
      Vector vector = Vectors.dense(features[n]);
      rows.add(
          RowFactory.create(
              (long) n,
              n % 3 == 0 ? vector.toSparse() : vector,
              targets[n][0],
              targets[n][1],
              weights[n]));
    }
    return rows;
  }

  Dataset<Row> dataset(SparkSession spark, int partitions) {
    return spark.createDataFrame(
        new org.apache.spark.api.java.JavaSparkContext(spark.sparkContext())
            .parallelize(rows(), partitions),
        SCHEMA);
  }

  /** A regressor that is fast, not good, and chooses among two setups. */
  static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(3)
        .noise(NoiseLevel.NONE, new NoiseLevel(0.02, 0.02))
        .patience(2)
        .maxEpochs(8)
        .bins(0, 4)
        .widerUnits(60)
        .roundSteps(0)
        .quiet();
  }

  /** The same options. */
  static MixtureRegression quickOnSpark() {
    return new MixtureRegression()
        .setComponents(3)
        .setNoise(NoiseLevel.NONE, new NoiseLevel(0.02, 0.02))
        .setPatience(2)
        .setMaxEpochs(8)
        .setBins(0, 4)
        .setWiderUnits(60)
        .setRoundSteps(0);
  }

  /** Asserts that two models are equal bit for bit: all that their files hold, but for times. */
  static void assertSameModel(MixtureRegressor expected, MixtureRegressionModel actual)
      throws IOException {
    Path folder = Files.createTempDirectory("mdn4j-test");
    expected.save(folder.resolve("expected"));
    actual.regressor().save(folder.resolve("actual"));
    Map<String, byte[]> theirs = entries(folder.resolve("expected"));
    Map<String, byte[]> ours = entries(folder.resolve("actual"));
    assertEquals(theirs.keySet(), ours.keySet());
    for (Map.Entry<String, byte[]> entry : theirs.entrySet()) {
      byte[] other = ours.get(entry.getKey());
      if (entry.getKey().endsWith(".bin")) {
        assertArrayEquals(entry.getValue(), other, entry.getKey());
      } else {
        assertEquals(text(entry.getValue()), text(other), entry.getKey());
      }
    }
    for (String name : List.of("expected", "actual")) {
      Files.delete(folder.resolve(name));
    }
    Files.delete(folder);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
        .replaceAll("\"(seconds|firstMemberSeconds)\" ?: ?[0-9.E-]+", "");
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        try (InputStream in = zip.getInputStream(entry)) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return entries;
  }
}
