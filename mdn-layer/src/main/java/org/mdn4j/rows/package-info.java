/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Arrays of ND4J as rows: layouts of sequences and images, label masks, memory in bulk, and passes
 * over many rows by several threads.
 */
@Internal
package org.mdn4j.rows;

import org.mdn4j.Internal;
