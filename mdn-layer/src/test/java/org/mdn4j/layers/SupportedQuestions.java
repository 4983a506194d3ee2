/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Asks each question of each kind of mixture, read from a raw output, and tables who answers. */
final class SupportedQuestions {
  /** Degrees of freedom where first the mean and then the variance begins to exist. */
  private static final double[] DEGREES = {0.5, 1.5, 2.5};

  /** A question, and its answer as numbers. */
  private interface Question extends Function<Mixture, double[]> {}

  private static final String TRUNCATED = "truncated"; // of any family, one target

  private SupportedQuestions() {}

  private static Map<String, Question> questions() {
    Map<String, Question> questions = new LinkedHashMap<>();
    questions.put("density, log density, responsibilities", SupportedQuestions::densities);
    questions.put("mean", Mixture::mean);
    questions.put("variance", Mixture::variance);
    questions.put("covariance matrix", mixture -> flat(mixture.covariance()));
    questions.put("modes", mixture -> flat(mixture.modes()));
    questions.put(
        "samples", mixture -> flat(mixture.sample(3, RandomSource.SPLIT_MIX_64.create(1))));
    questions.put("temperature", mixture -> densities(mixture.temperature(Temperature.of(0.5))));
    questions.put("marginals", mixture -> densities(mixture.marginal(mixture.targets() - 1)));
    questions.put(
        "conditionals",
        mixture -> densities(mixture.conditional(new int[] {0}, new double[] {at(mixture)})));
    questions.put("another origin", mixture -> densities(mixture.shift(filled(mixture, 0.1))));
    questions.put("another unit", mixture -> densities(mixture.rescale(filled(mixture, 2))));
    questions.put(
        "cdf, survival", m -> new double[] {m.cdf(at(m)), m.survival(at(m)), m.logCdf(at(m))});
    questions.put("log probability of an interval", m -> new double[] {m.logProbability(0.6, 0.7)});
    questions.put(
        "log likelihood of intervals",
        m -> {
          double[] ends = new double[2 * m.targets()];
          Arrays.setAll(ends, i -> i == 1 ? Double.POSITIVE_INFINITY : 0.7);
          return new double[] {m.logLikelihood(ends)};
        });
    questions.put("truncation", m -> densities(m.truncated(0.2, 2)));
    questions.put("quantiles, central interval", SupportedQuestions::quantiles);
    questions.put(
        "highest-density region",
        m ->
            m.highestDensityRegion(0.8).stream()
                .flatMapToDouble(SupportedQuestions::ends)
                .toArray());
    questions.put("entropy", m -> new double[] {m.entropy()});
    questions.put("entropy bounds", m -> ends(m.entropyBounds()).toArray());
    questions.put(
        "KL divergence, by samples and variational",
        m ->
            new double[] {
              m.klDivergence(m, 10, RandomSource.SPLIT_MIX_64.create(1)).value(),
              m.variationalKlDivergence(m)
            });
    questions.put("CRPS", m -> new double[] {m.crps(at(m))});
    questions.put(
        "energy score",
        m ->
            new double[] {
              m.energyScore(filled(m, at(m)), 10, RandomSource.SPLIT_MIX_64.create(1))
            });
    return questions;
  }

  static String table() {
    List<String> header = new ArrayList<>(List.of("question", "GAUSSIAN", "GAUSSIAN, FULL"));
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family != ComponentFamily.GAUSSIAN) {
        header.add(family.name());
      }
    }
    header.add(TRUNCATED);
    List<List<String>> rows = new ArrayList<>();
    questions()
        .forEach(
            (name, question) -> {
              List<String> row = new ArrayList<>(List.of(name));
              for (String column : header.subList(1, header.size())) {
                row.add(cell(column, question));
              }
              rows.add(row);
            });
    return MarkdownTable.of(header, rows);
  }

  /** Who answers with atoms: each family with a density on a line the same, and counts. */
  static String tableWithAtoms() {
    List<List<String>> rows = new ArrayList<>();
    questions()
        .forEach(
            (name, question) -> {
              String cell = null;
              for (ComponentFamily family : ComponentFamily.values()) {
                if (family != ComponentFamily.VON_MISES
                    && !family.isDiscrete()
                    && !name.equals("another origin")) {
                  String one = cellWithAtoms(family, question);
                  assertTrue(cell == null || cell.equals(one), "families differ: " + name);
                  cell = one;
                }
              }
              if (cell != null) { // of another origin as without atoms
                String ofCounts = cellWithAtoms(ComponentFamily.NEGATIVE_BINOMIAL, question);
                rows.add(List.of(name, cell, ofCounts));
              }
            });
    return MarkdownTable.of(List.of("question", "of a density", "NEGATIVE_BINOMIAL"), rows);
  }

  private static String cellWithAtoms(ComponentFamily family, Question question) {
    MixtureSpecBuilder builder = builder(family, Covariance.DIAGONAL).atoms(0, 1);
    if (family == ComponentFamily.STUDENT_T) {
      builder.degreesOfFreedom(DEGREES[DEGREES.length - 1]);
    }
    return answers(builder.build(), question) ? "✓" : "–";
  }

  private static String cell(String column, Question question) {
    if (column.equals("GAUSSIAN, FULL")) {
      return cell(ComponentFamily.GAUSSIAN, new Covariance[] {Covariance.FULL}, question);
    }
    if (column.equals(TRUNCATED)) {
      return truncated(question);
    }
    return cell(
        ComponentFamily.valueOf(column),
        new Covariance[] {Covariance.SPHERICAL, Covariance.DIAGONAL},
        question);
  }

  private static String cell(ComponentFamily family, Covariance[] covariances, Question question) {
    String cell = null;
    for (Covariance covariance : covariances) {
      String one =
          family == ComponentFamily.STUDENT_T
              ? studentT(covariance, question)
              : byTargets(builder(family, covariance), question);
      assertTrue(cell == null || cell.equals(one), "SPHERICAL and DIAGONAL differ");
      cell = one;
    }
    return cell;
  }

  /** Whether all families answer that can be truncated; LOG_NORMAL alone has no other origin. */
  private static String truncated(Question question) {
    String cell = null;
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family == ComponentFamily.VON_MISES
          || family == ComponentFamily.LOG_NORMAL
          || family.isDiscrete()) {
        continue;
      }
      MixtureSpecBuilder builder =
          builder(family, Covariance.DIAGONAL).truncatedBelow(0.1).truncatedAbove(3);
      if (family == ComponentFamily.STUDENT_T) {
        builder.degreesOfFreedom(2.5);
      }
      String one = answers(builder.build(), question) ? "✓" : "–";
      assertTrue(cell == null || cell.equals(one), "families differ");
      cell = one;
    }
    return cell;
  }

  private static String studentT(Covariance covariance, Question question) {
    List<String> answers = new ArrayList<>();
    for (double nu : DEGREES) {
      answers.add(
          byTargets(builder(ComponentFamily.STUDENT_T, covariance).degreesOfFreedom(nu), question));
    }
    int first = (int) answers.stream().takeWhile("–"::equals).count();
    assertTrue(
        answers.subList(first, answers.size()).stream().distinct().count() <= 1,
        "only existence depends on ν: " + answers);
    if (first == answers.size()) {
      return "–";
    }
    String answer = answers.get(first);
    return first == 0 ? answer : answer.equals("✓") ? "ν > " + first : answer + ", ν > " + first;
  }

  private static String byTargets(MixtureSpecBuilder builder, Question question) {
    boolean one = answers(builder.targets(1).build(), question);
    boolean several = answers(builder.targets(2).build(), question);
    return one ? several ? "✓" : "D = 1" : several ? "D > 1" : "–";
  }

  private static MixtureSpecBuilder builder(ComponentFamily family, Covariance covariance) {
    return MixtureSpec.builder().components(2).covariance(covariance).family(family);
  }

  private static boolean answers(MixtureSpec spec, Question question) {
    double[] raw = new double[spec.parameterCount()];
    Arrays.setAll(raw, column -> 0.3 * Math.sin(column + 1));
    INDArray output = Nd4j.createFromArray(new double[][] {raw});
    Mixture mixture = MixtureBatch.of(spec, output).get(0);
    try {
      double[] answer = question.apply(mixture);
      assertTrue(
          answer.length > 0 && Arrays.stream(answer).noneMatch(Double::isNaN),
          spec + ": " + Arrays.toString(answer));
      return true;
    } catch (IllegalArgumentException | UnsupportedOperationException refusal) {
      assertNotNull(refusal.getMessage());
      assertTrue(refusal.getMessage().contains(" "), "a sentence: " + refusal.getMessage());
      return false;
    }
  }

  /** An outcome that all families can take. */
  private static double at(Mixture mixture) {
    return mixture.family().isDiscrete() ? 1 : 0.7;
  }

  private static double[] filled(Mixture mixture, double value) {
    double[] values = new double[mixture.targets()];
    Arrays.fill(values, value);
    return values;
  }

  private static double[] densities(Mixture mixture) {
    double[] y = filled(mixture, at(mixture));
    return DoubleStream.concat(
            DoubleStream.of(mixture.density(y), mixture.logDensity(y)),
            Arrays.stream(mixture.responsibilities(y)))
        .toArray();
  }

  private static double[] quantiles(Mixture mixture) {
    return DoubleStream.concat(
            DoubleStream.of(mixture.quantile(0.2), mixture.survivalQuantile(0.2)),
            ends(mixture.interval(0.9)))
        .toArray();
  }

  private static DoubleStream ends(Interval interval) {
    return DoubleStream.of(interval.lower(), interval.upper());
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
