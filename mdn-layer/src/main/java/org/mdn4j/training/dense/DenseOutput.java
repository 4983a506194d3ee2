/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a dense network puts out, by the kernels of {@link DenseTrainer}: blocks of rows go through
 * all layers one after the other, so that no layer's units of all rows are ever kept, and no
 * operation of ND4J is run.
 *
 * <p>The network's parameters are read at each call. May be used by several threads, unless one of
 * them changes the parameters.
 */
public final class DenseOutput {
  /**
   * Rows of a block. What a row of a whole block gives does not depend on the other rows, nor on
   * its place, where BLAS takes one thread; the last, shorter block rounds otherwise.
   */
  public static final int BLOCK_ROWS = 128;

  /** From how many blocks on several threads pay, and to take one of them for each product. */
  private static final int SIDE_BY_SIDE = 16;

  private final Network network;
  private final Chain chain;

  /** Scratch that no thread uses at present. */
  private final Queue<Scratch> idle = new ConcurrentLinkedQueue<>();

  private DenseOutput(Network network, Chain chain) {
    this.network = network;
    this.chain = chain;
  }

  /**
   * Creates the output of a network.
   *
   * @param model an initialised network
   * @return its output, or empty if it is anything else than a chain of dense layers, of activation
   *     layers, and of dropout, which does nothing here
   */
  public static Optional<DenseOutput> of(Model model) {
    try {
      Network network = Network.of(model);
      return Optional.of(new DenseOutput(network, ChainReader.readOutput(network)));
    } catch (NotCoveredException e) {
      return Optional.empty();
    }
  }

  /**
   * Computes what the network puts out.
   *
   * @param features {@code [N, nIn]}
   * @return {@code [N, P]}, as the network's own {@code output} but for rounding
   * @throws IllegalArgumentException if the features have another shape
   */
  public INDArray output(INDArray features) {
    INDArray rows = rows(features);
    INDArray output = Nd4j.createUninitialized(chain.dtype(), rows.size(0), chain.head().outputs());
    compute(rows, output);
    Reference.reachabilityFence(rows);
    return output;
  }

  private INDArray rows(INDArray features) {
    if (features.rank() != 2 || features.size(1) != chain.inputs() || features.size(0) == 0) {
      throw new IllegalArgumentException(
          "Expected features of shape [N, %s] with N > 0, got %s"
              .formatted(chain.inputs(), Arrays.toString(features.shape())));
    }
    INDArray typed =
        features.dataType() == chain.dtype() ? features : features.castTo(chain.dtype());
    boolean dense = typed.ordering() == 'c' && !typed.isView();
    return dense ? typed : typed.dup('c');
  }

  private void compute(INDArray rows, INDArray output) {
    int count = (int) rows.size(0);
    int blocks = (count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    boolean parallel = blocks >= SIDE_BY_SIDE;
    IntStream each = IntStream.range(0, blocks);
    if (parallel) {
      BlasThreads.hold();
    }
    try {
      (parallel ? each.parallel() : each)
          .forEach(
              block -> {
                int first = block * BLOCK_ROWS;
                Scratch scratch = Objects.requireNonNullElseGet(idle.poll(), Scratch::new);
                int some = Math.min(BLOCK_ROWS, count - first);
                scratch.forward(rows, first, some);
                scratch.write(output, first, some);
                idle.add(scratch);
              });
    } finally {
      if (parallel) {
        BlasThreads.release();
      }
    }
  }

  /** What one thread computes with; units as in training, {@code [units, rows]}. */
  private final class Scratch {
    private final Parameters parameters;
    private final Pointer[] units; // of each layer
    private final Pointer features; // moved to a block's first row
    private final Pointer input; // what the input's stages make of it, or null
    private final Pointer output; // moved to a block's first row
    private final Pointer ones; // [rows]
    private final Reals heap;
    private final Stages stages;

    Scratch() {
      DataType dtype = chain.dtype();
      List<Dense> layers = chain.layers();
      parameters = new Parameters(chain, (int) network.parameters().length());
      units = new Pointer[layers.size()];
      int widest = chain.inputs();
      for (int layer = 0; layer < units.length; layer++) {
        widest = Math.max(widest, layers.get(layer).outputs());
        units[layer] = Memory.zeros(dtype, (long) layers.get(layer).outputs() * BLOCK_ROWS);
      }
      features = Memory.nowhere(dtype);
      boolean staged = !chain.inputStages().isEmpty();
      input = staged ? Memory.zeros(dtype, (long) chain.inputs() * BLOCK_ROWS) : null;
      output = Memory.nowhere(dtype);
      heap = Reals.zeros(dtype, widest * BLOCK_ROWS);
      stages = new Stages(chain.seed(), dtype, widest * BLOCK_ROWS);
      ones = Memory.zeros(dtype, BLOCK_ROWS);
      for (int n = 0; n < BLOCK_ROWS; n++) {
        heap.set(n, 1);
      }
      heap.write(ones, BLOCK_ROWS);
    }

    /** Leaves the head's output on the heap. */
    void forward(INDArray rows, int first, int count) {
      parameters.read(network.parameters());
      stages.begin(first, count, 0, 0, null);
      int inputs = chain.inputs();
      Memory.move(features, address(rows, first));
      if (input != null) {
        heap.readTransposed(features, count, inputs, inputs);
        stages.run(chain.inputStages(), heap, null, inputs);
        heap.write(input, inputs * count);
      }
      for (int layer = 0; layer < units.length; layer++) {
        multiply(layer, count);
        Dense dense = chain.layers().get(layer);
        boolean head = layer == units.length - 1;
        if (head || !stages.areIdle(dense.stages())) {
          heap.read(units[layer], dense.outputs() * count);
          stages.run(dense.stages(), heap, null, dense.outputs());
          if (!head) {
            heap.write(units[layer], dense.outputs() * count);
          }
        }
      }
    }

    private void multiply(int layer, int count) {
      Dense dense = chain.layers().get(layer);
      boolean rowMajor = layer == 0 && input == null;
      Pointer below = layer > 0 ? units[layer - 1] : input == null ? features : input;
      int outputs = dense.outputs();
      if (dense.hasBiases()) {
        Pointer b = parameters.biases(layer);
        Products.multiply(outputs, count, 1, b, 1, false, ones, count, false, 0, units[layer]);
      }
      Products.multiply(
          outputs,
          count,
          dense.inputs(),
          parameters.weights(layer),
          dense.inputs(),
          false,
          below,
          rowMajor ? dense.inputs() : count,
          rowMajor,
          dense.hasBiases() ? 1 : 0,
          units[layer]);
    }

    void write(INDArray into, int first, int count) {
      Memory.move(output, address(into, first));
      heap.writeTransposed(output, count, chain.head().outputs());
    }
  }

  private static long address(INDArray rows, int row) {
    return Memory.address(rows) + (long) row * rows.size(1) * rows.data().getElementSize();
  }
}
