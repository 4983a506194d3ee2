/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.mdn4j.Covariance;

/**
 * A column that a {@link MixtureRegressionModel} adds to a DataFrame. As text, such as Python gives
 * it, it is the name of the method here with its arguments, and maybe a name for the column: {@code
 * "quantiles(0.05, 0.95)"}, {@code "interval(0.9) as ninety"}.
 */
public final class Output implements Serializable {
  private static final long serialVersionUID = 1;
  private static final Pattern TEXT =
      Pattern.compile("\\s*(\\w+)\\s*(?:\\(([^)]*)\\))?\\s*(?:\\bas\\s+(\\S(?:.*\\S)?)\\s*)?");
  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType, false);
  private static final StructType ENDS =
      new StructType()
          .add("lower", DataTypes.DoubleType, false)
          .add("upper", DataTypes.DoubleType, false);

  /** What a column says. */
  enum Kind {
    MEAN("mean", false, false),
    STANDARD_DEVIATION("standardDeviation", false, false),
    QUANTILES("quantiles", false, true),
    INTERVAL("interval", false, true),
    REGION("region", false, true),
    SURVIVAL("survival", false, true),
    CONFORMAL_INTERVAL("conformalInterval", false, true),
    CONFORMAL_REGION("conformalRegion", false, true),
    LOG_DENSITY("logDensity", true, false),
    PIT("pit", true, true),
    CRPS("crps", true, true),
    SAMPLES("samples", false, false),
    MIXTURE("mixture", false, false);

    private final String text;
    private final boolean ofLabels;
    private final boolean ofOneTarget;

    Kind(String text, boolean ofLabels, boolean ofOneTarget) {
      this.text = text;
      this.ofLabels = ofLabels;
      this.ofOneTarget = ofOneTarget;
    }
  }

  private final Kind kind;
  private final List<Double> arguments;
  private final String column;

  private Output(Kind kind, List<Double> arguments, String column) {
    this.kind = kind;
    this.arguments = List.copyOf(arguments);
    this.column = Objects.requireNonNull(column);
  }

  private static Output of(Kind kind, double... arguments) {
    return new Output(kind, Arrays.stream(arguments).boxed().toList(), kind.text);
  }

  /**
   * Creates a column of means.
   *
   * @return of type DOUBLE; for several targets an array
   */
  public static Output mean() {
    return of(Kind.MEAN);
  }

  /**
   * Creates a column of standard deviations.
   *
   * @return of type DOUBLE; for several targets an array
   */
  public static Output standardDeviation() {
    return of(Kind.STANDARD_DEVIATION);
  }

  /**
   * Creates a column of quantiles, for one target.
   *
   * @param probabilities in [0, 1], at least one
   * @return of type ARRAY of DOUBLE, in their order
   * @throws IllegalArgumentException if there is none, or one is out of its range
   */
  public static Output quantiles(double... probabilities) {
    require(probabilities.length > 0, "Expected at least one probability, got none");
    for (double p : probabilities) {
      require(0 <= p && p <= 1, "Expected probabilities in [0, 1], got %s", p);
    }
    return of(Kind.QUANTILES, probabilities);
  }

  /**
   * Creates a column of central intervals, for one target.
   *
   * @param level their probability, in (0, 1)
   * @return of type STRUCT of {@code lower} and {@code upper}
   * @throws IllegalArgumentException if the level is out of its range
   */
  public static Output interval(double level) {
    return of(Kind.INTERVAL, requireLevel(level));
  }

  /**
   * Creates a column of highest-density regions, for one target.
   *
   * @param level their probability, in (0, 1)
   * @return of type ARRAY of STRUCT of {@code lower} and {@code upper}, disjoint and ascending
   * @throws IllegalArgumentException if the level is out of its range
   */
  public static Output region(double level) {
    return of(Kind.REGION, requireLevel(level));
  }

  /**
   * Creates a column of survival curves, for one target: of the probabilities that the label is
   * larger.
   *
   * @param times where to, at least one
   * @return of type ARRAY of DOUBLE, P(Y &gt; time) in their order
   * @throws IllegalArgumentException if there is none, or one is NaN
   */
  public static Output survival(double... times) {
    require(times.length > 0, "Expected at least one time, got none");
    for (double time : times) {
      require(!Double.isNaN(time), "Expected times, got NaN");
    }
    return of(Kind.SURVIVAL, times);
  }

  /**
   * Creates a column of intervals with a guaranteed coverage, for one target, of a model that holds
   * rows out; see {@link MixtureRegression#setConformalFraction}, {@link
   * MixtureRegressionModel#conformalize}, and {@link org.mdn4j.eval.Conformal}, which says what the
   * guarantee is.
   *
   * @param coverage their probability, in (0, 1)
   * @return of type STRUCT of {@code lower} and {@code upper}, infinite where too few rows were
   *     held out
   * @throws IllegalArgumentException if the coverage is out of its range
   */
  public static Output conformalInterval(double coverage) {
    return of(Kind.CONFORMAL_INTERVAL, requireLevel(coverage));
  }

  /**
   * Creates a column of regions with a guaranteed coverage, for one target, as {@link
   * #conformalInterval}: where the distribution has branches, several intervals.
   *
   * @param coverage their probability, in (0, 1)
   * @return of type ARRAY of STRUCT of {@code lower} and {@code upper}, disjoint and ascending
   * @throws IllegalArgumentException if the coverage is out of its range
   */
  public static Output conformalRegion(double coverage) {
    return of(Kind.CONFORMAL_REGION, requireLevel(coverage));
  }

  /**
   * Creates a column of what labels are worth to the likelihood, in nats: log densities, of atoms
   * and counts the logs of their probabilities, and of censored labels those of the intervals.
   *
   * @return of type DOUBLE; null where a label is null, or nothing is known of it
   */
  public static Output logDensity() {
    return of(Kind.LOG_DENSITY);
  }

  /**
   * Creates a column of the probabilities of at most the label, the probability integral transform,
   * for one target. Of counts and atoms it is drawn evenly between the probabilities of less and of
   * at most the label, of censored labels between those of the ends, by the model's seed, so that
   * it is uniform where predictions are right.
   *
   * @return of type DOUBLE; null where the label is null
   */
  public static Output pit() {
    return of(Kind.PIT);
  }

  /**
   * Creates a column of the labels' continuous ranked probability scores, for one target.
   *
   * @return of type DOUBLE, lower is better; null where the label is null, or an interval
   */
  public static Output crps() {
    return of(Kind.CRPS);
  }

  /**
   * Creates a column of samples. They depend on the model's seed, and on which rows stand before a
   * row in its partition.
   *
   * @param count samples per row, at least 1
   * @return of type ARRAY of DOUBLE; for several targets an array of arrays, {@code [count][D]}
   * @throws IllegalArgumentException if the count is less than 1
   */
  public static Output samples(int count) {
    require(count >= 1, "Expected at least 1 sample per row, got %d", count);
    return of(Kind.SAMPLES, count);
  }

  /**
   * Creates a column of whole mixtures.
   *
   * @return of type STRUCT of {@code weights [K]}, {@code locations [K][D]} and {@code scales
   *     [K][D]}, for full covariances {@code covariances [K][D][D]} in place of scales; {@code
   *     family}, the name of the components' {@link org.mdn4j.ComponentFamily}, and {@code
   *     discrete}, whether these are of counts; {@code atoms [A]}, values with a probability of
   *     their own, and {@code atomProbabilities [A]}, which sum to 1 together with the weights
   */
  public static Output mixture() {
    return of(Kind.MIXTURE);
  }

  /**
   * Returns this column by another name.
   *
   * @param name of the column
   * @return the same column, renamed
   */
  public Output as(String name) {
    return new Output(kind, arguments, name);
  }

  /**
   * Reads a column from its text.
   *
   * @param text as {@link #toString} gives it
   * @return the column
   * @throws IllegalArgumentException if it is none, or an argument is out of its range
   */
  public static Output parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    require(matcher.matches(), "Expected an output such as quantiles(0.05, 0.95), got %s", text);
    Output output = of(matcher.group(1), numbers(matcher.group(2), text), text);
    return matcher.group(3) == null ? output : output.as(matcher.group(3));
  }

  private static Output of(String name, double[] numbers, String text) {
    Kind kind =
        Arrays.stream(Kind.values())
            .filter(known -> known.text.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Expected one of %s, got %s"
                            .formatted(
                                Arrays.stream(Kind.values())
                                    .map(known -> known.text)
                                    .collect(Collectors.joining(", ")),
                                text)));
    return switch (kind) {
      case QUANTILES -> quantiles(numbers);
      case SURVIVAL -> survival(numbers);
      case CONFORMAL_INTERVAL -> conformalInterval(only(numbers, text));
      case CONFORMAL_REGION -> conformalRegion(only(numbers, text));
      case INTERVAL -> interval(only(numbers, text));
      case REGION -> region(only(numbers, text));
      case SAMPLES -> {
        double count = only(numbers, text);
        require(count == Math.rint(count), "Expected a whole number of samples, got %s", text);
        yield samples((int) count);
      }
      default -> {
        require(numbers.length == 0, "Expected %s without arguments, got %s", name, text);
        yield of(kind);
      }
    };
  }

  private static double only(double[] numbers, String text) {
    require(numbers.length == 1, "Expected one argument, got %s", text);
    return numbers[0];
  }

  private static double[] numbers(String arguments, String text) {
    if (arguments == null || arguments.isBlank()) {
      return new double[0];
    }
    try {
      return Arrays.stream(arguments.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected numbers as arguments, got " + text, e);
    }
  }

  private static double requireLevel(double level) {
    require(0 < level && level < 1, "Expected a level in (0, 1), got %s", level);
    return level;
  }

  Kind kind() {
    return kind;
  }

  /** Returns the arguments: probabilities, times, a level, or a count. */
  double[] arguments() {
    return arguments.stream().mapToDouble(Double::doubleValue).toArray();
  }

  String column() {
    return column;
  }

  boolean isConformal() {
    return kind == Kind.CONFORMAL_INTERVAL || kind == Kind.CONFORMAL_REGION;
  }

  boolean isOfLabels() {
    return kind.ofLabels;
  }

  /**
   * Returns the column's field.
   *
   * @throws IllegalArgumentException if it is for one target, and there are several, or for a
   *     conformal model, and this is none
   */
  StructField field(PredictedForm form) {
    require(
        form.targets() == 1 || !kind.ofOneTarget,
        "Expected one target for %s, the model predicts %d",
        this,
        form.targets());
    require(
        form.conformal() || !isConformal(),
        "Expected a model that has held rows out for %s: set conformalFraction before the fit, or"
            + " call conformalize with rows that it was not fitted to",
        this);
    return DataTypes.createStructField(column, type(form), kind.ofLabels);
  }

  private DataType type(PredictedForm form) {
    DataType perTarget = form.targets() == 1 ? DataTypes.DoubleType : NUMBERS;
    return switch (kind) {
      case MEAN, STANDARD_DEVIATION -> perTarget;
      case QUANTILES, SURVIVAL -> NUMBERS;
      case INTERVAL, CONFORMAL_INTERVAL -> ENDS;
      case REGION, CONFORMAL_REGION -> array(ENDS);
      case LOG_DENSITY, PIT, CRPS -> DataTypes.DoubleType;
      case SAMPLES -> array(perTarget);
      case MIXTURE -> mixture(form.covariance());
    };
  }

  private static StructType mixture(Covariance covariance) {
    StructType components =
        new StructType().add("weights", NUMBERS, false).add("locations", array(NUMBERS), false);
    return (covariance == Covariance.FULL
            ? components.add("covariances", array(array(NUMBERS)), false)
            : components.add("scales", array(NUMBERS), false))
        .add("family", DataTypes.StringType, false)
        .add("discrete", DataTypes.BooleanType, false)
        .add("atoms", NUMBERS, false)
        .add("atomProbabilities", NUMBERS, false);
  }

  private static DataType array(DataType of) {
    return DataTypes.createArrayType(of, false);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Output output && output.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    String call =
        arguments.isEmpty()
            ? kind.text
            : arguments.stream()
                .map(number -> kind == Kind.SAMPLES ? "" + number.intValue() : number.toString())
                .collect(Collectors.joining(", ", kind.text + "(", ")"));
    return column.equals(kind.text) ? call : call + " as " + column;
  }
}
