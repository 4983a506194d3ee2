/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.List;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.MatrixMemory;
import org.mdn4j.rows.RowReader;

/** Where the mixtures of a batch come from. */
interface MixtureRows {
  /** Number of mixtures N. */
  int size();

  /** Number of components K. */
  int components();

  /** Number of targets D. */
  int targets();

  /**
   * Starts a walk over the mixtures.
   *
   * @param maxRows rows to read at a time, at most
   */
  Walk walk(int maxRows);

  /** One thread's walk: a mixture whose numbers change from row to row. */
  interface Walk {
    /** The mixture of a row: the same object each time, right until the next call. */
    Mixture at(int row);
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
    public Walk walk(int maxRows) {
      RowReader numbers = new RowReader(raw, maxRows);
      Mixture mixture = new Mixture(new double[spec.components()], Components.blank(spec));
      Mixture.RawReader reader = mixture.reader(spec);
      return row -> {
        int at = numbers.seek(row);
        reader.read(numbers.values(), at);
        return mixture;
      };
    }
  }

  /** The rows of several batches, joined with equal weights. */
  record Average(List<MixtureBatch> batches) implements MixtureRows {
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
    public Walk walk(int maxRows) {
      Walk[] walks = batches.stream().map(batch -> batch.walk(maxRows)).toArray(Walk[]::new);
      Mixture joined = walks[0].at(0).blank(components());
      return row -> {
        int k = 0;
        for (Walk walk : walks) {
          Mixture member = walk.at(row);
          joined.read(member, 1.0 / walks.length, k);
          k += member.components();
        }
        return joined;
      };
    }
  }
}
