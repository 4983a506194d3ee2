/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityCnnLossLayer;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.training.FusedTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A program that works while a thread collects garbage every millisecond: each of the works named
 * has a thread of its own. Prints how often each was done, if the process lives.
 */
final class CollectorHammer {
  /** Something that is done again and again. */
  enum Work {
    BROADCASTS {
      @Override
      Runnable make() {
        INDArray matrix = Nd4j.rand(64, 32);
        INDArray row = Nd4j.rand(1, 32);
        return () -> matrix.addiRowVector(row);
      }
    },
    ROWS {
      @Override
      Runnable make() {
        INDArray matrix = Nd4j.rand(64, 32);
        return () -> Nd4j.pullRows(matrix.mul(2), 1, new int[] {5, 3, 2, 1, 8, 20});
      }
    },
    PRODUCTS {
      @Override
      Runnable make() {
        INDArray row = Nd4j.rand(1, 4096);
        return () -> row.mul(2).mmul(row.mul(3).transpose());
      }
    },
    DENSE {
      @Override
      Runnable make() {
        return fit(dense(MixtureSpec.builder().components(5).targets(1).build()), 1);
      }
    },
    FUSED_TRAINING {
      @Override
      Runnable make() {
        MultiLayerNetwork net = dense(MixtureSpec.builder().components(5).targets(1).build());
        INDArray features = Nd4j.randn(300, 2); // several blocks
        INDArray labels = Nd4j.randn(300, 1);
        FusedTraining training = FusedTraining.of(net);
        return () -> {
          training.fit(features, labels);
          if (!Double.isFinite(training.score())) {
            throw new IllegalStateException("The score became " + training.score());
          }
        };
      }
    },
    FULL {
      @Override
      Runnable make() {
        MixtureSpec spec =
            MixtureSpec.builder().components(3).targets(2).covariance(Covariance.FULL).build();
        return fit(dense(spec), 2);
      }
    },
    SAMEDIFF {
      @Override
      Runnable make() {
        MixtureSpec spec =
            MixtureSpec.builder()
                .components(3)
                .targets(1)
                .family(ComponentFamily.STUDENT_T)
                .build();
        return fit(dense(spec), 1);
      }
    },
    GRAPH {
      @Override
      Runnable make() {
        ComputationGraph graph =
            new ComputationGraph(
                base()
                    .graphBuilder()
                    .addInputs("in")
                    .addLayer("dense", new DenseLayer.Builder().nIn(2).nOut(32).build(), "in")
                    .addLayer("one", head(MixtureSpec.builder().components(5).build()), "dense")
                    .addLayer("other", head(MixtureSpec.builder().components(2).build()), "dense")
                    .setOutputs("one", "other")
                    .build());
        graph.init();
        INDArray[] features = {Nd4j.randn(64, 2)};
        INDArray[] labels = {Nd4j.randn(64, 1), Nd4j.randn(64, 1)};
        return () -> {
          graph.fit(features, labels);
          graph.output(features);
        };
      }
    },
    RECURRENT {
      @Override
      Runnable make() {
        MultiLayerNetwork net =
            net(
                base()
                    .list()
                    .layer(new LSTM.Builder().nIn(2).nOut(16).build())
                    .layer(
                        new MixtureDensityRnnOutputLayer.Builder()
                            .nIn(16)
                            .components(3)
                            .targets(2)
                            .build())
                    .build());
        return fit(net, Nd4j.randn(16, 2, 12), Nd4j.randn(16, 2, 12));
      }
    },
    PIXELS {
      @Override
      Runnable make() {
        MixtureSpec spec = MixtureSpec.builder().components(3).targets(2).build();
        MultiLayerNetwork net =
            net(
                base()
                    .convolutionMode(ConvolutionMode.Same)
                    .list()
                    .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                    .layer(
                        new ConvolutionLayer.Builder(1, 1)
                            .nOut(spec.parameterCount())
                            .activation(Activation.IDENTITY)
                            .build())
                    .layer(new MixtureDensityCnnLossLayer.Builder().spec(spec).build())
                    .setInputType(InputType.convolutional(12, 12, 1))
                    .build());
        return fit(net, Nd4j.randn(8, 1, 12, 12), Nd4j.randn(8, 2, 12, 12));
      }
    };

    abstract Runnable make();

    static NeuralNetConfiguration.Builder base() {
      return new NeuralNetConfiguration.Builder()
          .seed(1)
          .dataType(DataType.FLOAT)
          .activation(Activation.TANH)
          .updater(new Adam(0.001));
    }

    static MultiLayerNetwork net(MultiLayerConfiguration configuration) {
      MultiLayerNetwork net = new MultiLayerNetwork(configuration);
      net.init();
      return net;
    }

    static MixtureDensityOutputLayer head(MixtureSpec spec) {
      return new MixtureDensityOutputLayer.Builder().nIn(32).spec(spec).build();
    }

    static MultiLayerNetwork dense(MixtureSpec spec) {
      return net(
          base()
              .list()
              .layer(new DenseLayer.Builder().nIn(2).nOut(32).build())
              .layer(head(spec))
              .build());
    }

    static Runnable fit(MultiLayerNetwork net, int targets) {
      return fit(net, Nd4j.randn(64, 2), Nd4j.randn(64, targets));
    }

    static Runnable fit(MultiLayerNetwork net, INDArray features, INDArray labels) {
      return () -> {
        net.fit(features, labels);
        net.output(features);
      };
    }
  }

  private CollectorHammer() {}

  /**
   * Runs the program.
   *
   * @param args whether guarded; seconds; names of works
   */
  public static void main(String[] args) throws Exception {
    if (Boolean.parseBoolean(args[0]) && !SafeBackend.install()) {
      throw new IllegalStateException("The guard is not in place");
    }
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(args[1]));
    List<Work> works = Arrays.stream(args, 2, args.length).map(Work::valueOf).toList();
    CountDownLatch made = new CountDownLatch(works.size());
    Thread collector = new Thread(() -> collect(made), "collector");
    collector.setDaemon(true);
    collector.start();
    AtomicLong[] done = works.stream().map(work -> new AtomicLong()).toArray(AtomicLong[]::new);
    ExecutorService threads = Executors.newFixedThreadPool(works.size());
    List<Callable<Void>> tasks =
        java.util.stream.IntStream.range(0, works.size())
            .<Callable<Void>>mapToObj(
                i ->
                    () -> {
                      Runnable work;
                      try {
                        work = works.get(i).make();
                        work.run(); // loads classes, makes graphs
                      } finally {
                        made.countDown();
                      }
                      made.await();
                      long start = System.nanoTime();
                      while (System.nanoTime() - start < nanos) {
                        work.run();
                        done[i].incrementAndGet();
                      }
                      return null;
                    })
            .toList();
    for (Future<Void> each : threads.invokeAll(tasks)) {
      each.get();
    }
    threads.shutdown();
    System.out.println("Lived, " + works + ": " + Arrays.toString(done));
  }

  /** Begins when all works are made, which would take several times as long. */
  private static void collect(CountDownLatch made) {
    try {
      made.await();
      while (true) {
        System.gc();
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }
}
