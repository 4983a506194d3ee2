/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.examples.kit.CapturedOutput;

/** Compiles and runs the programs in the README and the guide, and follows the pages' links. */
@Tag("slow")
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void everyProgramHasItsTest() throws IOException {
    assertEquals(
        Set.of(
            "TwoBranches",
            "HousePrices",
            "FullCovarianceHead",
            "Ask",
            "Counts",
            "Censored",
            "YourOwnData",
            "Trust",
            "Houses",
            "Machines",
            "Rain",
            "Word"),
        programs().keySet());
  }

  @Test
  void frontPageIsShort() throws IOException {
    Path page = ROOT.resolve("README.md");
    assertTrue(Files.readAllLines(page).size() <= 120, "more than 120 lines");
    assertTrue(Files.size(page) <= 9 * 1024, "more than 9 kB");
  }

  @ParameterizedTest
  @CsvSource({"TwoBranches, 25", "HousePrices, 12"})
  void programsOfTheFrontPageAreShort(String name, int lines) throws IOException {
    long written = programs().get(name).lines().count();
    assertTrue(written <= lines, () -> written + " lines");
  }

  /** What is to be pasted into a POM or a Gradle file has the versions that this build has. */
  @ParameterizedTest
  @CsvSource({
    "README.md, org.mdn4j, mdn-layer, version",
    "README.md, org.nd4j, nd4j-native-platform, dl4j.version",
    "README.md, org.slf4j, slf4j-simple, slf4j.version",
    "mdn-layer/guide/README.md, io.jhdf, jhdf, jhdf.version",
    "mdn-layer/guide/clusters.md, org.mdn4j, mdn-layer, version",
    "mdn-layer/guide/README.md, org.deeplearning4j, deeplearning4j-zoo, dl4j.version"
  })
  void versionsAreThoseOfThisBuild(String page, String group, String artifact, String property)
      throws IOException {
    Matcher ours =
        Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(property))
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertTrue(ours.find(), property);
    Matcher theirs =
        Pattern.compile(
                "(?:<groupId>%1$s</groupId><artifactId>%2$s</artifactId><version>|%1$s:%2$s:)([^<']+)"
                    .formatted(group, artifact))
            .matcher(Files.readString(ROOT.resolve(page)));
    int found = 0;
    for (; theirs.find(); found++) {
      assertEquals(ours.group(1), theirs.group(1), page);
    }
    assertEquals(page.equals("README.md") ? 2 : 1, found, "Maven's lines, and Gradle's");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsSomewhere(Path page) throws IOException {
    Matcher link = Pattern.compile("\\]\\(([^)\\s]+)\\)").matcher(Files.readString(page));
    while (link.find()) {
      String target = link.group(1);
      if (!target.startsWith("http")) {
        String[] fileAndPlace = target.split("#", 2);
        Path file = fileAndPlace[0].isEmpty() ? page : page.resolveSibling(fileAndPlace[0]);
        assertTrue(Files.exists(file), () -> page + " links to " + target);
        assertTrue(
            fileAndPlace.length == 1 || headings(file).contains(fileAndPlace[1]),
            () -> page + " links to " + target);
      }
    }
  }

  /** The names by which a page's headings are linked to. */
  private static List<String> headings(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "TwoBranches, p(45), samples",
    "HousePrices, 90 % lie in, [",
    "FullCovarianceHead, layer0, columns of the output: 30",
    "Ask, smallest, CRPS of 2",
    "Counts, enough in 95 %, CRPS of 12",
    "Censored, still running after 2 years: 0., without a model: 0.",
    "YourOwnData, 90 % of such houses, loaded",
    "Trust, 90 % guaranteed, disagreed on",
    "Houses, category=Rome, rows of the fit as unusual",
    "Machines, runs for 7 years: 0., median",
    "Rain, dry with 0., smallest: [Interval[lower=0.0",
    "Word, steps, the first"
  })
  void programRuns(String name, String printed, String alsoPrinted, @TempDir Path folder)
      throws Exception {
    Path source = Files.writeString(folder.resolve(name + ".java"), programs().get(name));

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  null,
                  List.of("-classpath", classPath, "-d", folder.toString()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, "the program does not compile");
    }
    try (CapturedOutput output = new CapturedOutput();
        URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
      assertEquals("", output.err());
      assertTrue(output.out().contains(printed), output::out);
      assertTrue(output.out().contains(alsoPrinted), output::out);
    }
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> guide = Files.list(ROOT.resolve("mdn-layer/guide"))) {
      return Stream.concat(
              Stream.of(
                  ROOT.resolve("README.md"),
                  ROOT.resolve("mdn-examples/README.md"),
                  ROOT.resolve(".github/CONTRIBUTING.md")),
              guide.sorted())
          .toList();
    }
  }

  /**
   * The programs by the names of their classes; those for Spark are run where Spark is, in the
   * profile's tests.
   */
  private static Map<String, String> programs() throws IOException {
    Map<String, String> programs = new LinkedHashMap<>();
    for (Path page : pages()) {
      Matcher program =
          Pattern.compile("```java\n(.*?public class (\\w+).*?)```", Pattern.DOTALL)
              .matcher(Files.readString(page));
      while (program.find()) {
        if (!program.group(1).contains("org.apache.spark")) {
          programs.put(program.group(2), program.group(1));
        }
      }
    }
    return programs;
  }
}
