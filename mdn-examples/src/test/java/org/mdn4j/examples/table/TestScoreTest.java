/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.Outcomes;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TestScoreTest {
  private static final double Z = 1.6448536269514722; // Φ⁻¹(0.95), mpmath: sqrt(2) erfinv(0.9)

  /**
   * N(0, 2²) for each of four rows, by closed forms. The CRPS of N(0, σ²) at y is σ (z (2 Φ(z) − 1)
   * + 2 φ(z) − 1/√π) with z = y/σ; computed with mpmath.
   */
  @Test
  void meansAndStandardErrorsAreThoseOfTheRows() {
    double[][] observed = {{0}, {2}, {-4}, {6}};
    INDArray raw =
        Nd4j.create(
            new double[][] {
              {0, 0, Math.log(2)}, {0, 0, Math.log(2)}, {0, 0, Math.log(2)}, {0, 0, Math.log(2)}
            });
    MixtureSpec spec = MixtureSpec.builder().components(1).targets(1).build();
    MixtureBatch predicted = MixtureBatch.of(spec, raw.castTo(DataType.DOUBLE));
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(Nd4j.create(observed).castTo(DataType.DOUBLE), predicted, null);
    Map<String, TestScore> scores =
        TestScore.of(evaluation, predicted, Outcomes.exact(observed), null, List.of("y")).stream()
            .collect(Collectors.toMap(TestScore::name, Function.identity()));

    // squares 0, 4, 16, 36: mean 14, deviation 16.16581, by hand
    TestScore rmse = scores.get("RMSE of the mean in units of y");
    assertEquals(Math.sqrt(14), rmse.value(), 1e-9);
    assertEquals(16.165807537309522 / 2 / (2 * Math.sqrt(14)), rmse.standardError(), 1e-9);
    TestScore mae = scores.get("MAE of the median in units of y");
    assertEquals(3, mae.value(), 1e-9);
    assertEquals(Math.sqrt(20 / 3.0) / 2, mae.standardError(), 1e-9);
    TestScore width = scores.get("width of 90 % intervals in units of y");
    assertEquals(4 * Z, width.value(), 1e-9);
    assertEquals(0, width.standardError(), 1e-9);
    TestScore coverage = scores.get("coverage of 90 % intervals");
    assertEquals(0.5, coverage.value()); // 0 and 2 lie within 3.29
    assertEquals(Math.sqrt(0.5 * 0.5 / 8), coverage.standardError(), 1e-12); // (2 + 2) of (4 + 4)
    TestScore crps = scores.get("CRPS in units of y");
    double[] rows = {0.467389954510218, 1.20488271525523, 2.90558364337181, 4.87314945017268};
    double mean = 2.36275144082748;
    double squares = Arrays.stream(rows).map(row -> (row - mean) * (row - mean)).sum();
    assertEquals(mean, crps.value(), 1e-9);
    assertEquals(Math.sqrt(squares / 3 / 4), crps.standardError(), 1e-9);
    TestScore nll = scores.get("NLL in nats");
    assertEquals(0.5 * Math.log(2 * Math.PI * 4) + 14 / 8.0, nll.value(), 1e-9);
    assertEquals(16.165807537309522 / 8 / 2, nll.standardError(), 1e-9);
  }

  @Test
  void bothModelsStandInLines() {
    TestScore first = new TestScore("NLL in nats", 1.23456, 0.0456);
    TestScore second = new TestScore("NLL in nats", -12.3456, Double.NaN);
    assertEquals(
        List.of("             a              b", "NLL in nats  1.235 ± 0.046  -12.35"),
        ScoreTable.of("a", List.of(first)).with("b", List.of(second)).toString().lines().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "0.7222222, 0.0991, 0.722 ± 0.099",
    "0.5, 0.1134, 0.50 ± 0.11",
    "10837.4, 1912.3, 10800 ± 1900",
    "-0.81293, 0.1703, -0.81 ± 0.17",
    "0.00406, 0.25, 0.00 ± 0.25",
    "5.9967, 0.0996, 6.00 ± 0.10",
    "3.14159, NaN, 3.142",
    "3.14159, 0, 3.142 ± 0",
    "7.3468e31, 1.4e29, 7.347e31 ± 1.4e29",
    "1.2342e-12, 3.3e-14, 1.234e-12 ± 3.3e-14"
  })
  void aValueHasTheDigitsOfItsError(double value, double error, String text) {
    assertEquals(text, new TestScore("any", value, error).text());
  }
}
