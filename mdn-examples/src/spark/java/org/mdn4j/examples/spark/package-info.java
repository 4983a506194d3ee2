/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The inverted sine on Apache Spark. Only the Maven profile {@code spark} compiles this package and
 * fetches its libraries.
 */
package org.mdn4j.examples.spark;
