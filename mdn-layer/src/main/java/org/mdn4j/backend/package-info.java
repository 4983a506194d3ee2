/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Replacements of parts of ND4J that keep the memory of its arrays alive while native code works on
 * it. {@link org.mdn4j.backend.SafeBackend} is for any backend; what it puts in place is for ND4J's
 * on the CPU only, and loaded nowhere else.
 */
package org.mdn4j.backend;
