/* SPDX-License-Identifier: Apache-2.0 */
/** Tables with named columns of several types, and what each column is for. */
package org.mdn4j.regression.frame;
