/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.table.UnseenCategories.Guess;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.mdn4j.files.SafeZip;
import org.mdn4j.regression.MixtureRegressor;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A regressor that knows the columns of its table: the regressor's own file with one entry more.
 *
 * @param regressor fitted
 * @param encoding the columns
 */
record TableModel(MixtureRegressor regressor, TableEncoding encoding) {
  private static final String COLUMNS = "columns.json";
  private static final int LONGEST = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  void save(Path file) throws IOException {
    WholeFile.write(
        file,
        draft -> {
          regressor.save(draft);
          WholeFile.write(draft, whole -> writeWithColumns(draft, whole));
        });
  }

  /** Writes the same entries, stored or compressed as they are, and one more. */
  private void writeWithColumns(Path model, Path whole) throws IOException {
    try (ZipFile from = new ZipFile(model.toFile());
        FileOutputStream out = new FileOutputStream(whole.toFile());
        ZipOutputStream to = new ZipOutputStream(new BufferedOutputStream(out))) {
      for (ZipEntry entry : Collections.list(from.entries())) {
        ZipEntry copy = new ZipEntry(entry);
        if (entry.getMethod() == ZipEntry.DEFLATED) {
          copy.setCompressedSize(-1); // it is compressed anew
        }
        to.putNextEntry(copy);
        from.getInputStream(entry).transferTo(to);
      }
      to.putNextEntry(new ZipEntry(COLUMNS));
      to.write(JSON.writeValueAsBytes(encoding));
      to.finish();
      to.flush();
      out.getFD().sync();
    }
  }

  /**
   * Predicts a row of which only guesses are known.
   *
   * @param guesses at its features
   * @return the mixture of what each guess predicts
   */
  Mixture predict(List<Guess> guesses) {
    MixtureBatch predicted =
        regressor.predict(guesses.stream().map(Guess::features).toArray(double[][]::new));
    List<Mixture> mixtures = IntStream.range(0, guesses.size()).mapToObj(predicted::get).toList();
    double[] weights = // [guesses · K], as the arrays below
        IntStream.range(0, guesses.size())
            .boxed()
            .flatMapToDouble(
                n ->
                    Arrays.stream(mixtures.get(n).weights())
                        .map(weight -> weight * guesses.get(n).weight()))
            .toArray();
    return Mixture.gaussian(
        weights,
        mixtures.stream().flatMap(one -> Arrays.stream(one.means())).toArray(double[][]::new),
        mixtures.stream()
            .flatMap(one -> Arrays.stream(one.covariances()))
            .toArray(double[][][]::new));
  }

  /**
   * Reads a model.
   *
   * @throws UserError if the file holds a regressor without columns
   * @throws IOException if it holds no regressor, or columns of another table
   */
  static TableModel load(Path file) throws IOException {
    Program.require(Files.exists(file), "There is no file %s", file);
    MixtureRegressor regressor = MixtureRegressor.load(file);
    TableEncoding encoding;
    try (SafeZip zip = new SafeZip(file)) {
      Program.require(
          zip.has(COLUMNS), "%s does not know the columns of a table: save one by \"table\"", file);
      encoding =
          SafeJson.read(
              zip.text(COLUMNS, LONGEST), SafeJson.Limits.DESCRIPTION, TableEncoding.class);
    } catch (MalformedFileException e) {
      throw new IOException("%s: %s: %s".formatted(file, COLUMNS, e.getMessage()), e);
    }
    if (encoding.width() != regressor.features()
        || encoding.targets().size() != regressor.targets()) {
      throw new IOException(
          "%s: %s: expected columns of %d features and %d targets, got %d and %d"
              .formatted(
                  file,
                  COLUMNS,
                  regressor.features(),
                  regressor.targets(),
                  encoding.width(),
                  encoding.targets().size()));
    }
    return new TableModel(regressor, encoding);
  }
}
