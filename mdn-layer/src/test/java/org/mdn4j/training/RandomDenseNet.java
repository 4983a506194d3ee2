/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Draws dense networks of all kinds, and minibatches for them; the same ones for the same seed. */
final class RandomDenseNet {
  private static final IActivation[] ACTIVATIONS = {
    new ActivationCube(),
    new ActivationELU(),
    new ActivationELU(0.5),
    new ActivationGELU(),
    new ActivationGELU(true),
    new ActivationHardSigmoid(),
    new ActivationHardTanH(),
    new ActivationIdentity(),
    new ActivationLReLU(0.07),
    new ActivationMish(),
    new ActivationRationalTanh(),
    new ActivationReLU(),
    new ActivationReLU(1.5, null, null),
    new ActivationReLU(2.0, 0.25, 0.1),
    new ActivationReLU(null, null, 0.2),
    new ActivationReLU6(),
    new ActivationRectifiedTanh(),
    new ActivationSELU(),
    new ActivationSigmoid(),
    new ActivationSoftPlus(),
    new ActivationSoftSign(),
    new ActivationSwish(),
    new ActivationTanH(),
    new ActivationThresholdedReLU(0.2)
  };

  private final SplittableRandom random;
  private final DataType dtype;
  private final int activation; // of the first layer: each gets its turn
  private final boolean dropout;
  private final boolean calm;

  final Model net;
  final MixtureSpec spec;
  final int inputs;
  private final boolean stockHead;
  private final String description;

  /**
   * Draws a network.
   *
   * @param dropout whether there is dropout that drops something
   * @param calm whether it can be trained for a while without running away, so that roundings do
   *     not grow
   */
  RandomDenseNet(int seed, DataType dtype, boolean dropout, boolean calm) {
    this.random = new SplittableRandom(seed);
    this.dtype = dtype;
    this.dropout = dropout;
    this.calm = calm;
    this.activation = seed;
    random.nextInt(); // neighbouring seeds begin alike
    inputs = random.nextInt(1, 6);
    spec = spec();
    stockHead = random.nextInt(3) == 0;
    List<Layer> layers = layers();
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(dtype)
            .miniBatch(calm || random.nextInt(4) != 0)
            .updater(updater())
            .gradientNormalization(GradientNormalization.None);
    net = random.nextBoolean() ? layered(builder, layers) : graph(builder, layers);
    jiggle(net.params());
    description =
        layers.stream().map(layer -> layer.getClass().getSimpleName()).toList() + " " + spec;
  }

  @Override
  public String toString() {
    return description;
  }

  private MixtureSpec spec() {
    int targets = random.nextInt(1, 4);
    Covariance covariance = Covariance.values()[random.nextInt(Covariance.values().length)];
    MixtureSpecBuilder builder =
        MixtureSpec.builder()
            .components(random.nextInt(1, 6))
            .targets(targets)
            .covariance(covariance)
            .scaleFloor(random.nextInt(3) == 0 ? 0.05 : 0);
    ComponentFamily[] families = ComponentFamily.values();
    ComponentFamily family =
        covariance == Covariance.FULL
            ? ComponentFamily.GAUSSIAN
            : families[activation / 2 % families.length];
    builder.family(family).sharedScales(covariance != Covariance.FULL && activation % 5 == 3);
    if (family == ComponentFamily.VON_MISES) {
      return builder.scaleFloor(0).build();
    }
    if (covariance != Covariance.FULL && activation % 5 == 4 && !family.isDiscrete()) {
      builder.scaleTransform(ScaleTransform.ELU_PLUS_ONE);
    }
    if (random.nextInt(3) == 0) {
      builder.scaleCeiling(random.nextDouble(0.5, 3));
    }
    if (random.nextInt(3) == 0) {
      double width = random.nextDouble(0.5, 4);
      builder.locationBounds(new double[] {-width}, new double[] {1.5 * width});
    }
    if (targets == 1 && activation % 2 == 0) {
      builder.atoms(family.isDiscrete() ? new double[] {1} : new double[] {1, -0.5});
    }
    return builder.build();
  }

  private IActivation activation() {
    return ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
  }

  private List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    int dense = random.nextInt(1, 4);
    int width = inputs;
    int frozen = random.nextInt(4) == 0 ? random.nextInt(dense) : 0;
    for (int i = 0; i < dense; i++) {
      int next = random.nextInt(1, 12);
      IActivation function = i == 0 ? ACTIVATIONS[activation % ACTIVATIONS.length] : activation();
      DenseLayer.Builder builder =
          new DenseLayer.Builder()
              .nIn(width)
              .nOut(next)
              .activation(function)
              .hasBias(random.nextInt(4) != 0);
      Layer layer = common(builder, i >= frozen).build();
      layers.add(i < frozen ? new FrozenLayer(layer) : layer);
      if (i >= frozen && random.nextInt(6) == 0) {
        layers.add(new ActivationLayer(activation()));
      }
      if (i >= frozen && random.nextInt(6) == 0) {
        layers.add(new DropoutLayer(new Dropout(kept())));
      }
      if (i >= frozen && random.nextInt(8) == 0) {
        layers.add(
            new FrozenLayerWithBackprop(
                new DenseLayer.Builder()
                    .nIn(next)
                    .nOut(next)
                    .activation(activation())
                    .l2(0.01)
                    .updater(updater())
                    .build()));
      }
      width = next;
    }
    layers.add(head(width));
    return layers;
  }

  private double kept() {
    return dropout ? random.nextDouble(0.5, 0.9) : 1;
  }

  private BaseOutputLayer head(int width) {
    boolean biased = random.nextInt(4) != 0;
    if (stockHead) {
      boolean squaredError = random.nextInt(3) == 0;
      OutputLayer.Builder stock =
          new OutputLayer.Builder(squaredError ? new LossMSE() : new LossMixtureNLL(spec))
              .nIn(width)
              .nOut(squaredError ? spec.targets() : spec.parameterCount())
              .hasBias(biased)
              .activation(new ActivationIdentity());
      return common(stock, true).build();
    }
    MixtureDensityOutputLayer.Builder ours =
        new MixtureDensityOutputLayer.Builder().spec(spec).nIn(width).hasBias(biased);
    return common(ours, true).build();
  }

  private <T extends BaseLayer.Builder<T>> T common(T builder, boolean mayDrop) {
    if (random.nextInt(3) == 0) {
      builder.updater(updater());
    }
    if (random.nextInt(3) == 0) {
      builder.biasUpdater(updater());
    }
    builder.regularization(regularizations());
    builder.regularizationBias(regularizations());
    GradientNormalization[] kinds = GradientNormalization.values();
    builder.gradientNormalization(kinds[random.nextInt(kinds.length)]);
    builder.gradientNormalizationThreshold(random.nextDouble(0.01, 0.5));
    if (mayDrop && random.nextInt(4) == 0) {
      builder.dropOut(new Dropout(kept()));
    }
    return builder;
  }

  private List<Regularization> regularizations() {
    List<Regularization> all = new ArrayList<>();
    switch (random.nextInt(6)) {
      case 0 -> all.add(new L1Regularization(0.01));
      case 1 -> all.add(new L2Regularization(new FixedSchedule(0.02)));
      case 2 -> all.add(new WeightDecay(0.03, random.nextBoolean()));
      case 3 -> {
        all.add(new L2Regularization(0.01));
        all.add(new WeightDecay(new InverseSchedule(ScheduleType.ITERATION, 0.1, 0.1, 1), true));
      }
      default -> {}
    }
    return all;
  }

  private IUpdater updater() {
    double rate = random.nextDouble(0.0005, 0.005) * (calm ? 0.2 : 1);
    var decaying = new ExponentialSchedule(ScheduleType.ITERATION, rate, 0.97);
    var stepped = new StepSchedule(ScheduleType.EPOCH, rate, 0.5, 1);
    boolean scheduled = random.nextBoolean();
    return switch (random.nextInt(calm ? 8 : 9)) {
      case 0 -> scheduled ? new Sgd(decaying) : new Sgd(rate);
      case 1 -> scheduled ? new Nesterovs(stepped, decaying) : new Nesterovs(rate, 0.8);
      case 2 -> scheduled ? new AMSGrad(decaying) : new AMSGrad(rate, 0.8, 0.9, 1e-7);
      case 3 -> scheduled ? new Nadam(stepped) : new Nadam(rate, 0.85, 0.95, 1e-7);
      case 4 -> new AdaGrad(rate, 1e-6); // its clone() loses a schedule
      case 5 -> scheduled ? new RmsProp(decaying) : new RmsProp(rate, 0.9, 1e-7);
      case 8 -> new NoOp();
      default -> scheduled ? new Adam(stepped) : new Adam(rate, 0.8, 0.95, 1e-7);
    };
  }

  private static Model layered(NeuralNetConfiguration.Builder builder, List<Layer> layers) {
    NeuralNetConfiguration.ListBuilder list = builder.list();
    layers.forEach(list::layer);
    MultiLayerConfiguration configuration = list.build();
    MultiLayerNetwork net = new MultiLayerNetwork(configuration);
    net.init();
    return net;
  }

  private static Model graph(NeuralNetConfiguration.Builder builder, List<Layer> layers) {
    ComputationGraphConfiguration.GraphBuilder graph = builder.graphBuilder().addInputs("in");
    String below = "in";
    for (int i = 0; i < layers.size(); i++) {
      String name = "a_" + i;
      graph.addLayer(name, layers.get(i), below);
      below = name;
    }
    ComputationGraph net = new ComputationGraph(graph.setOutputs(below).build());
    net.init();
    return net;
  }

  /**
   * Biases other than 0, so that kinks lie elsewhere than where dropout and rectifiers put units.
   */
  private void jiggle(INDArray parameters) {
    double[] values = parameters.castTo(DataType.DOUBLE).toDoubleVector();
    for (int i = 0; i < values.length; i++) {
      values[i] += random.nextDouble(-0.3, 0.3);
    }
    parameters.assign(Nd4j.create(values).castTo(dtype));
  }

  /** A copy of the network with its own parameters and the state of its updater. */
  Model copy() {
    return copy(net);
  }

  static Model copy(Model net) {
    return net instanceof MultiLayerNetwork layered
        ? layered.clone()
        : ((ComputationGraph) net).clone();
  }

  /**
   * A minibatch.
   *
   * @param features as rows, columns or a view
   * @param labels likewise
   * @param mask null, of rows or of targets
   */
  record Data(INDArray features, INDArray labels, INDArray mask) {
    void fit(Model net) {
      INDArray[] masks = mask == null ? null : new INDArray[] {mask};
      if (net instanceof MultiLayerNetwork layered) {
        layered.fit(features, labels, null, mask);
      } else {
        ((ComputationGraph) net)
            .fit(new INDArray[] {features}, new INDArray[] {labels}, null, masks);
      }
    }
  }

  /** Draws a minibatch. */
  Data data() {
    return data(random.nextInt(4) == 0 ? random.nextInt(1, 4) : random.nextInt(4, 200));
  }

  /** Draws a minibatch of so many rows. */
  Data data(int rows) {
    double[][] features = new double[rows][inputs];
    double[][] labels = new double[rows][spec.targets()];
    for (int n = 0; n < rows; n++) {
      Arrays.setAll(features[n], i -> random.nextDouble(-1.5, 1.5));
      Arrays.setAll(labels[n], d -> label(random.nextDouble(-2, 2)));
      if (spec.atoms().length > 0 && n % 3 == 0) {
        labels[n][0] = spec.atoms()[n / 3 % spec.atoms().length];
      }
    }
    return new Data(laid(features), laid(labels), mask(rows));
  }

  private double label(double any) {
    return switch (spec.family()) {
      case LOG_NORMAL -> Math.exp(any);
      case NEGATIVE_BINOMIAL -> Math.rint(2 + any);
      default -> any;
    };
  }

  private INDArray laid(double[][] values) {
    INDArray rows = Nd4j.create(values).castTo(dtype);
    int columns = values[0].length;
    return switch (random.nextInt(4)) {
      case 0 -> rows.dup('f');
      case 1 -> {
        INDArray wide = Nd4j.create(dtype, values.length + 2, columns + 3);
        INDArray view =
            wide.get(
                org.nd4j.linalg.indexing.NDArrayIndex.interval(1, values.length + 1),
                org.nd4j.linalg.indexing.NDArrayIndex.interval(2, columns + 2));
        view.assign(rows);
        yield view;
      }
      default -> rows;
    };
  }

  private INDArray mask(int rows) {
    int kind = random.nextInt(4);
    if (kind < 2) {
      return null;
    }
    boolean perTarget = kind == 3 && !stockHead;
    double[][] mask = new double[rows][perTarget ? spec.targets() : 1];
    for (double[] row : mask) {
      Arrays.setAll(
          row, i -> random.nextInt(4) == 0 ? 0 : perTarget || random.nextBoolean() ? 1 : 0.5);
    }
    return Nd4j.create(mask).castTo(dtype);
  }
}
