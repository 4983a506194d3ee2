/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.mdn4j.Arguments;
import org.mdn4j.Internal;

/**
 * The examples use the library as any user does, but for its checks of arguments and its readers of
 * files from strangers, which are not written twice.
 */
@AnalyzeClasses(packages = "org.mdn4j", importOptions = ImportOption.DoNotIncludeTests.class)
class InternalTypesTest {
  private static final DescribedPredicate<JavaClass> INTERNAL =
      describe("internal", InternalTypesTest::isInternal);

  private static boolean isInternal(JavaClass type) {
    return type.isAnnotatedWith(Internal.class)
        || type.getPackage().isAnnotatedWith(Internal.class)
        || type.getEnclosingClass().filter(InternalTypesTest::isInternal).isPresent();
  }

  @ArchTest
  static final ArchRule EXAMPLES_USE_NO_INTERNAL_TYPES =
      noClasses()
          .that()
          .resideInAPackage("org.mdn4j.examples..")
          .should()
          .dependOnClassesThat(
              INTERNAL
                  .and(not(resideInAPackage("org.mdn4j.files")))
                  .and(not(type(Arguments.class))));

  /** So that the rule is known to see what is marked: by its package, or itself. */
  @ArchTest
  static final ArchRule MARKS_ARE_SEEN =
      classes()
          .that()
          .resideInAnyPackage("org.mdn4j.rows", "org.mdn4j.distribution.questions")
          .or()
          .haveFullyQualifiedName("org.mdn4j.Limits")
          .should(be(INTERNAL));
}
