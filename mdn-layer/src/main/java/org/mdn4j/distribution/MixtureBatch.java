/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mixtures that a network puts out for N examples.
 *
 * <pre>{@code
 * MixtureBatch predicted = MixtureBatch.of(spec, net.output(features));
 * double[] mean = predicted.get(0).mean();
 * INDArray samples = predicted.sample(100, 42); // [N, 100, D]
 * }</pre>
 *
 * <p>Computed in double whatever the network's dtype. Immutable and safe for use by several
 * threads.
 */
public final class MixtureBatch {
  private final MixtureSpec spec;
  private final double[][] raw; // [N][P]
  private final Temperature temperature;

  private MixtureBatch(MixtureSpec spec, double[][] raw, Temperature temperature) {
    this.spec = spec;
    this.raw = raw;
    this.temperature = temperature;
  }

  /**
   * Reads a raw output.
   *
   * @param spec the columns of the output
   * @param raw {@code [N, P]}, as {@code output()} of a network with our head returns it; copied
   * @return N mixtures
   * @throws IllegalArgumentException if the output has another rank or width, no row, or an entry
   *     that is NaN or infinite
   */
  public static MixtureBatch of(MixtureSpec spec, INDArray raw) {
    if (raw.rank() != 2 || raw.size(0) == 0 || raw.size(1) != spec.parameterCount()) {
      throw new IllegalArgumentException(
          "Expected an output of shape [N, %d] with N > 0 for %s, got %s"
              .formatted(spec.parameterCount(), spec, Arrays.toString(raw.shape())));
    }
    double[][] rows = raw.castTo(DataType.DOUBLE).toDoubleMatrix();
    for (int n = 0; n < rows.length; n++) {
      for (int column = 0; column < rows[n].length; column++) {
        if (!Double.isFinite(rows[n][column])) {
          throw new IllegalArgumentException(
              "Expected a finite output, got %s at row %d, column %d"
                  .formatted(rows[n][column], n, column));
        }
      }
    }
    return new MixtureBatch(spec, rows, Temperature.of(1));
  }

  /**
   * Number of mixtures N.
   *
   * @return N
   */
  public int size() {
    return raw.length;
  }

  /**
   * One mixture.
   *
   * @param row its row in the raw output, in [0, N)
   * @return the mixture
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public Mixture get(int row) {
    double[] parameters = raw[Objects.checkIndex(row, raw.length)];
    double[] locations = new double[spec.components() * spec.targets()];
    double[] scales = new double[locations.length];
    for (int k = 0; k < spec.components(); k++) {
      for (int d = 0; d < spec.targets(); d++) {
        locations[k * spec.targets() + d] = parameters[spec.locationColumn(k, d)];
        scales[k * spec.targets() + d] = spec.scale(parameters[spec.scaleColumn(k, d)]);
      }
    }
    double[] logits =
        Arrays.copyOfRange(parameters, spec.logitColumns().from(), spec.logitColumns().to());
    Mixture learned = new Mixture(logits, new DiagonalGaussians(spec.targets(), locations, scales));
    return temperature.equals(Temperature.of(1)) ? learned : learned.temperature(temperature);
  }

  /**
   * These mixtures at a temperature, in place of any temperature they had.
   *
   * @param temperature divides the logits and multiplies the variances
   * @return the widened or narrowed mixtures
   */
  public MixtureBatch temperature(Temperature temperature) {
    return new MixtureBatch(spec, raw, temperature);
  }

  /**
   * Log density of one target per mixture.
   *
   * @param y targets, {@code [N, D]}
   * @return log p(y_n | x_n) in nats, {@code [N]}, DOUBLE
   * @throws IllegalArgumentException if y has another shape or holds a NaN
   */
  public INDArray logDensity(INDArray y) {
    long[] expected = {size(), spec.targets()};
    if (!Arrays.equals(y.shape(), expected)) {
      throw new IllegalArgumentException(
          "Expected targets of shape %s, got %s"
              .formatted(Arrays.toString(expected), Arrays.toString(y.shape())));
    }
    double[][] targets = y.castTo(DataType.DOUBLE).toDoubleMatrix();
    double[] logDensity = new double[size()];
    Arrays.setAll(logDensity, n -> get(n).logDensity(targets[n]));
    return Nd4j.createFromArray(logDensity);
  }

  /**
   * Means, as {@link Mixture#mean()}.
   *
   * @return {@code [N, D]} in target units, DOUBLE
   */
  public INDArray mean() {
    return perRow(Mixture::mean);
  }

  /**
   * Variances, as {@link Mixture#variance()}.
   *
   * @return {@code [N, D]} in target units squared, DOUBLE
   */
  public INDArray variance() {
    return perRow(Mixture::variance);
  }

  /**
   * Locations of the components of the largest weights, as {@link Mixture#heaviestLocation()}.
   *
   * @return {@code [N, D]} in target units, DOUBLE
   */
  public INDArray heaviestLocation() {
    return perRow(Mixture::heaviestLocation);
  }

  /**
   * Draws samples from every mixture.
   *
   * @param perRow samples per mixture, at least 1
   * @param seed the same seed gives the same samples
   * @return {@code [N, perRow, D]} in target units, DOUBLE
   * @throws IllegalArgumentException if perRow is less than 1
   */
  public INDArray sample(int perRow, long seed) {
    if (perRow < 1) {
      throw new IllegalArgumentException("Expected at least 1 sample per row, got " + perRow);
    }
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[][][] samples = new double[size()][][];
    for (int n = 0; n < samples.length; n++) {
      samples[n] = get(n).sample(perRow, random);
    }
    return Nd4j.createFromArray(samples);
  }

  private INDArray perRow(Function<Mixture, double[]> question) {
    double[][] answers = new double[size()][];
    Arrays.setAll(answers, n -> question.apply(get(n)));
    return Nd4j.createFromArray(answers);
  }
}
