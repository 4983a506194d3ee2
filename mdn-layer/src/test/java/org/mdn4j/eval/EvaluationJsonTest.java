/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.files.Promptly;
import org.mdn4j.files.Traps;
import org.nd4j.linalg.factory.Nd4j;

/** Texts that are no evaluations. */
class EvaluationJsonTest {
  private static final String CLASS = "\"@class\" : \"org.mdn4j.eval.MixtureEvaluation\"";
  private static final String JSON = evaluation().toJson();

  private static MixtureEvaluation evaluation() {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).build();
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    Nd4j.getRandom().setSeed(1);
    evaluation.eval(Nd4j.randn(5, 2), Nd4j.randn(5, spec.parameterCount()));
    return evaluation;
  }

  private static String refused(String json) {
    assertNotEquals(JSON, json);
    String message =
        Promptly.run(
            () ->
                assertThrows(IllegalArgumentException.class, () -> MixtureEvaluation.fromJson(json))
                    .getMessage());
    assertTrue(message.startsWith("Expected a MixtureEvaluation as JSON, got another"), message);
    assertEquals(1, message.lines().count(), message);
    assertNull(Traps.sprung());
    return message;
  }

  @Test
  void itselfIsRead() {
    assertEquals(evaluation(), MixtureEvaluation.fromJson(JSON));
    assertTrue(JSON.contains(CLASS), JSON);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void classesOfOthersAreNotMade(int trap) {
    String name = Traps.names().get(trap);
    assertTrue(
        refused(JSON.replace("org.mdn4j.eval.MixtureEvaluation", name))
            .contains("it names the class " + name));
    refused("[\"%s\", {}]".formatted(name));
    refused("[\"org.mdn4j.eval.MixtureEvaluation<%s>\", {}]".formatted(name));
    refused(
        JSON.replace("\"options\" : {", "\"options\" : [\"%s\", {}], \"x\": {".formatted(name)));
  }

  /** ND4J would replace names in the text and read another class. */
  @Test
  void evaluationsOfNd4jAreRefused() {
    refused("{\"@class\": \"org.deeplearning4j.eval.Evaluation\"}");
    refused("{\"@class\": \"org.nd4j.evaluation.classification.ROC\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"options\" : {|\"options\" : null, \"x\" : {|are missing",
        "\"nll\" : {|\"nll\" : null, \"x\" : {|are missing",
        "\"targets\" : [|\"targets\" : [ null,|targets",
        "\"levels\" : [|\"levels\" : null, \"x\" : [|got null",
        "\"responsibilities\" : [|\"responsibilities\" : [ 1,|counts of 2 components",
        "\"mostResponsible\" : [|\"mostResponsible\" : [ 1,|counts of 2 components",
        "\"inRegion\" : [|\"inRegion\" : null, \"x\" : [|counts of 2 components",
        "\"components\" : 2|\"components\" : 2000000000|",
        "\"components\" : 2|\"components\" : 3|counts of 3 components",
        "\"samples\" : 199|\"samples\" : 0|at least 1 sample",
        "\"pitValues\" : [|\"pitValues\" : [ 0.5,|scores of target 0 do not fit",
        "\"count\" : 5|\"count\" : 6|",
        "\"count\" : 5|\"count\" : -5|",
        "\"unit\" : |\"unit\" : null, \"x\" : |scores of target 0 do not fit",
      })
  void partsThatAreMissingOrOthers(String from, String to, String expected) {
    String message = refused(JSON.replace(from, to));
    assertTrue(expected == null || message.contains(expected), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{}", "[]", "1", "x", "{\"@class\": null}", "{\"@class\": 1}"})
  void otherTexts(String json) {
    refused(json);
  }

  @Test
  void textsThatAreLarge() {
    String many = "\"x\" : [%s0],\n  ".formatted("{},".repeat(3_000_000));
    if (Runtime.getRuntime().maxMemory() < 600L << 20) {
      assertTrue(refused(JSON.replace(CLASS, many + CLASS)).contains("tokens"));
    }
    assertTrue(
        refused(JSON.replace("\"samples\" : 199", "\"samples\" : " + "9".repeat(2_000_000)))
            .contains("more than 1000 digits"));
    assertTrue(refused("[".repeat(100_000)).contains("nests deeper than 16"));
  }
}
