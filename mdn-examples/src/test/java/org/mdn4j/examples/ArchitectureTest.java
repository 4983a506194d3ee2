/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Each story stands alone; what they share knows none of them. */
@AnalyzeClasses(
    packages = "org.mdn4j.examples",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ROOMS_USE_EACH_OTHER_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("main")
          .definedBy("org.mdn4j.examples")
          .layer("stories")
          .definedBy(
              "..examples.arm..",
              "..examples.demand..",
              "..examples.notebook..",
              "..examples.pixels..",
              "..examples.rain..",
              "..examples.study..",
              "..examples.survival..",
              "..examples.table..",
              "..examples.wind..")
          .layer("sine")
          .definedBy("..examples.sine..")
          .layer("writing")
          .definedBy("..examples.writing..")
          .layer("weights")
          .definedBy("..examples.weights..")
          .layer("kit")
          .definedBy("..examples.kit..")
          .layer("page")
          .definedBy("..examples.page..")
          .layer("plot")
          .definedBy("..examples.plot..")
          .whereLayer("main")
          .mayOnlyAccessLayers("stories", "sine", "writing", "weights", "kit")
          .whereLayer("stories")
          .mayOnlyAccessLayers("kit", "page", "plot")
          .whereLayer("sine")
          .mayOnlyAccessLayers("kit", "page", "plot")
          .whereLayer("writing")
          .mayOnlyAccessLayers("kit", "plot")
          .whereLayer("weights")
          .mayOnlyAccessLayers("sine", "writing", "kit")
          .whereLayer("kit")
          .mayNotAccessAnyLayer()
          .whereLayer("page")
          .mayOnlyAccessLayers("kit", "plot")
          .whereLayer("plot")
          .mayOnlyAccessLayers("kit");

  @ArchTest
  static final ArchRule STORIES_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching(
              "org.mdn4j.examples.(arm|demand|notebook|pixels|rain|study|survival|table|wind)..")
          .should()
          .notDependOnEachOther();
}
