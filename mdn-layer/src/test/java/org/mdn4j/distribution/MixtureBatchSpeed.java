/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.Supplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Gaussian;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.MatrixMemory;
import org.mdn4j.rows.RowChunks;
import org.mdn4j.rows.RowReader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures questions to a million mixtures (K = 20, D = 1), against a plain loop; no test. With the
 * class path of the tests:
 *
 * <pre>
 *   java -Xmx512m -cp … org.mdn4j.distribution.MixtureBatchSpeed [rows] [FLOAT or DOUBLE] [c or f]
 * </pre>
 *
 * <p>Arrays outside the heap get as much as -Xmx, too, which ND4J does not see to by itself: 512 MB
 * hold a million rows of 60 DOUBLE numbers and the answers, but no copy of them.
 */
public final class MixtureBatchSpeed {
  private static final int COMPONENTS = 20;
  private static final int REPETITIONS = 5;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private MixtureBatchSpeed() {}

  /** Measures, and prints the median and the best time of each question. */
  public static void main(String[] arguments) {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    DataType dtype = arguments.length > 1 ? DataType.valueOf(arguments[1]) : DataType.FLOAT;
    char order = arguments.length > 2 ? arguments[2].charAt(0) : 'f'; // as DL4J's layers put out
    Nd4j.getEnvironment().setDeviceLimit(0, Runtime.getRuntime().maxMemory());
    MixtureSpec spec = MixtureSpec.builder().components(COMPONENTS).build();
    Nd4j.getRandom().setSeed(1);
    INDArray raw = Nd4j.createUninitialized(dtype, new long[] {rows, 60}, order);
    Nd4j.rand(raw).subi(0.5).muli(4);
    INDArray y = Nd4j.rand(dtype, rows, 1).subi(0.5).muli(4);
    System.out.printf(
        "%d rows, %s, order %c, %d processors, -Xmx %d MB, the output has %d MB%n",
        rows,
        dtype,
        order,
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() >> 20,
        raw.length() * dtype.width() >> 20);
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    measure("of (checks the output)", () -> MixtureBatch.of(spec, raw));
    measure("log density", () -> batch.logDensity(y));
    measure("log density, plain loop", () -> plainLogDensity(raw, y));
    measure("one sample", () -> batch.sample(1, 1));
    measure("one sample, plain loop", () -> plainSample(raw));
    measure("mean", batch::mean);
    measure("variance", batch::variance);
    Temperature cool = Temperature.of(0.5);
    measure("log density, tempered", () -> batch.temperature(cool).logDensity(y));
    measure("cdf", () -> batch.cdf(y));
    measure("median", () -> batch.quantile(0.5));
    measure("CRPS", () -> batch.crps(y));
    double worst = 0;
    INDArray plain = plainLogDensity(raw, y);
    INDArray ours = batch.logDensity(y);
    for (int n = 0; n < rows; n++) {
      worst = Math.max(worst, Math.abs(ours.getDouble(n) - plain.getDouble(n)));
    }
    System.out.printf("log densities differ from the plain loop's by %.1e at most%n", worst);
  }

  private static void measure(String name, Supplier<Object> question) {
    double[] seconds = new double[REPETITIONS];
    long heap = 0;
    double processor = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPETITIONS; i++) {
      System.gc();
      long heapBefore = allocatedBytes();
      long processorBefore = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      Object answer = question.get();
      seconds[i] = (System.nanoTime() - start) / 1e9;
      heap = allocatedBytes() - heapBefore;
      processor = Math.min(processor, (SYSTEM.getProcessCpuTime() - processorBefore) / 1e9);
      if (answer instanceof INDArray array) {
        array.close();
      }
    }
    double first = seconds[0];
    Arrays.sort(seconds);
    System.out.printf(
        "%-26s first %.3f s, median %.3f s, best %.3f s, processor time %.3f s; %,d B of heap%n",
        name, first, seconds[REPETITIONS / 2], seconds[0], processor, heap);
  }

  /** What all threads have allocated so far; nothing is taken off again. */
  static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds())).sum();
  }

  /** One thread, a row at a time, as one would write it; reads in bulk like the batch. */
  private static INDArray plainLogDensity(INDArray raw, INDArray y) {
    RowReader reader = new RowReader(MatrixMemory.of(raw), RowChunks.ROWS);
    RowReader outcomes = new RowReader(MatrixMemory.of(y), RowChunks.ROWS);
    double[] logDensity = new double[(int) raw.size(0)];
    double[] joint = new double[COMPONENTS];
    for (int n = 0; n < logDensity.length; n++) {
      int at = reader.seek(n);
      double[] row = reader.values();
      double outcome = outcomes.values()[outcomes.seek(n)];
      double maxLogit = Double.NEGATIVE_INFINITY;
      double maxJoint = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < COMPONENTS; k++) {
        double s = row[at + 2 * COMPONENTS + k];
        double u = (outcome - row[at + COMPONENTS + k]) * Math.exp(-s);
        joint[k] = row[at + k] - s - 0.5 * u * u;
        maxLogit = Math.max(maxLogit, row[at + k]);
        maxJoint = Math.max(maxJoint, joint[k]);
      }
      double weights = 0;
      double density = 0;
      for (int k = 0; k < COMPONENTS; k++) {
        weights += Math.exp(row[at + k] - maxLogit);
        density += Math.exp(joint[k] - maxJoint);
      }
      logDensity[n] =
          maxJoint + Math.log(density) - maxLogit - Math.log(weights) - Gaussian.HALF_LOG_TWO_PI;
    }
    return Nd4j.createFromArray(logDensity);
  }

  private static INDArray plainSample(INDArray raw) {
    RowReader reader = new RowReader(MatrixMemory.of(raw), RowChunks.ROWS);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(1);
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[] samples = new double[(int) raw.size(0)];
    double[] weights = new double[COMPONENTS];
    for (int n = 0; n < samples.length; n++) {
      int at = reader.seek(n);
      double[] row = reader.values();
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < COMPONENTS; k++) {
        max = Math.max(max, row[at + k]);
      }
      double sum = 0;
      for (int k = 0; k < COMPONENTS; k++) {
        weights[k] = Math.exp(row[at + k] - max);
        sum += weights[k];
      }
      double left = random.nextDouble() * sum;
      int k = 0;
      while (k < COMPONENTS - 1 && left >= weights[k]) {
        left -= weights[k];
        k++;
      }
      double sigma = Math.exp(row[at + 2 * COMPONENTS + k]);
      samples[n] = row[at + COMPONENTS + k] + sigma * normal.sample();
    }
    return Nd4j.createFromArray(samples);
  }
}
