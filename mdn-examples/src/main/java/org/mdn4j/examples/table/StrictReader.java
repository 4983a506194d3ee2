/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * A reader of text that rejects bytes that are none in its encoding, with their line; a {@link
 * java.io.InputStreamReader} puts U+FFFD in their place.
 */
final class StrictReader extends Reader {
  private static final int BUFFER = 1 << 13;
  private static final int LONGEST_MARK = 4;

  private final Path file;
  private final InputStream in;
  private final CharsetDecoder decoder;
  private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
  private final CharBuffer chars = CharBuffer.allocate(BUFFER).flip();
  private boolean ended; // no bytes come any more
  private int line = 1; // of what comes next
  private char last;

  private StrictReader(Path file, InputStream in, Charset charset) {
    this.file = file;
    this.in = in;
    this.decoder = charset.newDecoder();
  }

  /**
   * Opens a file, behind its byte order mark if it has one.
   *
   * @param encoding of the file; a byte order mark takes precedence
   */
  static StrictReader open(Path file, Charset encoding) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.mark(LONGEST_MARK);
    byte[] start = in.readNBytes(LONGEST_MARK);
    in.reset();
    Charset charset = encoding;
    int mark = 0;
    // UTF-32 first: in little-endian order its mark begins with that of UTF-16
    for (String unicode : new String[] {"UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE", "UTF-8"}) {
      byte[] expected = "\uFEFF".getBytes(Charset.forName(unicode));
      if (startsWith(start, expected)) {
        charset = Charset.forName(unicode);
        mark = expected.length;
        break;
      }
    }
    in.skipNBytes(mark);
    return new StrictReader(file, in, charset);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && ByteBuffer.wrap(bytes, 0, start.length).equals(ByteBuffer.wrap(start));
  }

  /**
   * Reads characters, and rejects bytes that the encoding does not have.
   *
   * @throws UserError if bytes are no text in the encoding
   */
  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    if (!chars.hasRemaining() && !decode()) {
      return -1;
    }
    int count = Math.min(length, chars.remaining());
    chars.get(target, offset, count);
    return count;
  }

  private boolean decode() throws IOException {
    while (true) {
      chars.clear();
      CoderResult result = decoder.decode(bytes, chars, ended);
      chars.flip();
      if (chars.hasRemaining()) { // what stands before an error; the error comes again
        chars.chars().forEach(this::see);
        return true;
      }
      if (result.isError()) {
        throw problem("the bytes here are not %s".formatted(decoder.charset()));
      }
      if (ended) {
        return false;
      }
      bytes.compact();
      int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
      ended = count < 0;
      bytes.position(bytes.position() + Math.max(0, count)).flip();
    }
  }

  private void see(int character) {
    if (character == 0) {
      throw problem("a NUL character stands here, as where a file is UTF-16 or no text");
    }
    if (character == '\r' || character == '\n' && last != '\r') {
      line++;
    }
    last = (char) character;
  }

  private UserError problem(String what) {
    String other =
        decoder.charset().equals(StandardCharsets.UTF_8)
            ? "windows-1252, ISO-8859-1 or UTF-16LE"
            : "UTF-8, windows-1252 or UTF-16LE";
    return new UserError(
        "%s, line %s: %s; --encoding says which encoding the file has, such as %s"
            .formatted(file, line, what, other));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
