/* SPDX-License-Identifier: Apache-2.0 */
/** A regressor's fit: trials of noise, the members' training, progress. */
@Internal
package org.mdn4j.regression.fit;

import org.mdn4j.Internal;
