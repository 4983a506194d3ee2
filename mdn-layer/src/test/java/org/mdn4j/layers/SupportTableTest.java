/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.ScaleTransform;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The tables of what goes together, in the resource support-table.md and the guide, against the
 * code: each combination of family, covariance, form of the scales, engine and layer is built and
 * computed or refused, and each question asked of each mixture. The tables are made from what
 * happened.
 */
class SupportTableTest {

  private enum Scales {
    OWN("own, with a floor"),
    ELU_PLUS_ONE("own, by ELU + 1"),
    SHARED("shared"),
    FIXED("fixed"),
    BOUNDED("own, with bounds");

    final String label;

    Scales(String label) {
      this.label = label;
    }
  }

  private enum Layer {
    DENSE,
    RECURRENT,
    PER_PIXEL;

    /** The loss of a layer that was built with these settings. */
    ILossFunction loss(MixtureSpec spec, Engine engine) {
      return switch (this) {
        case DENSE ->
            new MixtureDensityOutputLayer.Builder().spec(spec).engine(engine).build().getLossFn();
        case RECURRENT ->
            new MixtureDensityRnnOutputLayer.Builder()
                .spec(spec)
                .engine(engine)
                .dataFormat(RNNFormat.NWC)
                .build()
                .getLossFn();
        case PER_PIXEL ->
            new MixtureDensityCnnLossLayer.Builder().spec(spec).engine(engine).build().getLossFn();
      };
    }
  }

  @Test
  void theTablesSayWhatTheCodeDoes() throws IOException {
    String written;
    try (InputStream file = SupportTableTest.class.getResourceAsStream("support-table.md")) {
      written = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertEquals(
        written,
        settings()
            + "\n"
            + SupportedQuestions.table()
            + "\nWith atoms, D = 1:\n\n"
            + settings(0, 1)
            + "\n"
            + SupportedQuestions.tableWithAtoms()
            + "\n"
            + intervals());
  }

  /** Which families there are, by covariance and form of the scales. */
  private static String settings(double... atoms) {
    List<String> header = new ArrayList<>(List.of("covariance", "scales"));
    for (ComponentFamily family : ComponentFamily.values()) {
      header.add(family.name());
    }
    List<List<String>> rows = new ArrayList<>();
    for (Covariance covariance : Covariance.values()) {
      for (Scales scales : Scales.values()) {
        List<String> row = new ArrayList<>(List.of(covariance.name(), scales.label));
        for (ComponentFamily family : ComponentFamily.values()) {
          String ofOne = offered(family, covariance, scales, 1, atoms);
          String ofTwo = offered(family, covariance, scales, 2, atoms);
          assertEquals(atoms.length == 0 ? ofOne : "–", ofTwo, "of two targets");
          row.add(ofOne);
        }
        rows.add(row);
      }
    }
    return MarkdownTable.of(header, rows);
  }

  /** Which families take labels that are intervals, and truncations. */
  private static String intervals() {
    List<String> header = new ArrayList<>(List.of("covariance", "labels"));
    for (ComponentFamily family : ComponentFamily.values()) {
      header.add(family.name());
    }
    List<List<String>> rows = new ArrayList<>();
    for (Covariance covariance : Covariance.values()) {
      for (String labels :
          List.of(
              "censored",
              "truncated, D = 1",
              "both, D = 1",
              "censored, with atoms, D = 1",
              "truncated, with atoms, D = 1",
              "both, with atoms, D = 1")) {
        List<String> row = new ArrayList<>(List.of(covariance.name(), labels));
        for (ComponentFamily family : ComponentFamily.values()) {
          row.add(intervals(family, covariance, labels));
        }
        rows.add(row);
      }
    }
    return MarkdownTable.of(header, rows);
  }

  private static String intervals(ComponentFamily family, Covariance covariance, String labels) {
    boolean truncated = !labels.startsWith("censored");
    boolean counts = family.isDiscrete();
    MixtureSpecBuilder builder =
        MixtureSpec.builder()
            .components(2)
            .targets(labels.contains("D = 1") ? 1 : 2)
            .covariance(covariance)
            .family(family);
    if (truncated) {
      builder.truncatedBelow(0.25);
    }
    if (!labels.startsWith("truncated")) {
      builder.censored();
    }
    if (labels.contains("atoms")) {
      builder.atoms(1);
    }
    MixtureSpec spec;
    try {
      spec = builder.build();
    } catch (IllegalArgumentException refusal) {
      assertTrue(
          refusal.getMessage().contains("FULL")
              || refusal.getMessage().contains("not for VON_MISES")
              || refusal.getMessage().contains("not for the angles of VON_MISES")
              || refusal.getMessage().contains("NEGATIVE_BINOMIAL"),
          refusal.getMessage());
      return "–";
    }
    INDArray raw = Nd4j.ones(DataType.DOUBLE, 1, spec.parameterCount());
    double[] ends = {counts ? 0 : 0.5, counts ? 2 : 1.25, 2, Double.POSITIVE_INFINITY};
    INDArray y = Nd4j.createFromArray(new double[][] {Arrays.copyOf(ends, spec.labelColumns())});
    Mixture predicted = MixtureBatch.of(spec, raw).get(0);
    double expected =
        spec.censored()
            ? -predicted.logLikelihood(Arrays.copyOf(ends, spec.labelColumns()))
            : -predicted.logDensity(0.5);
    for (Engine engine : new Engine[] {Engine.FUSED, Engine.SAMEDIFF}) {
      double score =
          new LossMixtureNLL(spec, engine)
              .computeScore(y, raw, new ActivationIdentity(), null, false);
      assertEquals(expected, score, 1e-10, spec.toString());
    }
    return "✓";
  }

  /** Returns whether there is such a form of output, in all layers and by both engines. */
  private static String offered(
      ComponentFamily family, Covariance covariance, Scales scales, int targets, double... atoms) {
    Set<Engine> engines = EnumSet.noneOf(Engine.class);
    for (Engine engine : new Engine[] {Engine.FUSED, Engine.SAMEDIFF, Engine.AUTO}) {
      List<LossMixtureNLL> losses = new ArrayList<>();
      for (Layer layer : Layer.values()) {
        try {
          losses.add(
              (LossMixtureNLL)
                  layer.loss(spec(family, covariance, scales, targets, atoms), engine));
        } catch (IllegalArgumentException refusal) { // a sentence that names what does not go
          String message = refusal.getMessage();
          assertTrue(
              message.contains("FULL")
                  || message.contains("not for VON_MISES")
                  || message.contains("not for the angles of VON_MISES")
                  || message.contains("Atoms are for one target")
                  || message.contains("expected no bounds"),
              message);
        }
      }
      assertTrue(losses.isEmpty() || losses.size() == Layer.values().length, "all layers or none");
      if (!losses.isEmpty()) {
        assertEquals(1, new HashSet<>(losses).size(), "all layers compute the same");
        if (targets > 1 && engine != Engine.AUTO) {
          assertComputes(losses.get(0));
        }
        if (atoms.length > 0 && engine != Engine.AUTO) {
          assertComputesAtoms(losses.get(0));
        }
        engines.add(engine);
      }
    }
    assertTrue(engines.isEmpty() || engines.size() == 3, "all engines or none");
    return engines.isEmpty() ? "–" : "✓";
  }

  /** With a mask per target, which includes all that is computed without one. */
  private static void assertComputes(LossMixtureNLL loss) {
    INDArray raw = Nd4j.ones(DataType.DOUBLE, 2, loss.getSpec().parameterCount());
    INDArray labels = Nd4j.createFromArray(new double[][] {{1.25, 1.5}, {0.5, 0.75}});
    if (loss.getSpec().family().isDiscrete()) {
      labels = Nd4j.createFromArray(new double[][] {{0, 3}, {1, 2}});
    }
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}});
    double score = loss.computeScore(labels, raw, new ActivationIdentity(), mask, false);
    double[] expected = new double[2];
    for (int n = 0; n < 2; n++) {
      expected[n] =
          PlainMixtureScore.of(
              loss.getSpec(),
              labels.getRow(n).toDoubleVector(),
              raw.getRow(n).toDoubleVector(),
              mask.getRow(n).toDoubleVector());
    }
    assertEquals(expected[0] + expected[1], score, 1e-10, loss.toString());
  }

  /** Of an atom, another label and a hidden one; all logits are 1, so that all shares are alike. */
  private static void assertComputesAtoms(LossMixtureNLL loss) {
    MixtureSpec spec = loss.getSpec();
    INDArray raw = Nd4j.ones(DataType.DOUBLE, 3, spec.parameterCount());
    boolean counts = spec.family().isDiscrete();
    double other = counts ? 3 : 1.25;
    INDArray labels = Nd4j.createFromArray(new double[][] {{0}, {other}, {0.5}});
    INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {1}, {0}});
    double score = loss.computeScore(labels, raw, new ActivationIdentity(), mask, false);
    int shares = spec.components() + spec.atoms().length;
    double[] row = raw.getRow(0).toDoubleVector();
    double ofOthers = componentsScore(spec, other, row);
    double ofAtom = Math.log(shares);
    if (counts) { // the components, too, have zeros
      ofAtom = -Math.log(Math.exp(-ofAtom) + Math.exp(-componentsScore(spec, 0, row)));
    }
    assertEquals(ofAtom + ofOthers, score, 1e-10, loss.toString());
  }

  /** What a label costs that the components alone made; all logits are alike. */
  private static double componentsScore(MixtureSpec spec, double label, double[] row) {
    double shares = spec.components() + spec.atoms().length;
    return PlainMixtureScore.of(spec.withoutAtoms(), new double[] {label}, row, new double[] {1})
        + Math.log(shares / spec.components());
  }

  private static MixtureSpec spec(
      ComponentFamily family, Covariance covariance, Scales scales, int targets, double... atoms) {
    MixtureSpecBuilder builder =
        MixtureSpec.builder()
            .components(2)
            .targets(targets)
            .covariance(covariance)
            .family(family)
            .atoms(atoms)
            .sharedScales(scales == Scales.SHARED);
    if (scales == Scales.FIXED) {
      double[] fixed = new double[2 * covariance.scaleParameters(targets)];
      Arrays.fill(fixed, 0.5);
      builder.fixedScales(fixed);
    }
    if (scales == Scales.ELU_PLUS_ONE) {
      builder.scaleTransform(ScaleTransform.ELU_PLUS_ONE);
    }
    if (scales == Scales.BOUNDED) {
      builder.scaleCeiling(0.5).locationBounds(new double[] {-1}, new double[] {1.5});
    }
    if (scales == Scales.OWN && family != ComponentFamily.VON_MISES) {
      builder.scaleFloor(0.1);
    }
    return builder.build();
  }
}
