/* SPDX-License-Identifier: Apache-2.0 */
/** Output layers for DL4J networks that put out, and learn, a mixture. */
package org.mdn4j.layers;
