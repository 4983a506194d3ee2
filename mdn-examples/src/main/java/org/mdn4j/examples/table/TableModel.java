/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.mdn4j.files.SafeZip;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.frame.UnseenCategory;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A regressor that knows how the file of its table was written: the regressor's own file with one
 * entry more.
 *
 * @param regressor fitted
 * @param dialect of the training file
 * @param old the columns of a model that a version before frames wrote; else null
 */
record TableModel(MixtureRegressor regressor, CsvDialect dialect, OneHotColumns old) {
  private static final String TABLE = "table.json";
  private static final String OLD_COLUMNS = "columns.json";
  private static final int LONGEST = 1 << 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The entry. */
  private record Written(@JsonProperty("dialect") CsvDialect dialect) {}

  /**
   * What a model says of a table's rows.
   *
   * @param mixtures of each row
   * @param unseen cells with a category that training never saw
   * @param frame the rows' inputs; null of an older model
   */
  record Answers(IntFunction<Mixture> mixtures, List<UnseenCategory> unseen, Frame frame) {}

  /** Creates the model of a regressor that was fitted to a frame. */
  TableModel(MixtureRegressor regressor, CsvDialect dialect) {
    this(regressor, dialect, null);
  }

  /** Returns the columns that it takes and gives. */
  TableColumns columns() {
    return old == null ? TableColumns.of(regressor) : old.columns();
  }

  /**
   * Predicts the rows of a table.
   *
   * @throws UserError if a column is not there, or a cell is not of its column's kind
   */
  Answers predict(CsvTable table) {
    if (old != null) {
      return old.predict(regressor, table);
    }
    Frame frame = columns().frame(table);
    MixtureBatch predicted = regressor.predict(frame);
    return new Answers(predicted::get, regressor.unseen(frame), frame);
  }

  void save(Path file) throws IOException {
    WholeFile.write(
        file,
        draft -> {
          regressor.save(draft);
          WholeFile.write(draft, whole -> writeWithDialect(draft, whole));
        });
  }

  /** Writes the same entries, stored or compressed as they are, and one more. */
  private void writeWithDialect(Path model, Path whole) throws IOException {
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
      to.putNextEntry(new ZipEntry(TABLE));
      to.write(JSON.writeValueAsBytes(new Written(dialect)));
      to.finish();
      to.flush();
      out.getFD().sync();
    }
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
    try (SafeZip zip = new SafeZip(file)) {
      if (zip.has(OLD_COLUMNS)) {
        OneHotColumns old = read(zip, file, OLD_COLUMNS, OneHotColumns.class);
        requireFits(file, regressor, old);
        return new TableModel(regressor, old.dialect(), old);
      }
      Program.require(
          regressor.hasColumns(),
          "%s does not know the columns of a table: save one by \"table\"",
          file);
      Written written = zip.has(TABLE) ? read(zip, file, TABLE, Written.class) : null;
      return new TableModel(
          regressor,
          written == null || written.dialect() == null ? CsvDialect.DEFAULT : written.dialect());
    }
  }

  private static <T> T read(SafeZip zip, Path file, String entry, Class<T> type)
      throws IOException {
    try {
      return SafeJson.read(zip.text(entry, LONGEST), SafeJson.Limits.DESCRIPTION, type);
    } catch (MalformedFileException e) {
      throw new IOException("%s: %s: %s".formatted(file, entry, e.getMessage()), e);
    }
  }

  private static void requireFits(Path file, MixtureRegressor regressor, OneHotColumns old)
      throws IOException {
    if (regressor.hasColumns()
        || old.width() != regressor.features()
        || old.targets().size() != regressor.targets()) {
      throw new IOException(
          "%s: %s: expected columns of %s features and %s targets, got %s and %s"
              .formatted(
                  file,
                  OLD_COLUMNS,
                  regressor.features(),
                  regressor.targets(),
                  old.width(),
                  old.targets().size()));
    }
  }
}
