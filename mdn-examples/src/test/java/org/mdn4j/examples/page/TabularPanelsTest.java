/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
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
                row -> {
                  double[] columns = new double[1 + 2 * targets]; // a logit, locations, log scales
                  System.arraycopy(outcome(row, targets), 0, columns, 1, targets);
                  columns[2 * targets] = 1 - targets;
                  return columns;
                })
            .toArray(double[][]::new);
    return MixtureBatch.of(spec, Nd4j.createFromArray(raw));
  }

  private static double[] outcome(double[] row, int targets) {
    return Arrays.copyOf(new double[] {center(row), -row[0], row[2] * row[0]}, targets);
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
    return Arrays.stream(INPUTS).map(row -> outcome(row, targets)).toArray(double[][]::new);
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

  /** Columns a, town (three names), b; the answer is around a + 10 · name + 100 b. */
  @Test
  void aCategoryMovesByItsNamesAndIsHeldAtItsMostFrequent() {
    List<double[]> rows = new ArrayList<>();
    for (int n = 0; n < 9; n++) {
      int name = n < 2 ? 0 : n < 6 ? 2 : 1; // twice, three times, four times
      double[] row = {n, 0, 0, 0, n % 2};
      row[1 + name] = 1;
      rows.add(row);
    }
    double[][] inputs = rows.toArray(double[][]::new);
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    List<Panel> panels =
        new TabularPanels(
                List.of("a", "town", "b", "one"),
                List.of(List.of(), List.of("Bonn", "Kleve", "Köln"), List.of(), List.of("same")),
                List.of("y"),
                Arrays.stream(inputs)
                    .map(
                        row ->
                            DoubleStream.concat(Arrays.stream(row), DoubleStream.of(1)).toArray())
                    .toArray(double[][]::new),
                new double[9][1])
            .of(
                asked -> {
                  double[][] raw =
                      Arrays.stream(asked)
                          .map(
                              row -> {
                                assertEquals(1, row[1] + row[2] + row[3], "a house in one town");
                                assertEquals(1, row[5]);
                                double y = row[0] + 10 * row[2] + 20 * row[3] + 100 * row[4];
                                return new double[] {0, y, 0};
                              })
                          .toArray(double[][]::new);
                  return MixtureBatch.of(spec, Nd4j.createFromArray(raw));
                });
    assertEquals(
        List.of("Test rows", "b moves", "town moves", "a moves"),
        panels.stream().map(Panel::name).toList(),
        "a category of one name does not move");

    Panel town = panels.get(2);
    assertEquals(List.of("Bonn", "Kleve", "Köln"), town.names());
    assertArrayEquals(new double[] {0, 1, 2}, town.grid());
    assertEquals(2, town.start());
    assertEquals("town", town.input());
    assertArrayEquals(new double[] {0, 0, 2, 2, 2, 2, 1, 1, 1}, town.dataX());
    for (int name = 0; name < 3; name++) {
      assertEquals(4 + 10 * name, town.predictions()[name].quantile(0.5), 1e-5);
    }
    assertTrue(town.note().contains(": a 4, b 0, one same."), town.note());
    assertTrue(
        town.note().contains("town Bonn moves it to 4, town Kleve moves it to 14"), town.note());

    Panel a = panels.get(3);
    assertTrue(a.names().isEmpty());
    assertEquals(8 + 20, a.predictions()[60].quantile(0.5), 1e-5, "in Köln");
    assertTrue(a.note().contains(": town Köln, b 0, one same."), a.note());
  }

  @Test
  void twoTargetsHaveAJointDensity() {
    List<Panel> panels =
        new TabularPanels(List.of("a", "same", "b"), List.of("p", "q"), INPUTS, observed(2))
            .of(model(2));
    Panel.Joint rows = panels.get(0).joints().get(0);
    assertEquals(List.of("p", "q"), rows.outputs());
    assertTrue(rows.oneEach());
    assertEquals(200, rows.predictions().length);
    for (int i = 0; i < 200; i++) {
      assertArrayEquals(rows.data()[i], rows.predictions()[i].mean(), 1e-5);
      assertEquals(panels.get(0).dataY()[i], rows.data()[i][0]);
    }
    assertSame(
        panels.get(1).joints().get(0),
        panels.get(5).joints().get(0),
        "b moves, whichever target is shown");
    assertSame(panels.get(2).joints().get(0), panels.get(4).joints().get(0));
    assertEquals(500, panels.get(1).joints().get(0).data().length);
    assertEquals(
        List.of(),
        new TabularPanels(List.of("a", "same", "b"), List.of("p"), INPUTS, observed(1))
            .of(model(1))
            .get(0)
            .joints());
  }

  @Test
  void threeTargetsHaveAJointDensityOfEachPair() {
    List<Panel> panels =
        new TabularPanels(List.of("a", "same", "b"), List.of("p", "q", "r"), INPUTS, observed(3))
            .of(model(3));
    List<List<List<String>>> pairs =
        List.of(
            List.of(List.of("p", "q"), List.of("p", "r")),
            List.of(List.of("p", "q"), List.of("q", "r")),
            List.of(List.of("p", "r"), List.of("q", "r")));
    assertEquals(9, panels.size());
    for (int view = 0; view < 9; view++) {
      Panel panel = panels.get(view);
      assertEquals(pairs.get(view / 3), panel.joints().stream().map(Panel.Joint::outputs).toList());
      for (Panel.Joint joint : panel.joints()) {
        int one = List.of("p", "q", "r").indexOf(joint.outputs().get(0));
        int two = List.of("p", "q", "r").indexOf(joint.outputs().get(1));
        for (int i = 0; i < panel.grid().length && joint.oneEach(); i++) {
          assertEquals(panel.dataY()[i], joint.data()[i][view / 3 == one ? 0 : 1]);
          assertArrayEquals(joint.data()[i], joint.predictions()[i].mean(), 1e-5);
        }
        double[] both = {observed(3)[7][one], observed(3)[7][two]};
        assertTrue(joint.oneEach() || Arrays.equals(both, joint.data()[7]));
      }
    }
  }
}
