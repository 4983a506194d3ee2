/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.numbers.gamma.Erfc;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A function of Keras's that is applied to each number by itself, computed as Keras defines it, at
 * large arguments too, with its slope.
 *
 * <p>DL4J 1.0.0-M2.1 has functions of the same names for most, but not with the same values: its
 * GELU is off by up to 0.03; softplus is infinite from 89 on in FLOAT; the slopes of ELU with
 * another α than 1 are those of α = 1; the slopes of SWISH and MISH are NaN from 50 and 30 on.
 */
public final class KerasActivation extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  /** The function, and the meaning of its parameters a, b, c. */
  public enum Function {
    /** a x + b: an operator with a number. */
    AFFINE(2) {
      @Override
      double value(double x, double[] p) {
        return p[0] * x + p[1];
      }

      @Override
      double slope(double x, double[] p) {
        return p[0];
      }
    },

    /** The larger of x and a. */
    MAXIMUM(1) {
      @Override
      double value(double x, double[] p) {
        return Math.max(x, p[0]);
      }

      @Override
      double slope(double x, double[] p) {
        return x > p[0] ? 1 : 0;
      }
    },

    /** The smaller of x and a. */
    MINIMUM(1) {
      @Override
      double value(double x, double[] p) {
        return Math.min(x, p[0]);
      }

      @Override
      double slope(double x, double[] p) {
        return x < p[0] ? 1 : 0;
      }
    },

    /** min(x, a) above the threshold c, b (x − c) up to it; a may be infinite. */
    RELU(3) {
      @Override
      double value(double x, double[] p) {
        return x > p[2] ? Math.min(x, p[0]) : p[1] * (x - p[2]);
      }

      @Override
      double slope(double x, double[] p) {
        return x > p[2] ? (x < p[0] ? 1 : 0) : p[1];
      }
    },

    /** x above 0, a (exp(x) − 1) below. */
    ELU(1) {
      @Override
      double value(double x, double[] p) {
        return x > 0 ? x : p[0] * Math.expm1(x);
      }

      @Override
      double slope(double x, double[] p) {
        return x > 0 ? 1 : p[0] * Math.exp(x);
      }
    },

    /** The exponential, exp(x). */
    EXPONENTIAL(0) {
      @Override
      double value(double x, double[] p) {
        return Math.exp(x);
      }

      @Override
      double slope(double x, double[] p) {
        return Math.exp(x);
      }
    },

    /** log(1 + exp(x)). */
    SOFTPLUS(0) {
      @Override
      double value(double x, double[] p) {
        return softplus(x);
      }

      @Override
      double slope(double x, double[] p) {
        return sigmoid(x);
      }
    },

    /** x sigmoid(x), also called swish. */
    SILU(0) {
      @Override
      double value(double x, double[] p) {
        return x * sigmoid(x);
      }

      @Override
      double slope(double x, double[] p) {
        double s = sigmoid(x);
        return s * (1 + x * (1 - s));
      }
    },

    /** Mish, x tanh(softplus(x)). */
    MISH(0) {
      @Override
      double value(double x, double[] p) {
        return x * Math.tanh(softplus(x));
      }

      @Override
      double slope(double x, double[] p) {
        double t = Math.tanh(softplus(x));
        return t + x * (1 - t * t) * sigmoid(x);
      }
    },

    /** x Φ(x), Φ the standard normal cdf. */
    GELU(0) {
      @Override
      double value(double x, double[] p) {
        return x * normalCdf(x);
      }

      @Override
      double slope(double x, double[] p) {
        return normalCdf(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
      }
    },

    /** x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the approximation of GELU. */
    GELU_TANH(0) {
      @Override
      double value(double x, double[] p) {
        return 0.5 * x * (1 + Math.tanh(inner(x)));
      }

      @Override
      double slope(double x, double[] p) {
        double t = Math.tanh(inner(x));
        double rise = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * rise;
      }

      private double inner(double x) {
        return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
      }
    };

    private final int parameterCount;

    Function(int parameterCount) {
      this.parameterCount = parameterCount;
    }

    abstract double value(double x, double[] parameters);

    abstract double slope(double x, double[] parameters);

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double normalCdf(double x) {
      return 0.5 * Erfc.value(-x / Math.sqrt(2));
    }
  }

  private Function function;
  private double[] parameters;

  /** Creates an empty activation for deserialisation. */
  KerasActivation() {}

  /**
   * Creates an activation.
   *
   * @param function which
   * @param parameters a, b, c, as many as the function has
   * @throws IllegalArgumentException if there are more or fewer, or one is NaN
   */
  public KerasActivation(Function function, double... parameters) {
    if (parameters.length != function.parameterCount
        || Arrays.stream(parameters).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException(
          "Expected %s numbers as parameters of %s, got %s"
              .formatted(function.parameterCount, function, Arrays.toString(parameters)));
    }
    this.function = function;
    this.parameters = parameters.clone();
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    double[] p = parameters(in.dataType());
    return overwrite(in, x -> function.value(x, p));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    double[] p = parameters(in.dataType());
    return new Pair<>(overwrite(in, x -> function.slope(x, p)).muli(epsilon), null);
  }

  /**
   * Returns the parameters as numbers of the array's type, which Keras makes of them: in FLOAT, h +
   * 10³⁰ − 10³⁰ is 0.
   */
  private double[] parameters(DataType type) {
    return type == DataType.DOUBLE
        ? parameters
        : Arrays.stream(parameters).map(parameter -> (float) parameter).toArray();
  }

  private static INDArray overwrite(INDArray array, DoubleUnaryOperator function) {
    double[] values = array.dup('c').data().asDouble();
    for (int i = 0; i < values.length; i++) {
      values[i] = function.applyAsDouble(values[i]);
    }
    return array.assign(Nd4j.create(values, array.shape(), 'c').castTo(array.dataType()));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KerasActivation that
        && function == that.function
        && Arrays.equals(parameters, that.parameters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(function, Arrays.hashCode(parameters));
  }

  @Override
  public String toString() {
    return function + Arrays.toString(parameters);
  }
}
