/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Mixture regression on Apache Spark: an estimator of Spark ML whose members train as tasks, and a
 * model that predicts distributions over DataFrames. In a jar of its own, with the classifier
 * {@code spark}; for Spark 3.5 with Scala 2.12, which a cluster brings.
 */
package org.mdn4j.spark;
