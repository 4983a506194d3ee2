/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Networks that Keras saved with a mixture density layer, as DL4J networks with our head.
 *
 * <p>Needs the library {@code io.jhdf:jhdf}, an optional dependency.
 */
package org.mdn4j.keras;
