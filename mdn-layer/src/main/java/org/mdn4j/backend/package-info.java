/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Keeps the memory of ND4J's arrays alive while native code works on it. {@link
 * org.mdn4j.backend.SafeBackend} is for any backend; what it puts in place is for ND4J's on the CPU
 * only, and loaded nowhere else.
 */
package org.mdn4j.backend;
