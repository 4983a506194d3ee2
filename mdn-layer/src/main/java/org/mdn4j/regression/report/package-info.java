/* SPDX-License-Identifier: Apache-2.0 */
/** What a regressor's fit tells: its progress, and a report at its end. */
package org.mdn4j.regression.report;
