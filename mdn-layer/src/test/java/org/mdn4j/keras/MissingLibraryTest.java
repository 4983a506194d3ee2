/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.ChildJvm;

/** What a user is told who has the layer without its optional dependencies. */
class MissingLibraryTest {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  @Test
  void jhdf(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("model.h5"), HDF5);
    List<URL> without = new ArrayList<>();
    for (String entry : ChildJvm.classPath().split(File.pathSeparator)) {
      if (!entry.contains("jhdf")) {
        without.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(without.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Method read =
          loader
              .loadClass(KerasMixtureImport.class.getName())
              .getMethod("importSequential", Path.class);
      InvocationTargetException thrown =
          assertThrows(InvocationTargetException.class, () -> read.invoke(null, file));
      assertEquals(NoClassDefFoundError.class, thrown.getCause().getClass());
      assertEquals(
          "To read files of Keras, add the library io.jhdf:jhdf to the class path",
          thrown.getCause().getMessage());
    }
  }
}
