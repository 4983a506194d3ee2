/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Updaters against ND4J's own, from a random state on, over some iterations. */
@Tag("slow")
class UpdateRuleTest {
  private static final int COUNT = 37;

  static Stream<IUpdater> known() {
    var schedule = new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9);
    return Stream.of(
        new NoOp(),
        new Sgd(0.1),
        new Sgd(schedule),
        new Nesterovs(0.1, 0.9),
        new Nesterovs(schedule, schedule),
        new Adam(),
        new Adam(0),
        new Adam(schedule),
        new Adam(0.01, 0.7, 0.8, 1e-3),
        new AMSGrad(),
        new AMSGrad(0.01, 0.7, 0.8, 1e-3),
        new Nadam(),
        new Nadam(0.01, 0.7, 0.8, 1e-3),
        new AdaGrad(0.1),
        new RmsProp(0.1),
        new RmsProp(0.01, 0.8, 1e-3));
  }

  @ParameterizedTest
  @MethodSource("known")
  void inDouble(IUpdater updater) {
    compare(updater, DataType.DOUBLE, 1e-13);
  }

  @ParameterizedTest
  @MethodSource("known")
  void inFloat(IUpdater updater) {
    compare(updater, DataType.FLOAT, 2e-6);
  }

  private static void compare(IUpdater updater, DataType dtype, double relative) {
    Random random = new Random(3);
    int kinds = (int) updater.stateSize(1);
    INDArray view = kinds == 0 ? null : Nd4j.create(dtype, kinds * COUNT);
    GradientUpdater<?> expected = updater.instantiate(view, false);
    Reals[] state = new Reals[kinds];
    for (int kind = 0; kind < kinds; kind++) {
      state[kind] = Reals.zeros(dtype, COUNT);
      for (int i = 0; i < COUNT; i++) {
        double value = random.nextDouble();
        state[kind].set(i, value);
        view.putScalar((long) kind * COUNT + i, value);
      }
    }
    UpdateRule rule = UpdateRule.of(updater);
    for (int iteration : new int[] {0, 1, 2, 10, 1000, 1_000_000}) {
      INDArray theirs = Nd4j.create(dtype, COUNT);
      Reals ours = Reals.zeros(dtype, COUNT + 5);
      for (int i = 0; i < COUNT; i++) {
        double g = i == 0 ? 0 : random.nextGaussian();
        theirs.putScalar(i, g);
        ours.set(3 + i, g);
      }
      expected.applyUpdater(theirs, iteration, 0);
      rule.apply(ours, 3, COUNT, state, iteration, 0);
      for (int i = 0; i < COUNT; i++) {
        double e = theirs.getDouble(i);
        assertEquals(e, ours.get(3 + i), relative * (1e-3 + Math.abs(e)), updater + " update");
      }
      for (int kind = 0; kind < kinds; kind++) {
        INDArray part =
            view.get(NDArrayIndex.interval((long) kind * COUNT, (long) (kind + 1) * COUNT));
        for (int i = 0; i < COUNT; i++) {
          double e = part.getDouble(i);
          double tolerance = relative * (1e-3 + Math.abs(e));
          assertEquals(e, state[kind].get(i), tolerance, updater + " state");
        }
      }
    }
  }

  /** Long after the last gradient, averages are not denormal, which would slow every step. */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void averagesDoNotBecomeDenormal(DataType dtype) {
    for (IUpdater updater :
        List.of(new Nesterovs(0.1, 0.9), new Adam(), new AMSGrad(), new Nadam(), new RmsProp())) {
      int kinds = (int) updater.stateSize(1);
      Reals[] state = new Reals[kinds];
      for (int kind = 0; kind < kinds; kind++) {
        state[kind] = Reals.zeros(dtype, 4);
        for (int i = 0; i < 4; i++) {
          state[kind].set(i, Math.pow(10, -2 * i));
        }
      }
      UpdateRule rule = UpdateRule.of(updater);
      Reals g = Reals.zeros(dtype, 4);
      for (int iteration = 0; iteration < 120_000; iteration++) {
        rule.apply(g, 0, 4, state, iteration, 0);
        for (int i = 0; i < 4; i++) {
          g.set(i, 0);
          for (Reals average : state) {
            assertTrue(isNormalOrZero(average.get(i), dtype), updater + " state");
          }
        }
      }
      assertEquals(0, state[0].get(0), 1e-20, updater + " first average");
    }
  }

  private static boolean isNormalOrZero(double x, DataType dtype) {
    double least = dtype == DataType.FLOAT ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    return x == 0 || Math.abs(x) >= least;
  }

  @Test
  void othersAreNotKnown() {
    assertNull(UpdateRule.of(new AdaDelta()));
  }
}
