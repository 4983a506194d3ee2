/* SPDX-License-Identifier: Apache-2.0 */
/** Functions of numbers that several rooms need and no library has. */
package org.mdn4j.numerics;
