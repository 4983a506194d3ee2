/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.concurrent.TimeUnit;
import org.deeplearning4j.datasets.iterator.AsyncShieldDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One iteration of training, out of an epoch whose minibatches are cut from all rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class FeedingBenchmark {
  private static final int MINIBATCHES = 16;

  /** Rows of a minibatch. */
  @Param("128")
  public int rows;

  /** The system that trains. */
  @Param("mdn-head-fused")
  public String system;

  /**
   * arrays: cut by the caller; iterator: DL4J's over a list of examples; asynchronous-iterator: the
   * same, run ahead in a thread of its own, as {@code fit} does by itself.
   */
  @Param("arrays")
  public String feeding;

  private Runnable epoch;

  /** Creates the net and the data. */
  @Setup
  public void prepare() {
    FitInput input = FitInput.of(FitCase.narrow(rows * MINIBATCHES));
    DenseNetFit system = new DenseNetFit(this.system, input, WorkspaceMode.ENABLED);
    MultiLayerNetwork net = system.net();
    DataSet all =
        new DataSet(
            Nd4j.createFromArray(input.features()).reshape('c', -1, 1),
            Nd4j.createFromArray(input.labels()).reshape('c', -1, 1));
    DataSetIterator iterator = new ListDataSetIterator<>(all.asList(), rows);
    DataSetIterator shielded = new AsyncShieldDataSetIterator(iterator);
    epoch =
        switch (feeding) {
          case "arrays" -> () -> fitArrays(net, all);
          case "iterator" -> () -> net.fit(shielded);
          case "asynchronous-iterator" -> () -> net.fit(iterator);
          default -> throw new IllegalArgumentException("No such feeding: " + feeding);
        };
    new Note(system.threads(), "", null, null).leave();
  }

  private void fitArrays(MultiLayerNetwork net, DataSet all) {
    for (int from = 0; from < rows * MINIBATCHES; from += rows) {
      var part = NDArrayIndex.interval(from, from + rows);
      net.fit(
          all.getFeatures().get(part, NDArrayIndex.all()),
          all.getLabels().get(part, NDArrayIndex.all()));
    }
  }

  /** Runs one epoch. */
  @Benchmark
  @OperationsPerInvocation(MINIBATCHES)
  public void fit() {
    epoch.run();
  }
}
