/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.mdn4j.ColumnRange;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.Truncation;
import org.mdn4j.rows.LabelCover;
import org.mdn4j.rows.MatrixMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The likelihood of a mixture with atoms, around that of its components, by {@link AtomGraph}.
 *
 * <p>Components are not asked about what they have no part in, such as, where they have a density,
 * an atom: such a label goes to them as 1, or what the truncation has nearest to it, which every
 * family has a density at, and what they say of it does not count.
 */
@SuppressWarnings("try") // leaving the workspace scope is all that the resource is for
final class AtomLikelihood implements MixtureLikelihood {
  private final MixtureSpec spec;
  private final MixtureLikelihood components;
  private final MixtureLikelihood whole; // of intervals without a truncation, or null
  private final boolean together;
  private final ColumnRange columnsOfComponents;
  private final Map<DataType, LikelihoodGraph> graphs = new ConcurrentHashMap<>();

  /**
   * Creates the likelihood.
   *
   * @param spec a specification with atoms
   * @param of makes the likelihood of one without
   */
  AtomLikelihood(MixtureSpec spec, Function<MixtureSpec, MixtureLikelihood> of) {
    this.spec = spec;
    this.components = of.apply(spec.withoutAtoms());
    this.whole =
        spec.truncation().isPresent()
            ? of.apply(spec.withoutAtoms().withLabels(true, Truncation.NONE))
            : null;
    this.together = spec.censored() || spec.family().isDiscrete();
    this.columnsOfComponents = new ColumnRange(0, spec.columns().atoms().from());
  }

  /**
   * The labels as both parts see them.
   *
   * @param labels {@code [N, 1]}, of intervals {@code [N, 2]}, of the components
   * @param covered {@code [N, 1, 1 + A]} of ones and zeros
   */
  private record Split(INDArray labels, INDArray covered) {}

  private Split split(INDArray labels, INDArray observed) {
    double[] y = MatrixMemory.of(labels).read();
    double[] visible = observed == null ? null : MatrixMemory.of(observed).read();
    int columns = spec.labelColumns();
    int rows = y.length / columns;
    int width = 1 + spec.atoms().length;
    double[] covered = new double[rows * width];
    LabelCover cover = new LabelCover(spec);
    for (int n = 0; n < rows; n++) {
      cover.read(y[n * columns], y[(n + 1) * columns - 1]);
      if (visible != null && visible[n] == 0) {
        Arrays.fill(covered, n * width, (n + 1) * width, 1);
      } else {
        covered[n * width] = cover.components() ? 1 : 0;
        for (int a = 0; a < width - 1; a++) {
          covered[n * width + 1 + a] = cover.atom(a) ? 1 : 0;
        }
      }
      if (!cover.components()) {
        Arrays.fill(y, n * columns, (n + 1) * columns, cover.standIn());
      }
    }
    return new Split(
        Nd4j.createFromArray(y).reshape('c', rows, columns),
        Nd4j.createFromArray(covered).reshape('c', rows, 1, width));
  }

  /** Returns the range of the truncation as each row's label, {@code [N, 2]}. */
  private INDArray ranges(long rows) {
    Truncation range = spec.truncation().orElseThrow();
    INDArray ends = Nd4j.createUninitialized(DataType.DOUBLE, rows, 2);
    ends.getColumn(0).assign(range.lower());
    ends.getColumn(1).assign(range.upper());
    return ends;
  }

  @Override
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    Split split = split(Limits.computed(labels, spec, raw.dataType()), observed);
    INDArray columns = GraphLikelihood.columns(raw, columnsOfComponents);
    INDArray alone = components.score(split.labels, columns, observed);
    INDArray ofWhole = whole == null ? null : whole.score(ranges(raw.size(0)), columns, null);
    INDArray score;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      score = graph(alone).score(inputs(split, raw, alone, ofWhole));
    }
    score = score.reshape(raw.size(0)).dup();
    GraphLikelihood.markInvalidRows(raw, score);
    return score;
  }

  @Override
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    Split split = split(Limits.computed(labels, spec, raw.dataType()), observed);
    INDArray columns = GraphLikelihood.columns(raw, columnsOfComponents);
    long rows = raw.size(0);
    ScoreAndGradient alone = components.scoreAndGradient(split.labels, columns, observed);
    ScoreAndGradient ofWhole =
        whole == null ? null : whole.scoreAndGradient(ranges(rows), columns, null);
    LikelihoodGraph.Pass pass;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      pass =
          graph(alone.score())
              .pass(inputs(split, raw, alone.score(), ofWhole == null ? null : ofWhole.score()));
    }
    // The chain rule: the scores of the components depend on all of their columns.
    INDArray ofComponents = times(alone, pass.gradients().get(0));
    if (ofWhole != null) {
      ofComponents.addi(times(ofWhole, pass.gradients().get(3)));
    }
    GraphLikelihood.columns(ofComponents, spec.columns().logits())
        .addi(pass.gradients().get(1).reshape(rows, spec.components()));
    INDArray ofAtoms = pass.gradients().get(2).reshape(rows, spec.atoms().length);
    INDArray gradient = Nd4j.concat(1, ofComponents, ofAtoms);
    INDArray score = pass.score().reshape(rows).dup();
    GraphLikelihood.markInvalidRows(raw, score, gradient);
    return new ScoreAndGradient(score, gradient);
  }

  private static INDArray times(ScoreAndGradient inner, INDArray outer) {
    return inner.gradient().mulColumnVector(outer.reshape(inner.gradient().size(0), 1));
  }

  private LikelihoodGraph graph(INDArray score) {
    return graphs.computeIfAbsent(score.dataType(), dtype -> AtomGraph.of(spec, dtype, together));
  }

  private Map<String, INDArray> inputs(
      Split split, INDArray raw, INDArray alone, INDArray ofWhole) {
    DataType dtype = alone.dataType();
    long rows = raw.size(0);
    int count = spec.atoms().length;
    INDArray z = GraphLikelihood.columns(raw, spec.columns().logits()).castTo(dtype);
    INDArray a = GraphLikelihood.columns(raw, spec.columns().atoms()).castTo(dtype);
    // A shift of all logits changes neither the score nor its gradient.
    INDArray most = Nd4j.concat(1, z, a).max(true, 1); // [N, 1]
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(AtomGraph.SCORE, alone.dup().reshape('c', rows, 1, 1));
    inputs.put(AtomGraph.LOGITS, z.subColumnVector(most).reshape('c', rows, 1, spec.components()));
    inputs.put(AtomGraph.ATOMS, a.subColumnVector(most).reshape('c', rows, 1, count));
    INDArray covered = split.covered.castTo(dtype);
    inputs.put(AtomGraph.COVERED, covered);
    if (!together) {
      INDArray first = covered.reshape(rows, 1 + count).getColumn(0);
      inputs.put(AtomGraph.BY_COMPONENTS, first.dup().reshape('c', rows, 1, 1));
    }
    if (ofWhole != null) {
      inputs.put(AtomGraph.WHOLE, ofWhole.dup().reshape('c', rows, 1, 1));
    }
    return inputs;
  }
}
