/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.files.InMemory;
import org.mdn4j.regression.file.FileWriter;

/** Models that several threads save to one file, and a disk that is full. */
@Tag("slow")
class SavingTest {
  private static final int ROUNDS = 200;
  private static final double[][] ROW = {{110, 0.5}};
  private static final List<MixtureRegressor> REGRESSORS = new ArrayList<>();

  @TempDir(factory = InMemory.class)
  Path folder;

  /** Eight of different lengths, so that parts of one in another would show. */
  @BeforeAll
  static void fit() {
    Data data = Data.draw(40, 1);
    for (int i = 0; i < 8; i++) {
      REGRESSORS.add(
          Data.quick().components(1 + i).maxEpochs(1).build().fit(data.features(), data.targets()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 8})
  void everyFileIsWhole(int threads) throws Exception {
    Path file = folder.resolve("model.zip");
    Path theirs = Files.writeString(folder.resolve("model.zip.part"), "a user's own");
    List<Double> means = REGRESSORS.stream().map(one -> one.predict(ROW).get(0).mean()[0]).toList();
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<Future<?>> saving = new ArrayList<>();
        for (MixtureRegressor regressor : REGRESSORS.subList(0, threads)) {
          saving.add(
              executor.submit(
                  () -> {
                    together.await();
                    regressor.save(file);
                    return null;
                  }));
        }
        for (Future<?> one : saving) {
          one.get();
        }
        double mean = MixtureRegressor.load(file).predict(ROW).get(0).mean()[0];
        assertTrue(means.contains(mean), () -> mean + " is of none of " + means);
      }
    } finally {
      executor.shutdown();
    }
    assertEquals("a user's own", Files.readString(theirs));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count());
    }
  }

  /** Writes a model's worth of numbers where files may have 64 kB, and looks what is left. */
  static final class ChildWrite {
    private ChildWrite() {}

    public static void main(String[] args) throws IOException {
      Path file = Path.of(args[0]);
      try {
        FileWriter.write(file, writer -> writer.floats("a.bin", new float[1 << 20]));
        System.out.println("written");
      } catch (IOException e) {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"));
            Stream<Path> left = Files.list(file.getParent())) {
          long drafts =
              open.filter(
                      path -> {
                        try {
                          return Files.readSymbolicLink(path).toString().contains(".part");
                        } catch (IOException gone) {
                          return false;
                        }
                      })
                  .count();
          System.out.println(
              "refused, " + drafts + " open, " + left.map(Path::getFileName).toList());
        }
      }
    }
  }

  /** As on a full disk: nothing of the draft is left, on the disk or open in the process. */
  @Test
  void aWriteThatFailsLeavesNothing() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "Skipped: not on Linux");
    Path file = Files.writeString(folder.resolve("model.zip"), "older");
    List<String> command =
        List.of(
            "bash",
            "-c",
            "ulimit -f 64; exec \"$0\" -XX:-UsePerfData -cp \"$1\" '"
                + ChildWrite.class.getName()
                + "' \"$2\"",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            file.toString());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, child.waitFor(), said);
    assertEquals("refused, 0 open, [model.zip]", said.strip());
    assertEquals("older", Files.readString(file));
  }
}
