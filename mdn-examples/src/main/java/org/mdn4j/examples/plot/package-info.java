/* SPDX-License-Identifier: Apache-2.0 */
/** The examples' pictures, drawn with XChart. */
package org.mdn4j.examples.plot;
