/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Networks that Keras saved with a mixture density layer, as DL4J networks with our head.
 *
 * <p>{@link org.mdn4j.keras.KerasMixtureImport} reads the files of Keras 2 (from 2.2 on, {@code
 * .h5}) and of Keras 3 ({@code .keras} and {@code .h5}): Sequential and Functional models, of rows
 * and of sequences, with one or several inputs, that end with the layer {@code MDN} of
 * keras-mdn-layer, or with its three parts as Dense layers that are concatenated. The layers before
 * it may be:
 *
 * <ul>
 *   <li>Dense, Embedding, LSTM, Bidirectional, TimeDistributed, Conv1D and global pooling;
 *   <li>BatchNormalization, Normalization, Rescaling; dropout and noise;
 *   <li>Keras's activations, as names, as layers (ReLU, LeakyReLU, ELU, PReLU, Softmax) and as
 *       operators;
 *   <li>Flatten, Reshape, slices of features; sums, products and the like of tensors and numbers;
 *       Concatenate.
 * </ul>
 *
 * <p>Not: GRU, attention, two-dimensional convolutions, masks, layers that are used twice, models
 * inside models, user-defined layers. A model is imported exactly, or rejected with an exception
 * that names the layer. A table of each layer's keys (those that are translated, those that must
 * have a certain value, and those without meaning for an import) is in the guide, under <a
 * href="https://github.com/mdn4j/mdn4j/blob/main/mdn-layer/guide/keras-and-nd4j.md">Coming from
 * Keras and from ND4J</a> ({@code mdn-layer/guide/keras-and-nd4j.md}).
 *
 * <p>Needs the library {@code io.jhdf:jhdf}, an optional dependency.
 */
package org.mdn4j.keras;
