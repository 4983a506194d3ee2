/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Files of unknown origin, read within bounds, and files that are written as a whole or not at all.
 * All reading of files in this library goes through this package: zips by {@link
 * org.mdn4j.files.SafeZip}, texts by {@link org.mdn4j.files.SafeJson}, DL4J's configurations by
 * {@link org.mdn4j.files.NetworkJson}, its saved networks by {@link org.mdn4j.files.NetworkFile}.
 */
@Internal
package org.mdn4j.files;

import org.mdn4j.Internal;
