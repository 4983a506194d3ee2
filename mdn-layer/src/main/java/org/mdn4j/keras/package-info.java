/* SPDX-License-Identifier: Apache-2.0 */
/** Networks that Keras saved with a mixture density layer, as DL4J networks with our head. */
package org.mdn4j.keras;
