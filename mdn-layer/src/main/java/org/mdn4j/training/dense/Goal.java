/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.LikelihoodBlock;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.buffer.DataType;

/** What the last layer's output is trained for. */
sealed interface Goal {
  /** Returns the form of a row of labels. */
  LabelForm labels();

  /**
   * Makes what scores blocks.
   *
   * @param rows the most rows of a block
   */
  Scorer scorer(DataType dtype, int rows);

  /** Scores blocks of output that lies unit by unit, {@code [units, rows]}. */
  interface Scorer {
    /**
     * Returns the sum of the rows' weighted scores, and puts its gradient in the output's place.
     *
     * @param first the block's first row among the targets
     */
    double scoreAndGradient(TargetRows targets, int first, int rows, float[] output);

    /** Returns the same in DOUBLE. */
    double scoreAndGradient(TargetRows targets, int first, int rows, double[] output);
  }

  /** The mixture's negative log-likelihood. */
  record Likelihood(MixtureSpec spec) implements Goal {
    @Override
    public LabelForm labels() {
      return LabelForm.of(spec);
    }

    @Override
    public Scorer scorer(DataType dtype, int rows) {
      LikelihoodBlock block = new LikelihoodBlock(spec, dtype, rows);
      return new Scorer() {
        @Override
        public double scoreAndGradient(TargetRows targets, int first, int rows, float[] output) {
          return block.scoreAndGradient(targets, first, rows, output);
        }

        @Override
        public double scoreAndGradient(TargetRows targets, int first, int rows, double[] output) {
          return block.scoreAndGradient(targets, first, rows, output);
        }
      };
    }
  }

  /**
   * DL4J's mean squared error, Σ_d (ŷ_d − y_d)² / D. A row's weight multiplies it; for one target,
   * DL4J multiplies the gradient by that weight twice.
   */
  record SquaredError(int targets) implements Goal, Scorer {
    @Override
    public LabelForm labels() {
      return LabelForm.exact(targets);
    }

    @Override
    public Scorer scorer(DataType dtype, int rows) {
      return this;
    }

    @Override
    public double scoreAndGradient(TargetRows targets, int first, int rows, float[] output) {
      double sum = 0;
      for (int i = 0; i < this.targets * rows; i++) {
        double error = output[i] - targets.label(first + i % rows, i / rows);
        double weight = targets.mask().weight(first + i % rows);
        sum += weight * error * error / this.targets;
        output[i] = (float) (pull(weight) * error);
      }
      return sum;
    }

    @Override
    public double scoreAndGradient(TargetRows targets, int first, int rows, double[] output) {
      double sum = 0;
      for (int i = 0; i < this.targets * rows; i++) {
        double error = output[i] - targets.label(first + i % rows, i / rows);
        double weight = targets.mask().weight(first + i % rows);
        sum += weight * error * error / this.targets;
        output[i] = pull(weight) * error;
      }
      return sum;
    }

    private double pull(double weight) {
      return targets == 1 ? 2 * weight * weight : 2 * weight / targets;
    }
  }
}
