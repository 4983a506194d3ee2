/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.mdn4j.backend.SafeBackend;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The way that an example runs from the command line. */
public final class Program {
  private static final int INTERRUPTED = 130; // as shells have it: 128 and the signal's number
  private static final int PATIENCE_SECONDS = 60;

  private Program() {}

  /**
   * A program that ends soon, and in order, when its thread is interrupted: by a {@link
   * CancellationException} whose message says what was kept. Ctrl-C and a signal to terminate
   * interrupt it.
   */
  public interface Interruptible {}

  /**
   * Parses the options and runs the program, with {@link SafeBackend} in place; a failure prints
   * one line on standard error.
   *
   * @param program a picocli command
   * @param args the command line
   * @return 0 on success, 2 if the options or the data are not usable, or a file not readable or
   *     writable, 130 if it was interrupted
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
    commandLine.setExecutionStrategy(Program::execute);
    return commandLine.execute(args);
  }

  private static int execute(ParseResult parsed) {
    ParseResult program = parsed;
    while (program.hasSubcommand()) {
      program = program.subcommand();
    }
    if (!program.isUsageHelpRequested()) {
      SafeBackend.install();
    }
    return program.commandSpec().userObject() instanceof Interruptible
        ? executeInterruptibly(parsed)
        : new RunLast().execute(parsed);
  }

  private static int executeInterruptibly(ParseResult parsed) {
    Thread running = Thread.currentThread();
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              running.interrupt();
              try {
                ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // an interrupted hook does not wait
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return new RunLast().execute(parsed);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof CancellationException)) {
        throw e;
      }
      fail(e.getCommandLine(), (Exception) e.getCause()); // while the hook still waits
      return INTERRUPTED;
    } finally {
      ended.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the process ends already, and the hook with it
      }
    }
  }

  /**
   * Creates the parser of a program's options; it takes the names of enums in small letters, too.
   *
   * @param program a picocli command
   * @return the parser
   */
  public static CommandLine commandLine(Object program) {
    return new CommandLine(program).setCaseInsensitiveEnumValuesAllowed(true);
  }

  /**
   * Parses the options of a program, for another program to run it.
   *
   * @param program a picocli command
   * @param args the command line
   * @return the program, its options set
   * @throws CommandLine.ParameterException if an option is not known or not usable
   */
  public static <T> T parsed(T program, String... args) {
    commandLine(program).parseArgs(args);
    return program;
  }

  /**
   * Runs a program as {@link #run} does, then ends the process if it failed; on success it returns,
   * because Maven may share the process.
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
      throw new UserError(String.format(Locale.ROOT, message, values));
    }
  }

  /**
   * Checks an option that counts something.
   *
   * @param name the option's name
   * @param count its value
   * @throws IllegalArgumentException if it is less than 1
   */
  public static void requirePositive(String name, int count) {
    require(count >= 1, "%s: expected at least 1, got %d", name, count);
  }

  /**
   * Prints a warning on standard error, after which the program continues.
   *
   * @param message one line, as a format
   * @param values of the message
   */
  public static void warn(String message, Object... values) {
    System.err.println("Warning: " + String.format(Locale.ROOT, message, values));
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

  /** Returns the problem of a mistyped name of a subcommand, with the names that there are. */
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

  /**
   * Exception for a mistake that the user can correct; the message says what was expected and what
   * came.
   */
  public static final class UserError extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message one line, with what was expected and what came
     */
    public UserError(String message) {
      super(message);
    }
  }
}
