/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.rows.MatrixMemory;
import org.mdn4j.rows.RowReader;

/** Where the mixtures of a batch come from. */
interface MixtureRows {
  /** Returns the number of mixtures N. */
  int size();

  /** Returns the number of components K. */
  int components();

  /** Returns the number of targets D. */
  int targets();

  /**
   * Starts one thread's walk over the mixtures.
   *
   * @param maxRows rows to read at a time, at most
   * @return the mixture of a row: the same object each time, right until the next row is asked for
   */
  IntFunction<WeightedComponents> walk(int maxRows);

  /**
   * Starts the same walk for so few draws from each mixture, and nothing else, that not all of its
   * components need be read.
   */
  default IntFunction<WeightedComponents> walkToDraw(int maxRows) {
    return walk(maxRows);
  }

  /** The rows of a raw output. */
  record OfOutput(MixtureSpec spec, MatrixMemory raw) implements MixtureRows {
    @Override
    public int size() {
      return (int) raw.rows();
    }

    @Override
    public int components() {
      return spec.components();
    }

    @Override
    public int targets() {
      return spec.targets();
    }

    @Override
    public IntFunction<WeightedComponents> walk(int maxRows) {
      RowReader numbers = new RowReader(raw, maxRows);
      WeightedComponents mixture = WeightedComponents.blank(spec);
      Components.RawReader reader = mixture.reader(spec);
      return row -> {
        int at = numbers.seek(row);
        reader.read(numbers.values(), at);
        return mixture;
      };
    }

    @Override
    public IntFunction<WeightedComponents> walkToDraw(int maxRows) {
      return spec.bounds().isPresent() || spec.truncation().isPresent()
          ? walk(maxRows)
          : WeightedComponents.toDraw(spec, new RowReader(raw, maxRows));
    }
  }

  /** The rows of a batch, each with a wide component beside its own. */
  record Contaminated(MixtureBatch batch, double share) implements MixtureRows {
    /** How many times as wide as the whole mixture it is. */
    private static final double WIDENING = 3;

    /** Checks that there is such a component. */
    public Contaminated {
      require(0 < share && share < 1, "Expected a share in (0, 1), got %s", share);
      WeightedComponents mixture = batch.walk(1).apply(0);
      require(
          mixture.haveAnyMoments(),
          "Expected GAUSSIAN, LAPLACE, LOGISTIC or NEGATIVE_BINOMIAL components, not truncated,"
              + " got %s",
          mixture.typeOfComponents());
    }

    @Override
    public int size() {
      return batch.size();
    }

    @Override
    public int components() {
      return batch.components() + 1;
    }

    @Override
    public int targets() {
      return batch.targets();
    }

    @Override
    public IntFunction<WeightedComponents> walk(int maxRows) {
      IntFunction<WeightedComponents> walk = batch.walk(maxRows);
      WeightedComponents joined = walk.apply(0).blank(components());
      return row -> {
        joined.contaminate(walk.apply(row), share, WIDENING);
        return joined;
      };
    }
  }

  /** The rows of several batches, joined with equal weights. */
  record Average(List<MixtureBatch> batches) implements MixtureRows {
    /** Checks that the mixtures of a row can stand in one. */
    public Average {
      MixtureBatch first = batches.get(0);
      WeightedComponents mixture = first.walk(1).apply(0);
      for (MixtureBatch batch : batches) {
        require(
            batch.size() == first.size() && batch.targets() == first.targets(),
            "Expected batches of the same size and targets, got %d rows of %d targets"
                + " and %d rows of %d targets",
            first.size(),
            first.targets(),
            batch.size(),
            batch.targets());
        WeightedComponents other = batch.walk(1).apply(0);
        require(
            mixture.isLike(other),
            "Expected batches whose components are of one type, got %s and %s",
            mixture.typeOfComponents(),
            other.typeOfComponents());
        require(
            mixture.hasAtomsOf(other),
            "Expected batches with the same atoms, got %s and %s; for such as differ by rounding"
                + " see atAtoms",
            Arrays.toString(mixture.valuesOfAtoms()),
            Arrays.toString(other.valuesOfAtoms()));
      }
    }

    @Override
    public int size() {
      return batches.get(0).size();
    }

    @Override
    public int components() {
      return batches.stream().mapToInt(MixtureBatch::components).sum();
    }

    @Override
    public int targets() {
      return batches.get(0).targets();
    }

    @Override
    public IntFunction<WeightedComponents> walk(int maxRows) {
      List<IntFunction<WeightedComponents>> walks =
          batches.stream().map(batch -> batch.walk(maxRows)).toList();
      WeightedComponents joined = walks.get(0).apply(0).blank(components());
      double share = 1.0 / walks.size();
      return row -> {
        int k = 0;
        for (int m = 0; m < walks.size(); m++) { // without an iterator per row
          WeightedComponents member = walks.get(m).apply(row);
          joined.read(member, share, k);
          k += member.count();
        }
        joined.join();
        return joined;
      };
    }
  }
}
