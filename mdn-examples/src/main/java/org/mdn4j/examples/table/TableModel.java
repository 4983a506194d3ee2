/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.table.UnseenCategories.Guess;
import org.mdn4j.regression.MixtureRegressor;
import org.nd4j.shade.jackson.core.JsonProcessingException;
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
          URI zip = URI.create("jar:" + draft.toUri());
          try (FileSystem entries = FileSystems.newFileSystem(zip, Map.of())) {
            Files.writeString(entries.getPath(COLUMNS), JSON.writeValueAsString(encoding));
          }
        });
  }

  /**
   * Predicts a row of which guesses are known alone.
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
   * @throws IOException if it holds no regressor
   */
  static TableModel load(Path file) throws IOException {
    Program.require(Files.exists(file), "There is no file %s", file);
    MixtureRegressor regressor = MixtureRegressor.load(file);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry entry = zip.getEntry(COLUMNS);
      Program.require(
          entry != null, "%s does not know the columns of a table: save one by \"table\"", file);
      byte[] json = zip.getInputStream(entry).readNBytes(LONGEST);
      return new TableModel(regressor, JSON.readValue(json, TableEncoding.class));
    } catch (JsonProcessingException e) {
      throw new IOException("%s: %s: %s".formatted(file, COLUMNS, e.getOriginalMessage()), e);
    }
  }
}
