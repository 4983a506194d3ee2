/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model whose answer is known: one Gaussian around 3b + a/4 + 7 (and −a for the second target).
 */
class TabularPanelsTest {
  private static final double[][] INPUTS =
      IntStream.range(0, 500)
          .mapToObj(n -> new double[] {n % 10, 5, (n * 7 % 100) / 10.0})
          .toArray(double[][]::new);

  private final List<double[][]> asked = new ArrayList<>();

  private static MixtureBatch predict(double[][] rows, int targets) {
    MixtureSpec spec = MixtureSpec.builder().components(1).targets(targets).build();
    double[][] raw =
        Arrays.stream(rows)
            .map(
                row ->
                    targets == 1
                        ? new double[] {0, center(row), 0}
                        : new double[] {0, center(row), -row[0], 0, -1})
            .toArray(double[][]::new);
    return MixtureBatch.of(spec, Nd4j.createFromArray(raw));
  }

  private static double center(double[] row) {
    return 3 * row[2] + row[0] / 4 + 7;
  }

  private Function<double[][], MixtureBatch> model(int targets) {
    return rows -> {
      asked.add(rows);
      return predict(rows, targets);
    };
  }

  private static double[][] observed(int targets) {
    return Arrays.stream(INPUTS)
        .map(row -> targets == 1 ? new double[] {center(row)} : new double[] {center(row), -row[0]})
        .toArray(double[][]::new);
  }

  @Test
  void rowsByMedianThenFeaturesByReach() {
    List<Panel> panels =
        new TabularPanels(List.of("a", "same", "b"), List.of("price"), INPUTS, observed(1))
            .of(model(1));
    assertEquals(
        List.of("Test rows", "b moves", "a moves"), panels.stream().map(Panel::name).toList());

    Panel rows = panels.get(0);
    assertEquals(200, rows.grid().length);
    double[] medians =
        Arrays.stream(rows.predictions()).mapToDouble(mixture -> mixture.quantile(0.5)).toArray();
    assertArrayEquals(Arrays.stream(medians).sorted().toArray(), medians);
    assertArrayEquals(medians, rows.dataY(), 1e-5, "each row keeps its own outcome"); // float

    Panel b = panels.get(1);
    assertEquals("b", b.input());
    assertEquals(0, b.grid()[0]);
    assertEquals(9.9, b.grid()[b.grid().length - 1], 1e-12);
    for (int i = 0; i < b.grid().length; i++) {
      double expected = center(new double[] {5, 5, b.grid()[i]});
      assertEquals(expected, b.predictions()[i].quantile(0.5), 1e-5, "a at its median, 5");
    }
    assertEquals(500, b.dataX().length);
    assertTrue(b.nearby().isEmpty());
  }

  @Test
  void severalTargetsComeOneAfterTheOther() {
    List<Panel> panels =
        new TabularPanels(List.of("a", "same", "b"), List.of("p", "q"), INPUTS, observed(2))
            .of(model(2));
    assertEquals(
        List.of(
            "p: Test rows", "p: b moves", "p: a moves", "q: Test rows", "q: a moves", "q: b moves"),
        panels.stream().map(Panel::name).toList());
    Panel a = panels.get(4);
    assertEquals("q", a.output());
    assertEquals(-a.grid()[60], a.predictions()[60].quantile(0.5), 1e-5);
    assertEquals(Math.exp(-1), Math.sqrt(a.predictions()[60].variance()[0]), 1e-6);
  }

  @Test
  void wideTablesShowTheFeaturesThatMatter() {
    double[][] wide =
        IntStream.range(0, 30)
            .mapToObj(n -> IntStream.range(0, 40).mapToDouble(c -> (n * (c + 1)) % 7).toArray())
            .toArray(double[][]::new);
    List<String> names = IntStream.range(0, 40).mapToObj(c -> "c" + c).toList();
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    List<Panel> panels =
        new TabularPanels(names, List.of("y"), wide, new double[30][1])
            .of(
                rows ->
                    MixtureBatch.of(
                        spec,
                        Nd4j.createFromArray(
                            Arrays.stream(rows)
                                .map(row -> new double[] {0, weighted(row), 0})
                                .toArray(double[][]::new))));
    assertEquals(13, panels.size());
    assertEquals("c39 moves", panels.get(1).name());
    assertEquals(30, panels.get(0).grid().length);
  }

  private static double weighted(double[] row) {
    return IntStream.range(0, row.length).mapToDouble(c -> c * row[c]).sum();
  }
}
