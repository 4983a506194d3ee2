/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mixtures from the whole range of parameters that are allowed: any positive, finite scale, degrees
 * of freedom and concentration, any finite location, any weight that is not negative; with sizes of
 * all orders in one mixture, components at one location or at neighbouring doubles.
 */
final class ExtremeMixtures {
  private final UniformRandomProvider random;

  ExtremeMixtures(long seed) {
    this.random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  /** Of a family, the targets of a component independent. */
  Mixture next(ComponentFamily family, int targets) {
    int components = 1 + random.nextInt(8);
    double[] weights = new double[components];
    double[][] locations = new double[components][targets];
    double[][] scales = new double[components][targets];
    double[] degrees = new double[components];
    int kind = random.nextInt(6);
    double location = location(family, kind);
    double scale = scale(family, kind);
    for (int k = 0; k < components; k++) {
      weights[k] = weight();
      degrees[k] = degrees();
      for (int d = 0; d < targets; d++) {
        locations[k][d] =
            switch (random.nextInt(4)) {
              case 0 -> location;
              case 1 -> nearby(location);
              default -> location(family, kind);
            };
        scales[k][d] = random.nextInt(4) == 0 ? scale : scale(family, kind);
      }
    }
    weights[random.nextInt(components)] = 1;
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(weights, locations, scales, degrees)
        : Mixture.of(family, weights, locations, scales);
  }

  /** Of full covariance, from a raw output. */
  Mixture nextFull(int targets) {
    int components = 1 + random.nextInt(4);
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(components)
            .targets(targets)
            .covariance(Covariance.FULL)
            .build();
    double[] raw = new double[spec.parameterCount()];
    int kind = random.nextInt(6);
    for (int k = 0; k < components; k++) {
      raw[k] = random.nextInt(4) == 0 ? -1000 * random.nextDouble() : random.nextDouble();
      for (int d = 0; d < targets; d++) {
        raw[spec.columns().location(k, d)] = location(ComponentFamily.GAUSSIAN, kind);
        for (int e = 0; e < d; e++) {
          raw[spec.columns().cholesky(k, d, e)] = 4 * random.nextDouble() - 2;
        }
        double log = kind == 0 ? 6 * random.nextDouble() - 3 : 1000 * random.nextDouble() - 700;
        raw[spec.columns().cholesky(k, d, d)] = log;
      }
    }
    return MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {raw}).castTo(DataType.DOUBLE))
        .get(0);
  }

  private double weight() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> 1e-300;
      case 2 -> Math.exp(-740 * random.nextDouble());
      default -> random.nextDouble();
    };
  }

  private double location(ComponentFamily family, int kind) {
    double sign = random.nextBoolean() ? 1 : -1;
    if (family == ComponentFamily.LOG_NORMAL && kind != 5) {
      return sign * (kind == 0 ? 3 : 900) * random.nextDouble();
    }
    return switch (kind == 0 ? 0 : random.nextInt(5)) {
      case 0 -> sign * 5 * random.nextDouble();
      case 1 -> 0;
      case 2 -> sign * anySize();
      case 3 -> sign * Math.exp(40 * random.nextDouble() - 20);
      default -> sign * random.nextDouble();
    };
  }

  private double nearby(double location) {
    double moved = location;
    for (int i = random.nextInt(4); i >= 0; i--) {
      moved = Math.nextUp(moved);
    }
    return Double.isInfinite(moved) ? location : moved;
  }

  private double scale(ComponentFamily family, int kind) {
    double usual = Math.exp(6 * random.nextDouble() - 3);
    double scale =
        switch (kind) {
          case 0 -> usual;
          case 1 -> random.nextBoolean() ? usual : Math.exp(-745 * random.nextDouble());
          case 2 -> Math.exp(900 * random.nextDouble() - 300); // what a specification reads
          case 3 -> random.nextBoolean() ? 1e-300 : 1e299;
          case 4 -> usual * Math.exp(-40 * random.nextDouble());
          default -> anySize();
        };
    scale = Math.max(Double.MIN_VALUE, scale);
    return family == ComponentFamily.VON_MISES ? Math.min(1 / scale, Double.MAX_VALUE) : scale;
  }

  private double degrees() {
    double[] special = {0.5, Math.nextUp(0.5), 0.50001, 1, 1.5, 2, 3};
    return switch (random.nextInt(4)) {
      case 0 -> special[random.nextInt(special.length)];
      case 1 -> Math.exp(25 * random.nextDouble() - 7); // what a specification reads
      case 2 -> anySize();
      default -> 0.3 + 5 * random.nextDouble();
    };
  }

  /** From the smallest double to the largest, each order as likely. */
  private double anySize() {
    double size = Math.exp(1454.0 * random.nextDouble() - 744.4);
    return switch (random.nextInt(12)) {
      case 0 -> Double.MIN_VALUE;
      case 1 -> Double.MAX_VALUE;
      default -> Math.max(Double.MIN_VALUE, Math.min(Double.MAX_VALUE, size));
    };
  }

  /** A value to ask about: around a component, or of any size. */
  double[] outcome(Mixture mixture) {
    double[] y = new double[mixture.targets()];
    int k = random.nextInt(mixture.components());
    Arrays.setAll(
        y,
        d -> {
          double location = mixture.locations()[k][d];
          double value =
              switch (random.nextInt(5)) {
                case 0 -> location;
                case 1 -> nearby(location);
                case 2 -> (random.nextBoolean() ? 1 : -1) * anySize();
                case 3 -> location + random.nextDouble() - 0.5;
                default -> location * (1 + 1e-3 * random.nextDouble());
              };
          double inUnits =
              mixture.family() == ComponentFamily.LOG_NORMAL && random.nextInt(4) > 0
                  ? Math.exp(value)
                  : value;
          return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, inUnits));
        });
    return y;
  }

  double probability() {
    return switch (random.nextInt(4)) {
      case 0 -> Math.exp(-740 * random.nextDouble());
      case 1 -> 1 - Math.exp(-36 * random.nextDouble());
      default -> random.nextDouble();
    };
  }

  /** A probability that is neither 0 nor 1. */
  double level() {
    return Math.max(Double.MIN_NORMAL, Math.min(Math.nextDown(1.0), probability()));
  }

  Temperature temperature() {
    return random.nextBoolean()
        ? new Temperature(0.5 + random.nextDouble(), 0.5 + random.nextDouble())
        : new Temperature(anySize(), anySize());
  }

  /** Factors for {@link Mixture#rescale} that the family allows. */
  double[] rescaling(Mixture mixture) {
    double[] factors = new double[mixture.targets()];
    Arrays.setAll(
        factors,
        d ->
            switch (mixture.family()) {
              case LOG_NORMAL -> anySize();
              case VON_MISES -> random.nextBoolean() ? 1 : -1;
              default ->
                  (random.nextBoolean() ? 1 : -1)
                      * (random.nextBoolean() ? anySize() : 0.1 + random.nextDouble());
            });
    return factors;
  }

  /** Numbers for {@link Mixture#shift} that the family allows. */
  double[] shift(Mixture mixture) {
    double[] shift = new double[mixture.targets()];
    if (mixture.family() != ComponentFamily.LOG_NORMAL) {
      Arrays.setAll(shift, d -> location(mixture.family(), 5));
    }
    return shift;
  }

  /** The mixture itself or, as often, what it becomes by one or several changes. */
  Mixture changed(Mixture mixture) {
    Mixture changed = mixture;
    for (int i = random.nextInt(4); i > 1; i--) {
      changed =
          switch (random.nextInt(4)) {
            case 0 -> changed.temperature(temperature());
            case 1 -> changed.rescale(rescaling(changed));
            case 2 -> changed.shift(shift(changed));
            default -> conditional(changed);
          };
    }
    return changed;
  }

  private Mixture conditional(Mixture mixture) {
    double[] y = outcome(mixture);
    if (mixture.targets() == 1 || mixture.marginal(0).logDensity(y[0]) < -1e300) {
      return mixture.marginal(mixture.targets() - 1);
    }
    return mixture.conditional(new int[] {0}, new double[] {y[0]});
  }

  /** Adds an atom at 0 and one elsewhere, within FLOAT, of probabilities from tiny to all. */
  Mixture withAtoms(Mixture mixture) {
    double other = Math.max(-1e38, Math.min(1e38, outcome(mixture)[0]));
    double first =
        random.nextBoolean() ? random.nextDouble() : Math.pow(10, -300 * random.nextDouble());
    double[] values = (float) other == 0 ? new double[] {0} : new double[] {0, other};
    double[] probabilities =
        values.length == 1
            ? new double[] {first}
            : new double[] {first, (1 - first) * random.nextDouble()};
    return mixture.withAtoms(values, probabilities);
  }

  UniformRandomProvider random() {
    return random;
  }
}
