/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.nio.file.Files;
import java.nio.file.Path;
import org.mdn4j.examples.kit.Program;
import picocli.CommandLine.Option;

/** The options by which a fit is stopped and resumed. */
final class CheckpointOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "file to which progress is saved every ten seconds and on Ctrl-C, for --resume, that of the"
              + " one Gaussian to FILE.gaussian; checkpoint.zip in the output folder without a name")
  Path checkpoint;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "resume from a checkpoint, with the same data and options, and keep updating it")
  Path resume;

  boolean isResumed() {
    return resume != null;
  }

  /**
   * Returns the file that checkpoints are written to.
   *
   * @param out folder of files without a name
   * @return the file; null for none
   */
  Path file(Path out) {
    Path given = checkpoint == null ? null : orDefault(checkpoint, out);
    if (given != null) {
      Program.require(
          !Files.isDirectory(given), "--checkpoint: expected a file, got the folder %s", given);
      Program.requireFolder(given.toAbsolutePath().getParent());
    }
    if (resume == null) {
      return given;
    }
    Path file = resume.toString().isEmpty() && given != null ? given : orDefault(resume, out);
    Program.require(
        given == null || given.equals(file),
        "--checkpoint and --resume: expected one file, got %s and %s",
        given,
        file);
    Program.require(Files.exists(file), "--resume: there is no file %s", file);
    return file;
  }

  private static Path orDefault(Path file, Path out) {
    return file.toString().isEmpty() ? out.resolve("checkpoint.zip") : file;
  }
}
