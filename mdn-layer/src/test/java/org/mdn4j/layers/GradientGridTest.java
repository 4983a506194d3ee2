/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's gradient check of every parameter of a tiny network, over family, covariance, form of the
 * scales, mask, layer, size and engine: of all combinations that exist, as many as show each pair
 * of values at least once; all of them with {@code -Dmdn4j.gradientChecks=all}, and all that have
 * some values with, for example, {@code -Dmdn4j.gradientChecks=TWO,BETWEEN,DENSE}. Tolerances as in
 * {@link GradientCheckTest}.
 */
@Tag("slow")
class GradientGridTest {
  private static DataType dtypeBefore;

  @BeforeAll
  static void useDouble() {
    dtypeBefore = Nd4j.defaultFloatingPointType();
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterAll
  static void restore() {
    Nd4j.setDefaultDataTypes(dtypeBefore, dtypeBefore);
  }

  static List<GradientCase> cases() {
    List<GradientCase> all = GradientCase.all();
    String chosen = System.getProperty("mdn4j.gradientChecks", "");
    if (chosen.isEmpty()) {
      return Pairs.cover(all);
    }
    List<String> values = "all".equals(chosen) ? List.of() : List.of(chosen.split(","));
    return all.stream()
        .filter(one -> one.values().stream().map(Object::toString).toList().containsAll(values))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsPassFiniteDifferences(GradientCase one) {
    MultiLayerNetwork net = one.network();
    INDArray features = one.features();
    INDArray labels = one.labels();
    INDArray mask = one.labelMask();
    net.setInput(features);
    net.setLabels(labels);
    net.setLayerMaskArrays(null, mask);
    net.computeGradientAndScore();
    assertTrue(
        net.gradient().gradient().amaxNumber().doubleValue() > 1e-3,
        "where every gradient is 0 a check passes for nothing");
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.MLNConfig()
                .net(net)
                .input(features)
                .labels(labels)
                .labelMask(mask)
                .epsilon(1e-6)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-8)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)));
  }
}
