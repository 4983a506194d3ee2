/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.report.NoiseLevel;
import org.mdn4j.training.Trainer;
import scala.Function1;

/** The regressor's options as parameters of Spark ML, with the regressor's ranges and defaults. */
final class OptionParams implements Serializable {
  private static final long serialVersionUID = 1;

  final IntParam components;
  final Param<String> covariance;
  final Param<String> family;
  final DoubleParam scaleFloor;
  final BooleanParam bounded;
  final Param<String> atoms;
  final BooleanParam censored;
  final IntParam ensemble;
  final StringArrayParam noise;
  final IntArrayParam bins;
  final BooleanParam startFromData;
  final DoubleParam learningRate;
  final DoubleParam weightDecay;
  final DoubleParam strongerDecay;
  final DoubleParam gradientClipping;
  final DoubleParam averaging;
  final IntParam patience;
  final IntParam maxEpochs;
  final IntParam roundSteps;
  final IntParam hiddenUnits;
  final IntParam widerUnits;
  final IntParam minibatch;
  final DoubleParam validationFraction;
  final IntParam mostValidationRows;
  final IntParam calibrationRows;
  final DoubleParam conformalFraction;
  final BooleanParam refit;
  final BooleanParam contaminated;
  final Param<String> trunk;
  final LongParam seed;
  final Param<String> trainer;

  private final List<Option> all = new ArrayList<>();

  /** Creates the parameters of a stage, with their defaults. */
  OptionParams(Params stage) {
    components =
        add(
            "components",
            new IntParam(stage, "components", "the number of components", valid("components")));
    covariance =
        add(
            "covariance",
            new Param<>(stage, "covariance", "the form of the covariance", valid("covariance")));
    family =
        add(
            "family",
            new Param<>(stage, "family", "the family of the components", valid("family")));
    scaleFloor =
        add(
            "scaleFloor",
            new DoubleParam(
                stage,
                "scaleFloor",
                "the lower bound of every scale, in standard deviations of the label",
                valid("scaleFloor")));
    bounded =
        add(
            "bounded",
            new BooleanParam(
                stage, "bounded", "whether components are held near the labels of the fit"));
    atoms =
        add(
            "atoms",
            new Param<>(
                stage,
                "atoms",
                "the values of the label with a probability of their own: AUTO to find them, NONE,"
                    + " or numbers with commas between",
                valid("atoms")));
    add("findAtoms", atoms);
    censored =
        add(
            "censored",
            new BooleanParam(
                stage,
                "censored",
                "whether labels are intervals, two labelCols each; as where a censorCol is set"));
    ensemble =
        add(
            "members",
            new IntParam(
                stage, "ensemble", "the number of networks that are averaged", valid("members")));
    noise =
        add(
            "noise",
            new StringArrayParam(
                stage,
                "noise",
                "the noise levels among which validation chooses, each inputs:targets",
                valid("noise")));
    bins =
        add(
            "bins",
            new IntArrayParam(
                stage,
                "bins",
                "the numbers of bins among which validation chooses",
                valid("bins")));
    startFromData =
        add(
            "startFromData",
            new BooleanParam(
                stage,
                "startFromData",
                "whether components start at quantiles or clusters of the labels"));
    learningRate =
        add(
            "learningRate",
            new DoubleParam(
                stage,
                "learningRate",
                "Adam's learning rate before the first plateau",
                valid("learningRate")));
    weightDecay =
        add(
            "weightDecay",
            new DoubleParam(
                stage,
                "weightDecay",
                "the decoupled decay of the weights; no stronger one is tried then, unless strongerDecay is set",
                valid("weightDecay")));
    strongerDecay =
        add(
            "strongerDecay",
            new DoubleParam(
                stage,
                "strongerDecay",
                "a stronger decay that is tried; 0 for none, as where weightDecay is set",
                valid("strongerDecay")));
    gradientClipping =
        add(
            "gradientClipping",
            new DoubleParam(
                stage,
                "gradientClipping",
                "the largest norm of a layer's gradient",
                valid("gradientClipping")));
    averaging =
        add(
            "averagedEpochs",
            new DoubleParam(
                stage,
                "averaging",
                "over how many epochs the parameters are averaged",
                valid("averagedEpochs")));
    patience =
        add(
            "patience",
            new IntParam(
                stage,
                "patience",
                "how many epochs without improvement make a plateau",
                valid("patience")));
    maxEpochs =
        add(
            "maxEpochs",
            new IntParam(
                stage, "maxEpochs", "how many epochs a training has at most", valid("maxEpochs")));
    roundSteps =
        add(
            "roundSteps",
            new IntParam(
                stage,
                "roundSteps",
                "how many steps there are at least between two looks at the validation rows",
                valid("roundSteps")));
    hiddenUnits =
        add(
            "hiddenUnits",
            new IntParam(
                stage,
                "hiddenUnits",
                "the units of each hidden layer; no others are tried then, unless widerUnits is set",
                valid("hiddenUnits")));
    widerUnits =
        add(
            "widerUnits",
            new IntParam(
                stage,
                "widerUnits",
                "the units of each hidden layer in a last trial; 0 for no such trial",
                valid("widerUnits")));
    minibatch =
        add(
            "minibatch",
            new IntParam(
                stage,
                "minibatch",
                "the rows of a step; 0 to let the number of rows decide",
                valid("minibatch")));
    validationFraction =
        add(
            "validationFraction",
            new DoubleParam(
                stage,
                "validationFraction",
                "the share of the rows that validates",
                valid("validationFraction")));
    mostValidationRows =
        add(
            "mostValidationRows",
            new IntParam(
                stage,
                "mostValidationRows",
                "how many rows validate at most; 0 for no limit",
                valid("mostValidationRows")));
    calibrationRows =
        add(
            "calibrationRows",
            new IntParam(
                stage,
                "calibrationRows",
                "how many validation rows all members have in common at least; half of them in any case",
                valid("calibrationRows")));
    conformalFraction =
        add(
            "conformalFraction",
            new DoubleParam(
                stage,
                "conformalFraction",
                "the share of the rows that is held out to calibrate conformal outputs",
                valid("conformalFraction")));
    refit =
        add(
            "refit",
            new BooleanParam(
                stage, "refit", "whether each network is trained anew on all rows at the end"));
    contaminated =
        add(
            "contaminated",
            new BooleanParam(
                stage,
                "contaminated",
                "whether predictions get heavier tails, by as much as validation rows say"));
    trunk =
        add(
            "trunk",
            new Param<>(
                stage,
                "trunk",
                "the layers below the head, as JSON; empty for two dense layers",
                valid("trunk")));
    seed =
        add(
            "seed",
            new LongParam(
                stage,
                "seed",
                "the seed of splits, weights, order, noise and samples",
                valid("seed")));
    trainer =
        add("trainer", new Param<>(stage, "trainer", "what takes the steps", valid("trainer")));
    RegressorOptions defaults = RegressorOptions.DEFAULT;
    stage.setDefault(components, defaults.components());
    stage.setDefault(covariance, defaults.covariance().name());
    stage.setDefault(family, defaults.family().name());
    stage.setDefault(scaleFloor, defaults.scaleFloor());
    stage.setDefault(bounded, defaults.bounded());
    stage.setDefault(atoms, AtomSearch.AUTO.name());
    stage.setDefault(censored, defaults.censored());
    stage.setDefault(ensemble, defaults.members());
    stage.setDefault(
        noise, defaults.noise().stream().map(NoiseLevel::toString).toArray(String[]::new));
    stage.setDefault(bins, defaults.bins().stream().mapToInt(count -> count).toArray());
    stage.setDefault(startFromData, defaults.startFromData());
    stage.setDefault(learningRate, defaults.learningRate());
    stage.setDefault(weightDecay, defaults.weightDecay());
    stage.setDefault(strongerDecay, defaults.strongerDecay());
    stage.setDefault(gradientClipping, defaults.gradientClipping());
    stage.setDefault(averaging, defaults.averagedEpochs());
    stage.setDefault(patience, defaults.patience());
    stage.setDefault(maxEpochs, defaults.maxEpochs());
    stage.setDefault(roundSteps, defaults.roundSteps());
    stage.setDefault(hiddenUnits, defaults.hiddenUnits());
    stage.setDefault(widerUnits, defaults.widerUnits());
    stage.setDefault(minibatch, defaults.minibatch());
    stage.setDefault(validationFraction, defaults.validationFraction());
    stage.setDefault(mostValidationRows, defaults.mostValidationRows());
    stage.setDefault(calibrationRows, defaults.calibrationRows());
    stage.setDefault(conformalFraction, defaults.conformalFraction());
    stage.setDefault(refit, defaults.refit());
    stage.setDefault(contaminated, defaults.contaminated());
    stage.setDefault(trunk, "");
    stage.setDefault(seed, defaults.seed());
    stage.setDefault(trainer, defaults.trainer().name());
  }

  /**
   * An option.
   *
   * @param name of it among the regressor's
   * @param param the parameter
   */
  private record Option(String name, Param<?> param) implements Serializable {}

  private <P extends Param<?>> P add(String name, P param) {
    all.add(new Option(name, param));
    return param;
  }

  /** Returns the test of a value, which throws what the regressor would say of it. */
  private static <T> Function1<T, Object> valid(String name) {
    return (Function1<T, Object> & Serializable)
        value -> {
          RegressorOptions.DEFAULT.with(name, value(name, value));
          return true;
        };
  }

  /** Returns the regressor's value of a parameter's. */
  private static Object value(String name, Object value) {
    return switch (name) {
      case "covariance" -> oneOf(Covariance.class, value);
      case "family" -> oneOf(ComponentFamily.class, value);
      case "trainer" -> oneOf(Trainer.class, value);
      case "noise" -> Arrays.stream((String[]) value).map(OptionParams::noise).toList();
      case "bins" -> Arrays.stream((int[]) value).boxed().toList();
      case "findAtoms" -> AtomSearch.AUTO.name().equals(value);
      case "atoms" -> atoms((String) value);
      case "trunk" -> ((String) value).isEmpty() ? null : value;
      default -> value;
    };
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, Object name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected one of %s, got %s"
                        .formatted(Arrays.toString(type.getEnumConstants()), name)));
  }

  private static List<Double> atoms(String text) {
    if (Arrays.stream(AtomSearch.values()).anyMatch(search -> search.name().equals(text))) {
      return List.of();
    }
    try {
      double[] values =
          Arrays.stream(text.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
      return Arrays.stream(Atoms.ascending(values)).boxed().toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Expected atoms as AUTO, NONE or numbers with commas between, got " + text, e);
    }
  }

  private static NoiseLevel noise(String text) {
    String[] parts = text.split(":", -1);
    require(parts.length == 2, "Expected noise as inputs:targets, got %s", text);
    try {
      return new NoiseLevel(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected noise as inputs:targets, got " + text, e);
    }
  }

  /** Returns the names of the regressor's options that have a parameter. */
  Set<String> names() {
    return all.stream().map(Option::name).collect(Collectors.toSet());
  }

  /**
   * Returns the regressor's options as a stage has them. As the regressor's builder has it, hidden
   * units that are set are the only ones, unless wider ones are set too, and a weight decay that is
   * set is the only one, unless a stronger one is set too.
   */
  RegressorOptions options(Params stage) {
    RegressorOptions options = RegressorOptions.DEFAULT;
    for (Option option : all) {
      Object value = value(option.name(), stage.getOrDefault(option.param()));
      options = options.with(option.name(), value);
    }
    if (stage.isSet(hiddenUnits) && !stage.isSet(widerUnits)) {
      options = options.with("widerUnits", 0);
    }
    return stage.isSet(weightDecay) && !stage.isSet(strongerDecay)
        ? options.with("strongerDecay", 0.0)
        : options;
  }
}
