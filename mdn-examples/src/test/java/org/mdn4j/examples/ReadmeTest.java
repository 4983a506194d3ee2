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
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;

/** Compiles and runs the programs in the README. */
class ReadmeTest {

  @Test
  void everyProgramHasItsTest() throws IOException {
    assertEquals(List.of("TwoBranches", "Ask", "YourOwnData"), List.copyOf(programs().keySet()));
  }

  @ParameterizedTest
  @CsvSource({
    "TwoBranches, NLL, samples",
    "Ask, smallest, CRPS of 2",
    "YourOwnData, 90 % of such houses, loaded"
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

  /** The programs by the names of their classes, in order. */
  private static Map<String, String> programs() throws IOException {
    Matcher program =
        Pattern.compile("```java\n(.*?public class (\\w+).*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../README.md")));
    Map<String, String> programs = new LinkedHashMap<>();
    while (program.find()) {
      programs.put(program.group(2), program.group(1));
    }
    return programs;
  }
}
