/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * A model in a folder of any of Hadoop's file systems: Spark's metadata with the parameters, and
 * beside it the file that {@code MixtureRegressor.load} reads as well.
 */
final class ModelStorage {
  private static final String FILE = "regressor.zip";

  private ModelStorage() {}

  static final class Writer extends MLWriter {
    private final MixtureRegressionModel model;

    Writer(MixtureRegressionModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
      Path file = new Path(path, FILE);
      try (FSDataOutputStream out =
          file.getFileSystem(sc().hadoopConfiguration()).create(file, true)) {
        out.write(model.bytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final class Reader extends MLReader<MixtureRegressionModel> {
    @Override
    public MixtureRegressionModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, sc(), MixtureRegressionModel.class.getName());
      Path file = new Path(path, FILE);
      Configuration configuration = sc().hadoopConfiguration();
      byte[] bytes;
      try (FSDataInputStream in = file.getFileSystem(configuration).open(file)) {
        bytes = in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ModelBytes.read(bytes); // a damaged one is refused here, not by a task
      MixtureRegressionModel model = new MixtureRegressionModel(metadata.uid(), bytes);
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }
  }
}
