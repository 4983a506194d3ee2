/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.MatrixMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mixture's negative log-likelihood on the CPU, in one pass over the rows: what {@link
 * SameDiffLikelihood} defines, faster.
 *
 * <p>A row costs K (D + 2) exponentials (3 K with {@link Covariance#SPHERICAL}) and one logarithm,
 * for score and gradient together, with {@link Covariance#FULL} some 2 K D² products besides, and
 * as many logarithms again as there are scales where there is a scale floor. Everything is computed
 * in double. For a FLOAT output the exponential is our own, right to 5 · 10⁻⁹; for a DOUBLE output
 * it is {@link Math#exp}.
 *
 * <p>Rows of other families than Gaussians, of a truncation, or with an interval among their labels
 * are computed one by one, in double throughout.
 *
 * <p>Rows are taken in blocks, and blocks handed to the common {@link
 * java.util.concurrent.ForkJoinPool} where there are enough of them. What a row gives does not
 * depend on that, nor on its neighbours. For each thread that takes part scratch of up to 1 MB is
 * kept, more where a row has more than a thousand columns.
 */
public final class FusedLikelihood implements MixtureLikelihood {
  /** Entries of a block of the raw output: its columns in double stay in a core's cache. */
  private static final int BLOCK_ENTRIES = 32768;

  private static final int MIN_BLOCK_ROWS = 32;
  private static final int MAX_BLOCK_ROWS = 256;

  /** Entries of a raw output, some 0.1 ms of work, from which on several threads pay. */
  private static final int PARALLEL_ENTRIES = 32768;

  private final MixtureSpec spec;
  private final LabelForm form;
  private final int blockRows;

  /** Scratch that no thread uses at present. The common pool forgets its threads' ThreadLocals. */
  private final Queue<Scratch> idle = new ConcurrentLinkedQueue<>();

  /**
   * Creates a likelihood for one form of output.
   *
   * @param spec the columns of the raw output
   */
  public FusedLikelihood(MixtureSpec spec) {
    this.spec = spec;
    this.form = LabelForm.of(spec);
    this.blockRows =
        Math.max(MIN_BLOCK_ROWS, Math.min(MAX_BLOCK_ROWS, BLOCK_ENTRIES / spec.parameterCount()));
  }

  @Override
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    INDArray score = Nd4j.createUninitialized(Limits.computed(raw.dataType()), raw.size(0));
    run(call(labels, raw, observed, score, null));
    return score;
  }

  @Override
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    INDArray score = Nd4j.createUninitialized(Limits.computed(raw.dataType()), raw.size(0));
    INDArray gradient =
        Nd4j.createUninitialized(Limits.computed(raw.dataType()), raw.size(0), raw.size(1));
    run(call(labels, raw, observed, score, gradient));
    return new ScoreAndGradient(score, gradient);
  }

  private Call call(
      INDArray labels, INDArray raw, INDArray observed, INDArray score, INDArray gradient) {
    INDArray computed = Limits.computed(labels, spec, raw.dataType());
    form.requireSupported(computed, observed);
    return new Call(computed, raw, observed, score, gradient);
  }

  private void run(Call call) {
    long rows = call.rows;
    int blocks = Math.toIntExact((rows + blockRows - 1) / blockRows);
    IntStream each = IntStream.range(0, blocks);
    if (rows * spec.parameterCount() >= PARALLEL_ENTRIES) {
      each = each.parallel();
    }
    each.forEach(
        block -> {
          long first = block * rows / blocks; // blocks of equal size, so that threads end together
          long end = (block + 1) * rows / blocks;
          Scratch scratch = Objects.requireNonNullElseGet(idle.poll(), Scratch::new);
          scratch.run(call, first, (int) (end - first));
          idle.add(scratch);
        });
  }

  /** The arrays of one call. */
  private static final class Call {
    final long rows;
    final DataType dtype;
    final MatrixMemory labels;
    final MatrixMemory raw;
    final MatrixMemory observed; // or null
    final MatrixMemory score;
    final MatrixMemory gradient; // or null

    Call(INDArray labels, INDArray raw, INDArray observed, INDArray score, INDArray gradient) {
      this.rows = raw.size(0);
      this.dtype = score.dataType();
      this.labels = MatrixMemory.of(labels);
      this.raw = MatrixMemory.of(raw);
      this.observed = observed == null ? null : MatrixMemory.of(observed);
      this.score = MatrixMemory.of(score);
      this.gradient = gradient == null ? null : MatrixMemory.of(gradient);
    }
  }

  /** The memory that one thread computes in. */
  private final class Scratch {
    private final MatrixMemory.Staging labels = new MatrixMemory.Staging();
    private final MatrixMemory.Staging raw = new MatrixMemory.Staging();
    private final MatrixMemory.Staging observed = new MatrixMemory.Staging();
    private final MatrixMemory.Staging score = new MatrixMemory.Staging();
    private final MatrixMemory.Staging gradient = new MatrixMemory.Staging();
    private final double[] rowLabels = new double[spec.labelColumns()];
    private final double[] rowObserved = new double[spec.targets()];
    private final double[] row = new double[spec.parameterCount()];
    private final double[] rowScore = new double[1];
    private final RowKernel floatRows = RowKernel.of(spec, Limits.of(DataType.FLOAT));
    private final RowKernel doubleRows = RowKernel.of(spec, Limits.of(DataType.DOUBLE));
    private ColumnKernel columns; // for FLOAT only

    void run(Call call, long first, int rows) {
      call.labels.load(first, rows, labels);
      call.raw.load(first, rows, raw);
      if (call.observed != null) {
        call.observed.load(first, rows, observed);
      }
      call.score.reserve(score, rows);
      if (call.gradient != null) {
        call.gradient.reserve(gradient, rows);
      }
      boolean byColumns = call.dtype == DataType.FLOAT && ColumnKernel.covers(spec);
      if (byColumns) {
        runColumns(call, rows);
      }
      for (int n = 0; n < rows; n++) {
        if (!byColumns || !columns.isOrdinary(n)) {
          runRow(call, rows, n);
        }
      }
      call.score.store(first, rows, score);
      if (call.gradient != null) {
        call.gradient.store(first, rows, gradient);
      }
    }

    private void runColumns(Call call, int rows) {
      if (columns == null) {
        columns = ColumnKernel.of(spec, Limits.of(DataType.FLOAT), blockRows);
      }
      loadLabels(call, rows);
      if (call.observed == null) {
        for (double[] column : columns.observed) {
          Arrays.fill(column, 0, rows, 1);
        }
      } else {
        call.observed.unpack(observed, rows, 0, columns.observed);
      }
      call.raw.unpack(raw, rows, spec.columns().logits().from(), columns.logits);
      call.raw.unpack(raw, rows, spec.columns().locations().from(), columns.locations);
      call.raw.unpack(raw, rows, spec.columns().scales().from(), columns.scales);
      call.raw.unpack(raw, rows, spec.columns().atoms().from(), columns.atoms);
      columns.score(rows);
      call.score.pack(columns.score, score, rows, 0);
      if (call.gradient != null) {
        columns.gradient(rows);
        call.gradient.pack(columns.logits, gradient, rows, spec.columns().logits().from());
        call.gradient.pack(columns.locations, gradient, rows, spec.columns().locations().from());
        call.gradient.pack(columns.scales, gradient, rows, spec.columns().scales().from());
        call.gradient.pack(columns.atoms, gradient, rows, spec.columns().atoms().from());
      }
    }

    private void loadLabels(Call call, int rows) {
      if (!spec.censored() && spec.truncation().isEmpty()) {
        call.labels.unpack(labels, rows, 0, columns.labels);
        return;
      }
      int perTarget = spec.labelColumns() / spec.targets();
      for (int n = 0; n < rows; n++) {
        call.labels.unpackRow(labels, rows, n, rowLabels, 0);
        for (int d = 0; d < spec.targets(); d++) {
          columns.setLabel(d, n, rowLabels[d * perTarget], rowLabels[(d + 1) * perTarget - 1]);
        }
      }
    }

    private void runRow(Call call, int rows, int n) {
      call.labels.unpackRow(labels, rows, n, rowLabels, 0);
      if (call.observed == null) {
        Arrays.fill(rowObserved, 1);
      } else {
        call.observed.unpackRow(observed, rows, n, rowObserved, 0);
      }
      call.raw.unpackRow(raw, rows, n, row, 0);
      RowKernel kernel = call.dtype == DataType.DOUBLE ? doubleRows : floatRows;
      rowScore[0] = kernel.scoreAndGradient(rowLabels, rowObserved, row);
      call.score.packRow(rowScore, 0, score, rows, n);
      if (call.gradient != null) {
        call.gradient.packRow(row, 0, gradient, rows, n);
      }
    }
  }
}
