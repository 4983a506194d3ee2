/* SPDX-License-Identifier: Apache-2.0 */
/** A page for the browser that shows what a model has learned, and lets its reader explore it. */
package org.mdn4j.examples.page;
