/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.nio.file.*;
import java.util.*;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.*;

class KerasCasesTest {
  @Test
  void scratch() throws Exception {
    Path folder = Path.of("/work/shared/cases/keras");
    JsonNode all = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
    for (Iterator<String> it = all.fieldNames(); it.hasNext(); ) {
      String n = it.next();
      for (String e : List.of(".keras", ".h5")) {
        try {
          JsonNode c = all.get(n);
          INDArray[] in = new INDArray[c.get("in").size()];
          for (int i = 0; i < in.length; i++) in[i] = arr(c.get("in").get(i));
          INDArray out =
              c.get("seq").asBoolean()
                  ? KerasMixtureImport.importSequential(folder.resolve(n + e)).output(in[0])
                  : KerasMixtureImport.importGraph(folder.resolve(n + e)).outputSingle(in);
          INDArray k = arr(c.get("out"));
          out = out.reshape(-1, out.size(out.rank() - 1)).castTo(DataType.DOUBLE);
          k = k.dup('c').reshape(-1, k.size(k.rank() - 1)).castTo(DataType.DOUBLE);
          int K = 3, D = n.equals("f_split") ? 1 : 2;
          double worst = 0;
          for (int r = 0; r < k.rows(); r++) {
            double[] o = out.getRow(r).toDoubleVector(), q = k.getRow(r).toDoubleVector();
            double s = 0;
            for (int i = 0; i < K; i++) s += Math.exp(o[i]);
            for (int i = 0; i < K * D; i++) {
              double mu = o[K + i], sp = o[K + K * D + i];
              double sg = D == 1 ? Math.exp(sp) : (sp > 0 ? sp + 1 : Math.exp(sp)) + 1e-7;
              worst = Math.max(worst, Math.abs(mu - (D == 1 ? q[K + i] : q[i])));
              worst = Math.max(worst, Math.abs(sg - (D == 1 ? q[2 * K + i] : q[K * D + i])));
            }
            for (int i = 0; i < K; i++)
              worst =
                  Math.max(
                      worst,
                      D == 1
                          ? Math.abs(Math.exp(o[i]) / s - q[i])
                          : Math.abs(o[i] - q[2 * K * D + i]));
          }
          System.out.println(
              "CASE " + n + e + " " + Arrays.toString(out.shape()) + " worst " + worst);
        } catch (Throwable t) {
          System.out.println("CASE " + n + e + " " + t);
          if (!(t instanceof IllegalArgumentException)) t.printStackTrace(System.out);
        }
      }
    }
  }

  static INDArray arr(JsonNode n) {
    ObjectMapper m = new ObjectMapper();
    if (n.get(0).isArray() && n.get(0).get(0).isArray() && n.get(0).get(0).get(0).isArray())
      return Nd4j.createFromArray(m.convertValue(n, float[][][][].class));
    return n.get(0).get(0).isArray()
        ? Nd4j.createFromArray(m.convertValue(n, float[][][].class))
        : Nd4j.createFromArray(m.convertValue(n, float[][].class));
  }
}
