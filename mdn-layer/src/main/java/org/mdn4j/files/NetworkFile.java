/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.indexer.HalfIndexer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reader of files that DL4J's {@link ModelSerializer} wrote: configuration and parameters, not the
 * updater's state. {@code ModelSerializer} itself hands bytes of the file to Java's
 * deserialisation, and array lengths to native memory; here nothing of the one is read, and of the
 * other nothing is used before it was compared.
 */
public final class NetworkFile {
  private static final int LONGEST_TEXT = 1 << 24;
  private static final int LONGEST_ARRAY = 1 << 30;
  private static final int LONGEST_SHAPE = 2 * 32 + 4; // ND4J's highest rank
  private static final int HIGHEST_RANK = 2; // parameters are a row
  private static final List<DataType> TYPES =
      List.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16); // those of DL4J's networks

  private NetworkFile() {}

  /**
   * Reads a network.
   *
   * @param file what {@link ModelSerializer} wrote
   * @return a {@link MultiLayerNetwork} or a {@link ComputationGraph}
   * @throws MalformedFileException if it is not such a file, or names classes that are not DL4J's,
   *     ND4J's or this library's
   * @throws IOException if there is no such file
   */
  public static Model read(Path file) throws IOException {
    try (SafeZip zip = new SafeZip(file)) {
      String json = zip.text(ModelSerializer.CONFIGURATION_JSON, LONGEST_TEXT);
      INDArray parameters = parameters(zip.bytes(ModelSerializer.COEFFICIENTS_BIN, LONGEST_ARRAY));
      try {
        return json.contains("\"vertexInputs\"")
            ? graph(json, parameters)
            : layers(json, parameters);
      } catch (RuntimeException e) { // of many kinds: nothing is known of the layers
        throw new MalformedFileException(
            "%s makes no network (%s)"
                .formatted(ModelSerializer.CONFIGURATION_JSON, MalformedFileException.firstLine(e)),
            e);
      }
    }
  }

  private static Model layers(String json, INDArray parameters) throws MalformedFileException {
    MultiLayerConfiguration configuration = NetworkJson.layers(json);
    requireAll(NetworkJson.parameters(configuration, parameters.length()), parameters);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init(parameters.castTo(configuration.getDataType()), false);
    return network;
  }

  private static Model graph(String json, INDArray parameters) throws MalformedFileException {
    ComputationGraphConfiguration configuration = NetworkJson.graph(json);
    requireAll(NetworkJson.parameters(configuration, parameters.length()), parameters);
    ComputationGraph network = new ComputationGraph(configuration);
    network.init(parameters.castTo(configuration.getDataType()), false);
    return network;
  }

  private static void requireAll(long needed, INDArray parameters) throws MalformedFileException {
    if (needed != parameters.length()) {
      throw new MalformedFileException(
          "%s should hold %s numbers, got %s"
              .formatted(ModelSerializer.COEFFICIENTS_BIN, needed, parameters.length()));
    }
  }

  /**
   * Reads a row of finite numbers as {@code Nd4j.write} writes it: its shape's buffer, then its
   * own.
   */
  private static INDArray parameters(byte[] bytes) throws MalformedFileException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Header shape = Header.read(in);
      long[] shapeInfo = new long[(int) Math.min(shape.length(), LONGEST_SHAPE)];
      for (int i = 0; i < shapeInfo.length; i++) {
        shapeInfo[i] = shape.type() == DataType.INT32 ? in.readInt() : in.readLong();
      }
      Header data = Header.read(in);
      int width = data.type().width();
      boolean fits =
          TYPES.contains(data.type())
              && data.length() * (double) width == in.available()
              && isRow(shapeInfo, data.length());
      if (!fits) {
        throw new MalformedFileException(
            "%s should hold a row of numbers, got %s of type %s, the shape %s and %s bytes"
                .formatted(
                    ModelSerializer.COEFFICIENTS_BIN,
                    data.length(),
                    data.type(),
                    Arrays.toString(Arrays.copyOf(shapeInfo, Math.min(shapeInfo.length, 4))),
                    in.available()));
      }
      return row(data.type(), ByteBuffer.wrap(in.readAllBytes()), (int) data.length());
    } catch (MalformedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new MalformedFileException(
          "%s holds no array (%s)"
              .formatted(ModelSerializer.COEFFICIENTS_BIN, MalformedFileException.firstLine(e)),
          e);
    }
  }

  /**
   * Returns whether a shape buffer is that of a row: it holds the rank, then as many sides; strides
   * and more behind them.
   */
  private static boolean isRow(long[] shapeInfo, long length) {
    if (shapeInfo.length == 0 || shapeInfo[0] < 1 || shapeInfo[0] > HIGHEST_RANK) {
      return false;
    }
    int rank = (int) shapeInfo[0];
    return shapeInfo.length > rank && shapeInfo[rank] == length && (rank == 1 || shapeInfo[1] == 1);
  }

  private static INDArray row(DataType type, ByteBuffer bytes, int length)
      throws MalformedFileException {
    double[] numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = number(type, bytes);
      if (!Double.isFinite(numbers[i])) {
        throw new MalformedFileException(
            "%s holds %s".formatted(ModelSerializer.COEFFICIENTS_BIN, numbers[i]));
      }
    }
    return Nd4j.createFromArray(numbers).reshape(1, length);
  }

  private static double number(DataType type, ByteBuffer bytes) {
    if (type == DataType.DOUBLE) {
      return bytes.getDouble();
    }
    if (type == DataType.FLOAT) {
      return bytes.getFloat();
    }
    return HalfIndexer.toFloat(bytes.getShort());
  }

  /** What stands before a buffer's numbers. */
  private record Header(long length, DataType type) {
    static Header read(DataInputStream in) throws IOException {
      DataBuffer.AllocationMode mode = DataBuffer.AllocationMode.valueOf(in.readUTF());
      // The first three modes are older, and count with 32 bits.
      long length = mode.ordinal() < 3 ? in.readInt() : in.readLong();
      if (length < 0) {
        throw new MalformedFileException(
            "%s holds an array of length %s".formatted(ModelSerializer.COEFFICIENTS_BIN, length));
      }
      return new Header(length, DataType.valueOf(in.readUTF()));
    }
  }
}
