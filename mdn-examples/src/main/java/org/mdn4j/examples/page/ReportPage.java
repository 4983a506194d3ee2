/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.PitHistogram;
import org.mdn4j.examples.plot.SurvivalCurves;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A page that shows a model in the browser: data, samples, and the conditional density with a
 * slider for x and one for the temperature τ; figures, the loss by epoch, the calibration. It is
 * one file that needs no network and no server.
 *
 * <pre>{@code
 * ReportPage.titled("Inverted sine")
 *     .panel(panel)
 *     .columns("mixture", "one Gaussian")
 *     .figure("NLL, nats", "1.336", "2.741")
 *     .loss(trainNll, validationNll, floor)
 *     .write(Path.of("report.html"));
 * }</pre>
 *
 * <p>The density is computed in the page from the mixtures' parameters, by the formula and with the
 * temperature of {@link org.mdn4j.distribution.Mixture}; it does not interpolate between inputs.
 * The samples are drawn here, at each of the slider's temperatures. The plots are uPlot's.
 */
public final class ReportPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_SAMPLES = 1500; // in a panel; more would hide each other
  private static final int MOST_SAMPLES_IN_ALL = 6000; // as each temperature has its own
  private static final String WEBJAR = "/META-INF/resources/webjars/uplot/";
  private static final String WEBJAR_PROPERTIES =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  private final String title;
  private final List<Panel> panels = new ArrayList<>();
  private final List<List<String>> figures = new ArrayList<>();
  private String figuresNote = "";
  private String summary = "";
  private List<String> columns = List.of("");
  private PageData.Loss loss;
  private final List<PageData.Calibration> calibrations = new ArrayList<>();
  private final List<PageData.Survival> survivals = new ArrayList<>();
  private RowExplorer explorer;
  private final List<FeatureView> features = new ArrayList<>();
  private final List<PageData.Listing> listings = new ArrayList<>();
  private long seed = 1;

  private ReportPage(String title) {
    this.title = title;
  }

  /**
   * Creates a page.
   *
   * @param title its title
   * @return an empty page
   */
  public static ReportPage titled(String title) {
    return new ReportPage(title);
  }

  /**
   * Sets the text below the title.
   *
   * @param summary a sentence or two
   * @return this page
   */
  public ReportPage summary(String summary) {
    this.summary = summary;
    return this;
  }

  /**
   * Adds a view of the model; the reader chooses among them.
   *
   * @param panel the view
   * @return this page
   * @throws IllegalArgumentException if it has no input or no data, lengths differ, its grid does
   *     not ascend, or its mixtures are over several targets or of several families
   */
  public ReportPage panel(Panel panel) {
    panel.requireUsable();
    panels.add(panel);
    return this;
  }

  /**
   * Sets the names of the figures' columns.
   *
   * @param columns their names, the first being the model
   * @return this page
   */
  public ReportPage columns(String... columns) {
    this.columns = List.of(columns);
    return this;
  }

  /**
   * Adds a row to the figures.
   *
   * @param name what the figures are, with their unit
   * @param values at most one per column
   * @return this page
   * @throws IllegalArgumentException if there are more values than columns
   */
  public ReportPage figure(String name, String... values) {
    if (values.length > columns.size()) {
      throw new IllegalArgumentException(
          "Expected at most %s figures for \"%s\", got %s"
              .formatted(columns.size(), name, values.length));
    }
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(List.of(values));
    figures.add(row);
    return this;
  }

  /**
   * Sets what is said below the figures.
   *
   * @param note what they mean, for who does not know them
   * @return this page
   */
  public ReportPage figuresNote(String note) {
    this.figuresNote = note;
    return this;
  }

  /**
   * Adds the NLL by epoch.
   *
   * @param train on the training data, in nats
   * @param validation on the validation data, in nats, as many as of the training data
   * @param floor what no model can beat; NaN if not known
   * @return this page
   */
  public ReportPage loss(List<Double> train, List<Double> validation, double floor) {
    this.loss = new PageData.Loss(train, validation, Double.isNaN(floor) ? null : floor);
    return this;
  }

  /**
   * Adds the PIT values and the coverage of regions.
   *
   * @param evaluation what was found on test data
   * @param target which target
   * @return this page
   */
  public ReportPage calibration(MixtureEvaluation evaluation, int target) {
    return calibration("", evaluation, target);
  }

  /**
   * Adds the PIT values and the coverage of regions of one of several targets, below those that are
   * shown already.
   *
   * @param name the target's name
   * @param evaluation what was found on test data
   * @param target which target
   * @return this page
   */
  public ReportPage calibration(String name, MixtureEvaluation evaluation, int target) {
    calibrations.add(
        new PageData.Calibration(
            name,
            PitHistogram.of(evaluation.target(target).pitValues()),
            CalibrationPlot.coverages(evaluation, target)));
    return this;
  }

  /**
   * Adds mean predicted survival over Kaplan and Meier's estimate, below those that are shown
   * already.
   *
   * @param curves one per target
   * @return this page
   */
  public ReportPage survival(List<SurvivalCurves> curves) {
    curves.forEach(one -> survivals.add(PageData.Survival.of(one)));
    return this;
  }

  /**
   * Lets the reader change the cells of rows, and see the predicted distribution move.
   *
   * @param explorer rows and the model
   * @return this page
   */
  public ReportPage explorer(RowExplorer explorer) {
    this.explorer = explorer;
    return this;
  }

  /**
   * Adds what a column has to do with the predictions; the page shows it in the order added.
   *
   * @param feature importance, effect, residuals
   * @return this page
   */
  public ReportPage feature(FeatureView feature) {
    features.add(feature);
    return this;
  }

  /**
   * Adds a table of texts in a section of its own.
   *
   * @param title of the section
   * @param note a sentence below it; may be empty
   * @param columns names of the columns, that of the rows' names included
   * @param rows as many cells each
   * @return this page
   * @throws IllegalArgumentException if a row has another number of cells
   */
  public ReportPage listing(
      String title, String note, List<String> columns, List<List<String>> rows) {
    for (List<String> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "Expected %s cells in a row of \"%s\", got %s"
                .formatted(columns.size(), title, row.size()));
      }
    }
    listings.add(new PageData.Listing(title, note, List.copyOf(columns), List.copyOf(rows)));
    return this;
  }

  /**
   * Sets the seed of the samples.
   *
   * @param seed the same seed gives the same samples; 1 by default
   * @return this page
   */
  public ReportPage seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Writes the page.
   *
   * @param file the HTML file
   * @throws IOException if it cannot be written
   * @throws IllegalStateException if it has no panel
   */
  public void write(Path file) throws IOException {
    if (panels.isEmpty()) {
      throw new IllegalStateException("Expected at least one panel, got none");
    }
    String html = html();
    WholeFile.write(file, draft -> Files.writeString(draft, html));
  }

  private String html() throws IOException {
    Properties webjar = new Properties();
    try (InputStream properties = open(WEBJAR_PROPERTIES)) {
      webjar.load(properties);
    }
    String version = webjar.getProperty("version");
    String folder = WEBJAR + version;
    // The data come last: nothing is looked for in what they say.
    return text("report.html")
        .replace("{{plot.css}}", text(folder + "/dist/uPlot.min.css"))
        .replace("{{plot.js}}", text(folder + "/dist/uPlot.iife.min.js"))
        .replace("{{plot.licence}}", text(folder + "/LICENSE"))
        .replace("{{plot.version}}", version)
        .replace("{{page.css}}", text("page.css"))
        .replace("{{density.js}}", text("density.js"))
        .replace("{{row-model.js}}", text("row-model.js"))
        .replace("{{page.js}}", text("page.js"))
        .replace("{{table.js}}", text("table.js"))
        .replace("{{data}}", json());
  }

  /**
   * Returns JSON that may stand in a script element: only inside its strings could there be a
   * {@code <}.
   */
  private String json() throws IOException {
    double[] temperatures = PageData.temperatureLadder();
    List<PageData.View> views = new ArrayList<>();
    List<Panel.Joint> joints = // several panels may share one
        panels.stream().flatMap(panel -> panel.joints().stream()).distinct().toList();
    for (Panel panel : panels) {
      int samples = Math.min(MOST_SAMPLES, MOST_SAMPLES_IN_ALL / panels.size());
      int perInput = Math.max(1, samples / panel.grid().length);
      List<Integer> shown = panel.joints().stream().map(joints::indexOf).toList();
      views.add(PageData.View.of(panel, shown, temperatures, perInput, seed));
    }
    PageData data =
        new PageData(
            title,
            summary,
            new PageData.Figures(columns, figures, figuresNote),
            temperatures,
            views,
            joints.stream().map(PageData.Joint::of).toList(),
            loss,
            calibrations,
            survivals,
            explorer,
            features,
            listings);
    return JSON.writeValueAsString(data).replace("<", "\\u003c");
  }

  private static String text(String resource) throws IOException {
    try (InputStream stream = open(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream stream = ReportPage.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new FileNotFoundException("Not on the class path: " + resource);
    }
    return stream;
  }
}
