/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.HashMap;
import java.util.Map;

/** An array of a file, in C order. */
record PlainArray(int[] shape, double[] values) {

  /** All arrays of floating-point numbers in an HDF5 file, by their paths. */
  static Map<String, PlainArray> ofFile(byte[] bytes) {
    Map<String, PlainArray> arrays = new HashMap<>();
    try (HdfFile file = HdfFile.fromBytes(bytes)) {
      collect(file, "", arrays);
    }
    return arrays;
  }

  private static void collect(Group group, String path, Map<String, PlainArray> arrays) {
    for (Node node : group.getChildren().values()) {
      if (node instanceof Group inner) {
        collect(inner, path + inner.getName() + "/", arrays);
      } else if (node instanceof Dataset dataset && dataset.getJavaType() == float.class) {
        float[] floats = (float[]) dataset.getDataFlat();
        double[] values = new double[floats.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = floats[i];
        }
        arrays.put(path + node.getName(), new PlainArray(dataset.getDimensions(), values));
      }
    }
  }

  /** [i, j] of a matrix. */
  double at(int i, int j) {
    return values[i * shape[1] + j];
  }

  /** [i, j, k] of an array of three dimensions. */
  double at(int i, int j, int k) {
    return values[(i * shape[1] + j) * shape[2] + k];
  }
}
