/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Adler32;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.common.resources.ResourceType;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.zoo.PretrainedType;
import org.mdn4j.files.NetworkFile;
import org.mdn4j.files.WholeFile;

/**
 * A model's only weights, in a file in this jar. As DL4J's zoo does, it is copied to the cache of
 * pretrained models and read from there; unlike DL4J's zoo, what lies there is read as a stranger's
 * file is.
 *
 * @param file its name, with a version: DL4J caches files by their names
 * @param adler32 its checksum
 */
record BundledWeights(String file, long adler32) {
  private static final int LARGEST = 1 << 24;

  String url(PretrainedType type) {
    URL url = BundledWeights.class.getResource(file);
    return type == PretrainedType.IMAGENET && url != null ? url.toExternalForm() : null;
  }

  long checksum(PretrainedType type) {
    return type == PretrainedType.IMAGENET ? adler32 : 0;
  }

  /**
   * Reads the network.
   *
   * @param modelName the folder in the cache
   * @throws UnsupportedOperationException if there are no weights of this type
   * @throws IllegalStateException if the copy in the cache is another file; it is removed then
   */
  Model network(PretrainedType type, String modelName) throws IOException {
    if (url(type) == null) {
      throw new UnsupportedOperationException(
          "Pretrained %s weights are not available for this model".formatted(type));
    }
    synchronized (BundledWeights.class) { // or one thread removes what another has just replaced
      return cached(modelName);
    }
  }

  private Model cached(String modelName) throws IOException {
    Path cached =
        DL4JResources.getDirectory(ResourceType.ZOO_MODEL, modelName).toPath().resolve(file);
    if (!Files.exists(cached)) {
      Files.createDirectories(cached.getParent());
      try (InputStream in = BundledWeights.class.getResourceAsStream(file)) {
        WholeFile.write(cached, in.readAllBytes());
      }
    }
    Adler32 checksum = new Adler32();
    checksum.update(WholeFile.read(cached, LARGEST));
    if (checksum.getValue() != adler32) {
      Files.deleteIfExists(cached); // another process may have been quicker
      throw new IllegalStateException(
          "%s does not have its checksum, expected %s, got %s: it was removed, try again"
              .formatted(cached, adler32, checksum.getValue()));
    }
    return NetworkFile.read(cached);
  }
}
