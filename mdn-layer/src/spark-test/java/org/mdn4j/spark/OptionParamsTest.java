/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.model.RegressorOptions;

/** The regressor's options as parameters: none is missing. */
class OptionParamsTest {
  /** Spark logs, repeats lost tasks, and keeps members that have ended by itself. */
  private static final Set<String> NOT_OF_SPARK =
      Set.of("listener", "quiet", "checkpoint", "checkpointInterval", "resumeFrom");

  private final MixtureRegression regression = new MixtureRegression();

  private static Set<String> names(Stream<String> names) {
    return names.collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyOptionHasAParameter() {
    assertEquals(
        names(
            Arrays.stream(RegressorOptions.class.getRecordComponents())
                .map(RecordComponent::getName)),
        names(regression.options().names().stream()));
  }

  @Test
  void everyMethodOfTheBuilderHasAParameter() {
    Set<String> methods =
        names(
            Arrays.stream(MixtureRegressorBuilder.class.getDeclaredMethods())
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == MixtureRegressorBuilder.class)
                .map(Method::getName));
    assertTrue(methods.containsAll(NOT_OF_SPARK), methods::toString);
    methods.removeAll(NOT_OF_SPARK);
    Set<String> missing = new TreeSet<>(methods);
    missing.removeAll(names(Arrays.stream(regression.params()).map(Param::name)));
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyParameterIsReadAndSet() {
    for (Param<?> param : regression.params()) {
      String name = param.name();
      String setter = "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
      List<String> methods =
          Arrays.stream(MixtureRegression.class.getMethods()).map(Method::getName).toList();
      assertTrue(methods.contains(name) && methods.contains(setter), name);
    }
  }

  @Test
  void defaultsAreThoseOfTheRegressor() {
    assertEquals(RegressorOptions.DEFAULT, regression.options().options(regression));
  }

  @Test
  void oneThatIsSetIsTheOnlyOne() {
    regression.setWeightDecay(0.01).setHiddenUnits(50);
    RegressorOptions options = regression.options().options(regression);
    assertEquals(0, options.strongerDecay());
    assertEquals(0, options.widerUnits());
    regression.setStrongerDecay(0.2).setWiderUnits(70);
    options = regression.options().options(regression);
    assertEquals(0.2, options.strongerDecay());
    assertEquals(70, options.widerUnits());
    MixtureRegression other = new MixtureRegression().setStrongerDecay(0);
    assertEquals(0, other.options().options(other).strongerDecay());
    MixtureRegression tuned = regression.copy(ParamMap.empty());
    assertEquals(options, tuned.options().options(tuned));
  }

  @Test
  void atomsAreFoundOrGivenOrNone() {
    assertAtoms(true, List.of());
    regression.setAtoms(1, 0.5);
    assertEquals("1.0, 0.5", regression.getOrDefault(regression.atoms()));
    assertAtoms(false, List.of(0.5, 1.0));
    regression.setAtoms(AtomSearch.NONE);
    assertAtoms(false, List.of());
    regression.setAtoms(AtomSearch.AUTO);
    assertAtoms(true, List.of());
    regression.setAtoms();
    assertAtoms(false, List.of());
    regression.set(regression.atoms(), "0, 1e-3");
    assertAtoms(false, List.of(0.0, 1e-3));
    assertFailure(
        "Expected atoms as AUTO, NONE or numbers with commas between, got often",
        () -> regression.set(regression.atoms(), "often"));
    assertThrows(IllegalArgumentException.class, () -> regression.setAtoms(1, 1));
    assertThrows(IllegalArgumentException.class, () -> regression.setAtoms(Double.NaN));
  }

  private void assertAtoms(boolean found, List<Double> values) {
    RegressorOptions options = regression.options().options(regression);
    assertEquals(found, options.findAtoms());
    assertEquals(values, options.atoms());
  }

  @Test
  void saysWhichValuesAnOptionTakes() {
    assertFailure(
        "Expected a stronger weight decay of at least 0, got -1.0",
        () -> regression.setStrongerDecay(-1));
    assertFailure(
        "Expected a conformal fraction in [0, 1), got 1.0",
        () -> regression.setConformalFraction(1));
    assertFailure(
        "budget given invalid value -1.0",
        () -> regression.setBudget(java.time.Duration.ofSeconds(-1)));
  }

  private static void assertFailure(String message, Runnable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work::run);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
