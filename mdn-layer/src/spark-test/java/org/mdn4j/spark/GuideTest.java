/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs of the guide's page on clusters, one after the other. */
class GuideTest {
  private static final Path PAGE = Path.of("guide/clusters.md");

  @Test
  void programsRunFromACsvToATableOfQuantiles(@TempDir Path folder) throws Exception {
    LocalSpark.session();
    Path csv = Files.writeString(folder.resolve("houses.csv"), houses());
    Map<String, String> programs = programs();
    assertEquals(
        List.of("HouseQuantiles", "ScoreHouses", "PartLifetimes", "GuaranteedHouses", "TuneHouses"),
        List.copyOf(programs.keySet()));

    String model = folder.resolve("model").toString();
    String printed = run("HouseQuantiles", programs, folder, csv.toString(), model);
    assertTrue(Pattern.compile("NLL -?\\d+\\.\\d{3}").matcher(printed).find(), printed);
    assertTrue(
        Pattern.compile("\\|town\\| *area\\| *price\\| *low\\|").matcher(printed).find(), printed);

    String out = folder.resolve("quantiles").toString();
    printed = run("ScoreHouses", programs, folder, csv.toString(), model, out);
    assertTrue(printed.contains("|town|price_range"), printed);
    List<Row> rows = LocalSpark.session().read().parquet(out).collectAsList();
    assertEquals(600, rows.size());
    long inside =
        rows.stream()
            .filter(
                row ->
                    row.<Double>getAs("low") <= row.<Double>getAs("price")
                        && row.<Double>getAs("price") <= row.<Double>getAs("high"))
            .count();
    // 90 % of 600: a standard error of 7, more for a model that has learned a little.
    assertEquals(540, inside, 45);

    Path parts = Files.writeString(folder.resolve("parts.csv"), parts());
    printed = run("PartLifetimes", programs, folder, parts.toString());
    assertTrue(Pattern.compile("NLL -?\\d+\\.\\d{3}").matcher(printed).find(), printed);
    assertTrue(printed.contains("|lasts1000") || printed.contains("lasts1000|"), printed);

    printed = run("GuaranteedHouses", programs, folder, csv.toString());
    Matcher share = Pattern.compile("\\|(Oslo|Rome|Bonn)\\| *(\\d\\.\\d+)").matcher(printed);
    for (int town = 0; town < 3; town++) {
      assertTrue(share.find(), printed);
      // 80 % of some 40, of which the standard error is 0.06, calibrated on 60, another 0.05.
      assertEquals(0.8, Double.parseDouble(share.group(2)), 0.25, printed);
    }

    printed = run("TuneHouses", programs, folder, csv.toString());
    assertTrue(
        Pattern.compile("components=\\d+: CRPS \\d+\\.\\d+").matcher(printed).find(), printed);
  }

  /** Prices that spread more where houses are large, and are twice as high in Rome. */
  static String houses() {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("town,area,age,price\n");
    for (int n = 0; n < 600; n++) {
      String town = List.of("Oslo", "Rome", "Bonn").get(random.nextInt(3));
      double area = 40 + 100 * random.nextDouble();
      double price = (town.equals("Rome") ? 2 : 1) * area * (3 + 0.5 * random.nextGaussian());
      csv.append(
          String.format(Locale.ROOT, "%s,%.1f,%d,%.1f%n", town, area, random.nextInt(80), price));
    }
    return csv.toString();
  }

  /** Hours that are the shorter the larger the load; those over 900 had not ended. */
  private static String parts() {
    Random random = new Random(2);
    StringBuilder csv = new StringBuilder("load,heat,hours,failed\n");
    for (int n = 0; n < 400; n++) {
      double load = 1 + random.nextDouble();
      double hours = 900 / load * Math.exp(0.5 * random.nextGaussian());
      csv.append(
          String.format(
              Locale.ROOT,
              "%.3f,%.1f,%.1f,%d%n",
              load,
              20 + 60 * random.nextDouble(),
              Math.min(hours, 900),
              hours < 900 ? 1 : 0));
    }
    return csv.toString();
  }

  private static String run(
      String name, Map<String, String> programs, Path folder, String... arguments)
      throws Exception {
    Path source = Files.writeString(folder.resolve(name + ".java"), programs.get(name));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      assertTrue(
          compiler
              .getTask(
                  null,
                  files,
                  null,
                  List.of("-classpath", classPath, "-d", folder.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call(),
          name + " does not compile");
    }
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      scala.Console.withOut(
          out,
          () -> {
            try {
              loader
                  .loadClass(name)
                  .getMethod("main", String[].class)
                  .invoke(null, (Object) arguments);
            } catch (ReflectiveOperationException e) {
              throw new AssertionError(name, e);
            }
            return null;
          });
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Returns the page's program in Python. */
  static String python() throws IOException {
    Matcher program =
        Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertTrue(program.find());
    return program.group(1);
  }

  private static Map<String, String> programs() throws IOException {
    Map<String, String> programs = new LinkedHashMap<>();
    Matcher program =
        Pattern.compile("```java\n(.*?public class (\\w+).*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    while (program.find()) {
      programs.put(program.group(2), program.group(1));
    }
    return programs;
  }
}
