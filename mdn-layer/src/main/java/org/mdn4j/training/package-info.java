/* SPDX-License-Identifier: Apache-2.0 */
/** What looks at a network while it trains: start from data, early stopping, signs of collapse. */
package org.mdn4j.training;
