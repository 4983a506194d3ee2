/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.TimeSeriesUtils;
import org.mdn4j.eval.ObservedRows;
import org.mdn4j.layers.Head;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener that warns when the training of a mixture density network collapses, once per kind of
 * trouble, and says what to do about it:
 *
 * <pre>{@code
 * net.addListeners(new CollapseListener());
 * }</pre>
 *
 * <p>At regular intervals it examines the minibatch that was just used, with the network as it is:
 * the responsibilities r_k(y_n) and the scales σ_k of up to 100 of its rows, evenly spaced. The
 * score is examined in each iteration, which costs nothing. Warnings go to SLF4J and to {@link
 * #warnings()}.
 *
 * <p>Works for {@code MultiLayerNetwork} and {@code ComputationGraph}. One listener is for one
 * network.
 */
public final class CollapseListener extends BaseTrainingListener {
  /**
   * Responsibility below which a component counts as silent, if it has none as large in the window.
   */
  static final double SILENT = 0.01;

  /** Share of the targets' standard deviation below which scales have vanished. */
  static final double VANISHING = 1e-6;

  /**
   * Factor of the floor f up to which scales are at it, so that exp(s) is below a thousandth of f.
   */
  static final double AT_FLOOR = 1.001;

  /** Score up to which there is no comparison with the limit. */
  static final double FAR = 1e20;

  /** Share of one target's limit above which a minibatch's score is at the limit. */
  static final double AT_LIMIT = 0.01;

  /** Most rows of a minibatch that are looked at; more would cost more and tell little. */
  static final int ROWS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(CollapseListener.class);

  private final int every;
  private final int window;
  private final Map<String, HeadWatch> watches = new HashMap<>();
  private final List<Warning> warnings = new CopyOnWriteArrayList<>();
  private int passes;

  /** Kinds of trouble. */
  public enum Kind {
    /**
     * A component had responsibilities below 0.01 only, in all rows of a whole window of looks: its
     * gradient is next to nothing.
     */
    SILENT_COMPONENT,
    /** A scale is less than a thousandth above the floor of the specification. */
    SCALE_AT_FLOOR,
    /** A scale is below 10⁻⁶ of the standard deviation of the targets seen so far. */
    VANISHING_SCALE,
    /** The score or the raw output is NaN or infinite. */
    NOT_FINITE,
    /**
     * The score is about the largest that a target so far away that more would be infinite is
     * counted with, 10³⁶ nats, in DOUBLE 10³⁰⁰. Such a target has no gradient. As the score is
     * finite, DL4J's {@code InvalidScoreIterationTerminationCondition} does not end the training.
     */
    SCORE_AT_LIMIT
  }

  /**
   * A warning given.
   *
   * @param kind what happened
   * @param iteration the training pass in which it was seen, from 1, counted by the listener
   * @param message what happened and what to do about it
   */
  public record Warning(Kind kind, int iteration, String message) {}

  /**
   * Creates a listener that looks every 100 iterations; a component is silent if it was so for 10
   * looks in a row.
   */
  public CollapseListener() {
    this(100, 10);
  }

  /**
   * Creates a listener that looks as often as given.
   *
   * @param every iterations from one look to the next, at least 1; a look costs about as much as
   *     the forward pass of the head
   * @param window looks after which silent components are named, at least 1
   * @throws IllegalArgumentException if one is less than 1
   */
  public CollapseListener(int every, int window) {
    if (every < 1 || window < 1) {
      throw new IllegalArgumentException(
          "Expected at least 1 iteration between looks and 1 look per window, got %s and %s"
              .formatted(every, window));
    }
    this.every = every;
    this.window = window;
  }

  /**
   * Returns the warnings given so far.
   *
   * @return at most one warning per kind, in the order in which they were given
   */
  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the network has no mixture density head
   */
  @Override
  public void onBackwardPass(Model model) {
    passes++;
    if (passes % every == 0) {
      Head.all(model).forEach(this::look);
    }
    double score = model.score();
    if (!Double.isFinite(score)) {
      warnNotFinite("the score is " + score);
    } else if (score > FAR) {
      Head.all(model).forEach(head -> checkLimit(head, score));
    }
  }

  private void checkLimit(Head head, double score) {
    Layer layer = head.layer();
    double divisor = layer.conf().isMiniBatch() ? layer.getInputMiniBatchSize() : 1;
    INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
    DataType dtype = (weights == null ? layer.input() : weights).dataType(); // pixels have none
    double limit = head.loss().largestTargetScore(dtype);
    if (score * divisor >= AT_LIMIT * limit) {
      warn(
          Kind.SCORE_AT_LIMIT,
          String.format(
              Locale.ROOT,
              "the score is %.1e nats, about where it is cut off: targets lie so far from all"
                  + " components that each counts as no more than %.0e nats, and has no gradient."
                  + " Training has diverged, though the score is finite, so that"
                  + " InvalidScoreIterationTerminationCondition does not end it; end it by"
                  + " MaxScoreIterationTerminationCondition. Start again with a smaller learning"
                  + " rate or clipped gradients, and standardised inputs and targets.",
              score,
              limit));
    }
  }

  private void look(Head head) {
    INDArray raw = head.layer().activate(false, LayerWorkspaceMgr.noWorkspaces()); // [N, P]
    if (!Double.isFinite(raw.sumNumber().doubleValue())) {
      warnNotFinite("the output of the head holds a NaN or an infinite number");
      return;
    }
    INDArray labels = ((IOutputLayer) head.layer()).getLabels();
    INDArray mask = maskOf(head, raw);
    watches
        .computeIfAbsent(head.name(), name -> new HeadWatch(head.spec(), window, this::warn))
        .look(ObservedRows.of(head.spec(), labels, raw, mask));
  }

  /**
   * Returns the mask in the shape that it came in: a recurrent head keeps one row per step of it.
   */
  private static INDArray maskOf(Head head, INDArray raw) {
    INDArray mask = head.layer().getMaskArray();
    if (mask == null || raw.rank() != 3) {
      return mask;
    }
    int examples = (int) raw.size(0);
    if (mask.size(1) == 1) {
      return TimeSeriesUtils.reshapeVectorToTimeSeriesMask(mask, examples); // [N, T]
    }
    INDArray perTarget =
        TimeSeriesUtils.reshape2dTo3d(
            mask, examples, LayerWorkspaceMgr.noWorkspaces(), ArrayType.INPUT); // [N, D, T]
    return head.layout().channelDimension() == 1 ? perTarget : perTarget.permute(0, 2, 1);
  }

  private void warnNotFinite(String what) {
    warn(
        Kind.NOT_FINITE,
        what
            + ": this network will not recover. Start again with a smaller learning rate or clipped"
            + " gradients, standardised inputs and targets, and a scaleFloor or noise on the"
            + " targets.");
  }

  private void warn(Kind kind, String message) {
    if (warnings.stream().noneMatch(warning -> warning.kind() == kind)) {
      String sentence = "Iteration " + passes + ": " + message;
      warnings.add(new Warning(kind, passes, sentence));
      LOG.warn(sentence);
    }
  }
}
