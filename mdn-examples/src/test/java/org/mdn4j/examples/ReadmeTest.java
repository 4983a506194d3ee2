/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the program in the README. */
class ReadmeTest {

  @Test
  void programRuns(@TempDir Path folder) throws Exception {
    Matcher program =
        Pattern.compile("```java\n(.*?public class (\\w+).*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../README.md")));
    assertTrue(program.find(), "no program in the README");
    String name = program.group(2);
    Path source = Files.writeString(folder.resolve(name + ".java"), program.group(1));

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
      assertTrue(output.out().contains("NLL"), output::out);
      assertTrue(output.out().contains("samples"), output::out);
    }
  }
}
