/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.ComponentFamily;

/** Arguments for each public method of a mixture, and what its answer may be. */
final class Questions {
  /** Outcomes that are none of a fault. */
  static final Set<String> GOOD = Set.of("finite", "infinite", "refused");

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double LEAST = 1e-300;
  private static final int MOST_HEADROOM = 64;
  private static final String ONE_TARGET = "needs one target";

  /** By name and number of parameters: the arguments of a question. */
  private static final Map<String, Function<Questions, Object[]>> ARGUMENTS =
      Map.ofEntries(
          none("components"),
          none("targets"),
          none("isDegenerate"),
          none("weights"),
          none("family"),
          none("locations"),
          none("scales"),
          none("degreesOfFreedom"),
          none("means"),
          none("standardDeviations"),
          none("covariances"),
          none("hasMean"),
          none("mean"),
          none("variance"),
          none("covariance"),
          none("heaviestLocation"),
          none("modes"),
          none("mode"),
          none("entropy"),
          none("entropyBounds"),
          none("toString"),
          none("atoms"),
          none("atomProbabilities"),
          none("withoutAtoms"),
          none("untruncated"),
          none("truncation"),
          // Ranges are TruncatedMixtureTest's; here the whole line is one.
          Map.entry("truncated double double", q -> of(-INFINITY, INFINITY)),
          Map.entry("logProbability double double", q -> q.ends()),
          Map.entry("responsibilitiesOf double[]", q -> of(q.exactEnds())),
          Map.entry("logLikelihood double[]", q -> of(q.y)),
          Map.entry("probabilityOf double", q -> of(q.y[0])),
          Map.entry("pit double UniformRandomProvider", q -> of(q.y[0], q.made.random())),
          Map.entry(
              "pit double double UniformRandomProvider",
              q -> of(q.ends()[0], q.ends()[1], q.made.random())),
          Map.entry("withAtoms double[] double[]", q -> of(v(0), v(q.made.level()))),
          Map.entry("logDensity double[]", q -> of(q.y)),
          Map.entry("density double[]", q -> of(q.y)),
          Map.entry("responsibilities double[]", q -> of(q.y)),
          Map.entry("cdf double[]", q -> of(q.y)),
          Map.entry("cdf double", q -> of(q.y[0])),
          Map.entry("survival double", q -> of(q.y[0])),
          Map.entry("logCdf double", q -> of(q.y[0])),
          Map.entry("logSurvival double", q -> of(q.y[0])),
          Map.entry("crps double", q -> of(q.y[0])),
          Map.entry("probability double double", q -> q.ends()),
          Map.entry("quantile double", q -> of(q.made.probability())),
          Map.entry("survivalQuantile double", q -> of(q.made.probability())),
          Map.entry("interval double", q -> of(q.made.level())),
          Map.entry("highestDensityRegion double", q -> of(q.made.level())),
          Map.entry(
              "highestDensityRegions double[]",
              q -> of(new double[] {q.made.level(), q.made.level()})),
          Map.entry(
              "highestDensityRegionsLeaving double[]",
              q -> of(new double[] {q.made.level(), q.made.level()})),
          Map.entry("densityTail double", q -> of(q.y[0])),
          Map.entry("temperature Temperature", q -> of(q.made.temperature())),
          Map.entry("rescale double[]", q -> of(q.made.rescaling(q.mixture))),
          Map.entry("shift double[]", q -> of(q.made.shift(q.mixture))),
          Map.entry("marginal int[]", q -> of(new int[] {q.mixture.targets() - 1})),
          Map.entry("conditional int[] double[]", q -> of(new int[] {0}, v(q.y[0]))),
          Map.entry("sample int UniformRandomProvider", q -> of(20, q.made.random())),
          Map.entry(
              "energyScore double[] int UniformRandomProvider", q -> of(q.y, 20, q.made.random())),
          Map.entry(
              "energyScoreEstimate double[] int UniformRandomProvider",
              q -> of(q.y, 20, q.made.random())),
          Map.entry(
              "klDivergence Mixture int UniformRandomProvider",
              q -> of(q.other(), 20, q.made.random())),
          Map.entry("variationalKlDivergence Mixture", q -> of(q.other())));

  private final Mixture mixture;
  private final ExtremeMixtures made;
  private final double[] y;

  Questions(Mixture mixture, ExtremeMixtures made) {
    this.mixture = mixture;
    this.made = made;
    this.y = made.outcome(mixture);
  }

  private static Map.Entry<String, Function<Questions, Object[]>> none(String name) {
    return Map.entry(name, questions -> of());
  }

  private static Object[] of(Object... arguments) {
    return arguments;
  }

  private static double[] v(double... values) {
    return values;
  }

  static Set<String> known() {
    return ARGUMENTS.keySet();
  }

  /** The name and the types of the parameters. */
  static String key(Method method) {
    return Stream.concat(
            Stream.of(method.getName()),
            Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName))
        .collect(Collectors.joining(" "));
  }

  Object[] arguments(Method method) {
    return ARGUMENTS.get(key(method)).apply(this);
  }

  private Object[] ends() {
    double b = made.outcome(mixture)[0];
    return of(Math.min(y[0], b), Math.max(y[0], b));
  }

  /** Two equal ends for each target. */
  private double[] exactEnds() {
    return Arrays.stream(y).flatMap(value -> DoubleStream.of(value, value)).toArray();
  }

  private Mixture other() {
    return mixture.temperature(made.temperature());
  }

  private boolean isFull() {
    return mixture.toString().contains("covariances=");
  }

  private boolean isAtom(double value) {
    return Arrays.stream(mixture.atoms()).anyMatch(atom -> atom == value || (float) atom == value);
  }

  private double leastDegrees(boolean ofThoseWithWeight) {
    return IntStream.range(0, mixture.components())
        .filter(k -> !ofThoseWithWeight || mixture.weights()[k] > 0)
        .mapToDouble(k -> mixture.degreesOfFreedom()[k])
        .min()
        .orElse(INFINITY); // all is in atoms
  }

  /** What the message of a refusal says that is due, or null if an answer is. */
  String refusal(Method method, Object[] arguments) {
    boolean oneTarget = mixture.targets() == 1;
    boolean angles = mixture.family() == ComponentFamily.VON_MISES;
    boolean atoms = mixture.atoms().length > 0;
    return switch (key(method)) {
      case "withAtoms double[] double[]" -> oneTarget && !angles ? null : "one target on a line";
      case "survival double",
          "logCdf double",
          "logSurvival double",
          "crps double",
          "probability double double",
          "quantile double",
          "survivalQuantile double",
          "interval double",
          "highestDensityRegion double",
          "highestDensityRegions double[]",
          "highestDensityRegionsLeaving double[]",
          "densityTail double",
          "probabilityOf double",
          "pit double UniformRandomProvider",
          "pit double double UniformRandomProvider",
          "cdf double" ->
          oneTarget ? null : ONE_TARGET;
      case "truncated double double", "logProbability double double" ->
          !oneTarget ? ONE_TARGET : angles ? "Angles have no intervals" : null;
      case "entropy" -> !oneTarget ? ONE_TARGET : atoms ? "with atoms" : null;
      case "entropyBounds",
          "klDivergence Mixture int UniformRandomProvider",
          "variationalKlDivergence Mixture" ->
          atoms ? "with atoms" : null;
      case "cdf double[]" -> isFull() ? "independent" : null;
      case "scales" -> isFull() ? "ask for covariances" : null;
      case "responsibilities double[]", "responsibilitiesOf double[]" ->
          atoms && isAtom(y[0])
              ? "no atom"
              : mixture.logDensity(y) > Double.NEGATIVE_INFINITY ? null : "where there is density";
      case "conditional int[] double[]" ->
          oneTarget
              ? "not given"
              : mixture.marginal(0).logDensity(y[0]) > Double.NEGATIVE_INFINITY
                  ? null
                  : "where there is density";
      case "mean" -> leastDegrees(true) > 1 ? null : "degrees of freedom";
      case "means" -> leastDegrees(false) > 1 ? null : "degrees of freedom";
      case "variance" -> leastDegrees(true) > 2 ? null : "degrees of freedom";
      case "covariance" ->
          angles && !oneTarget ? "circular" : leastDegrees(true) > 2 ? null : "degrees of freedom";
      case "standardDeviations", "covariances" ->
          leastDegrees(false) > 2 ? null : "degrees of freedom";
      default -> null;
    };
  }

  /** Whether the answer is finite, infinite or impossible. */
  String judge(Method method, Object[] arguments, Object answer) {
    double[] values = flat(answer).toArray();
    if (answer instanceof Estimate estimate && Double.isInfinite(estimate.value())) {
      values = v(estimate.value()); // its error is NaN
    }
    if (Arrays.stream(values).anyMatch(Double::isNaN)) {
      return "NaN";
    }
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    double sum = Arrays.stream(values).sum();
    String fault =
        switch (method.getName()) {
          case "cdf", "survival", "probability", "densityTail", "probabilityOf", "pit" ->
              least >= 0 && most <= 1 ? null : "no probability";
          case "weights" ->
              Math.abs(sum + atomsTogether() - 1) < 1e-9 && least >= 0 ? null : "no shares";
          case "responsibilities", "responsibilitiesOf" ->
              Math.abs(sum - 1) < 1e-9 && least >= 0 ? null : "no shares";
          case "logCdf", "logSurvival", "logProbability" -> most <= 0 ? null : "more than 1";
          case "crps", "energyScore", "density", "variance", "standardDeviations" ->
              least >= 0 ? null : "negative";
          case "mode" -> wrongMode((double[]) answer);
          case "highestDensityRegion" -> wrongRegion((double) arguments[0], values);
          default -> null;
        };
    boolean finite = Arrays.stream(values).allMatch(Double::isFinite);
    return fault != null ? fault + " " + Arrays.toString(values) : finite ? "finite" : "infinite";
  }

  private double atomsTogether() {
    return Arrays.stream(mixture.atomProbabilities()).sum();
  }

  /** That of one target is the highest, of several at least as high as all locations. */
  private String wrongMode(double[] mode) {
    if (mixture.family() == ComponentFamily.LOG_NORMAL) {
      return null; // their density at a double may be far from that next to it
    }
    double there = mixture.logDensity(mode);
    boolean allCount = DoubleStream.of(mixture.weights()).allMatch(weight -> weight > 0);
    double here =
        Stream.concat(
                IntStream.range(0, mixture.components())
                    .filter(k -> mixture.weights()[k] > 0)
                    .mapToObj(k -> mixture.locations()[k]),
                mixture.targets() == 1 && allCount ? Stream.of(y) : Stream.empty())
            .filter(at -> !(Math.abs(at[0] - mode[0]) < LEAST)) // where Shrunk loses digits
            .mapToDouble(mixture::logDensity)
            .max()
            .orElse(there);
    return there >= here - 1e-9 * (1 + Math.abs(here)) ? null : there + " less than " + here;
  }

  /** Ascending intervals, with as much probability as they should have; rounded ones with more. */
  private String wrongRegion(double level, double[] ends) {
    double mass = 0;
    for (int i = 0; i < ends.length; i += 2) {
      mass += mixture.probability(ends[i], ends[i + 1]) + mixture.probabilityOf(ends[i]);
      mass += i > 0 && ends[i] <= ends[i - 1] ? Double.NaN : 0;
    }
    return mass > level - slackOfMass() ? null : "mass " + mass;
  }

  /** Of LOG_NORMAL, log y is rounded, and there may be probability below all doubles. */
  private double slackOfMass() {
    double slack = 1e-7 + slackOfSizes();
    if (mixture.family() == ComponentFamily.LOG_NORMAL) {
      slack += mixture.cdf(Double.MIN_NORMAL);
      for (int k = 0; k < mixture.components(); k++) {
        double log = Math.max(750, Math.abs(mixture.locations()[k][0]));
        slack += mixture.weights()[k] * Math.min(1, 4 * Math.ulp(log) / mixture.scales()[k][0]);
      }
    }
    return slack;
  }

  /**
   * Scales of all sizes are asked about in units that hold the largest; to those the smallest are
   * then rounded, and are as wrong as their own digits.
   */
  private double slackOfSizes() {
    if (mixture.family() == ComponentFamily.VON_MISES) {
      return 0;
    }
    double largest = 0;
    for (int k = 0; k < mixture.components(); k++) {
      double size = Math.max(mixture.scales()[k][0], Math.abs(mixture.locations()[k][0]));
      largest = mixture.weights()[k] > 0 ? Math.max(largest, size) : largest;
    }
    int powers = Math.getExponent(largest) - Double.MAX_EXPONENT + MOST_HEADROOM + 1;
    double rounding = powers > 0 ? Math.scalb(Double.MIN_VALUE, powers) : 0;
    double slack = 0;
    for (int k = 0; k < mixture.components(); k++) {
      slack += mixture.weights()[k] * Math.min(1, rounding / mixture.scales()[k][0]);
    }
    return slack;
  }

  /** All numbers of an answer. */
  private static DoubleStream flat(Object answer) {
    if (answer instanceof double[] values) {
      return Arrays.stream(values);
    } else if (answer instanceof Object[] rows) {
      return Arrays.stream(rows).flatMapToDouble(Questions::flat);
    } else if (answer instanceof List<?> list) {
      return list.stream().flatMapToDouble(Questions::flat);
    } else if (answer instanceof Interval interval) {
      return DoubleStream.of(interval.lower(), interval.upper());
    } else if (answer instanceof Estimate estimate) {
      return DoubleStream.of(estimate.value(), estimate.standardError());
    } else if (answer instanceof Number number) {
      return DoubleStream.of(number.doubleValue());
    } else if (answer instanceof Mixture changed) {
      double[] there = changed.heaviestLocation();
      return DoubleStream.concat(
          Arrays.stream(changed.weights()), DoubleStream.of(changed.logDensity(there)));
    }
    return DoubleStream.empty(); // names and truths
  }
}
