/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;

/** The directions in which the packages may use each other. */
@AnalyzeClasses(packages = "org.mdn4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_USE_EACH_OTHER_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .ignoreDependency(
              DescribedPredicate.alwaysTrue(), JavaClass.Predicates.type(Internal.class))
          .layer("vocabulary")
          .definedBy("org.mdn4j")
          .layer("files")
          .definedBy("org.mdn4j.files..")
          .layer("rows")
          .definedBy("org.mdn4j.rows..")
          .layer("numerics")
          .definedBy("org.mdn4j.numerics..")
          .layer("fused")
          .definedBy("org.mdn4j.likelihood.fused..")
          .layer("likelihood")
          .definedBy("org.mdn4j.likelihood")
          .layer("loss")
          .definedBy("org.mdn4j.loss..")
          .layer("layers")
          .definedBy("org.mdn4j.layers..")
          .layer("components")
          .definedBy("org.mdn4j.distribution.components..")
          .layer("questions")
          .definedBy("org.mdn4j.distribution.questions..")
          .layer("distribution")
          .definedBy("org.mdn4j.distribution")
          .layer("eval")
          .definedBy("org.mdn4j.eval..")
          .layer("training")
          .definedBy("org.mdn4j.training..")
          .layer("sequence")
          .definedBy("org.mdn4j.sequence..")
          .layer("keras")
          .definedBy("org.mdn4j.keras..")
          .layer("migration")
          .definedBy("org.mdn4j.migration..")
          .layer("zoo")
          .definedBy("org.mdn4j.zoo..")
          .layer("report")
          .definedBy("org.mdn4j.regression.report..")
          .layer("frame")
          .definedBy("org.mdn4j.regression.frame..")
          .layer("columns")
          .definedBy("org.mdn4j.regression.columns..")
          .layer("fitted")
          .definedBy("org.mdn4j.regression.model..")
          .layer("regressor files")
          .definedBy("org.mdn4j.regression.file..")
          .layer("fit")
          .definedBy("org.mdn4j.regression.fit..")
          .layer("regression")
          .definedBy("org.mdn4j.regression")
          .optionalLayer("spark") // compiled by its profile only
          .definedBy("org.mdn4j.spark..")
          .layer("backend")
          .definedBy("org.mdn4j.backend..")
          .whereLayer("backend")
          .mayNotAccessAnyLayer()
          .whereLayer("files")
          .mayNotAccessAnyLayer()
          .whereLayer("vocabulary")
          .mayOnlyAccessLayers("files")
          .whereLayer("numerics")
          .mayNotAccessAnyLayer()
          .whereLayer("rows")
          .mayOnlyAccessLayers("vocabulary")
          .whereLayer("fused")
          .mayOnlyAccessLayers("vocabulary", "numerics", "rows")
          .whereLayer("likelihood")
          .mayOnlyAccessLayers("vocabulary", "numerics", "rows", "fused")
          .whereLayer("loss")
          .mayOnlyAccessLayers("vocabulary", "rows", "likelihood")
          .whereLayer("layers")
          .mayOnlyAccessLayers("vocabulary", "rows", "likelihood", "loss")
          .whereLayer("components")
          .mayOnlyAccessLayers("vocabulary", "numerics")
          .whereLayer("questions")
          .mayOnlyAccessLayers("vocabulary", "numerics", "components")
          .whereLayer("distribution")
          .mayOnlyAccessLayers("vocabulary", "numerics", "rows", "components", "questions")
          .whereLayer("eval")
          .mayOnlyAccessLayers("files", "vocabulary", "rows", "distribution")
          .whereLayer("training")
          .mayOnlyAccessLayers(
              "vocabulary", "rows", "likelihood", "fused", "loss", "layers", "distribution", "eval")
          .whereLayer("sequence")
          .mayOnlyAccessLayers("vocabulary", "rows", "layers", "distribution", "eval")
          .whereLayer("keras")
          .mayOnlyAccessLayers("files", "vocabulary", "layers")
          .whereLayer("migration")
          .mayOnlyAccessLayers("files", "vocabulary", "layers")
          .whereLayer("zoo")
          .mayOnlyAccessLayers("files", "vocabulary", "layers")
          .whereLayer("frame")
          .mayOnlyAccessLayers("vocabulary")
          .whereLayer("report")
          .mayOnlyAccessLayers("frame")
          .whereLayer("columns")
          .mayOnlyAccessLayers("vocabulary", "rows", "frame", "report")
          .whereLayer("fitted")
          .mayOnlyAccessLayers(
              "frame",
              "columns",
              "files",
              "vocabulary",
              "rows",
              "loss",
              "layers",
              "distribution",
              "eval",
              "training",
              "report")
          .whereLayer("regressor files")
          .mayOnlyAccessLayers(
              "files",
              "vocabulary",
              "loss",
              "layers",
              "distribution",
              "eval",
              "report",
              "columns",
              "fitted",
              "training")
          .whereLayer("fit")
          .mayOnlyAccessLayers(
              "frame",
              "columns",
              "distribution",
              "vocabulary",
              "loss",
              "layers",
              "report",
              "fitted",
              "regressor files",
              "training")
          .whereLayer("regression")
          .mayOnlyAccessLayers(
              "vocabulary",
              "backend",
              "distribution",
              "eval",
              "frame",
              "columns",
              "report",
              "fitted",
              "regressor files",
              "fit",
              "training")
          .whereLayer("spark")
          .mayOnlyAccessLayers(
              "vocabulary",
              "backend",
              "rows",
              "distribution",
              "eval",
              "training",
              "report",
              "columns",
              "fitted",
              "regressor files",
              "fit",
              "regression");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("org.mdn4j.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ROOMS_OF_THE_DISTRIBUTION_HAVE_NO_CYCLES =
      slices().matching("org.mdn4j.distribution.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule VOCABULARY_LIKELIHOOD_DISTRIBUTION_AND_EVAL_KNOW_NO_NETWORK =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.mdn4j",
              "org.mdn4j.rows..",
              "org.mdn4j.likelihood..",
              "org.mdn4j.distribution..",
              "org.mdn4j.eval..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.deeplearning4j..");

  /** The backend is the user's choice: what is for one alone must not be needed elsewhere. */
  @ArchTest
  static final ArchRule ONLY_THE_SAFE_CLASSES_KNOW_A_BACKEND =
      noClasses()
          .that()
          .doNotHaveSimpleName("SafeOpExecutioner")
          .and()
          .doNotHaveSimpleName("SafeNDArrayFactory")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j.linalg.cpu..", "org.nd4j.nativeblas..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("org\\.mdn4j\\.backend\\.Safe(OpExecutioner|NDArrayFactory)");

  @ArchTest
  static final ArchRule THE_MACHINERY_OF_TRAINING_KNOWS_NOT_WHAT_RUNS_ON_IT =
      noClasses()
          .that()
          .resideInAPackage("org.mdn4j.training.dense")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.mdn4j.training", "org.mdn4j.eval..", "org.mdn4j.distribution..");

  /** What is marked {@link Internal} may change: no method that a user calls has it. */
  @ArchTest
  static final ArchRule NOTHING_INTERNAL_IS_SHOWN_TO_USERS =
      codeUnits()
          .that()
          .arePublic()
          .and()
          .areDeclaredInClassesThat(
              DescribedPredicate.describe(
                  "are for users", type -> isPublic(type) && !isInternal(type)))
          .should()
          .notHaveRawParameterTypes(
              DescribedPredicate.describe(
                  "that are internal",
                  types -> types.stream().anyMatch(ArchitectureTest::isInternal)))
          .andShould(
              ArchConditions.not(
                  ArchConditions.haveRawReturnType(
                      DescribedPredicate.describe(
                          "that is internal", ArchitectureTest::isInternal))));

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static boolean isInternal(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return element.isAnnotatedWith(Internal.class)
        || element.getPackage().isAnnotatedWith(Internal.class)
        || element.getEnclosingClass().map(ArchitectureTest::isInternal).orElse(false);
  }

  @ArchTest
  static final ArchRule NOBODY_PRINTS =
      noClasses()
          .that()
          .doNotHaveSimpleName("QuietStandardOutput")
          .and()
          .haveNameNotMatching(".*QuietStandardOutput.*")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");
}
