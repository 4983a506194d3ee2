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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A model whose answer is known: one Gaussian around 3b + a/4 + 7 (and −a for the second target).
 */
class TabularPanelsTest {
  private static final double[][] INPUTS =
      IntStream.range(0, 500)
          .mapToObj(n -> new double[] {n % 10, 5, (n * 7 % 100) / 10.0})
          .toArray(double[][]::new);

  private static final List<String> NAMES = List.of("a", "same", "b");

  private static double[][] numbers(Frame frame) {
    return frame.numbers(frame.names());
  }

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

  private static Function<Frame, MixtureBatch> model(int targets) {
    return rows -> predict(numbers(rows.select(NAMES)), targets);
  }

  private static TabularPanels panels(List<String> targets) {
    return new TabularPanels(
        Frame.ofNumbers(NAMES, INPUTS), targets, Outcomes.exact(observed(targets.size())));
  }

  private static double[][] observed(int targets) {
    return Arrays.stream(INPUTS).map(row -> outcome(row, targets)).toArray(double[][]::new);
  }

  @Test
  void rowsByMedianThenFeaturesByReach() {
    List<Panel> panels = panels(List.of("price")).of(model(1));
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
    List<Panel> panels = panels(List.of("p", "q")).of(model(2));
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
        new TabularPanels(
                Frame.ofNumbers(names, wide), List.of("y"), Outcomes.exact(new double[30][1]))
            .of(
                rows ->
                    MixtureBatch.of(
                        spec,
                        Nd4j.createFromArray(
                            Arrays.stream(numbers(rows.select(names)))
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
    List<String> names = List.of("Bonn", "Kleve", "Köln");
    String[] towns = new String[9]; // Bonn twice, Köln four times, Kleve three times
    Arrays.setAll(towns, n -> names.get(n < 2 ? 0 : n < 6 ? 2 : 1));
    String[] same = new String[9];
    Arrays.fill(same, "same");
    Frame inputs =
        Frame.builder()
            .numbers("a", IntStream.range(0, 9).asDoubleStream().toArray())
            .categories("town", towns)
            .numbers("b", IntStream.range(0, 9).mapToDouble(n -> n % 2).toArray())
            .categories("one", same)
            .build();
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    List<Panel> panels =
        new TabularPanels(inputs, List.of("y"), Outcomes.exact(new double[9][1]))
            .of(
                asked -> {
                  double[][] raw = new double[asked.rows()][];
                  for (int n = 0; n < raw.length; n++) {
                    assertEquals("same", asked.categories("one")[n]);
                    int name = names.indexOf(asked.categories("town")[n]);
                    double y = asked.numbers("a")[n] + 10 * name + 100 * asked.numbers("b")[n];
                    raw[n] = new double[] {0, y, 0};
                  }
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

  /** Missing cells have no place among the data, and what is held is the median of the others. */
  @Test
  void datesBooleansAndMissingCells() {
    Frame inputs =
        Frame.builder()
            .numbers("a", 5, Double.NaN, 1, 3)
            .dates("sold", "2020-01-01", "2021-01-01", null, "2020-07-01")
            .booleans("new", true, null, true, false)
            .categories("none", null, null, null, null)
            .build();
    List<Frame> asked = new ArrayList<>();
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    List<Panel> panels =
        new TabularPanels(inputs, List.of("y"), Outcomes.exact(new double[][] {{0}, {1}, {2}, {3}}))
            .of(
                rows -> {
                  asked.add(rows);
                  return MixtureBatch.of(spec, Nd4j.zeros(DataType.DOUBLE, rows.rows(), 3));
                });
    assertEquals(
        List.of("Test rows", "a moves", "sold moves", "new moves"),
        panels.stream().map(Panel::name).toList());
    Frame aMoves = asked.get(0);
    assertEquals(61, aMoves.rows());
    assertEquals(1, aMoves.numbers("a")[0]);
    assertEquals(5, aMoves.numbers("a")[60]);
    assertEquals(ColumnKind.DATE, aMoves.kind("sold"));
    double july = Frame.builder().dates("d", "2020-07-01").build().numbers("d")[0];
    assertEquals(july, aMoves.numbers("sold")[7], 1);
    assertEquals(1, aMoves.numbers("new")[7], "true is more frequent");
    assertTrue(aMoves.isMissing("none", 7));
    assertArrayEquals(new double[] {5, 1, 3}, panels.get(1).dataX());
    assertArrayEquals(new double[] {0, 2, 3}, panels.get(1).dataY());
    Panel sold = panels.get(2);
    assertEquals("sold, year", sold.input());
    assertEquals(2020, sold.grid()[0], 0.01);
    assertEquals(2021, sold.grid()[60], 0.01);
    assertEquals(List.of("false", "true"), panels.get(3).names());
    assertTrue(panels.get(1).note().contains("new true, none missing"), panels.get(1).note());
  }

  @Test
  void twoTargetsHaveAJointDensity() {
    List<Panel> panels = panels(List.of("p", "q")).of(model(2));
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
    assertEquals(List.of(), panels(List.of("p")).of(model(1)).get(0).joints());
  }

  @Test
  void threeTargetsHaveAJointDensityOfEachPair() {
    List<Panel> panels = panels(List.of("p", "q", "r")).of(model(3));
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
