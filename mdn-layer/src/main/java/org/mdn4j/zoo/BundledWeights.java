/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.net.URL;
import org.deeplearning4j.zoo.PretrainedType;

/**
 * A model's only weights, in a file in this jar.
 *
 * @param file its name, with a version: DL4J caches files by their names
 * @param adler32 its checksum
 */
record BundledWeights(String file, long adler32) {
  String url(PretrainedType type) {
    URL url = BundledWeights.class.getResource(file);
    return type == PretrainedType.IMAGENET && url != null ? url.toExternalForm() : null;
  }

  long checksum(PretrainedType type) {
    return type == PretrainedType.IMAGENET ? adler32 : 0;
  }
}
