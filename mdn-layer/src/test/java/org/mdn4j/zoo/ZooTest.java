/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.PretrainedType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.sequence.GeneratedSequences;
import org.mdn4j.sequence.SequenceGenerator;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
class ZooTest {
  private static final int POINTS = 20_000;

  @TempDir Path cache;
  private File cacheBefore;

  @BeforeEach
  void cacheElsewhere() {
    cacheBefore = DL4JResources.getBaseDirectory();
    DL4JResources.setBaseDirectory(cache.toFile());
  }

  @AfterEach
  void restoreCache() {
    DL4JResources.setBaseDirectory(cacheBefore);
  }

  /** The inverted sine: t ~ U(−10.5, 10.5), s = 7 sin(0.75 t) + 0.5 t + N(0, 1). */
  private static DataSet invertedSine() {
    Random random = new Random(77);
    float[][] s = new float[POINTS][1];
    float[][] t = new float[POINTS][1];
    for (int n = 0; n < POINTS; n++) {
      double target = 21 * random.nextDouble() - 10.5;
      t[n][0] = (float) target;
      s[n][0] = (float) (7 * Math.sin(0.75 * target) + 0.5 * target + random.nextGaussian());
    }
    return new DataSet(Nd4j.createFromArray(s), Nd4j.createFromArray(t));
  }

  @Test
  void thePretrainedNetworkScoresAtMost136() throws IOException {
    MixtureDensityNetwork model = MixtureDensityNetwork.builder().build();
    assertTrue(model.pretrainedAvailable(PretrainedType.IMAGENET));
    assertFalse(model.pretrainedAvailable(PretrainedType.MNIST));
    assertTrue(model.pretrainedChecksum(PretrainedType.IMAGENET) != 0);
    MultiLayerNetwork net = (MultiLayerNetwork) model.initPretrained();
    DataSet test = invertedSine();
    double nll = net.score(test);
    assertTrue(nll <= 1.36, "NLL " + nll);
    assertTrue(nll >= 1.288 - 0.02, "NLL " + nll + ": less than the floor cannot be");
    MixtureSpec spec =
        ((MixtureDensityOutputLayer) net.getOutputLayer().conf().getLayer()).getSpec();
    INDArray logDensity =
        MixtureBatch.of(spec, net.output(test.getFeatures())).logDensity(test.getLabels());
    assertEquals(nll, -logDensity.meanNumber().doubleValue(), 1e-4);
    MultiLayerNetwork fresh = model.init();
    assertEquals(fresh.getLayerWiseConfigurations(), net.getLayerWiseConfigurations());
  }

  @Test
  void aDamagedCacheIsNotUsed() throws IOException {
    MixtureDensityNetwork model = MixtureDensityNetwork.builder().build();
    model.initPretrained();
    Path cached;
    try (var files = Files.walk(cache)) {
      cached = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    assertTrue(cached.getFileName().toString().contains("-v2"), cached.toString());
    byte[] bytes = Files.readAllBytes(cached);
    bytes[bytes.length / 2]++;
    Files.write(cached, bytes);
    assertThrows(IllegalStateException.class, model::initPretrained);
    model.initPretrained(); // DL4J has removed the damaged file
  }

  /** One thread says so and removes it, the other reads a new copy; neither fails otherwise. */
  @Test
  void twoThreadsThatFindADamagedCache() throws Exception {
    MixtureDensityNetwork model = MixtureDensityNetwork.builder().build();
    model.initPretrained();
    Path cached;
    try (var files = Files.walk(cache)) {
      cached = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    for (int round = 0; round < 5; round++) {
      Files.write(cached, new byte[] {1, 2, 3});
      java.util.concurrent.Callable<String> read =
          () -> {
            try {
              model.initPretrained();
              return "read";
            } catch (IllegalStateException e) {
              return e.getMessage().contains("it was removed, try again") ? "removed" : "" + e;
            }
          };
      var pool = java.util.concurrent.Executors.newFixedThreadPool(2);
      List<String> outcomes = new java.util.ArrayList<>();
      for (var outcome : pool.invokeAll(List.of(read, read))) {
        outcomes.add(outcome.get());
      }
      pool.shutdown();
      outcomes.sort(null);
      assertEquals(List.of("read", "removed"), outcomes);
    }
  }

  @Test
  void theShapesAreThoseOfTheBuilder() {
    MixtureSpec spec =
        MixtureSpec.builder().components(3).targets(2).covariance(Covariance.SPHERICAL).build();
    MixtureDensityNetwork model =
        MixtureDensityNetwork.builder().inputs(4).hidden(3, 5).spec(spec).seed(2).build();
    MultiLayerNetwork net = model.init();
    assertEquals(4, net.getnLayers());
    assertArrayEquals(new long[] {7, spec.parameterCount()}, net.output(Nd4j.zeros(7, 4)).shape());
    model.setInputShape(new int[][] {{6}});
    assertEquals(6, ((MultiLayerNetwork) model.init()).layerInputSize(0));
    assertEquals("mixturedensitynetwork", model.modelName());
    assertEquals(MultiLayerNetwork.class, model.modelType());
  }

  @Test
  void theBuildersSettingsAreTheNetworks() {
    MultiLayerNetwork dense =
        (MultiLayerNetwork)
            MixtureDensityNetwork.builder()
                .activation(Activation.SWISH)
                .updater(new Sgd(0.25))
                .build()
                .init();
    DenseLayer first = (DenseLayer) dense.getLayer(0).conf().getLayer();
    assertEquals(new ActivationSwish(), first.getActivationFn());
    assertEquals(new Sgd(0.25), first.getIUpdater());
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(3).build();
    MixtureDensityRnn model =
        MixtureDensityRnn.builder().spec(spec).inputs(3).updater(new Sgd(0.5)).build();
    assertEquals(MultiLayerNetwork.class, model.modelType());
    MultiLayerNetwork recurrent = model.init();
    assertEquals(spec.parameterCount(), recurrent.output(Nd4j.zeros(1, 3, 2)).size(1));
    assertEquals(new Sgd(0.5), ((BaseLayer) recurrent.getLayer(0).conf().getLayer()).getIUpdater());
    model.setInputShape(new int[][] {{5}});
    assertEquals(5, ((MultiLayerNetwork) model.init()).layerInputSize(0));
  }

  @Test
  @SuppressWarnings("deprecation") // every zoo model has it
  void metadata() {
    assertArrayEquals(
        new int[][] {{1}}, MixtureDensityNetwork.builder().build().metaData().getInputShape());
    assertEquals(30, MixtureDensityNetwork.builder().build().metaData().getNumOutputs());
    assertEquals("RNN", MixtureDensityRnn.builder().build().metaData().getZooType().name());
  }

  @Test
  void theRecurrentNetworkTrains() {
    MixtureDensityRnn model = MixtureDensityRnn.builder().lstm(2, 8).seed(4).build();
    MultiLayerNetwork net = model.init();
    Nd4j.getRandom().setSeed(5);
    INDArray x = Nd4j.randn(16, 2, 10);
    DataSet data = new DataSet(x, x.mul(0.5));
    double before = net.score(data);
    for (int step = 0; step < 150; step++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before - 1, before + " -> " + net.score(data));
    assertArrayEquals(new long[] {16, 25, 10}, net.output(x).shape());
  }

  /** The words that it writes end by themselves, of steps whose states are 0, 1 or 2. */
  @Test
  void thePretrainedRecurrentNetworkWrites() throws IOException {
    MixtureDensityRnn model = MixtureDensityRnn.builder().build();
    assertTrue(model.pretrainedAvailable(PretrainedType.IMAGENET));
    assertFalse(model.pretrainedAvailable(PretrainedType.MNIST));
    assertTrue(model.pretrainedChecksum(PretrainedType.IMAGENET) != 0);
    MultiLayerNetwork net = (MultiLayerNetwork) model.initPretrained();
    GeneratedSequences words =
        SequenceGenerator.of(net).stopWhen((step, input) -> input[2] > 1.5).generate(50, 120, 42);
    int ended = 0;
    int clear = 0;
    int steps = 0;
    for (int n = 0; n < words.size(); n++) {
      double[][] word = words.samples(n);
      ended += word[word.length - 1][2] > 1.5 ? 1 : 0;
      steps += word.length;
      for (double[] step : word) {
        clear += Math.abs(step[2] - Math.rint(step[2])) < 0.3 ? 1 : 0; // 3 σ
      }
    }
    assertTrue(ended >= 47, ended + " of 50 words end");
    assertTrue(clear >= 0.98 * steps, clear + " of " + steps + " states are clear");
    double length = steps / 50.0; // of the words to learn: about 55
    assertTrue(40 < length && length < 75, length + " steps");
  }

  @Test
  void whatIsNoShapeIsRefused() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> MixtureDensityNetwork.builder().hidden(2, 0).build());
    assertEquals("Expected at least 1 hidden units, got 0", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class, () -> MixtureDensityRnn.builder().inputs(0).build());
    assertEquals("Expected at least 1 inputs, got 0", e.getMessage());
    e =
        assertThrows(
            IllegalArgumentException.class,
            () -> MixtureDensityRnn.builder().build().setInputShape(new int[][] {{3, 4}}));
    assertTrue(e.getMessage().contains("{{inputs}} with inputs >= 1, got [[3, 4]]"));
  }
}
