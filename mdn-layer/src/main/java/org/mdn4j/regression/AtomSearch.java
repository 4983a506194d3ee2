/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

/** Whether a fit looks for values that the target has with a probability of their own. */
public enum AtomSearch {
  /** As {@link MixtureRegressorBuilder#atoms(AtomSearch)} says. */
  AUTO,
  /** The target is taken to have a density everywhere. */
  NONE
}
