/* SPDX-License-Identifier: Apache-2.0 */
/** Models and checkpoints of a regressor as files. */
@Internal
package org.mdn4j.regression.file;

import org.mdn4j.Internal;
