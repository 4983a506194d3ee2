/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MixtureInitializerTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theStartHasTheLabelsMeanAndThreeTimesTheVarianceWithinGroups(int targets) {
    double[][] labels = skewed(1000, targets);
    Mixture start = start(head(5, targets), labels);
    assertMeanAndVariance(labels, start);
    assertEquals(5, Arrays.stream(start.weights()).filter(weight -> weight > 0.001).count());
  }

  @Test
  void oneTargetStartsAtTheMeansOfEqualRuns() {
    Mixture start = start(head(3, 1), new double[][] {{9}, {1}, {2}, {7}, {4}, {4}});
    assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, start.weights(), 1e-12);
    assertArrayEquals(new double[][] {{1.5}, {4}, {8}}, start.means()); // {1, 2}, {4, 4}, {7, 9}
    assertEquals(0.5 * Math.sqrt(3), start.standardDeviations()[0][0], 1e-12);
    assertEquals(Math.sqrt(3), start.standardDeviations()[2][0], 1e-12);
    // {4, 4} has no spread of its own: a thousandth of all labels'
    double deviation = Math.sqrt((9 * 9 + 1 + 4 + 49 + 16 + 16) / 6.0 - 4.5 * 4.5);
    assertEquals(1e-3 * deviation, start.standardDeviations()[1][0], 1e-12);
  }

  /** Of 10 labels two are 0 and one is 5: the components start from the seven others. */
  @Test
  void atomsStartWithTheirSharesAndTheComponentsFromTheRest() {
    double[][] rest = {{9}, {1}, {2}, {7}, {4}, {4.5}, {3}};
    double[][] all = {{9}, {0}, {1}, {2}, {7}, {5}, {4}, {0}, {4.5}, {3}};
    MixtureSpec spec = MixtureSpec.builder().components(3).atoms(0, 5, 100).build();
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, headOf(spec));
    MixtureInitializer.fromLabels(net, Nd4j.createFromArray(all));
    double[] biases = net.getOutputLayer().getParam("b").toDoubleVector();
    MultiLayerNetwork plain = Nets.network(DataType.DOUBLE, headOf(spec.withoutAtoms()));
    MixtureInitializer.fromLabels(plain, Nd4j.createFromArray(rest));
    double[] expected = plain.getOutputLayer().getParam("b").toDoubleVector();
    double counted = 10.5; // half a label for 100
    for (int column = 0; column < expected.length; column++) {
      double shift = column < 3 ? Math.log(7 / counted) : 0;
      assertEquals(expected[column] + shift, biases[column], 1e-12, "column " + column);
    }
    double[] atoms = Arrays.copyOfRange(biases, 9, 12);
    double[] shares = {Math.log(2 / counted), Math.log(1 / counted), Math.log(0.5 / counted)};
    assertArrayEquals(shares, atoms, 1e-12);
  }

  @Test
  void labelsThatAreAllAtomsStartTheComponentsToo() {
    for (ComponentFamily family :
        new ComponentFamily[] {
          ComponentFamily.GAUSSIAN, ComponentFamily.LOG_NORMAL, ComponentFamily.NEGATIVE_BINOMIAL
        }) {
      MixtureSpec spec = MixtureSpec.builder().components(2).family(family).atoms(0, 1).build();
      MultiLayerNetwork net = Nets.network(DataType.DOUBLE, headOf(spec));
      MixtureInitializer.fromLabels(net, Nd4j.createFromArray(new double[][] {{0}, {0}, {1}}));
      double[] biases = net.getOutputLayer().getParam("b").toDoubleVector();
      assertTrue(Arrays.stream(biases).allMatch(Double::isFinite), Arrays.toString(biases));
      assertEquals(Math.log(2), biases[6] - biases[7], 1e-12);
    }
  }

  private static MixtureDensityOutputLayer headOf(MixtureSpec spec) {
    return new MixtureDensityOutputLayer.Builder().nIn(Nets.HIDDEN).spec(spec).build();
  }

  @Test
  void severalTargetsStartAtTheirClusters() {
    double[][] centers = {{0, 0}, {1000, 0}, {0, 0.01}}; // target 1 is 1e5 times smaller
    Random random = new Random(1);
    double[][] labels = new double[100][2];
    for (int n = 0; n < 100; n++) {
      double[] center = centers[n < 50 ? 0 : n < 80 ? 1 : 2];
      labels[n][0] = center[0] + random.nextGaussian();
      labels[n][1] = center[1] + 1e-5 * random.nextGaussian();
    }
    Mixture start = start(head(3, 2), labels);
    double[] weights = start.weights();
    Arrays.sort(weights);
    assertArrayEquals(new double[] {0.2, 0.3, 0.5}, weights, 1e-12);
    for (double[] center : centers) {
      assertTrue(
          Arrays.stream(start.means())
              .anyMatch(
                  mean ->
                      Math.abs(mean[0] - center[0]) < 1 && Math.abs(mean[1] - center[1]) < 1e-5),
          () -> Arrays.toString(center) + " is not in " + start);
    }
    assertMeanAndVariance(labels, start);
  }

  @ParameterizedTest
  @CsvSource({"SPHERICAL, false", "SPHERICAL, true", "DIAGONAL, false", "DIAGONAL, true"})
  void startsBetterThanTheDefaultWhereLabelsAreNotStandardised(
      Covariance covariance, boolean graph) {
    INDArray labels = Nd4j.createFromArray(skewed(500, 2)).castTo(DataType.FLOAT);
    DataSet data = new DataSet(Nd4j.rand(500, Nets.INPUTS), labels);
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder()
            .components(4)
            .targets(2)
            .covariance(covariance)
            .build();
    Model net = graph ? Nets.graph(DataType.FLOAT, head) : Nets.network(DataType.FLOAT, head);
    double before = score(net, data);
    INDArray weights = Head.only(net).layer().getParam("W").dup();
    MixtureInitializer.fromLabels(net, labels);
    assertOnlyLocationsAreScaled(Head.only(net).spec(), weights, net);
    double after = score(net, data);
    // One Gaussian of the labels' σ, 20 and 200; SPHERICAL has only one σ for both.
    double scales = covariance == Covariance.SPHERICAL ? (20 * 20 + 200 * 200) / 2 : 20 * 200;
    double gaussian = Math.log(scales) + Math.log(2 * Math.PI * Math.E);
    assertTrue(after < gaussian + 0.5, after + " after " + before);
    assertTrue(after < before - 1, after + " after " + before);
  }

  /** All of a target's location weights by one factor, the others by none. */
  private static void assertOnlyLocationsAreScaled(MixtureSpec spec, INDArray before, Model net) {
    INDArray factors = Head.only(net).layer().getParam("W").div(before);
    for (int column = 0; column < spec.parameterCount(); column++) {
      int location = column - spec.columns().locations().from();
      boolean scaled = 0 <= location && location < spec.components() * spec.targets();
      double expected = scaled ? factors.getDouble(0, spec.columns().location(0, location % 2)) : 1;
      assertTrue(!scaled || expected > 5, "to labels of σ = 20 and 200, got " + expected);
      for (int row = 0; row < factors.rows(); row++) {
        assertEquals(expected, factors.getDouble(row, column), 1e-5 * expected);
      }
    }
  }

  @Test
  void arraysAndIteratorsAgreeAndTheStartIsAlwaysTheSame() {
    double[][] labels = skewed(1000, 2);
    Mixture start = start(head(5, 2), labels);
    assertEquals(start.toString(), start(head(5, 2), labels).toString());

    INDArray array = Nd4j.createFromArray(labels);
    INDArray masked =
        Nd4j.concat(0, array, Nd4j.createFromArray(new double[][] {{Double.NaN, Double.NaN}}));
    INDArray mask = Nd4j.ones(1001, 1);
    mask.putScalar(1000, 0, 0);
    for (INDArray shaped : List.of(mask, mask.reshape(1001), Nd4j.concat(1, mask, mask))) {
      ExistingDataSetIterator iterator =
          new ExistingDataSetIterator(
              List.of(
                  new DataSet(Nd4j.ones(1, 2), array.getRows(0)),
                  new DataSet(
                      Nd4j.ones(1000, 2),
                      masked.get(NDArrayIndex.interval(1, 1001), NDArrayIndex.all()),
                      null,
                      shaped.get(NDArrayIndex.interval(1, 1001)))));
      MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head(5, 2));
      MixtureInitializer.fromLabels(net, iterator);
      assertEquals(start.toString(), mixture(net).toString());
      assertTrue(iterator.hasNext(), "is not reset");
    }
  }

  @Test
  void manyLabelsAreSampled() {
    double[][] labels = skewed(60_000, 2);
    Mixture start = start(head(8, 2), labels);
    for (int d = 0; d < 2; d++) {
      int target = d;
      double mean = Arrays.stream(labels).mapToDouble(row -> row[target]).average().orElseThrow();
      double deviation = d == 0 ? 20 : 200;
      // 5 standard errors of 10,000 labels
      assertEquals(mean, start.mean()[d], 5 * deviation / 100);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void constantTargetsAndFewLabelsAreFinite(int targets) {
    for (int rows : new int[] {1, 2, 7}) {
      double[][] labels = new double[rows][targets];
      for (double[] row : labels) {
        Arrays.fill(row, 1e6 / 3);
      }
      Mixture constant = start(head(4, targets), labels);
      assertEquals(1e6 / 3, constant.mean()[0], 1e-6);
      assertEquals(1, constant.standardDeviations()[0][0], 1e-12);

      labels[0][targets - 1] = 0; // two different labels, or one
      Mixture few = start(head(4, targets), labels);
      assertTrue(Double.isFinite(few.logDensity(labels[0])), few::toString);
      double share =
          Arrays.stream(labels).filter(row -> row[targets - 1] == 0).count() / (double) rows;
      if (rows != 7 || targets == 2) { // runs of 7 labels over 4 components are not even
        assertEquals((1 - share) * 1e6 / 3, few.mean()[targets - 1], 1e-6);
      }
    }
  }

  @Test
  void scaleFloorIsKept() {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder().components(3).scaleFloor(50).build();
    Mixture start = start(head, new double[][] {{1}, {2}, {3}, {4}, {5}, {6}});
    double expected = 50 + 0.1 * 0.5 * Math.sqrt(3); // runs of two have σ = 0.5
    assertEquals(expected, start.standardDeviations()[1][0], 1e-12);
  }

  @Test
  void stockLayersWithOurLossAreHeads() {
    LossMixtureNLL loss = LossMixtureNLL.builder().components(2).build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(
                    new OutputLayer.Builder(loss)
                        .nIn(2)
                        .nOut(6)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    net.init();
    MixtureInitializer.fromLabels(net, Nd4j.createFromArray(new double[][] {{1}, {3}}));
    assertArrayEquals(new double[][] {{1}, {3}}, mixture(net).means());
  }

  @Test
  void ofSeveralHeadsOneIsNamed() {
    ComputationGraph graph = twoHeads();
    refuses(
        "several; name one of [left, right]",
        () -> MixtureInitializer.fromLabels(graph, Nd4j.ones(3, 2)));
    INDArray before = graph.getLayer("left").getParam("b").dup();
    MixtureInitializer.fromLabels(graph, "right", Nd4j.ones(3, 2).muli(5));
    assertEquals(before, graph.getLayer("left").getParam("b"));
    assertEquals(5, graph.getLayer("right").getParam("b").getDouble(2), 1e-6);
    refuses(
        "one of [left, right], got plain",
        () -> MixtureInitializer.fromLabels(graph, "plain", Nd4j.ones(3, 2)));
  }

  @Test
  void mistakesAreNamed() {
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head(2, 2));
    double[][] labels = skewed(5, 2);
    labels[3][1] = Double.NaN;
    refuses(
        "NaN at row 3, column 1",
        () -> MixtureInitializer.fromLabels(net, Nd4j.createFromArray(labels)));
    labels[3][1] = Double.POSITIVE_INFINITY;
    DataSet minibatch = new DataSet(Nd4j.ones(5, 2), Nd4j.createFromArray(labels));
    DataSet first = new DataSet(Nd4j.ones(2, 2), Nd4j.ones(2, 2));
    refuses(
        "Infinity at row 5, column 1",
        () ->
            MixtureInitializer.fromLabels(
                net, new ExistingDataSetIterator(List.of(first, minibatch))));
    refuses("[N, 2], got [5, 3]", () -> MixtureInitializer.fromLabels(net, Nd4j.ones(5, 3)));
    refuses("[N, 2], got [5, 2, 4]", () -> MixtureInitializer.fromLabels(net, Nd4j.ones(5, 2, 4)));
    DataSet hidden = new DataSet(Nd4j.ones(2, 2), Nd4j.ones(2, 2), null, Nd4j.zeros(2, 1));
    refuses(
        "got none in 2 rows",
        () -> MixtureInitializer.fromLabels(net, new ExistingDataSetIterator(List.of(hidden))));
    refuses("init()", () -> MixtureInitializer.fromLabels(unready(), Nd4j.ones(2, 2)));
    MultiLayerNetwork plain =
        Nets.network(
            DataType.DOUBLE,
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build());
    refuses(
        "MixtureDensityOutputLayer, or",
        () -> MixtureInitializer.fromLabels(plain, Nd4j.ones(2, 1)));
    refuses("[OutputLayer]", () -> MixtureInitializer.fromLabels(plain, Nd4j.ones(2, 1)));
    MixtureDensityOutputLayer unbiased =
        new MixtureDensityOutputLayer.Builder().components(2).hasBias(false).build();
    refuses(
        "with biases",
        () ->
            MixtureInitializer.fromLabels(
                Nets.network(DataType.DOUBLE, unbiased), Nd4j.ones(2, 1)));
  }

  private static MultiLayerNetwork unready() {
    return new MultiLayerNetwork(
        Nets.network(DataType.DOUBLE, head(2, 2)).getLayerWiseConfigurations());
  }

  private static ComputationGraph twoHeads() {
    MixtureDensityOutputLayer left = head(2, 2);
    MixtureDensityOutputLayer right = head(2, 2);
    left.setNIn(2);
    right.setNIn(2);
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("left", left, "in")
                .addLayer("right", right, "in")
                .addLayer(
                    "plain",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(2)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "in")
                .setOutputs("left", "right", "plain")
                .build());
    graph.init();
    return graph;
  }

  private static double score(Model net, DataSet data) {
    return net instanceof MultiLayerNetwork network
        ? network.score(data)
        : ((ComputationGraph) net).score(data);
  }

  private static MixtureDensityOutputLayer head(int components, int targets) {
    return new MixtureDensityOutputLayer.Builder().components(components).targets(targets).build();
  }

  private static Mixture start(MixtureDensityOutputLayer head, double[][] labels) {
    MultiLayerNetwork net = Nets.network(DataType.DOUBLE, head);
    MixtureInitializer.fromLabels(net, Nd4j.createFromArray(labels));
    return mixture(net);
  }

  /** The mixture that the biases stand for. */
  private static Mixture mixture(MultiLayerNetwork net) {
    Layer layer = net.getOutputLayer();
    MixtureSpec spec = Head.only(net).spec();
    return MixtureBatch.of(spec, layer.getParam("b").reshape(1, spec.parameterCount())).get(0);
  }

  /** Sums of an exponential and a normal number, with means 40, 400, … and σ = 20, 200, …. */
  private static double[][] skewed(int rows, int targets) {
    Random random = new Random(1);
    double[][] labels = new double[rows][targets];
    for (double[] row : labels) {
      for (int d = 0; d < targets; d++) {
        double unit = (random.nextGaussian() - Math.log(1 - random.nextDouble())) / Math.sqrt(2);
        row[d] = Math.pow(10, d) * (40 + 20 * unit);
      }
    }
    return labels;
  }

  private static void assertMeanAndVariance(double[][] labels, Mixture mixture) {
    for (int d = 0; d < labels[0].length; d++) {
      int target = d;
      double[] values = Arrays.stream(labels).mapToDouble(row -> row[target]).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(y -> (y - mean) * (y - mean)).average().orElseThrow();
      assertEquals(mean, mixture.mean()[d], 1e-9 * Math.sqrt(variance));
      double between = 0;
      for (int k = 0; k < mixture.components(); k++) {
        between += mixture.weights()[k] * Math.pow(mixture.means()[k][d] - mean, 2);
      }
      double expected = between + 3 * (variance - between); // law of total variance
      assertEquals(expected, mixture.variance()[d], 1e-9 * variance);
    }
  }

  private static void refuses(String message, Runnable mistake) {
    Exception refusal = assertThrows(IllegalArgumentException.class, mistake::run);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }
}
