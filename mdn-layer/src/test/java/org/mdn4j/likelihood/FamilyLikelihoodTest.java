/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.RandomRows;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every family and covariance against plain Java, and its gradient against finite differences. */
@Tag("slow")
public class FamilyLikelihoodTest {

  /** One of each kind, over one target and several. */
  public static Stream<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      for (int targets : new int[] {1, 3}) {
        for (int components : new int[] {1, 3}) {
          double floor = family == ComponentFamily.VON_MISES || components == 1 ? 0 : 0.2;
          for (Covariance covariance : Covariance.values()) {
            MixtureSpecBuilder builder =
                MixtureSpec.builder()
                    .components(components)
                    .targets(targets)
                    .covariance(covariance)
                    .family(family);
            if (covariance == Covariance.FULL) {
              if (family == ComponentFamily.GAUSSIAN) {
                specs.add(builder.scaleFloor(floor).build());
              }
              continue;
            }
            specs.add(builder.scaleFloor(floor).build());
            if (family != ComponentFamily.VON_MISES && !family.isDiscrete()) {
              specs.add(builder.scaleTransform(ScaleTransform.ELU_PLUS_ONE).build());
            }
            specs.add(builder.scaleTransform(ScaleTransform.EXP).sharedScales(true).build());
            double[] scales = new double[covariance == Covariance.SPHERICAL ? 1 : targets];
            Arrays.setAll(scales, d -> 0.5 + d);
            specs.add(builder.scaleFloor(0).fixedScales(scales).build());
            if (family == ComponentFamily.STUDENT_T) {
              specs.add(builder.degreesOfFreedom(2.5).build());
            }
          }
        }
      }
    }
    return specs.stream();
  }

  /** Arrays, workspaces and threads, of every graph that is built differently. */
  private abstract static class Use extends LikelihoodUseContract {
    @Override
    protected MixtureLikelihood make(MixtureSpec spec) {
      return new SameDiffLikelihood(spec);
    }

    @Override
    int rounds() {
      return 3; // after the first, in which the graph is made, they are alike
    }
  }

  @Nested
  class FullUse extends Use {
    @Override
    MixtureSpec spec() {
      return MixtureSpec.builder().components(2).targets(3).covariance(Covariance.FULL).build();
    }
  }

  @Nested
  class StudentTUse extends Use {
    @Override
    MixtureSpec spec() {
      return MixtureSpec.builder()
          .components(3)
          .targets(2)
          .family(ComponentFamily.STUDENT_T)
          .scaleFloor(0.01)
          .build();
    }
  }

  @Nested
  class LogNormalUse extends Use {
    @Override
    MixtureSpec spec() {
      return MixtureSpec.builder()
          .components(3)
          .targets(2)
          .family(ComponentFamily.LOG_NORMAL)
          .fixedScales(1, 2, 1, 2, 1, 2)
          .build();
    }
  }

  @Nested
  class VonMisesUse extends Use {
    @Override
    MixtureSpec spec() {
      return MixtureSpec.builder()
          .components(3)
          .targets(2)
          .covariance(Covariance.SPHERICAL)
          .family(ComponentFamily.VON_MISES)
          .sharedScales(true)
          .build();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void scoreAndGradientAreThoseOfThePlainFormula(MixtureSpec spec) {
    Random random = new Random(spec.parameterCount());
    int rows = 4;
    double[][] raw = new double[rows][spec.parameterCount()];
    double[][] labels = new double[rows][spec.targets()];
    double[][] observed = new double[rows][spec.targets()];
    for (int n = 0; n < rows; n++) {
      Arrays.setAll(raw[n], column -> 1.5 * random.nextGaussian());
      Arrays.setAll(
          labels[n],
          d ->
              switch (spec.family()) {
                case LOG_NORMAL -> Math.exp(random.nextGaussian());
                case NEGATIVE_BINOMIAL -> Math.rint(2 * Math.exp(random.nextGaussian()));
                default -> 2 * random.nextGaussian();
              });
      Arrays.setAll(observed[n], d -> random.nextInt(3) == 0 ? 0 : 1);
    }
    Arrays.fill(observed[rows - 1], 0);
    for (MixtureLikelihood likelihood : Graphs.engines(spec)) {
      for (double[][] mask : new double[][][] {null, observed}) {
        assertPlainFormula(spec, likelihood, labels, raw, mask);
      }
    }
  }

  private static void assertPlainFormula(
      MixtureSpec spec,
      MixtureLikelihood likelihood,
      double[][] labels,
      double[][] raw,
      double[][] mask) {
    ScoreAndGradient actual =
        likelihood.scoreAndGradient(
            Nd4j.createFromArray(labels),
            Nd4j.createFromArray(raw),
            mask == null ? null : Nd4j.createFromArray(mask));
    INDArray inFloat =
        likelihood.score(
            Nd4j.createFromArray(labels).castTo(DataType.FLOAT),
            Nd4j.createFromArray(raw).castTo(DataType.FLOAT),
            mask == null ? null : Nd4j.createFromArray(mask).castTo(DataType.FLOAT));
    for (int n = 0; n < raw.length; n++) {
      double[] present = mask == null ? null : mask[n];
      double score = PlainMixtureScore.of(spec, labels[n], raw[n], present);
      double size = Math.max(1, Math.abs(score));
      assertEquals(score, actual.score().getDouble(n), 1e-10 * size);
      assertEquals(score, inFloat.getDouble(n), 1e-4 * size);
      double[] gradient = actual.gradient().getRow(n).toDoubleVector();
      double largest = Math.max(1, Arrays.stream(gradient).map(Math::abs).max().orElseThrow());
      for (int column = 0; column < raw[n].length; column++) {
        double step = 1e-5;
        double[] up = raw[n].clone();
        double[] down = raw[n].clone();
        up[column] += step;
        down[column] -= step;
        double slope =
            (PlainMixtureScore.of(spec, labels[n], up, present)
                    - PlainMixtureScore.of(spec, labels[n], down, present))
                / (2 * step);
        // Central differences of numbers of some 10: 1e-10 by rounding, as much by curvature.
        assertEquals(slope, gradient[column], 1e-7 * largest * size, "column " + column);
      }
    }
  }

  /**
   * A minibatch of one row, of which ND4J's graphs are fond of losing a dimension: whole, observed
   * in part, and not at all.
   */
  @ParameterizedTest
  @MethodSource("specs")
  void aRowGivesTheSameAlone(MixtureSpec spec) {
    RandomRows rows = RandomRows.of(spec, 3, 2, 5, DataType.DOUBLE);
    for (MixtureLikelihood likelihood : Graphs.engines(spec)) {
      assertSameAlone(likelihood, rows);
    }
  }

  private static void assertSameAlone(MixtureLikelihood likelihood, RandomRows rows) {
    for (INDArray observed : Arrays.asList(null, rows.observed())) {
      ScoreAndGradient all = likelihood.scoreAndGradient(rows.labels(), rows.raw(), observed);
      for (int n : observed == null ? new int[] {0} : new int[] {1, 2}) {
        ScoreAndGradient alone =
            likelihood.scoreAndGradient(
                rows.labels().getRow(n, true).dup(),
                rows.raw().getRow(n, true).dup(),
                observed == null ? null : observed.getRow(n, true).dup());
        assertEquals(all.score().getDouble(n), alone.score().getDouble(0), 1e-13);
        assertArrayEquals(
            all.gradient().getRow(n).toDoubleVector(),
            alone.gradient().getRow(0).toDoubleVector(),
            1e-12);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void gaussianOptionsAgreeWithTheTextbooksGradient(MixtureSpec spec) {
    if (spec.family() != ComponentFamily.GAUSSIAN
        || spec.covariance() == Covariance.FULL
        || spec.sharedScales()
        || spec.fixedScales().isPresent()
        || spec.scaleTransform() != ScaleTransform.EXP) {
      return;
    }
    Random random = new Random(1);
    double[] raw = random.doubles(spec.parameterCount(), -1, 1).toArray();
    double[] y = random.doubles(spec.targets(), -2, 2).toArray();
    assertEquals(
        PlainMixtureNll.of(spec, y, raw, null).score(),
        PlainMixtureScore.of(spec, y, raw, null),
        1e-12);
  }

  @Test
  void logNormalRefusesTargetsThatAreNotPositive() {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).targets(2).family(ComponentFamily.LOG_NORMAL).build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 2, spec.parameterCount());
    INDArray labels = Nd4j.createFromArray(new double[][] {{1, 2}, {-3, 4}});
    INDArray hidden = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}});
    for (MixtureLikelihood likelihood : Graphs.engines(spec)) {
      Exception e =
          assertThrows(IllegalArgumentException.class, () -> likelihood.score(labels, raw, null));
      assertTrue(e.getMessage().contains("got -3.0 at row 1, column 0"), e.getMessage());
      assertTrue(Double.isFinite(likelihood.score(labels, raw, hidden).getDouble(1)));
    }
  }
}
