/* SPDX-License-Identifier: Apache-2.0 */
/** The mixture's negative log-likelihood in the form that DL4J's output layers call. */
package org.mdn4j.loss;
