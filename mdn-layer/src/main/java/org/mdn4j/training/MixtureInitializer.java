/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.InitialBiases;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Starts a mixture density head from the training labels, in place of the even spread that it has
 * by itself:
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
 * <p>Only the head's biases change. At most 10,000 labels are used, drawn with a fixed seed if
 * there are more; the same labels give the same start. A scale is at least a thousandth of the
 * target's standard deviation, so that groups of equal labels do no harm, and 1 for a target that
 * is constant. With fewer different labels than K several components start alike, and differ by the
 * head's random weights.
 */
public final class MixtureInitializer {
  private MixtureInitializer() {}

  /**
   * Starts the only head of a network from labels.
   *
   * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} with one
   *     mixture density head
   * @param labels the training labels as the network will see them, {@code [N, D]}
   * @throws IllegalArgumentException if there is no such head, or several, or it has no bias; the
   *     labels have another shape; or one is NaN or infinite
   */
  public static void fromLabels(Model net, INDArray labels) {
    Head head = Head.only(net);
    start(head, LabelSample.of(labels, head.spec().targets()));
  }

  /**
   * Starts one of several heads of a graph from its labels.
   *
   * @param net an initialised {@code ComputationGraph}
   * @param output name of the head's layer
   * @param labels the training labels of this output, {@code [N, D]}
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray)}
   */
  public static void fromLabels(Model net, String output, INDArray labels) {
    Head head = Head.named(net, output);
    start(head, LabelSample.of(labels, head.spec().targets()));
  }

  /**
   * Starts the only head of a network from the labels of an iterator, which is reset before and
   * after. Rows of which a label mask hides a target are left out.
   *
   * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph} with one
   *     mixture density head
   * @param iterator training data
   * @throws IllegalArgumentException as {@link #fromLabels(Model, INDArray)}
   */
  public static void fromLabels(Model net, DataSetIterator iterator) {
    Head head = Head.only(net);
    LabelSample sample = new LabelSample(head.spec().targets());
    iterator.reset();
    while (iterator.hasNext()) {
      DataSet minibatch = iterator.next();
      sample.add(minibatch.getLabels(), minibatch.getLabelsMaskArray());
    }
    iterator.reset();
    start(head, sample);
  }

  private static void start(Head head, LabelSample sample) {
    INDArray biases = head.layer().paramTable().get(DefaultParamInitializer.BIAS_KEY);
    if (biases == null) {
      throw new IllegalArgumentException(
          "Expected a head with biases, got one without: " + head.name());
    }
    MixtureSpec spec = head.spec();
    double[][] labels = sample.rows();
    if (spec.family() == ComponentFamily.LOG_NORMAL) {
      labels = logarithms(labels);
    }
    LabelGroups groups = LabelGroups.of(labels, spec.components());
    double[] logits = Arrays.stream(groups.weights()).map(Math::log).toArray();
    double[] start = InitialBiases.of(spec, logits, groups.means(), groups.scales());
    biases.assign(Nd4j.createFromArray(start).castTo(biases.dataType()).reshape(biases.shape()));
  }

  private static double[][] logarithms(double[][] labels) {
    for (int row = 0; row < labels.length; row++) {
      for (double label : labels[row]) {
        if (label <= 0) {
          throw new IllegalArgumentException(
              "Expected labels above 0 for LOG_NORMAL components, got %s in row %d"
                  .formatted(label, row));
        }
      }
    }
    return Arrays.stream(labels)
        .map(row -> Arrays.stream(row).map(Math::log).toArray())
        .toArray(double[][]::new);
  }
}
