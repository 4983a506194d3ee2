/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.datavec.api.records.writer.RecordWriter;
import org.datavec.api.records.writer.impl.csv.CSVRecordWriter;
import org.datavec.api.split.FileSplit;
import org.datavec.api.split.partition.NumberOfRecordsPartitioner;
import org.datavec.api.writable.DoubleWritable;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.mdn4j.distribution.Mixture;

/**
 * What was predicted for one row of a file, in the target's own units.
 *
 * @param row the line of the file that the row stands on; the header is on line 1
 * @param target what was observed
 * @param logDensity log p(target | features), in nats
 * @param mean predicted mean
 * @param standardDeviation predicted standard deviation
 */
public record Prediction(
    int row, double target, double logDensity, double mean, double standardDeviation) {

  static Prediction of(int row, double target, Mixture mixture) {
    return new Prediction(
        row,
        target,
        mixture.logDensity(target),
        mixture.mean()[0],
        Math.sqrt(mixture.variance()[0]));
  }

  /** Writes predictions as CSV with a header. */
  static void writeCsv(List<Prediction> predictions, Path file) throws IOException {
    try (RecordWriter writer = new CSVRecordWriter()) {
      writer.initialize(
          new FileSplit(file.toAbsolutePath().toFile()), new NumberOfRecordsPartitioner());
      writer.write(
          List.of(
              new Text("row"),
              new Text("target"),
              new Text("log_density"),
              new Text("mean"),
              new Text("standard_deviation")));
      for (Prediction prediction : predictions) {
        writer.write(prediction.cells());
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // what DataVec wraps its own in
      throw new IOException(file + " could not be written: " + e.getMessage(), e);
    }
  }

  private List<Writable> cells() {
    return List.of(
        new IntWritable(row),
        new DoubleWritable(target),
        new DoubleWritable(logDensity),
        new DoubleWritable(mean),
        new DoubleWritable(standardDeviation));
  }
}
