/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * All that decides what a regressor learns from given data; see {@code MixtureRegressorBuilder}.
 *
 * @param bounded whether components are held within {@link TargetRange}; false in what was written
 *     before there were bounds
 * @param trainer what takes the steps; null, as in files from before there were several, is DL4J
 * @param bins the numbers of bins to choose from for features; 0 for none; null, as in files from
 *     before features were encoded, is 0
 * @param roundSteps steps after which validation rows are looked at, at least, in whole epochs; 0,
 *     as in files from before there were rounds, for each epoch
 * @param hiddenUnits of each layer of the default trunk; 0, as in files from before it was an
 *     option, for 50
 * @param widerUnits of each hidden layer in a last trial; 0, as in files from before there was one,
 *     for no such trial
 * @param censored whether targets are intervals, two columns each; false in files from before
 * @param strongerDecay a weight decay that is tried after noise; 0, as in files from before there
 *     was such a trial, for none
 * @param mostValidationRows that validate, at most; 0, as in files from before there was a limit,
 *     for none
 * @param contaminated whether predictions get heavier tails, by {@link Contamination}; false in
 *     files from before
 * @param calibrationRows of the first member's validation rows that validate all, at least, if
 *     there are so many; in any case half of them, as in files from before it was an option, which
 *     read 0
 * @param conformalFraction the share of rows that is held out to calibrate intervals; 0 for none
 * @param refit whether networks are trained anew on all rows; false in files from before
 * @param noise the levels to choose from; the only one, if there is one
 * @param minibatch rows per step; 0 to let the number of rows decide
 * @param atoms values with a probability of their own, in the target's units; empty, as null in
 *     files from before there were any, for none
 * @param findAtoms whether a fit finds them instead; false in files from before
 * @param trunk a {@code MultiLayerConfiguration} as JSON, or null for the default
 */
public record RegressorOptions(
    @JsonProperty("components") int components,
    @JsonProperty("covariance") Covariance covariance,
    @JsonProperty("family") ComponentFamily family,
    @JsonProperty("scaleFloor") double scaleFloor,
    @JsonProperty("members") int members,
    @JsonProperty("noise") List<NoiseLevel> noise,
    @JsonProperty("startFromData") boolean startFromData,
    @JsonProperty("learningRate") double learningRate,
    @JsonProperty("weightDecay") double weightDecay,
    @JsonProperty("gradientClipping") double gradientClipping,
    @JsonProperty("averagedEpochs") double averagedEpochs,
    @JsonProperty("patience") int patience,
    @JsonProperty("maxEpochs") int maxEpochs,
    @JsonProperty("minibatch") int minibatch,
    @JsonProperty("validationFraction") double validationFraction,
    @JsonProperty("trunk") String trunk,
    @JsonProperty("seed") long seed,
    @JsonProperty("bounded") boolean bounded,
    @JsonProperty("trainer") Trainer trainer,
    @JsonProperty("bins") List<Integer> bins,
    @JsonProperty("roundSteps") int roundSteps,
    @JsonProperty("hiddenUnits") int hiddenUnits,
    @JsonProperty("mostValidationRows") int mostValidationRows,
    @JsonProperty("refit") boolean refit,
    @JsonProperty("conformalFraction") double conformalFraction,
    @JsonProperty("widerUnits") int widerUnits,
    @JsonProperty("atoms") List<Double> atoms,
    @JsonProperty("findAtoms") boolean findAtoms,
    @JsonProperty("censored") boolean censored,
    @JsonProperty("strongerDecay") double strongerDecay,
    @JsonProperty("contaminated") boolean contaminated,
    @JsonProperty("calibrationRows") int calibrationRows)
    implements Serializable {

  /** The default options, the same for all data. */
  public static final RegressorOptions DEFAULT =
      new RegressorOptions(
          10, // components
          Covariance.DIAGONAL,
          ComponentFamily.GAUSSIAN,
          1e-3, // scaleFloor
          1, // members
          List.of(
              NoiseLevel.NONE,
              new NoiseLevel(0.02, 0.02),
              new NoiseLevel(0.05, 0.02),
              new NoiseLevel(0.1, 0.05),
              new NoiseLevel(0.05, 0.1)),
          true, // startFromData
          0.003, // learningRate
          0.01, // weightDecay
          5, // gradientClipping
          3, // averagedEpochs
          20, // patience
          2000, // maxEpochs
          0, // minibatch
          0.2, // validationFraction
          null, // trunk
          1, // seed
          true, // bounded
          Trainer.AUTO,
          List.of(0, 8, 16, 32), // bins
          50, // roundSteps
          50, // hiddenUnits
          1000, // mostValidationRows
          true, // refit
          0, // conformalFraction
          100, // widerUnits
          List.of(), // atoms
          true, // findAtoms
          false, // censored
          0.3, // strongerDecay
          true, // contaminated
          200); // calibrationRows

  private static final int SMALLEST_MINIBATCH = 64;
  private static final int LARGEST_MINIBATCH = 512;
  private static final int MOST_BINS = 1024;
  private static final int STEPS_PER_EPOCH = 50;

  /**
   * Creates options, and checks them.
   *
   * @throws IllegalArgumentException if an option is out of its range
   */
  public RegressorOptions {
    trainer = trainer == null ? Trainer.DL4J : trainer;
    bins = bins == null ? List.of(0) : bins;
    hiddenUnits = hiddenUnits == 0 ? 50 : hiddenUnits;
    atoms = atoms == null ? List.of() : List.copyOf(atoms);
    Atoms.requireOf(family, Atoms.ascending(atoms.stream().mapToDouble(atom -> atom).toArray()));
    check(
        noise != null
            && noise.stream().allMatch(Objects::nonNull)
            && covariance != null
            && family != null,
        "all options",
        "null");
    check(members >= 1, "an ensemble of at least 1 member", members);
    check(
        !noise.isEmpty() && noise.stream().distinct().count() == noise.size(),
        "at least one noise level, all different",
        noise);
    check(
        !bins.isEmpty()
            && bins.stream().allMatch(count -> count != null && 0 <= count && count <= MOST_BINS)
            && bins.stream().distinct().count() == bins.size(),
        "at least one number of bins, all different, from 0 to " + MOST_BINS,
        bins);
    check(roundSteps >= 0, "rounds of at least 0 steps", roundSteps);
    check(hiddenUnits >= 1, "at least 1 hidden unit", hiddenUnits);
    check(widerUnits >= 0, "at least 0 units of a wider network", widerUnits);
    check(
        0 <= conformalFraction && conformalFraction < 1,
        "a conformal fraction in [0, 1)",
        conformalFraction);
    check(calibrationRows >= 0, "at least 0 calibration rows", calibrationRows);
    check(
        mostValidationRows == 0 || mostValidationRows >= 2,
        "at least 2 validation rows",
        mostValidationRows);
    check(positive(learningRate), "a positive learning rate", learningRate);
    check(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "a weight decay of at least 0",
        weightDecay);
    check(
        strongerDecay >= 0 && Double.isFinite(strongerDecay),
        "a stronger weight decay of at least 0",
        strongerDecay);
    check(positive(gradientClipping), "a positive gradient clipping", gradientClipping);
    check(
        averagedEpochs >= 0 && Double.isFinite(averagedEpochs),
        "an average over at least 0 epochs",
        averagedEpochs);
    check(
        minibatch >= 0,
        "a minibatch of at least 1, or 0 for the rows' number to decide",
        minibatch);
    check(patience >= 1, "a patience of at least 1 epoch", patience);
    check(maxEpochs >= 1, "at least 1 epoch", maxEpochs);
    check(
        0 < validationFraction && validationFraction < 1,
        "a validation fraction in (0, 1)",
        validationFraction);
    check(
        List.of(
                ComponentFamily.GAUSSIAN,
                ComponentFamily.LAPLACE,
                ComponentFamily.LOGISTIC,
                ComponentFamily.NEGATIVE_BINOMIAL)
            .contains(family),
        "GAUSSIAN, LAPLACE or LOGISTIC components, which standardised targets may have, or"
            + " NEGATIVE_BINOMIAL of counts",
        family);
    check(
        !family.isDiscrete() || covariance != Covariance.FULL,
        "SPHERICAL or DIAGONAL covariance for NEGATIVE_BINOMIAL",
        covariance);
    check(
        !censored || covariance != Covariance.FULL,
        "SPHERICAL or DIAGONAL covariance for censored targets",
        covariance);
    check(
        !censored || conformalFraction == 0,
        "a conformal fraction of 0 for censored targets, whose errors are not known",
        conformalFraction);
    MixtureSpec.builder().components(components).scaleFloor(scaleFloor).build();
  }

  private static void check(boolean condition, String expected, Object actual) {
    require(condition, "Expected %s, got %s", expected, actual);
  }

  private static boolean positive(double value) {
    return value > 0 && Double.isFinite(value);
  }

  /** Returns the form of the output for these data. */
  public MixtureSpec spec(StandardizedData data) {
    MixtureSpec free = spec(data.targets(), data.atoms());
    return bounded ? free.withBounds(TargetRange.bounds(data, free)) : free;
  }

  /**
   * Returns the form of the output without bounds.
   *
   * @param standardized the atoms in the network's units
   */
  public MixtureSpec spec(int targets, double[] standardized) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .family(family)
        .scaleFloor(family.isDiscrete() ? scaleFloor * scaleFloor : scaleFloor)
        .atoms(standardized)
        .build()
        .withLabels(censored, Truncation.NONE);
  }

  /**
   * Checks that the options are for as many targets.
   *
   * @throws IllegalArgumentException if there are atoms and several targets
   */
  public void requireFor(int targets) {
    require(
        atoms.isEmpty() || targets == 1,
        "Expected one target, which alone may have atoms, got %d and the atoms %s",
        targets,
        atoms);
  }

  /** Returns how many columns a target has: 1, or the 2 ends of an interval. */
  public int columnsPerTarget() {
    return censored ? 2 : 1;
  }

  /** Returns the same options, without noise on targets if these are counts. */
  public RegressorOptions forTargets() {
    return family.isDiscrete()
        ? with(
            "noise",
            noise.stream().map(level -> new NoiseLevel(level.inputs(), 0)).distinct().toList())
        : this;
  }

  /**
   * Returns these options with another value of one of them.
   *
   * @param name of the record's component
   * @throws IllegalArgumentException if there is no such option, or its value is out of its range
   */
  public RegressorOptions with(String name, Object value) {
    RecordComponent[] components = RegressorOptions.class.getRecordComponents();
    require(
        Arrays.stream(components).anyMatch(component -> component.getName().equals(name)),
        "Expected the name of an option, got %s",
        name);
    try {
      Object[] values = new Object[components.length];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            components[i].getName().equals(name) ? value : components[i].getAccessor().invoke(this);
      }
      return (RegressorOptions) RegressorOptions.class.getConstructors()[0].newInstance(values);
    } catch (InvocationTargetException e) {
      throw (RuntimeException) e.getCause(); // nothing checked is thrown above
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the rows of a step: for about fifty steps per epoch, a power of two in [64, 512]. */
  public int minibatch(int trainingRows) {
    if (minibatch > 0) {
      return minibatch;
    }
    int size = SMALLEST_MINIBATCH;
    while (size < LARGEST_MINIBATCH && size * STEPS_PER_EPOCH * 3 / 2 < trainingRows) {
      size *= 2;
    }
    return size;
  }

  /**
   * Returns how many trainings are tried, at most, before one is chosen; 1 if there is no choice.
   */
  public int trials() {
    return bins.size() + noise.size() - 1 + (triesStrongerDecay() ? 1 : 0) + (triesWider() ? 1 : 0);
  }

  /** Returns whether a stronger weight decay is tried: where there is another choice as well. */
  public boolean triesStrongerDecay() {
    return strongerDecay > weightDecay && (bins.size() > 1 || noise.size() > 1);
  }

  /** Returns whether a wider network is tried at last: where there is another choice as well. */
  public boolean triesWider() {
    return trunk == null && widerUnits > 0 && (bins.size() > 1 || noise.size() > 1);
  }

  /**
   * Returns how many passes over the rows a round has, the time between two looks at validation
   * rows.
   */
  public int passes(int trainingRows) {
    int steps = stepsPerPass(trainingRows);
    return Math.max(1, (roundSteps + steps - 1) / steps);
  }

  /** Returns how many steps a pass over the rows has. */
  public int stepsPerPass(int trainingRows) {
    int size = minibatch(trainingRows);
    return (trainingRows + size - 1) / size;
  }

  /** Returns the least number of rows of which that many train and that many validate. */
  public long rowsNeeded(int training, int validation) {
    long low = 1;
    long high = Long.MAX_VALUE;
    while (low < high) {
      long rows = low + (high - low) / 2;
      long validating = validationRows(rows);
      if (validating >= validation && rows - validating >= training) {
        high = rows;
      } else {
        low = rows + 1;
      }
    }
    return low;
  }

  /** Returns how many of the rows validate. */
  public int validationRows(int rows) {
    return (int) validationRows((long) rows);
  }

  private long validationRows(long rows) {
    long share = Math.max(1, Math.round(validationFraction * rows));
    return mostValidationRows == 0 ? share : Math.min(mostValidationRows, share);
  }
}
