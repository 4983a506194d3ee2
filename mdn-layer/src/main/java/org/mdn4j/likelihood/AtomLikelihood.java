/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mdn4j.Atoms;
import org.mdn4j.ColumnRange;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.rows.MatrixMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The likelihood of a mixture with atoms, around that of its components, by {@link AtomGraph}.
 *
 * <p>Components with a density are not asked about an atom: a label that is one goes to them as 1,
 * which every family has a density at, and what they say of it does not count.
 */
@SuppressWarnings("try") // leaving the workspace scope is all that the resource is for
final class AtomLikelihood implements MixtureLikelihood {
  private final MixtureSpec spec;
  private final MixtureLikelihood components;
  private final boolean together;
  private final Atoms rule;
  private final ColumnRange columnsOfComponents;
  private final Map<DataType, LikelihoodGraph> graphs = new ConcurrentHashMap<>();

  /**
   * Creates the likelihood.
   *
   * @param spec a specification with atoms
   * @param components the likelihood of the same specification without
   * @param together whether the components, too, give an atom a probability, as those of counts do
   */
  AtomLikelihood(MixtureSpec spec, MixtureLikelihood components, boolean together) {
    this.spec = spec;
    this.components = components;
    this.together = together;
    this.rule = new Atoms(spec);
    this.columnsOfComponents = new ColumnRange(0, spec.columns().atoms().from());
  }

  /**
   * The labels as both parts see them.
   *
   * @param labels {@code [N, 1]}, of the components
   * @param covered {@code [N, 1, 1 + A]} of ones and zeros
   */
  private record Split(INDArray labels, INDArray covered) {}

  private Split split(INDArray labels, INDArray observed) {
    double[] y = MatrixMemory.of(labels).read();
    double[] visible = observed == null ? null : MatrixMemory.of(observed).read();
    int width = 1 + spec.atoms().length;
    double[] covered = new double[y.length * width];
    for (int n = 0; n < y.length; n++) {
      int atom = rule.indexOf(y[n]);
      if (visible != null && visible[n] == 0) {
        Arrays.fill(covered, n * width, (n + 1) * width, 1);
      } else {
        covered[n * width] = together ? 1 : 0;
        covered[n * width + 1 + atom] = 1;
      }
      y[n] = atom >= 0 && !together ? 1 : y[n];
    }
    return new Split(
        Nd4j.createFromArray(y).reshape('c', y.length, 1),
        Nd4j.createFromArray(covered).reshape('c', y.length, 1, width));
  }

  @Override
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    Split split = split(Limits.computed(labels, raw.dataType()), observed);
    INDArray alone =
        components.score(split.labels, GraphLikelihood.columns(raw, columnsOfComponents), observed);
    INDArray score;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      score = graph(alone).score(inputs(split, raw, alone));
    }
    score = score.reshape(raw.size(0)).dup();
    GraphLikelihood.markInvalidRows(raw, score);
    return score;
  }

  @Override
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    Split split = split(Limits.computed(labels, raw.dataType()), observed);
    ScoreAndGradient alone =
        components.scoreAndGradient(
            split.labels, GraphLikelihood.columns(raw, columnsOfComponents), observed);
    LikelihoodGraph.Pass pass;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      pass = graph(alone.score()).pass(inputs(split, raw, alone.score()));
    }
    long rows = raw.size(0);
    // The chain rule: the score of the components depends on all of their columns.
    INDArray ofComponents =
        alone.gradient().mulColumnVector(pass.gradients().get(0).reshape(rows, 1));
    GraphLikelihood.columns(ofComponents, spec.columns().logits())
        .addi(pass.gradients().get(1).reshape(rows, spec.components()));
    INDArray ofAtoms = pass.gradients().get(2).reshape(rows, spec.atoms().length);
    INDArray gradient = Nd4j.concat(1, ofComponents, ofAtoms);
    INDArray score = pass.score().reshape(rows).dup();
    GraphLikelihood.markInvalidRows(raw, score, gradient);
    return new ScoreAndGradient(score, gradient);
  }

  private LikelihoodGraph graph(INDArray score) {
    return graphs.computeIfAbsent(score.dataType(), dtype -> AtomGraph.of(spec, dtype, together));
  }

  private Map<String, INDArray> inputs(Split split, INDArray raw, INDArray alone) {
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
    return inputs;
  }
}
