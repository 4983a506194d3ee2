/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.mdn4j.OutputColumns.entry;

import java.util.Map;
import org.mdn4j.BoundTransform;
import org.mdn4j.ComponentBounds;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The bounds of {@link BoundTransform} as SameDiff operations; without bounds nothing is added to
 * the graph.
 */
final class BoundsGraph {
  private static final String LOCATION_POINT = "locationPoint"; // each of the locations' shape
  private static final String LOCATION_VALUE = "locationValue";
  private static final String LOCATION_SLOPE = "locationSlope";

  private final SameDiff sd;
  private final MixtureSpec spec;
  private final DataType dtype;
  private final int targets;
  private final double[] top; // S of each scale of a component; null: none
  private final double[][] largestEntries; // [D][D], A of FULL

  BoundsGraph(SameDiff sd, MixtureSpec spec, DataType dtype) {
    this.sd = sd;
    this.spec = spec;
    this.dtype = dtype;
    this.targets = spec.targets();
    BoundTransform transform = new BoundTransform(spec);
    this.top = transform.top();
    this.largestEntries = transform.largestEntries();
  }

  /** Returns whether S depends on the correlations, so that it takes more than FLOAT. */
  static boolean isRecursive(MixtureSpec spec) {
    return spec.covariance() == Covariance.FULL
        && spec.targets() > 1
        && spec.bounds().filter(ComponentBounds::hasScaleCeiling).isPresent();
  }

  /** Returns whether locations have bounds. */
  static boolean boundsLocations(MixtureSpec spec) {
    return spec.bounds().filter(ComponentBounds::hasLocationBounds).isPresent();
  }

  /**
   * Puts the values of the placeholders that {@link #location} takes.
   *
   * @param name that of the locations' placeholder
   * @param locations of the raw output, {@code [N, K·D]}
   * @param shape of the placeholder
   */
  static void putLocations(
      Map<String, INDArray> inputs,
      MixtureSpec spec,
      String name,
      INDArray locations,
      long... shape) {
    INDArray raw = locations.dup('c').reshape('c', shape);
    inputs.put(name, raw);
    if (!boundsLocations(spec)) {
      return;
    }
    BoundTransform transform = new BoundTransform(spec);
    double[] values = raw.castTo(DataType.DOUBLE).data().asDouble();
    double[] slopes = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int d = i % spec.targets();
      slopes[i] = transform.locationSlope(values[i], d);
      values[i] = transform.location(values[i], d);
    }
    inputs.put(LOCATION_POINT, raw);
    inputs.put(LOCATION_VALUE, Nd4j.create(values, shape, raw.dataType()));
    inputs.put(LOCATION_SLOPE, Nd4j.create(slopes, shape, raw.dataType()));
  }

  /**
   * Returns μ from μ̃, [.., D], or [N, 1, K] for one target: by its expansion around the present
   * μ̃, as {@link ComponentGraph} explains. The formula in the graph would have derivatives pass
   * through w, by which they may overflow, before they are divided by it.
   */
  SDVariable location(SDVariable raw) {
    if (!boundsLocations(spec)) {
      return raw;
    }
    SDVariable point = sd.placeHolder(LOCATION_POINT, dtype, raw.getShape());
    SDVariable value = sd.placeHolder(LOCATION_VALUE, dtype, raw.getShape());
    SDVariable slope = sd.placeHolder(LOCATION_SLOPE, dtype, raw.getShape());
    return raw.sub(point).mul(slope).add(value);
  }

  /** Returns q(x). */
  private SDVariable squashed(SDVariable x) {
    SDVariable square = x.mul(x);
    return x.div(sd.math.sqrt(sd.math.sqrt(square.mul(square).add(1))));
  }

  /** Returns s from s̃, [.., S], or [N, 1, K] for one target. */
  SDVariable scaleParameter(SDVariable raw) {
    return top == null ? raw : limited(raw, constant(top));
  }

  /** Returns S − h(S − s). */
  private SDVariable limited(SDVariable s, SDVariable highest) {
    SDVariable x = highest.sub(s);
    return highest.sub(x.add(sd.math.sqrt(x.mul(x).add(1))).mul(0.5));
  }

  /** Returns a row per target, or one number. */
  private SDVariable constant(double[] values) {
    INDArray array = Nd4j.createFromArray(values).castTo(dtype);
    return sd.constant(
        values.length == 1 ? Nd4j.scalar(dtype, values[0]) : array.reshape(1, 1, values.length));
  }

  /**
   * Returns the parameters of the factor of FULL, for D &gt; 1. Each [M, D] is one of M = N·K
   * components' rows, of which the entries may all be the same number.
   *
   * @param raw [N, K, T]
   * @return the same for bounded components
   */
  SDVariable factor(SDVariable raw) {
    if (top == null) {
      return raw;
    }
    SDVariable l = raw.reshape(-1, spec.scalesPerComponent()); // [M, T]
    SDVariable[] t = new SDVariable[targets]; // rows of T, [M, D]
    SDVariable factor = null; // [M, T]
    for (int j = targets - 1; j >= 0; j--) {
      SDVariable below = entriesBelow(l, j); // [M, D]
      SDVariable w = null; // [M, D]
      for (int i = j + 1; i < targets; i++) {
        SDVariable term = product(below, row(i)).mul(t[i]);
        w = w == null ? term : w.add(term);
      }
      SDVariable s = limited(product(l, diagonal(j)).neg(), highest(j, w)); // [M, D]
      SDVariable sigma = sd.math.exp(s).add(spec.scaleFloor());
      SDVariable unit = constant2d(Nd4j.eye(targets).getRow(j, true));
      t[j] = sigma.mul(w == null ? unit : w.neg().add(unit));
      SDVariable column = product(below.sub(s.mul(unit)), place(j));
      factor = factor == null ? column : factor.add(column);
    }
    return factor.reshape(-1, spec.components(), spec.scalesPerComponent());
  }

  /** Returns L_ij for i &gt; j, 0 elsewhere. */
  private SDVariable entriesBelow(SDVariable l, int j) {
    INDArray largest = Nd4j.ones(DataType.DOUBLE, 1, targets);
    for (int i = j + 1; i < targets; i++) {
      largest.putScalar(0, i, largestEntries[i][j]);
    }
    SDVariable a = constant2d(largest);
    return squashed(product(l, below(j)).div(a)).mul(a);
  }

  /** Returns S_j = log(c_j / √v_j − f), v_j = 1 + ‖w‖². */
  private SDVariable highest(int j, SDVariable w) {
    double ceiling = spec.bounds().orElseThrow().scaleCeiling().get(j);
    if (w == null) {
      return constant(new double[] {Math.log(ceiling - spec.scaleFloor())});
    }
    SDVariable v = product(w.mul(w), Nd4j.ones(dtype, targets, targets)).add(1);
    return sd.math.log(sd.math.sqrt(v).rdiv(ceiling).sub(spec.scaleFloor()));
  }

  private SDVariable product(SDVariable left, INDArray right) {
    return left.mmul(constant2d(right));
  }

  private SDVariable constant2d(INDArray matrix) {
    return sd.constant(matrix.castTo(dtype).dup('c'));
  }

  /** Returns [D, D], which puts entry i in all places. */
  private INDArray row(int i) {
    INDArray matrix = Nd4j.zeros(dtype, targets, targets);
    matrix.getRow(i).assign(1);
    return matrix;
  }

  /** Returns [T, D], which puts l_jj in all places. */
  private INDArray diagonal(int j) {
    INDArray matrix = Nd4j.zeros(dtype, spec.scalesPerComponent(), targets);
    matrix.getRow(entry(j, j)).assign(1);
    return matrix;
  }

  /** Returns [T, D], which puts l_ij in place i, for i &gt; j. */
  private INDArray below(int j) {
    INDArray matrix = place(j).transpose().dup('c');
    matrix.putScalar(entry(j, j), j, 0);
    return matrix;
  }

  /** Returns [D, T], which puts the entry in place i at l_ij, for i ≥ j. */
  private INDArray place(int j) {
    INDArray matrix = Nd4j.zeros(dtype, targets, spec.scalesPerComponent());
    for (int i = j; i < targets; i++) {
      matrix.putScalar(i, entry(i, j), 1);
    }
    return matrix;
  }
}
