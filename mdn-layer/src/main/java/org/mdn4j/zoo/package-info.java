/* SPDX-License-Identifier: Apache-2.0 */
/** Mixture density networks in the manner of DL4J's model zoo. */
package org.mdn4j.zoo;
