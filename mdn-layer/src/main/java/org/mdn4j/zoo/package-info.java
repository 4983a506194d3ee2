/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Mixture density networks in the manner of DL4J's model zoo. Their pretrained weights lie in this
 * jar: {@code initPretrained()} needs no network connection, and checks them.
 *
 * <p>Needs the library {@code org.deeplearning4j:deeplearning4j-zoo}, an optional dependency.
 */
package org.mdn4j.zoo;
