/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The machinery of {@link org.mdn4j.training.FusedTraining}: reads DL4J's dense networks and takes
 * their steps without an operation of ND4J.
 */
package org.mdn4j.training.dense;
