/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;

/** Runs an example from the command line. */
public final class Program {
  private Program() {}

  /**
   * Parses the options and runs the program; what goes wrong is one line on standard error.
   *
   * @param program a picocli command
   * @param args the command line
   * @return 0 on success, 2 if the options or the data are not usable, or a file not readable or
   *     writable
   */
  public static int run(Object program, String... args) {
    CommandLine commandLine = commandLine(program);
    commandLine.setParameterExceptionHandler(
        (problem, unused) -> fail(problem.getCommandLine(), named(problem)));
    commandLine.setExecutionExceptionHandler(
        (problem, failed, unused) -> {
          if (problem instanceof UserError || problem instanceof IOException) {
            return fail(failed, problem);
          }
          throw problem;
        });
    return commandLine.execute(args);
  }

  /**
   * The parser of a program's options; it takes the names of enums in small letters, too.
   *
   * @param program a picocli command
   * @return the parser
   */
  public static CommandLine commandLine(Object program) {
    return new CommandLine(program).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /**
   * As {@link #run}, then ends the process if the program failed; on success it returns, because
   * Maven may share the process.
   *
   * @param program a picocli command
   * @param args the command line
   */
  public static void main(Object program, String... args) {
    int status = run(program, args);
    if (status != 0) {
      System.exit(status);
    }
  }

  /**
   * Checks an option.
   *
   * @param condition what must hold
   * @param message what is said if it does not, as a format
   * @param values of the message
   * @throws IllegalArgumentException if it does not hold
   */
  public static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new UserError(message.formatted(values));
    }
  }

  /**
   * Checks before the work starts that files can be written to a folder, so that an unusable one
   * costs no time. Leaves nothing: {@link WholeFile} makes the folder when there is something to
   * write.
   *
   * @param folder where the program will write
   * @throws IllegalArgumentException if nothing can be written there
   */
  public static void requireFolder(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      Files.delete(Files.createTempDirectory(existing, "probe"));
    } catch (IOException e) {
      throw new UserError(
          "Nothing can be written to %s: %s is not a folder that may be written to"
              .formatted(folder, existing));
    }
  }

  /** A mistyped name of a subcommand, with the names that there are. */
  private static Exception named(CommandLine.ParameterException problem) {
    Set<String> names = problem.getCommandLine().getSubcommands().keySet();
    return problem instanceof CommandLine.UnmatchedArgumentException unmatched && !names.isEmpty()
        ? new UserError(
            "Expected one of %s, got %s"
                .formatted(String.join(", ", names), unmatched.getUnmatched().get(0)))
        : problem;
  }

  private static int fail(CommandLine commandLine, Exception problem) {
    String message = Objects.toString(problem.getMessage(), problem.getClass().getSimpleName());
    if (problem instanceof FileSystemException) {
      message = problem.getClass().getSimpleName() + ": " + message;
    }
    commandLine
        .getErr()
        .println(commandLine.getCommandName() + ": " + message.lines().findFirst().orElse(""));
    return CommandLine.ExitCode.USAGE;
  }

  /** Something that the user can mend; the message says what was expected and what came. */
  public static final class UserError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * A mistake.
     *
     * @param message one line, with what was expected and what came
     */
    public UserError(String message) {
      super(message);
    }
  }
}
