/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.mdn4j.MixtureSpec;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Long use needs no more memory than short use: the resident memory of a process before, halfway
 * and after. A five-hundredth of what {@code -Dmdn4j.memory=1} does: 200,000 predictions of 64
 * rows, 200 small fits, and 20,000 calls of the loss by each engine.
 */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "asks /proc for the resident memory")
class MemoryTest {
  /** What an allocator may keep of memory that was freed, in MB. */
  private static final int SLACK = 24;

  @Test
  void residentMemoryLevelsOff() throws Exception {
    double share = Double.parseDouble(System.getProperty("mdn4j.memory", "0.002"));
    Process process = ChildJvm.start(ChildUse.class, List.of("-Xmx256m"), share);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    List<String> lines = output.lines().toList();
    assertEquals(4, lines.size(), output);
    for (String line : lines) {
      int[] resident = // before, halfway, after
          Arrays.stream(line.replaceFirst(".*MB ", "").split(" "))
              .mapToInt(Integer::parseInt)
              .toArray();
      assertTrue(resident[2] <= resident[1] + SLACK, output);
    }
    if (share >= 1) {
      System.out.print(output);
    }
  }

  /** Prints, for each kind of use, the resident memory before, halfway and after. */
  static final class ChildUse {
    private ChildUse() {}

    public static void main(String[] args) throws Exception {
      double share = Double.parseDouble(args[0]);
      SafeBackend.install();
      Data data = Data.draw(400, 1);
      MixtureRegressor regressor = Data.quick().build().fit(data.features(), data.targets());
      double[][] rows = Arrays.copyOf(data.features(), 64);
      use(200_000 * share, "predictions of 64 rows", () -> regressor.predict(rows).mean());
      use(
          200 * share,
          "small fits",
          () -> Data.quick().maxEpochs(3).build().fit(data.features(), data.targets()));
      for (Engine engine : List.of(Engine.FUSED, Engine.SAMEDIFF)) {
        MixtureSpec spec = MixtureSpec.builder().components(5).build();
        LossMixtureNLL loss = new LossMixtureNLL(spec, engine);
        INDArray labels = Nd4j.randn(64, 1);
        INDArray output = Nd4j.randn(64, spec.parameterCount());
        use(
            20_000 * share,
            "calls of the loss, " + engine,
            () ->
                loss.computeGradientAndScore(
                    labels, output.dup(), new ActivationIdentity(), null, true));
      }
    }

    private static void use(double times, String what, Runnable use)
        throws IOException, InterruptedException {
      int half = (int) Math.ceil(times / 2);
      for (int i = 0; i < Math.max(1, half / 10); i++) {
        use.run(); // classes are loaded, pools filled
      }
      long before = residentMegabytes();
      for (int i = 0; i < half; i++) {
        use.run();
      }
      long halfway = residentMegabytes();
      for (int i = 0; i < half; i++) {
        use.run();
      }
      System.out.printf(
          "%d %s, MB %d %d %d%n", 2 * half, what, before, halfway, residentMegabytes());
    }

    private static long residentMegabytes() throws IOException, InterruptedException {
      for (int i = 0; i < 2; i++) {
        System.gc();
        TimeUnit.MILLISECONDS.sleep(50); // ND4J frees what was collected
      }
      String status = Files.readString(Path.of("/proc/self/status"));
      String kilobytes = status.replaceFirst("(?s).*VmRSS:\\s*(\\d+) kB.*", "$1");
      return Long.parseLong(kilobytes) / 1024;
    }
  }
}
