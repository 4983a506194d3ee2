/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonGenerator;
import org.nd4j.shade.jackson.databind.JsonSerializer;
import org.nd4j.shade.jackson.databind.SerializerProvider;

/** Writes numbers without a fraction as the counts that they are, and that older versions read. */
final class WholeNumbers extends JsonSerializer<double[]> {
  @Override
  public void serialize(double[] values, JsonGenerator to, SerializerProvider provider)
      throws IOException {
    to.writeStartArray();
    for (double value : values) {
      if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
        to.writeNumber((long) value);
      } else {
        to.writeNumber(value);
      }
    }
    to.writeEndArray();
  }
}
