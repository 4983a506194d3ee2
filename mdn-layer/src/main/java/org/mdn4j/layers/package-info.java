/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Output layers for DL4J networks that output a mixture and are trained by its likelihood.
 *
 * <p>A {@code ComputationGraph} may have several heads, mixtures and others, on the same layers;
 * its score is the sum of theirs:
 *
 * <pre>{@code
 * MixtureDensityOutputLayer branch =
 *     new MixtureDensityOutputLayer.Builder().nIn(16).components(4).targets(1).build();
 * MixtureDensityOutputLayer position =
 *     new MixtureDensityOutputLayer.Builder().nIn(16).components(2).targets(2).build();
 * OutputLayer alarm =
 *     new OutputLayer.Builder(LossFunction.XENT)
 *         .nIn(16).nOut(1).activation(Activation.SIGMOID).build();
 * ComputationGraph graph =
 *     new ComputationGraph(
 *         new NeuralNetConfiguration.Builder()
 *             .activation(Activation.TANH)
 *             .updater(new Adam(0.02))
 *             .graphBuilder()
 *             .addInputs("x")
 *             .addLayer("hidden", new DenseLayer.Builder().nIn(1).nOut(16).build(), "x")
 *             .addLayer("branch", branch, "hidden")
 *             .addLayer("position", position, "hidden")
 *             .addLayer("alarm", alarm, "hidden")
 *             .setOutputs("branch", "position", "alarm")
 *             .build());
 * graph.init();
 * MixtureInitializer.fromLabels(graph, "branch", branches); // [N, 1]
 * MixtureInitializer.fromLabels(graph, "position", positions); // [N, 2]
 * MultiDataSet train =
 *     new MultiDataSet(new INDArray[] {x}, new INDArray[] {branches, positions, alarms});
 * for (int step = 0; step < 300; step++) {
 *   graph.fit(train);
 * }
 *
 * INDArray[] outputs = graph.output(x);
 * MixtureBatch predictedBranches = MixtureBatch.of(branch.getSpec(), outputs[0]);
 * MixtureBatch predictedPositions = MixtureBatch.of(position.getSpec(), outputs[1]);
 * double alarmProbability = outputs[2].getDouble(0);
 * }</pre>
 */
package org.mdn4j.layers;
