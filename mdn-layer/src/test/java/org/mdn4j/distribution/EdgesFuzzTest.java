/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;

/**
 * Every public question, asked of mixtures from the whole range of parameters: an answer that is
 * possible and has no NaN, or the documented refusal where and only where it is due, within 2 s of
 * processor time. More rounds with {@code -Dmdn4j.edgeFuzz=…}, from the seed {@code
 * -Dmdn4j.edgeFuzzSeed=…}.
 */
class EdgesFuzzTest {
  private static final int ROUNDS = Integer.getInteger("mdn4j.edgeFuzz", 25);
  private static final long SEED = Long.getLong("mdn4j.edgeFuzzSeed", 1);
  private static final int MOST_FAULTS = 40;

  private final ExtremeMixtures mixtures = new ExtremeMixtures(SEED);
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  /** The public methods of an object; what is asked about a class stands in {@link Questions}. */
  private static List<Method> publicMethods() {
    return Arrays.stream(Mixture.class.getDeclaredMethods())
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !Modifier.isStatic(m.getModifiers()))
        .sorted(Comparator.comparing(Method::toString))
        .toList();
  }

  @Test
  void noPublicQuestionIsForgotten() {
    assertEquals(
        publicMethods().stream().map(Questions::key).collect(Collectors.toSet()),
        Questions.known());
  }

  @Test
  void everyQuestionEndsWithAnAnswer() {
    List<Method> methods = publicMethods();
    try (Clock clock = new Clock()) {
      for (int round = 0; round < ROUNDS && faults.size() < MOST_FAULTS; round++) {
        for (ComponentFamily family : ComponentFamily.values()) {
          if (family.isDiscrete()) {
            continue; // see CountsAtEveryScaleTest
          }
          Mixture next = mixtures.next(family, 1 + round % 2 * (1 + round / 2 % 2));
          askAll(clock, methods, next);
          if (next.targets() == 1 && family != ComponentFamily.VON_MISES) {
            askAll(clock, methods, mixtures.withAtoms(next));
          }
        }
        askAll(clock, methods, mixtures.nextFull(2 + round % 2));
      }
    }
    System.out.println("Questions at the edges, by outcome: " + outcomes);
    assertTrue(
        faults.isEmpty(),
        () -> "%d faults%n%s".formatted(faults.size(), String.join("\n", faults)));
  }

  private void askAll(Clock clock, List<Method> methods, Mixture made) {
    Mixture mixture = mixtures.changed(made);
    Questions questions = new Questions(mixture, mixtures);
    for (Method method : methods) {
      Object[] arguments = questions.arguments(method);
      String outcome;
      try {
        Object answer = clock.within(() -> method.invoke(mixture, arguments));
        String refusal = questions.refusal(method, arguments);
        outcome = refusal == null ? questions.judge(method, arguments, answer) : "no refusal";
      } catch (InvocationTargetException e) {
        outcome = judge(e.getCause(), questions.refusal(method, arguments));
      } catch (Clock.TimeException e) {
        outcome = e.getMessage();
      } catch (Exception e) { // of a judge who asks a mixture that is none
        outcome = String.valueOf(e);
      }
      if (!Questions.GOOD.contains(outcome)) {
        faults.add(
            "%s: %s %s of %s"
                .formatted(outcome, method.getName(), Arrays.deepToString(arguments), mixture));
        outcome = "fault";
      }
      outcomes.merge(outcome, 1, Integer::sum);
    }
  }

  private static String judge(Throwable thrown, String refusal) {
    boolean documented =
        refusal != null
            && (thrown instanceof UnsupportedOperationException
                || thrown instanceof IllegalArgumentException)
            && thrown.getMessage().contains(refusal);
    return documented ? "refused" : thrown + " at " + thrown.getStackTrace()[0];
  }
}
