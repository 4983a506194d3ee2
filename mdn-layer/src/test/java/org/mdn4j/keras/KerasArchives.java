/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mdn4j.files.Zips;

/** The small models of {@link KerasModels} as Keras 3 saves them. */
public final class KerasArchives {
  private KerasArchives() {}

  /**
   * A model.
   *
   * @param bytes of its archive
   * @param isFunctional whether it is imported as a graph
   */
  public record Archive(byte[] bytes, boolean isFunctional) {}

  /**
   * Makes them.
   *
   * @param folder for files that are made in between
   * @return one archive for each layer and operator that is known, in its variants
   * @throws IOException if a file cannot be written
   */
  public static List<Archive> all(Path folder) throws IOException {
    List<Archive> archives = new ArrayList<>();
    for (KerasModels.Case model : KerasModels.all()) {
      Map<String, byte[]> entries = model.archive().entries(folder);
      boolean isFunctional = Keras3Archive.config(entries).get("class_name").equals("Functional");
      archives.add(new Archive(Zips.zip(entries), isFunctional));
    }
    return archives;
  }
}
