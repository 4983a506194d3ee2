/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python package in the jar: it compiles, and has the parameters that the stages have. */
class PythonTest {
  private static String source() throws IOException {
    try (InputStream in = Output.class.getResourceAsStream("__init__.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void hasTheParametersOfTheStages() throws IOException {
    Set<String> columns = names("_COLUMNS");
    Set<String> all = new TreeSet<>(columns);
    all.addAll(names("_OPTIONS"));
    MixtureRegressionModel model =
        TestData.quickOnSpark().fit(TestData.draw(200, 1).dataset(LocalSpark.session(), 1));
    assertEquals(names(new MixtureRegression()), all);
    assertEquals(names(model), columns);
    assertEquals(names(new MixtureRegressionEvaluator()), names("_METRICS"));
  }

  /** Each parameter as "name: converter", by the type that its values have here. */
  private static Set<String> names(Params stage) {
    return Arrays.stream(stage.params())
        .map(
            param ->
                param.name()
                    + ": "
                    + switch (param.getClass().getSimpleName()) {
                      case "IntParam", "LongParam" -> "_TO_INT";
                      case "DoubleParam" -> "_TO_FLOAT";
                      case "BooleanParam" -> "_TO_BOOLEAN";
                      case "StringArrayParam" -> "_TO_STRINGS";
                      case "IntArrayParam" -> "TypeConverters.toListInt";
                      case "Param" -> "_TO_STRING";
                      default -> throw new AssertionError(param.getClass());
                    })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(String table) throws IOException {
    Matcher whole = Pattern.compile(table + " = \\{(.*?)\n}", Pattern.DOTALL).matcher(source());
    whole.find();
    Matcher name = Pattern.compile("\n    \"(\\w+)\": \\(([\\w.]+),").matcher(whole.group(1));
    Set<String> names = new TreeSet<>();
    while (name.find()) {
      names.add(name.group(1) + ": " + name.group(2));
    }
    return names;
  }

  @Test
  void compiles(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mdn4j.py"), source());
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-m", "py_compile", file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "there is no Python");
      return;
    }
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, python.waitFor(), said);
  }
}
