/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The start of a mixture density head from the training labels, in place of the even spread that it
 * has by itself:
 *
 * <pre>{@code
 * net.init();
 * MixtureInitializer.fromLabels(net, trainingLabels);
 * net.fit(...);
 * }</pre>
 *
 * <p>The labels are put into K groups; each component starts at the mean of its group, with its
 * share of the labels as weight, and with √3 times the group's standard deviations as scales. For
 * labels spread evenly over a group that is half its width, at which two equal neighbours just
 * merge into one mode, so that the start has no gaps. For one target, the groups are runs of the
 * sorted labels of equal size, so that locations are quantiles; for several, k-means++ clusters of
 * the standardised labels. Source: D. Arthur and S. Vassilvitskii, <i>k-means++: the advantages of
 * careful seeding</i>, SODA 2007.
 *
 * <p>Those of the head's weights that are in target units are rescaled to the labels' units: the
 * locations' are scaled to the labels' standard deviation ({@link InitialWeights}), so that what
 * the input adds to a location is as small a part of the targets' spread as it is of standardised
 * targets'. All other parameters stay. A second start leads to the same weights as the first.
 *
 * <p>Labels that are atoms are counted apart: an atom starts with its share of the labels, one that
 * is no label with half a label's, and the components with what the rest says, intervals that hold
 * atoms among it.
 *
 * <p>Angles (VON_MISES) are first turned to the side of their widest gap, so that none is torn
 * apart at ±π.
 *
 * <p>Counts (NEGATIVE_BINOMIAL) are grouped by log(y + ½), the means of which are the log means; of
 * a group's variance there what Poisson's distribution has is taken off, and the rest, at least a
 * tenth of it, is the dispersion α.
 *
 * <p>Of labels that are intervals, what is known counts: exact values, the middles of intervals,
 * and the finite end of those that are open on one side. Rows with a target of which nothing is
 * known are left out.
 *
 * <p>Labels have shape {@code [N, D]}, or {@code [N]} for one target; of a recurrent head that of
 * its labels, {@code [N, D, T]} (NWC: {@code [N, T, D]}), or rows {@code [N, D]}. They are read in
 * the dtype that the network computes in. A label mask is as in training: {@code [N, 1]}, of a
 * recurrent head {@code [N, T]}, or the labels' shape. Rows or steps of which it hides a target are
 * left out, and may be NaN.
 *
 * <p>At most 10,000 labels are used, drawn with a fixed seed if there are more; the same labels
 * give the same start. A scale is at least a thousandth of the target's standard deviation, so that
 * groups of equal labels do no harm, and 1 for a target that is constant. With fewer different
 * labels than K several components start alike, and differ by the head's random weights.
 */
public final class MixtureInitializer {
  private static final double POISSON_SHARE = 0.1;
  private static final double LEAST_MEAN = 0.05;

  private MixtureInitializer() {}

  /**
   * Sets the biases of the only head of a network from labels.
   *
   * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} with one
   *     mixture density head
   * @param labels the training labels as the network will see them
   * @throws IllegalArgumentException if there is no such head, or several, or it has no bias; the
   *     labels have another shape; or one is NaN or infinite
   */
  public static void fromLabels(Model net, INDArray labels) {
    fromLabels(net, labels, null);
  }

  /**
   * Sets the biases of the only head of a network from labels with a mask.
   *
   * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} with one
   *     mixture density head
   * @param labels the training labels as the network will see them
   * @param mask their mask, or null
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray)}, or if the mask has
   *     another shape or hides all
   */
  public static void fromLabels(Model net, INDArray labels, INDArray mask) {
    start(Head.only(net), labels, mask);
  }

  /**
   * Sets the biases of one of several heads of a graph from its labels.
   *
   * @param net an initialised {@code ComputationGraph}
   * @param output name of the head's layer
   * @param labels the training labels of this output
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray)}
   */
  public static void fromLabels(Model net, String output, INDArray labels) {
    fromLabels(net, output, labels, null);
  }

  /**
   * Sets the biases of one of several heads of a graph from its labels with a mask.
   *
   * @param net an initialised {@code ComputationGraph}
   * @param output name of the head's layer
   * @param labels the training labels of this output
   * @param mask their mask, or null
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray, INDArray)}
   */
  public static void fromLabels(Model net, String output, INDArray labels, INDArray mask) {
    start(Head.named(net, output), labels, mask);
  }

  /**
   * Sets the biases of the only head of a network from the labels of an iterator, which is reset
   * before and after. Rows of which a label mask hides a target are left out.
   *
   * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} with one
   *     mixture density head
   * @param iterator training data
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray)}
   */
  public static void fromLabels(Model net, DataSetIterator iterator) {
    Head head = Head.only(net);
    LabelSample sample = new LabelSample(head);
    iterator.reset();
    while (iterator.hasNext()) {
      DataSet minibatch = iterator.next();
      sample.add(minibatch.getLabels(), minibatch.getLabelsMaskArray());
    }
    iterator.reset();
    start(head, sample);
  }

  private static void start(Head head, INDArray labels, INDArray mask) {
    LabelSample sample = new LabelSample(head);
    sample.add(labels, mask);
    start(head, sample);
  }

  private static void start(Head head, LabelSample sample) {
    INDArray biases = head.biases();
    MixtureSpec spec = head.spec();
    AtomShares atoms = AtomShares.of(spec, sample.rows());
    double[][] labels = atoms.others();
    switch (spec.family()) {
      case LOG_NORMAL -> labels = logarithms(labels);
      case VON_MISES -> turnToGaps(labels);
      case NEGATIVE_BINOMIAL -> labels = logarithmsOfCounts(labels);
      default -> {}
    }
    LabelGroups groups = LabelGroups.of(labels, spec.components());
    double[][] locations = spec.family().isDiscrete() ? logMeans(groups.means()) : groups.means();
    double[][] deviations =
        spec.family().isDiscrete()
            ? rootsOfDispersion(locations, groups.scales())
            : groups.scales();
    double[] logits = atoms.logits(groups.weights());
    double[] start = InitialBiases.of(spec, logits, locations, deviations);
    biases.assign(Nd4j.createFromArray(start).castTo(biases.dataType()).reshape(biases.shape()));

    INDArray weights = head.layer().getParam(DefaultParamInitializer.WEIGHT_KEY);
    double[] units = InitialWeights.units(spec, weights);
    double[] factors = new double[units.length];
    Arrays.setAll(factors, d -> groups.spread()[d] / units[d]);
    // Weights that are all 0, say, have no unit.
    Arrays.setAll(factors, d -> 0 < factors[d] && Double.isFinite(factors[d]) ? factors[d] : 1);
    InitialWeights.rescale(spec, weights, factors);
  }

  private static double[][] logarithms(double[][] labels) {
    for (int row = 0; row < labels.length; row++) {
      for (double label : labels[row]) {
        if (label <= 0) {
          throw new IllegalArgumentException(
              "Expected labels above 0 for LOG_NORMAL components, got %s in row %s"
                  .formatted(label, row));
        }
      }
    }
    return Arrays.stream(labels)
        .map(row -> Arrays.stream(row).map(Math::log).toArray())
        .toArray(double[][]::new);
  }

  private static double[][] logarithmsOfCounts(double[][] labels) {
    return Arrays.stream(labels)
        .map(row -> Arrays.stream(row).map(label -> Math.log(label + 0.5)).toArray())
        .toArray(double[][]::new);
  }

  /** Returns log m from means of log(y + ½); of groups of zeros, m is a twentieth. */
  private static double[][] logMeans(double[][] means) {
    return Arrays.stream(means)
        .map(
            group ->
                Arrays.stream(group)
                    .map(mean -> Math.log(Math.max(Math.exp(mean) - 0.5, LEAST_MEAN)))
                    .toArray())
        .toArray(double[][]::new);
  }

  /** Returns √α: the variance of a count's logarithm is 1/m + α, for large m. */
  private static double[][] rootsOfDispersion(double[][] logMeans, double[][] scales) {
    double[][] roots = new double[scales.length][];
    for (int k = 0; k < scales.length; k++) {
      roots[k] = new double[scales[k].length];
      for (int d = 0; d < scales[k].length; d++) {
        double variance = scales[k][d] * scales[k][d];
        double excess = variance - Math.exp(-logMeans[k][d]);
        roots[k][d] = Math.sqrt(Math.max(excess, POISSON_SHARE * variance));
      }
    }
    return roots;
  }

  /** Adds whole turns to angles, so that they lie in one turn that begins at their widest gap. */
  private static void turnToGaps(double[][] angles) {
    double turn = 2 * Math.PI;
    for (int d = 0; d < angles[0].length; d++) {
      int target = d;
      double[] sorted =
          Arrays.stream(angles).mapToDouble(row -> within(row[target], turn)).sorted().toArray();
      double from = sorted[0];
      double widest = from + turn - sorted[sorted.length - 1];
      for (int i = 1; i < sorted.length; i++) {
        if (sorted[i] - sorted[i - 1] > widest) {
          widest = sorted[i] - sorted[i - 1];
          from = sorted[i];
        }
      }
      for (double[] row : angles) {
        row[d] = from + within(within(row[d], turn) - from, turn);
      }
    }
  }

  /** Returns the angle in [0, turn). */
  private static double within(double angle, double turn) {
    double rest = angle - turn * Math.floor(angle / turn);
    return rest < turn ? rest : 0; // a tiny negative angle is a whole turn, by rounding
  }
}
