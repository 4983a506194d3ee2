/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A mark of a type, or of all types of a package, that is public only because another package of
 * this library needs it. It may change or go in any release.
 */
@Internal
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.PACKAGE})
public @interface Internal {}
