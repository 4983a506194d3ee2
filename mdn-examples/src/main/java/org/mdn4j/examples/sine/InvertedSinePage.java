/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.ScaledModel;
import org.mdn4j.examples.page.Panel;
import org.mdn4j.examples.page.ReportPage;
import org.mdn4j.examples.plot.PredictionPlot.Points;
import org.mdn4j.examples.sine.InvertedSineReport.Calibration;

/** The inverted sine's report as a page: its density along x, and its figures. */
final class InvertedSinePage {
  private static final int PER_UNIT = 10; // inputs of the slider for x
  private static final double NEARBY = 0.25; // as the picture of the slice has it

  private InvertedSinePage() {}

  /**
   * Creates the page without the loss and the calibration; its slider for x begins at the slice.
   */
  static ReportPage of(InvertedSineReport report, ScaledModel model, Points data, double slice) {
    double low = Arrays.stream(data.x()).min().orElseThrow();
    double high = Arrays.stream(data.x()).max().orElseThrow();
    double[] grid =
        IntStream.rangeClosed((int) Math.ceil(low * PER_UNIT), (int) Math.floor(high * PER_UNIT))
            .mapToDouble(i -> (double) i / PER_UNIT)
            .toArray();
    Panel panel =
        new Panel(
            "Inverted sine",
            "x",
            "y",
            "The data are %s of the %s training points; grey in the density are those within %s of x."
                .formatted(data.x().length, report.samples(), NEARBY),
            grid,
            model.predict(grid),
            data.x(),
            data.y(),
            slice,
            OptionalDouble.of(NEARBY));
    Calibration mixture = report.calibration();
    Calibration truth = report.truth();
    return ReportPage.titled("The inverted sine, learned by a mixture density network")
        .summary(
            String.format(
                    Locale.ROOT,
                    "%d components, trained on %d points in %d epochs (%.0f s, likelihood by %s, seed %d); ",
                    report.components(),
                    report.samples(),
                    report.epochs(),
                    report.trainSeconds(),
                    report.engine(),
                    report.seed())
                + "scored on %s points that it has never seen.".formatted(report.testPoints()))
        .seed(report.seed())
        .panel(panel)
        .columns("mixture", "one Gaussian", "one Gaussian, one σ", "the true density")
        .figure(
            "NLL in nats",
            number(report.testNll()),
            number(report.baselineNll()),
            number(report.constantSigmaNll()),
            number(report.floorNll()))
        .figure("CRPS", number(mixture.crps()), "", "", number(truth.crps()))
        .figure("PIT, distance to uniform", number(mixture.pitKs()), "", "", number(truth.pitKs()))
        .figure(
            "coverage of 90 % intervals",
            number(mixture.coverage().central().get(0.9)),
            "",
            "",
            number(truth.coverage().central().get(0.9)))
        .figure(
            "coverage of 90 % highest-density regions",
            number(mixture.coverage().highestDensity().get(0.9)),
            "",
            "",
            number(truth.coverage().highestDensity().get(0.9)))
        .figure("modes at x = " + slice, modes(mixture), "", "", modes(truth));
  }

  private static String modes(Calibration calibration) {
    return Integer.toString(calibration.sliceModes().length);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
