/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import org.apache.spark.sql.SparkSession;

/** Spark in this process, on two threads; one for all tests. */
final class LocalSpark {
  private LocalSpark() {}

  static SparkSession session() {
    return SparkSession.builder().master("local[2]").appName("mdn4j").getOrCreate();
  }
}
