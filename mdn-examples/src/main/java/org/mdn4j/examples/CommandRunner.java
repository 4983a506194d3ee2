/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a command so that a user's mistake ends in one line on standard error and status 2. */
final class CommandRunner {
  private CommandRunner() {}

  /**
   * Parses the options and calls the command.
   *
   * @param command annotated for picocli
   * @param arguments the command line
   * @return 0, or 2 for a mistake of the user's: wrong options, {@link InvalidInputException}, or a
   *     file that cannot be read or written
   */
  static int run(Callable<Integer> command, String... arguments) {
    return new CommandLine(command)
        .setParameterExceptionHandler(
            (mistake, given) ->
                report(mistake.getCommandLine(), mistake.getMessage() + " (--help explains)"))
        .setExecutionExceptionHandler(
            (failure, line, parsed) -> {
              if (failure instanceof InvalidInputException) {
                return report(line, failure.getMessage());
              }
              if (failure instanceof IOException) {
                // Such a message is often the file's name alone; the class says what happened to
                // it.
                return report(
                    line, failure.getClass().getSimpleName() + ": " + failure.getMessage());
              }
              throw failure;
            })
        .execute(arguments);
  }

  private static int report(CommandLine line, String message) {
    line.getErr().println(line.getCommandName() + ": " + message.replaceAll("\\R", " "));
    return CommandLine.ExitCode.USAGE;
  }
}
