/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonMappingException;

/** Exception for a file that does not hold what it should; the message says why in one sentence. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_LINE = 500; // it may quote the file

  /**
   * Creates an exception.
   *
   * @param message what was expected and what came, in one sentence
   */
  public MalformedFileException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what was expected and what came, in one sentence
   * @param cause what noticed it, or null
   */
  public MalformedFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Checks that a condition on a file's contents holds.
   *
   * @param holds what must hold
   * @param message what was expected and what came, as a format
   * @param values of the message
   * @throws MalformedFileException if it does not hold
   */
  public static void require(boolean holds, String message, Object... values)
      throws MalformedFileException {
    if (!holds) {
      throw new MalformedFileException(String.format(Locale.ROOT, message, values));
    }
  }

  /**
   * Creates an exception from that of another reader.
   *
   * @param cause what noticed it
   * @return its message's first line, or the kind of problem where it has none
   */
  static MalformedFileException of(Exception cause) {
    return new MalformedFileException(firstLine(cause), cause);
  }

  /**
   * Returns the message of an exception in one line. What the virtual machine says of a null, a
   * cast or an index is of use to a programmer only: it becomes a sentence about the file.
   *
   * @param problem any exception
   * @return the first line of its message, or its kind where it has none
   */
  public static String firstLine(Throwable problem) {
    if (problem instanceof JsonMappingException && problem.getCause() instanceof RuntimeException) {
      return firstLine(problem.getCause());
    }
    if (problem instanceof NullPointerException
        || problem instanceof ClassCastException
        || problem instanceof IndexOutOfBoundsException
        || problem instanceof NegativeArraySizeException
        || problem instanceof BufferUnderflowException) {
      return "a part is missing, or of another kind or size than expected";
    }
    String message =
        problem instanceof JsonProcessingException json // its other message tells the place, too
            ? json.getOriginalMessage()
            : problem.getMessage();
    if (message == null || message.isBlank()) {
      return problem.getClass().getSimpleName();
    }
    if (problem instanceof FileSystemException file && file.getReason() == null) {
      return "%s (%s)".formatted(message, problem.getClass().getSimpleName()); // a name alone
    }
    String line = message.strip().lines().findFirst().orElseThrow();
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
  }
}
