/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Writing of files as a whole or not at all, in folders that are created. */
public final class WholeFile {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private WholeFile() {}

  /**
   * Writes beside the file first, then moves the draft to the file's name in one step.
   *
   * @param file where to; its folder is made if it is not there, an older file is replaced
   * @param content what to write
   * @throws IOException if it cannot be written; an older file then stays as it was
   */
  public static void write(Path file, org.mdn4j.files.WholeFile.Content content)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    org.mdn4j.files.WholeFile.write(file, content);
  }

  /** Writes a value as JSON, as {@link #write} does. */
  public static void writeJson(Path file, Object value) throws IOException {
    write(file, draft -> JSON.writeValue(draft.toFile(), value));
  }
}
