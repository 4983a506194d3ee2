/* SPDX-License-Identifier: Apache-2.0 */
/** Networks with ND4J's own mixture density loss, turned into networks with our head. */
package org.mdn4j.migration;
