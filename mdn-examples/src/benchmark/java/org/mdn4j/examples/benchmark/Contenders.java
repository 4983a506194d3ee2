/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mdn4j.Covariance;

/** The contenders of each case. */
final class Contenders {
  private static final List<String> LIKELIHOODS =
      List.of(
          "N128_K5_D1", "N1000_K20_D1", "N4096_K10_D8", "N4096_K50_D1", "N4096_K10_D8_DIAGONAL");
  private static final List<String> LIKELIHOOD_SYSTEMS =
      List.of(
          "fused",
          "samediff",
          "samediff-naive",
          "dl4j-lossmixturedensity",
          "pytorch-eager",
          "floor",
          "floor-vector");
  private static final List<String> FITS =
      List.of("fit_N128", "fit_N1024", "fit_N4096", "fit_wide", "fit_table");
  private static final List<String> FIT_SYSTEMS =
      List.of(
          "mse-head",
          "mdn-head-fused",
          "mdn-fused-training",
          "mdn-head-samediff",
          "dl4j-lossmixturedensity",
          "pytorch-eager",
          "floor");

  private static final long LARGE = 50_000; // entries of the raw output

  private Contenders() {}

  /** Returns the contenders of the likelihoods. */
  static List<Contender> likelihoods() {
    return LIKELIHOODS.stream()
        .flatMap(name -> LIKELIHOOD_SYSTEMS.stream().flatMap(system -> likelihood(name, system)))
        .toList();
  }

  /** Returns one system's likelihood; none where the system has not got the covariance. */
  static Stream<Contender> likelihood(String name, String system) {
    LikelihoodCase size = LikelihoodCase.parse(name);
    if (system.equals("dl4j-lossmixturedensity") && size.covariance() != Covariance.SPHERICAL) {
      return Stream.empty();
    }
    return Stream.of(
        new Contender(
            name,
            system,
            "LikelihoodBenchmark.scoreAndGradient",
            Map.of("likelihood", name, "system", system),
            variants(system, (long) size.rows() * size.spec().parameterCount())));
  }

  /** Returns the contenders of the iterations of training. */
  static List<Contender> fits() {
    List<Contender> contenders = new ArrayList<>();
    for (String fit : FITS) {
      FitCase fitCase = FitCase.of(fit);
      for (String system : FIT_SYSTEMS) {
        contenders.add(
            new Contender(
                fit,
                system,
                "FitBenchmark.step",
                Map.of("fit", fit, "system", system),
                variants(system, (long) fitCase.rows() * fitCase.spec().parameterCount())));
      }
    }
    return contenders;
  }

  /**
   * Returns the contenders of the questions to a million rows; ours has to use little memory beside
   * its answer.
   */
  static List<Contender> predictions() {
    return Stream.of("predict", "sample")
        .flatMap(
            question ->
                Stream.of("mdn4j", "plain-loop")
                    .map(
                        system ->
                            new Contender(
                                question + "_1e6",
                                system,
                                "PredictionBenchmark.ask",
                                Map.of("question", question, "system", system),
                                system.equals("mdn4j")
                                    ? List.of(Variant.nd4j(1, "-Xms512m", "-Xmx512m"))
                                    : List.of(Variant.plain()))))
        .toList();
  }

  /** Returns the contenders of a net's prediction for a million rows. */
  static List<Contender> densePredictions() {
    return Stream.of("mdn-dense-output", "dl4j-output", "pytorch-eager")
        .map(
            system ->
                new Contender(
                    "predict_dense_1e6",
                    system,
                    "DensePredictionBenchmark.predict",
                    Map.of("system", system),
                    system.equals("mdn-dense-output")
                        ? List.of(Variant.nd4j(1))
                        : variants(system, LARGE)))
        .toList();
  }

  /**
   * Returns the variants of one or both cores for an operation, of which the faster counts; where
   * the output is small, a second thread only costs ND4J.
   */
  private static List<Variant> variants(String system, long outputs) {
    return switch (system) {
      case "pytorch-eager" -> List.of(Variant.pytorch(2), Variant.pytorch(1));
      case "fused", "mdn-fused-training", "floor" -> List.of(Variant.nd4j(1));
      case "floor-vector" -> List.of(Variant.nd4j(1, "--add-modules", "jdk.incubator.vector"));
      default ->
          outputs < LARGE ? List.of(Variant.nd4j(1)) : List.of(Variant.nd4j(2), Variant.nd4j(1));
    };
  }
}
