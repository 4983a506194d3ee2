/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The algorithms that answer questions about mixtures by asking the components: searches,
 * quadrature, scores. {@link org.mdn4j.distribution.questions.Answers} chooses by family.
 */
@Internal
package org.mdn4j.distribution.questions;

import org.mdn4j.Internal;
