/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.mdn4j.examples.kit.WholeFile;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * The results of the inverted sine's run on Spark. NLLs are means in nats, original units.
 *
 * @param sparkNll test NLL of the network that Spark trained, merged from all partitions
 * @param sparkNllOfDriver the same network on the same points in the driver alone
 * @param localNll test NLL of the network that was trained in the driver alone
 * @param floorNll what no model can beat
 * @param testRows test points in the merged evaluation
 * @param partitions of the data
 * @param executors processes that the partitions were on
 * @param master where Spark ran
 * @param sparkSeconds time that training on Spark took
 * @param localSeconds time that training in the driver took
 */
public record SparkInvertedSineReport(
    double sparkNll,
    double sparkNllOfDriver,
    double localNll,
    double floorNll,
    long testRows,
    int partitions,
    int executors,
    String master,
    double sparkSeconds,
    double localSeconds) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    WholeFile.write(file, draft -> JSON.writeValue(draft.toFile(), this));
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL, %d points, nats:
          Spark, %s    %.3f   (trained in %.0f s; %d partitions on %d executors)
          one process    %.3f   (trained in %.0f s)
          floor    %.3f""",
        testRows,
        master,
        sparkNll,
        sparkSeconds,
        partitions,
        executors,
        localNll,
        localSeconds,
        floorNll);
  }
}
