/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;

/**
 * Every public question, asked of mixtures from the whole range of parameters: an answer without a
 * NaN, or a documented refusal, within 2 s. So many rounds over all types with {@code
 * -Dmdn4j.edges.rounds=…}, from the seed {@code -Dmdn4j.edges.seed=…}.
 */
class EdgesFuzzTest {
  private static final int ROUNDS = Integer.getInteger("mdn4j.edges.rounds", 12);
  private static final long SEED = Long.getLong("mdn4j.edges.seed", 1);
  private static final int LIMIT_SECONDS = 2;
  private static final int MOST_FAULTS = 20;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "question");
            thread.setDaemon(true); // one that hangs must not hold the JVM
            return thread;
          });
  private final ExtremeMixtures mixtures = new ExtremeMixtures(SEED);
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  private interface Question {
    double[] ask();
  }

  @Test
  void everyQuestionEndsWithAnAnswer() {
    ComponentFamily[] families = ComponentFamily.values();
    for (int round = 0; round < ROUNDS && faults.size() < MOST_FAULTS; round++) {
      for (ComponentFamily family : families) {
        askAll(mixtures.next(family, 1));
        askAll(mixtures.next(family, 2 + round % 3));
      }
      askAll(mixtures.nextFull(2 + round % 2));
    }
    System.out.println("Questions at the edges, by outcome: " + outcomes);
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
  }

  private void askAll(Mixture mixture) {
    double[] y = mixtures.outcome(mixture);
    String at = Arrays.toString(y);
    ask("logDensity " + at, mixture, () -> v(mixture.logDensity(y)));
    ask("density " + at, mixture, () -> v(mixture.density(y)));
    ask("responsibilities " + at, mixture, () -> mixture.responsibilities(y));
    ask("mean", mixture, mixture::mean);
    ask("means", mixture, () -> flat(mixture.means()));
    ask("standardDeviations", mixture, () -> flat(mixture.standardDeviations()));
    ask("covariances", mixture, () -> flat(mixture.covariances()[0]));
    ask("variance", mixture, mixture::variance);
    ask("covariance", mixture, () -> flat(mixture.covariance()));
    ask("heaviestLocation", mixture, mixture::heaviestLocation);
    ask("sample", mixture, () -> flat(mixture.sample(20, mixtures.random())));
    ask("modes", mixture, () -> flat(mixture.modes()));
    ask("mode", mixture, mixture::mode);
    ask("energyScore " + at, mixture, () -> v(mixture.energyScore(y, 20, mixtures.random())));
    ask("entropyBounds", mixture, () -> ends(mixture.entropyBounds()));
    ask("isDegenerate", mixture, () -> v(mixture.isDegenerate() ? 1 : 0));
    ask("toString", mixture, () -> v(mixture.toString().length()));
    Mixture other = mixture.temperature(new Temperature(1.5, 2));
    ask("klDivergence", mixture, () -> v(mixture.klDivergence(other, 20, mixtures.random()).value()));
    ask("variationalKlDivergence", mixture, () -> v(mixture.variationalKlDivergence(other)));
    double tau = Math.exp(1400 * mixtures.random().nextDouble() - 700);
    ask(
        "temperature " + tau,
        mixture,
        () -> {
          Mixture changed = mixture.temperature(Temperature.of(tau));
          return v(changed.logDensity(changed.heaviestLocation()), changed.weights()[0]);
        });
    if (mixture.targets() > 1) {
      ask("joint cdf " + at, mixture, () -> v(mixture.cdf(y)));
      ask("marginal", mixture, () -> v(mixture.marginal(1).logDensity(y[1])));
      double[] rest = Arrays.copyOfRange(y, 1, y.length);
      ask(
          "conditional " + at,
          mixture,
          () -> v(mixture.conditional(new int[] {0}, v(y[0])).logDensity(rest)));
    } else {
      askAboutOneTarget(mixture, y[0]);
    }
  }

  private void askAboutOneTarget(Mixture mixture, double y) {
    ask("cdf " + y, mixture, () -> v(mixture.cdf(y), mixture.survival(y)));
    ask("logCdf " + y, mixture, () -> v(mixture.logCdf(y), mixture.logSurvival(y)));
    double b = Math.max(y, mixtures.outcome(mixture)[0]);
    ask("probability " + y + " " + b, mixture, () -> v(mixture.probability(y, b)));
    double p = mixtures.probability();
    ask("quantile " + p, mixture, () -> v(mixture.quantile(p), mixture.survivalQuantile(p)));
    double level = Math.max(Double.MIN_NORMAL, Math.min(Math.nextDown(1.0), p));
    ask("interval " + level, mixture, () -> ends(mixture.interval(level)));
    ask("region " + level, mixture, () -> ends(mixture.highestDensityRegion(level)));
    ask("crps " + y, mixture, () -> v(mixture.crps(y)));
    ask("entropy", mixture, () -> v(mixture.entropy()));
  }

  private static double[] v(double... values) {
    return values;
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] ends(Interval interval) {
    return v(interval.lower(), interval.upper());
  }

  private static double[] ends(List<Interval> region) {
    return region.stream()
        .flatMapToDouble(i -> DoubleStream.of(i.lower(), i.upper()))
        .toArray();
  }

  private void ask(String question, Mixture mixture, Question asked) {
    Future<double[]> answer = threads.submit(asked::ask);
    String outcome;
    try {
      double[] values = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      boolean finite = Arrays.stream(values).allMatch(Double::isFinite);
      boolean hasNaN = Arrays.stream(values).anyMatch(Double::isNaN);
      outcome = hasNaN ? "NaN" : finite ? "finite" : "infinite";
    } catch (TimeoutException e) {
      answer.cancel(true);
      outcome = "more than %d s".formatted(LIMIT_SECONDS);
    } catch (ExecutionException e) {
      outcome = isDocumented(e.getCause()) ? "refused" : String.valueOf(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (!List.of("finite", "infinite", "refused").contains(outcome)) {
      faults.add("%s: %s of %s".formatted(outcome, question, mixture));
      outcome = "fault";
    }
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /** What does not exist for a type, and what is asked about values without density. */
  private static boolean isDocumented(Throwable thrown) {
    return thrown instanceof UnsupportedOperationException
        || thrown instanceof IllegalArgumentException
            && String.valueOf(thrown.getMessage()).contains("where there is density");
  }
}
