/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.mdn4j.likelihood.fused.LikelihoodBlock;
import org.mdn4j.loss.LossMixtureNLL;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Intervals and truncations beside atoms, and intervals of counts, in both engines. */
class AtomIntervalTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** A row with its score and gradient by mpmath. */
  record Reference(
      MixtureSpec spec, double[] label, double[] raw, double score, double[] gradient) {
    static Reference of(String line) {
      String[] cells = line.split(";");
      MixtureSpecBuilder builder =
          MixtureSpec.builder()
              .components(3)
              .family(ComponentFamily.valueOf(cells[0]))
              .covariance(Covariance.SPHERICAL)
              .atoms(numbers(cells[1]))
              .censored();
      if (!cells[2].equals("-inf")) {
        builder.truncatedBelow(Double.parseDouble(cells[2]));
      }
      if (!cells[3].equals("inf")) {
        builder.truncatedAbove(Double.parseDouble(cells[3]));
      }
      return new Reference(
          builder.build(),
          numbers(cells[4]),
          numbers(cells[5]),
          Double.parseDouble(cells[6]),
          numbers(cells[7]));
    }

    private static double[] numbers(String cell) {
      return cell.isEmpty()
          ? new double[0]
          : Arrays.stream(cell.replace("inf", "Infinity").split(" "))
              .mapToDouble(Double::parseDouble)
              .toArray();
    }

    @Override
    public String toString() {
      return spec + " " + Arrays.toString(label);
    }
  }

  static List<Reference> references() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                AtomIntervalTest.class.getResourceAsStream("intervals-with-atoms.csv"),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(Reference::of).toList();
    }
  }

  private static INDArray row(DataType dtype, double... values) {
    return Nd4j.createFromArray(new double[][] {values}).castTo(dtype);
  }

  /** Made by intervals-with-atoms.py, mpmath with 80 digits. */
  @ParameterizedTest
  @MethodSource("references")
  void scoresAndGradientsAgreeWithMpmath(Reference one) {
    INDArray labels = row(DataType.DOUBLE, one.label());
    for (MixtureLikelihood engine : Graphs.engines(one.spec())) {
      ScoreAndGradient pass =
          engine.scoreAndGradient(labels, row(DataType.DOUBLE, one.raw()), null);
      double near = 1 + Math.abs(one.score());
      assertEquals(one.score(), pass.score().getDouble(0), 1e-12 * near, engine.toString());
      assertEquals(
          pass.score().getDouble(0),
          engine.score(labels, row(DataType.DOUBLE, one.raw()), null).getDouble(0));
      double[] gradient = pass.gradient().toDoubleVector();
      for (int c = 0; c < gradient.length; c++) {
        // Of a truncation far out what is left of two slopes of size t / σ
        double largest = 1 + Math.abs(one.gradient()[c]) + 1e-3 * farthest(one);
        assertEquals(one.gradient()[c], gradient[c], 1e-11 * largest, "column " + c);
      }
    }
  }

  private static double farthest(Reference one) {
    return one.spec().truncation().isEmpty()
        ? 0
        : Math.pow(
            Arrays.stream(one.label()).filter(Double::isFinite).map(Math::abs).max().orElse(0)
                * Math.exp(2),
            2);
  }

  /** The distribution that a row's output stands for gives the label the same. */
  @ParameterizedTest
  @MethodSource("references")
  void mixturesAgreeWithMpmath(Reference one) {
    MixtureBatch batch = MixtureBatch.of(one.spec(), row(DataType.DOUBLE, one.raw()));
    double near = 1 + Math.abs(one.score());
    Mixture mixture = batch.get(0);
    assertEquals(-one.score(), mixture.logLikelihood(one.label()), 1e-12 * near);
    assertEquals(
        -one.score(),
        batch.logLikelihood(row(DataType.DOUBLE, one.label())).getDouble(0),
        1e-12 * near);
    boolean isAtom = one.label()[0] == one.label()[1] && mixture.probabilityOf(one.label()[0]) > 0;
    if (!isAtom || one.spec().family().isDiscrete()) {
      double sum = Arrays.stream(mixture.responsibilitiesOf(one.label())).sum();
      double z = 0; // by all logits of the components: their prior share less the posterior
      for (int k = 0; k < 3; k++) {
        z += one.gradient()[k];
      }
      double prior = Arrays.stream(mixture.weights()).sum();
      if (one.spec().truncation().isEmpty()) {
        assertEquals(prior - z, sum, 1e-12);
      }
    }
  }

  /** What a FLOAT network sees, with its own rounding of labels and output. */
  @ParameterizedTest
  @MethodSource("references")
  void floatIsFiniteAndNear(Reference one) {
    for (double end : one.label()) {
      if (Double.isFinite(end) && !Float.isFinite((float) end)
          || (float) end == 0 && end != 0
          || one.label()[0] != one.label()[1] && (float) one.label()[0] == (float) one.label()[1]) {
        return; // another label, in FLOAT
      }
    }
    for (MixtureLikelihood engine : Graphs.engines(one.spec())) {
      INDArray labels = row(DataType.FLOAT, one.label());
      INDArray raw = row(DataType.FLOAT, one.raw());
      ScoreAndGradient pass = engine.scoreAndGradient(labels, raw, null);
      ScoreAndGradient exact =
          new SameDiffLikelihood(one.spec())
              .scoreAndGradient(labels.castTo(DataType.DOUBLE), raw.castTo(DataType.DOUBLE), null);
      double score = exact.score().getDouble(0);
      double size = 1 + Math.abs(score) + 1e-2 * farthest(one); // of what is added up
      assertEquals(score, pass.score().getDouble(0), 1e-6 * size);
      double[] expected = exact.gradient().toDoubleVector();
      double[] gradient = pass.gradient().toDoubleVector();
      for (int c = 0; c < gradient.length; c++) {
        double most = 1 + Math.abs(expected[c]) + 1e-3 * farthest(one);
        assertEquals(expected[c], gradient[c], 1e-5 * most, "column " + c);
      }
    }
  }

  private static MixtureSpec gaussian(double... atoms) {
    return MixtureSpec.builder().components(2).atoms(atoms).censored().build();
  }

  /** Weights 1/4 of both components, N(0, 1), and of both atoms, at 0 and 3. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void whatIntervalsHold(DataType dtype) {
    MixtureSpec spec = gaussian(0, 3);
    double[] raw = new double[spec.parameterCount()];
    double tolerance = dtype == DataType.DOUBLE ? 1e-13 : 1e-6;
    double above3 = 0.00134989803163009452665; // P(N(0, 1) > 3)
    double[][] labels = {
      {0, INFINITY}, {-INFINITY, 0}, {0, 3}, {3, INFINITY}, {-INFINITY, INFINITY}, {0, 0}, {3, 3}
    };
    double within = 0.5 - above3;
    double[] probabilities = {
      0.25 + 0.5, 0.25 + 0.25, 0.5 * within + 0.5, 0.5 * above3 + 0.25, 1, 0.25, 0.25
    };
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      for (int i = 0; i < labels.length; i++) {
        double score = engine.score(row(dtype, labels[i]), row(dtype, raw), null).getDouble(0);
        assertEquals(-Math.log(probabilities[i]), score, tolerance, Arrays.toString(labels[i]));
      }
    }
  }

  /** An end counts as the atom that it is when rounded to FLOAT; 0.1f is above 0.1. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void endsThatAreAtomsRoundedToFloatHoldThem(DataType dtype) {
    MixtureSpec spec = gaussian(0.1);
    double[] raw = new double[spec.parameterCount()];
    raw[spec.columns().atoms().from()] = 60; // so that the score tells whether the atom is held
    INDArray labels =
        Nd4j.createFromArray(new float[][] {{0.1f, 5}, {-5, 0.1f}, {0.2f, 5}, {-5, 0.05f}})
            .castTo(dtype);
    INDArray rows = Nd4j.vstack(row(dtype, raw), row(dtype, raw), row(dtype, raw), row(dtype, raw));
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      double[] scores = engine.score(labels, rows, null).toDoubleVector();
      assertTrue(scores[0] < 1e-10 && scores[1] < 1e-10, Arrays.toString(scores));
      assertTrue(scores[2] > 50 && scores[3] > 50, Arrays.toString(scores));
    }
    double[] known =
        MixtureBatch.of(spec, rows).logLikelihood(labels).castTo(DataType.DOUBLE).toDoubleVector();
    assertTrue(known[0] > -1e-10 && known[1] > -1e-10 && known[2] < -50 && known[3] < -50);
  }

  /** Of LOG_NORMAL nothing is at 0 or below but atoms; of a truncation, nothing is beyond it. */
  @Test
  void intervalsThatHoldOnlyAtoms() {
    MixtureSpec logNormal =
        MixtureSpec.builder()
            .components(2)
            .family(ComponentFamily.LOG_NORMAL)
            .atoms(0)
            .censored()
            .build();
    double third = Math.log(3);
    double[] raw = new double[logNormal.parameterCount()];
    ScoreAndGradient pass =
        new SameDiffLikelihood(logNormal)
            .scoreAndGradient(row(DataType.DOUBLE, -1, 0), row(DataType.DOUBLE, raw), null);
    assertEquals(third, pass.score().getDouble(0), 1e-14);
    assertArrayEquals(
        new double[] {1 / 3.0, 1 / 3.0, 0, 0, 0, 0, -2 / 3.0},
        pass.gradient().toDoubleVector(),
        1e-14);
    LossMixtureNLL loss = new LossMixtureNLL(logNormal);
    INDArray below = row(DataType.DOUBLE, -2, -1);
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                loss.computeScore(
                    below, row(DataType.DOUBLE, raw), new ActivationIdentity(), null, false));
    assertTrue(refusal.getMessage().contains("got -1.0 at row 0, column 1"), refusal.getMessage());

    MixtureSpec truncated =
        MixtureSpec.builder().components(2).atoms(5).truncatedAbove(5).censored().build();
    for (MixtureLikelihood engine : Graphs.engines(truncated)) {
      double score =
          engine
              .score(
                  row(DataType.DOUBLE, 5, INFINITY),
                  row(DataType.DOUBLE, new double[truncated.parameterCount()]),
                  null)
              .getDouble(0);
      double within = 1 - 2.866515718791939e-7; // P(N(0, 1) ≤ 5)
      assertEquals(Math.log(1 + 2 * within), score, 1e-14);
    }
  }

  /** Both engines over random rows, dtypes, masks and extreme outputs. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void enginesAgree(DataType dtype) {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      MixtureSpec spec = randomSpec(seed);
      int rows = seed % 3 == 0 ? 1 : 300;
      double size = seed % 4 == 3 ? 30 : 1; // of raw outputs, far from all labels
      double[][] output = new double[rows][spec.parameterCount()];
      double[][] ends = new double[rows][];
      double[][] seen = new double[rows][1];
      for (int n = 0; n < rows; n++) {
        Arrays.setAll(output[n], c -> size * random.nextGaussian());
        ends[n] = label(random, spec);
        seen[n][0] = n % 7 == 3 ? 0 : 1;
      }
      INDArray y = Nd4j.createFromArray(ends).castTo(dtype);
      INDArray raw = Nd4j.createFromArray(output).castTo(dtype);
      INDArray observed = seed % 2 == 0 ? null : Nd4j.createFromArray(seen).castTo(dtype);
      ScoreAndGradient defined = new SameDiffLikelihood(spec).scoreAndGradient(y, raw, observed);
      ScoreAndGradient fused = new FusedLikelihood(spec).scoreAndGradient(y, raw, observed);
      double rounding = dtype == DataType.FLOAT ? 3e-6 : 1e-12;
      for (int n = 0; n < rows; n++) {
        double score = defined.score().getDouble(n);
        assertTrue(Double.isFinite(score), spec + " row " + n);
        // Of truncations far out two terms of the size of the larger one's logarithm are added
        double most = 1 + Math.abs(score) + (spec.truncation().isPresent() ? 1e3 * size * size : 0);
        assertEquals(score, fused.score().getDouble(n), rounding * most, spec + " row " + n);
        double steepest = most + defined.gradient().getRow(n).amaxNumber().doubleValue();
        for (int c = 0; c < spec.parameterCount(); c++) {
          assertEquals(
              defined.gradient().getDouble(n, c),
              fused.gradient().getDouble(n, c),
              rounding * steepest,
              spec + " row " + n + " column " + c);
        }
        if (seen[n][0] == 0 && observed != null) {
          assertEquals(0, score, rounding);
          assertEquals(0, fused.score().getDouble(n));
          assertEquals(0, fused.gradient().getRow(n).amaxNumber().doubleValue());
        }
      }
      if (dtype == DataType.FLOAT) {
        assertSameByBlock(spec, y, raw, observed, fused);
      }
    }
  }

  private static MixtureSpec randomSpec(int seed) {
    MixtureSpecBuilder builder =
        MixtureSpec.builder()
            .components(1 + 3 * (seed % 4))
            .covariance(seed % 2 == 0 ? Covariance.DIAGONAL : Covariance.SPHERICAL)
            .scaleFloor(seed % 3 == 0 ? 0.1 : 0)
            .atoms(seed % 5 == 0 ? new double[] {0} : new double[] {-0.7, 0.1, 40});
    if (seed % 6 < 4) {
      builder.censored();
    }
    if (seed % 3 != 1 || seed % 6 >= 4) {
      builder.truncatedBelow(-6).truncatedAbove(41);
    }
    if (seed % 5 == 1) {
      builder.scaleCeiling(3).locationBounds(new double[] {-2}, new double[] {5});
    }
    return builder.build();
  }

  private static double[] label(Random random, MixtureSpec spec) {
    double y = random.nextGaussian();
    double atom = spec.atoms()[random.nextInt(spec.atoms().length)];
    if (!spec.censored()) {
      return new double[] {random.nextInt(3) == 0 ? atom : y};
    }
    return switch (random.nextInt(8)) {
      case 0 -> new double[] {y, y};
      case 1 -> new double[] {atom, atom};
      case 2 -> new double[] {-INFINITY, y};
      case 3 -> new double[] {atom, INFINITY};
      case 4 -> new double[] {atom, atom + random.nextDouble()};
      case 5 -> new double[] {Math.nextDown((float) atom), Math.nextUp((float) atom)};
      case 6 -> new double[] {-INFINITY, INFINITY};
      default -> new double[] {y, y + random.nextDouble()};
    };
  }

  /** What the fused trainer computes block by block. */
  private static void assertSameByBlock(
      MixtureSpec spec, INDArray y, INDArray raw, INDArray observed, ScoreAndGradient expected) {
    int rows = (int) raw.size(0);
    TargetRows targets = new TargetRows(LabelForm.of(spec));
    targets.read(y, observed, DataType.FLOAT);
    LikelihoodBlock block = new LikelihoodBlock(spec, DataType.FLOAT, rows);
    float[] byColumns = raw.transpose().dup('c').data().asFloat();
    double sum = block.scoreAndGradient(targets, 0, rows, byColumns);
    double total = expected.score().castTo(DataType.DOUBLE).sumNumber().doubleValue();
    double largest = 1 + expected.score().amaxNumber().doubleValue();
    assertEquals(total, sum, 1e-6 * rows * largest, spec.toString());
    assertArrayEquals(
        expected.gradient().transpose().dup('c').data().asFloat(), byColumns, 0, spec.toString());
  }

  /** A part without weight, and one that has it all. */
  @Test
  void extremeLogitsStayFinite() {
    MixtureSpec spec = gaussian(0, 3);
    double[][] labels = {
      {0, 0}, {1, 1}, {0, 1}, {1, 2}, {-1, INFINITY}, {2, 4}, {1e6, INFINITY}, {3, INFINITY}
    };
    MixtureLikelihood definition = new SameDiffLikelihood(spec);
    MixtureLikelihood engine = new FusedLikelihood(spec);
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      for (double z : new double[] {-1e30, -1e5, 1e5, 1e30}) {
        for (double a : new double[] {-1e29, 0, 1e29}) {
          double[] raw = {z, z, 0, 0, 0, 0, a, -a};
          for (double[] label : labels) {
            ScoreAndGradient defined =
                definition.scoreAndGradient(row(dtype, label), row(dtype, raw), null);
            ScoreAndGradient fused =
                engine.scoreAndGradient(row(dtype, label), row(dtype, raw), null);
            String where = Arrays.toString(raw) + Arrays.toString(label) + dtype;
            double score = defined.score().getDouble(0);
            assertTrue(Double.isFinite(score), where);
            assertEquals(score, fused.score().getDouble(0), 3e-6 * (1 + Math.abs(score)), where);
            double[] gradient = defined.gradient().toDoubleVector();
            assertArrayEquals(
                gradient,
                fused.gradient().toDoubleVector(),
                3e-6 * (1 + Arrays.stream(gradient).map(Math::abs).max().getAsDouble()),
                where);
          }
        }
      }
    }
  }

  /** P(Y ≥ 3), P(Y ≤ 2) and P(2 ≤ Y ≤ 3) of r = 2 and p = ½: P(y) = (y + 1) / 2^(y + 2). */
  @Test
  void intervalsOfCountsHoldBothEnds() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .targets(2)
            .censored()
            .build();
    double[] raw = {0, Math.log(2), Math.log(2), Math.log(0.5), Math.log(0.5)};
    double upTo2 = 1 / 4.0 + 2 / 8.0 + 3 / 16.0;
    double between = 3 / 16.0 + 4 / 32.0;
    double[][] labels = {{3, INFINITY, 0, 2}, {2, 3, -INFINITY, INFINITY}, {1, 1, -INFINITY, 2}};
    double[] probabilities = {(1 - upTo2) * upTo2, between, 2 / 8.0 * upTo2};
    MixtureLikelihood engine = new SameDiffLikelihood(spec);
    for (int i = 0; i < labels.length; i++) {
      double score =
          engine
              .score(row(DataType.DOUBLE, labels[i]), row(DataType.DOUBLE, raw), null)
              .getDouble(0);
      assertEquals(-Math.log(probabilities[i]), score, 1e-13);
    }
    LossMixtureNLL loss = new LossMixtureNLL(spec);
    INDArray halves = row(DataType.DOUBLE, 1, 2, 0.5, INFINITY);
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                loss.computeScore(
                    halves, row(DataType.DOUBLE, raw), new ActivationIdentity(), null, false));
    assertEquals(
        "row 0, column 2: expected an integer of at least 0, got 0.5", refusal.getMessage());
    INDArray mask = row(DataType.DOUBLE, 1, 0);
    assertEquals(
        -Math.log(2 / 8.0 + 3 / 16.0),
        loss.computeScore(halves, row(DataType.DOUBLE, raw), new ActivationIdentity(), mask, false),
        1e-13);
  }
}
