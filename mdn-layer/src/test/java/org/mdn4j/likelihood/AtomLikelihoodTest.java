/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.fused.LikelihoodBlock;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The likelihood of mixtures with atoms, by both engines. */
class AtomLikelihoodTest {
  private static final double[] ATOMS = {-0.3, 0, 2};

  private static MixtureSpecBuilder builder(int components) {
    return MixtureSpec.builder().components(components).atoms(ATOMS);
  }

  /** Forms that the fused engine covers. */
  static List<MixtureSpec> gaussian() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (int components : new int[] {1, 2, 5, 20}) {
      for (Covariance covariance : Covariance.values()) {
        specs.add(builder(components).covariance(covariance).build());
        specs.add(builder(components).covariance(covariance).scaleFloor(0.1).build());
        specs.add(
            builder(components)
                .covariance(covariance)
                .scaleFloor(0.05)
                .scaleCeiling(3)
                .locationBounds(new double[] {-4}, new double[] {5})
                .build());
      }
      specs.add(builder(components).atoms(1.25).build());
    }
    return specs;
  }

  /** Rows of which about a third are atoms. */
  private static RandomRows rows(MixtureSpec spec, int count, long seed, DataType dtype) {
    RandomRows rows = RandomRows.of(spec, count, 4, seed, dtype);
    double[] atoms = spec.atoms();
    for (int n = 0; n < count; n += 3) {
      rows.labels().putScalar(n, 0, atoms[n / 3 % atoms.length]);
    }
    return rows;
  }

  /** −log w by the formula as it is written; what it loses of a weight near 1 is below 1e-15. */
  private static double expected(MixtureSpec spec, double label, double[] raw, double alone) {
    int first = raw.length - spec.atoms().length;
    double all = 0;
    for (int k = 0; k < spec.components(); k++) {
      all += Math.exp(raw[k]);
    }
    double ofComponents = all;
    for (int a = 0; a < spec.atoms().length; a++) {
      all += Math.exp(raw[first + a]);
    }
    for (int a = 0; a < spec.atoms().length; a++) {
      if ((float) label == (float) spec.atoms()[a]) {
        return Math.log(all) - raw[first + a];
      }
    }
    return alone + Math.log(all) - Math.log(ofComponents);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "5, 0.1", "20, 0"})
  void agreesWithThePlainFormula(int components, double floor) {
    MixtureSpec spec = builder(components).scaleFloor(floor).build();
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      RandomRows rows = rows(spec, 30, components, dtype);
      double[][] raw = PlainMixtureNll.matrix(rows.raw());
      double[][] labels = PlainMixtureNll.matrix(rows.labels());
      for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
        INDArray score = engine.likelihood(spec).score(rows.labels(), rows.raw(), null);
        for (int n = 0; n < 30; n++) {
          double alone = PlainMixtureNll.of(spec.withoutAtoms(), labels[n], raw[n], null).score();
          double exact = expected(spec, labels[n][0], raw[n], alone);
          double tolerance = dtype == DataType.DOUBLE ? 1e-12 : 2e-5; // FLOAT: rounding of ½ u²
          assertEquals(exact, score.getDouble(n), tolerance * Math.max(1, Math.abs(exact)));
        }
      }
    }
  }

  /**
   * The fused engine computes FLOAT in double; the definition in FLOAT: 16 roundings of ½ u² ≤ 8.
   */
  @ParameterizedTest
  @MethodSource("gaussian")
  void enginesAgree(MixtureSpec spec) {
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      double tolerance = 128 * (dtype == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1f));
      RandomRows rows = rows(spec, 300, 5, dtype);
      for (INDArray observed : Arrays.asList(null, rows.observed())) {
        ScoreAndGradient defined =
            Engine.SAMEDIFF.likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), observed);
        MixtureLikelihood fused = Engine.FUSED.likelihood(spec);
        ScoreAndGradient ours = fused.scoreAndGradient(rows.labels(), rows.raw(), observed);
        assertEquals(dtype, ours.gradient().dataType());
        assertEquals(dtype, defined.gradient().dataType());
        assertArrayEquals(rows.raw().shape(), defined.gradient().shape());
        assertClose(defined.score(), ours.score(), tolerance);
        assertClose(defined.gradient(), ours.gradient(), tolerance);
        assertClose(ours.score(), fused.score(rows.labels(), rows.raw(), observed), 0);
        assertClose(
            defined.score(),
            Engine.SAMEDIFF.likelihood(spec).score(rows.labels(), rows.raw(), observed),
            0);
        if (observed != null) {
          assertEquals(0, ours.score().getDouble(299), "a hidden label costs nothing");
          assertEquals(0, ours.gradient().getRow(299).amaxNumber().doubleValue());
        }
      }
    }
  }

  private static void assertClose(INDArray expected, INDArray actual, double tolerance) {
    double[] one = expected.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double[] other = actual.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    assertEquals(one.length, other.length);
    for (int i = 0; i < one.length; i++) {
      assertEquals(one[i], other[i], tolerance * Math.max(1, Math.abs(one[i])), "entry " + i);
    }
  }

  /** Blocks by columns, as the trainer takes them, are the same numbers. */
  @ParameterizedTest
  @MethodSource("gaussian")
  void blocksAreTheSame(MixtureSpec spec) {
    int count = 40;
    int columns = spec.parameterCount();
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      RandomRows rows = rows(spec, count, 6, dtype);
      rows.raw().putScalar(7, columns - 1, 3e6); // one that the loop over columns leaves
      ScoreAndGradient whole =
          Engine.FUSED.likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), null);
      TargetRows targets = new TargetRows(LabelForm.of(spec));
      targets.read(rows.labels(), null, dtype);
      LikelihoodBlock block = new LikelihoodBlock(spec, dtype, count);
      double[] byColumns = rows.raw().dup('f').data().asDouble();
      INDArray gradient;
      double sum;
      if (dtype == DataType.FLOAT) {
        float[] raw = rows.raw().dup('f').data().asFloat();
        sum = block.scoreAndGradient(targets, 0, count, raw);
        gradient = Nd4j.create(raw, new long[] {count, columns}, 'f');
      } else {
        sum = block.scoreAndGradient(targets, 0, count, byColumns);
        gradient = Nd4j.create(byColumns, new long[] {count, columns}, 'f');
      }
      double rounding = dtype == DataType.DOUBLE ? 1e-13 : 1e-6;
      double expected = whole.score().sumNumber().doubleValue();
      assertEquals(expected, sum, rounding * Math.abs(expected));
      assertClose(whole.gradient(), gradient.dup('c'), 0);
    }
  }

  static List<MixtureSpec> everyForm() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family != ComponentFamily.VON_MISES && !family.isDiscrete()) {
        MixtureSpecBuilder some = builder(3).family(family);
        specs.add(some.build());
        specs.add(some.covariance(Covariance.SPHERICAL).sharedScales(true).build());
        specs.add(builder(2).family(family).fixedScales(0.5, 2).build());
        specs.add(builder(2).family(family).scaleTransform(ScaleTransform.ELU_PLUS_ONE).build());
        specs.add(builder(2).family(family).scaleFloor(0.1).scaleCeiling(2).build());
      }
    }
    specs.add(builder(3).covariance(Covariance.FULL).build());
    return specs;
  }

  /**
   * Central differences, h = 1e-5: truncation and rounding below 1e-7 of the largest derivative.
   */
  @ParameterizedTest
  @MethodSource("everyForm")
  void gradientIsTheDerivativeOfTheScore(MixtureSpec spec) {
    assertDerivative(spec, 0, -0.3, 0.7);
  }

  /** Forms of counts: an atom's label is also one of the components. */
  static List<MixtureSpec> formsOfCounts() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (double[] atoms : new double[][] {{0}, {0, 3}}) {
      specs.add(counts(3, atoms).build());
      specs.add(counts(3, atoms).covariance(Covariance.SPHERICAL).sharedScales(true).build());
      specs.add(counts(2, atoms).fixedScales(0.5, 2).build());
      specs.add(
          counts(2, atoms)
              .scaleFloor(0.1)
              .scaleCeiling(2)
              .locationBounds(new double[] {-2}, new double[] {2})
              .build());
    }
    return specs;
  }

  private static MixtureSpecBuilder counts(int components, double... atoms) {
    return MixtureSpec.builder()
        .components(components)
        .family(ComponentFamily.NEGATIVE_BINOMIAL)
        .atoms(atoms);
  }

  @ParameterizedTest
  @MethodSource("formsOfCounts")
  void gradientOfZeroInflationIsTheDerivativeOfTheScore(MixtureSpec spec) {
    assertDerivative(spec, 0, 1, 3);
  }

  /**
   * Zero inflation, K = 1, m = 2, α = 0.5, an atom at 0 with the logits z and a: P(0) = 1/4, P(1) =
   * 1/4 of the components. −log(w_a + w₀/4) and −log(w₀/4) by mpmath 1.3 with 50 digits.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0.47000362924573555365",
    "0, 0, 1, 2.0794415416798359283",
    "0, -50, 0, 1.3862943611198906188",
    "0, 50, 0, 1.4465623859729383373e-22",
    "0, 50, 1, 51.386294361119890619",
    "-1000, 1000, 0, 1.9324019047208622391e-869",
    "1000, -1000, 0, 1.3862943611198906188",
    "1000, -1000, 1, 1.3862943611198906188",
    "-1000, 1000, 1, 2001.3862943611198906"
  })
  void zeroInflationAddsToTheComponents(double z, double a, double label, double expected) {
    MixtureSpec spec = counts(1, 0).build();
    for (DataType dtype : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      INDArray raw =
          Nd4j.createFromArray(new double[][] {{z, Math.log(2), Math.log(0.5), a}}).castTo(dtype);
      INDArray y = Nd4j.createFromArray(new double[][] {{label}}).castTo(dtype);
      double score = Engine.AUTO.likelihood(spec).score(y, raw, null).getDouble(0);
      double rounding = dtype == DataType.DOUBLE ? 1e-13 : 1e-6;
      assertEquals(expected, score, rounding * Math.max(1, Math.abs(expected)));
    }
  }

  private static void assertDerivative(MixtureSpec spec, double... labels) {
    double h = 1e-5;
    int columns = spec.parameterCount();
    INDArray raw = RandomRows.of(spec, 1, 1, 3, DataType.DOUBLE).raw();
    INDArray steps = Nd4j.eye(columns).castTo(DataType.DOUBLE).mul(h);
    INDArray moved = Nd4j.vstack(steps, steps.neg()).addRowVector(raw.getRow(0)); // [2P, P]
    for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.AUTO}) {
      MixtureLikelihood likelihood = engine.likelihood(spec);
      for (double label : labels) {
        INDArray y = Nd4j.createFromArray(new double[][] {{label}});
        double[] each = new double[2 * columns];
        Arrays.fill(each, label);
        INDArray scores = likelihood.score(Nd4j.createFromArray(each).reshape(-1, 1), moved, null);
        INDArray gradient = likelihood.scoreAndGradient(y, raw, null).gradient();
        double largest = Math.max(1, gradient.amaxNumber().doubleValue());
        for (int column = 0; column < columns; column++) {
          double numeric =
              (scores.getDouble(column) - scores.getDouble(columns + column)) / (2 * h);
          assertEquals(numeric, gradient.getDouble(0, column), 1e-7 * largest, "column " + column);
        }
        boolean together = spec.family().isDiscrete();
        if (label != 0.7 && !together) { // an atom says nothing of the components' parameters
          INDArray others =
              gradient.get(
                  NDArrayIndex.all(),
                  NDArrayIndex.interval(spec.components(), spec.columns().atoms().from()));
          assertEquals(0, others.amaxNumber().doubleValue());
        }
        assertEquals(0, logitsSum(spec, gradient), 1e-15, "a shift of all logits is none");
      }
    }
  }

  private static double logitsSum(MixtureSpec spec, INDArray gradient) {
    double sum = 0;
    for (int column = 0; column < spec.parameterCount(); column++) {
      if (column < spec.components() || column >= spec.columns().atoms().from()) {
        sum += gradient.getDouble(0, column);
      }
    }
    return sum;
  }

  /**
   * Weights that are next to 1 or next to nothing, K = 1, N(0, 1), atoms 0 and 2, with logits z,
   * a₀, a₂. Values by mpmath 1.3 with 50 digits: log(e^z + e^a₀ + e^a₂) − a₀ for the label 0, log(1
   * + (e^a₀ + e^a₂)/e^z) + log(√(2π)) + ½ for the label 1.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 50, -3, 0, 2.0247766485090082e-22",
    "0, 50, -3, 1, 51.418938533204672742",
    "0, 690.77552789821370521, 0, 0, 2e-300",
    "0, -690.77552789821370521, -1e3, 0, 690.77552789821370521",
    "1000, -1000, 0, 0, 2000",
    "-1000, 1000, 0, 1, 2001.4189385332046727",
    "-1000, 1000, 1000, 0, 0.69314718055994530942",
    "1000, -1000, -1000, 1, 1.4189385332046727418",
    "0, 0, -1000, 0, 0.69314718055994530942",
    "0, 0, -1000, 1, 2.1120857137646180512",
    "0, 40, 40, 1, 42.112085713764618049",
    "0, 39.5, 30, 1, 40.919013382233302016"
  })
  void staysExactWhereAWeightIsNextToOne(
      double z, double first, double second, double label, double expected) {
    MixtureSpec spec = MixtureSpec.builder().components(1).atoms(0, 2).build();
    INDArray raw = Nd4j.createFromArray(new double[][] {{z, 0, 0, first, second}});
    INDArray y = Nd4j.createFromArray(new double[][] {{label}});
    for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
      ScoreAndGradient pass = engine.likelihood(spec).scoreAndGradient(y, raw, null);
      assertEquals(expected, pass.score().getDouble(0), 1e-13 * expected, engine.name());
      if (label == 0) { // d/da₀ = w − 1 = exp(−score) − 1
        double slope = Math.expm1(-expected);
        assertEquals(slope, pass.gradient().getDouble(0, 3), 1e-13 * -slope, engine.name());
      }
      ScoreAndGradient single =
          engine
              .likelihood(spec)
              .scoreAndGradient(y.castTo(DataType.FLOAT), raw.castTo(DataType.FLOAT), null);
      // What is exp(−50) is right to 50 roundings of the exponent.
      double rounding = 64 * Math.ulp((float) expected);
      assertEquals((float) expected, single.score().getDouble(0), rounding, "FLOAT");
      assertTrue(single.gradient().amaxNumber().doubleValue() <= 1);
    }
  }

  /** Labels to ±1e15, logits to ±1e4, scale parameters to ±50: finite, as without atoms. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void extremesAreFiniteAndEnginesAgreeOnThem(DataType dtype) {
    MixtureSpec spec = builder(3).build();
    int count = 300;
    RandomRows rows = rows(spec, count, 8, dtype);
    for (int n = 0; n < count; n++) {
      double size = Math.pow(10, n % 5);
      rows.raw().getRow(n).get(NDArrayIndex.interval(0, 3)).muli(size);
      rows.raw().getRow(n).get(NDArrayIndex.interval(9, 12)).muli(size * (n % 7) / 3);
      rows.raw().getRow(n).get(NDArrayIndex.interval(6, 9)).muli(n % 51);
      if (n % 3 != 0) {
        rows.labels().putScalar(n, 0, rows.labels().getDouble(n, 0) * Math.pow(10, n % 16));
      }
    }
    ScoreAndGradient defined =
        Engine.SAMEDIFF.likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), null);
    ScoreAndGradient ours =
        Engine.FUSED.likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), null);
    for (ScoreAndGradient pass : List.of(defined, ours)) {
      assertTrue(Double.isFinite(pass.score().amaxNumber().doubleValue()));
      assertTrue(Double.isFinite(pass.gradient().amaxNumber().doubleValue()));
    }
    assertClose(defined.score(), ours.score(), dtype == DataType.DOUBLE ? 1e-12 : 1e-4);
    INDArray alone =
        Engine.FUSED
            .likelihood(spec.withoutAtoms())
            .score(
                rows.labels(),
                rows.raw().get(NDArrayIndex.all(), NDArrayIndex.interval(0, 9)),
                null);
    for (int n = 0; n < count; n++) {
      if (n % 3 != 0) {
        assertTrue(ours.score().getDouble(n) >= alone.getDouble(n), "an atom costs the others");
      }
    }
  }

  @Test
  void aRowThatIsNoNumberIsNaNAndOnlyThatRow() {
    MixtureSpec spec = builder(2).build();
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      RandomRows rows = rows(spec, 6, 9, dtype);
      INDArray raw = rows.raw().dup();
      raw.putScalar(0, 8, Double.NaN); // the logit of an atom that the label is not, …
      raw.putScalar(1, 6, Double.POSITIVE_INFINITY);
      raw.putScalar(3, 4, Double.NaN); // … and a scale where the label is an atom
      for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
        ScoreAndGradient whole =
            engine.likelihood(spec).scoreAndGradient(rows.labels(), rows.raw(), null);
        ScoreAndGradient pass = engine.likelihood(spec).scoreAndGradient(rows.labels(), raw, null);
        for (int n = 0; n < 6; n++) {
          boolean broken = n == 0 || n == 1 || n == 3;
          for (int column = 0; column < spec.parameterCount(); column++) {
            double slope = pass.gradient().getDouble(n, column);
            double before = whole.gradient().getDouble(n, column);
            assertEquals(broken ? Double.NaN : before, slope, 0, engine + " " + n);
          }
          double before = whole.score().getDouble(n);
          assertEquals(broken ? Double.NaN : before, pass.score().getDouble(n), 0);
        }
      }
    }
  }

  /** Labels in the other dtype than the output's: an atom that FLOAT rounds is still one. */
  @Test
  void labelsOfEitherDtypeAreAtoms() {
    MixtureSpec spec = MixtureSpec.builder().components(2).atoms(0.1).build();
    INDArray labels = Nd4j.createFromArray(new double[][] {{0.1}});
    INDArray raw = RandomRows.of(spec, 1, 1, 2, DataType.DOUBLE).raw();
    double expected = expected(spec, 0.1, raw.toDoubleVector(), Double.NaN);
    for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
      for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        for (DataType ofLabels : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
          INDArray score =
              engine.likelihood(spec).score(labels.castTo(ofLabels), raw.castTo(dtype), null);
          assertEquals(expected, score.getDouble(0), 1e-6, engine + " " + dtype + " " + ofLabels);
        }
      }
    }
  }
}
