/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Replacements of parts of ND4J that keep the memory of its arrays alive while native code works on
 * it. {@link org.mdn4j.backend.SafeBackend} may be called on any backend; the replacements are for
 * ND4J's backend on the CPU, and are loaded on that one only.
 */
package org.mdn4j.backend;
