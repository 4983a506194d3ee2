/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Collections;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.examples.kit.DenseTraining;
import org.mdn4j.examples.kit.ParallelPass;
import org.mdn4j.layers.MixtureDensityOutputLayer;

/** Several copies of a network that train at once, by {@code --workers}. */
@Tag("slow")
class WorkersTest {
  private static final int EPOCHS = 30;

  private final InvertedSineSets sets =
      InvertedSineSets.draw(2000, 500, 10, RandomSource.SPLIT_MIX_64.create(5L));

  private DenseTraining.Result train(int workers) {
    return InvertedSineSets.training(EPOCHS * workers, 5, workers) // as many steps of the network
        .fit(
            new MixtureDensityOutputLayer.Builder().components(5).build(),
            sets.trainSet(),
            sets.validationSet(),
            DenseTraining.Progress.NONE);
  }

  @Test
  void aPassKeepsTheStateOfAdam() {
    MultiLayerNetwork net =
        InvertedSineSets.training(1, 5, 2)
            .network(
                new MixtureDensityOutputLayer.Builder().components(5).build(), sets.trainSet());
    ParallelPass.fit(net, sets.trainSet().batchBy(500), 2);
    assertNotEquals(0, net.getUpdater().getStateViewArray().norm2Number().doubleValue());
  }

  @Test
  void twoLearnLikeOne() {
    DenseTraining.Result one = train(1);
    DenseTraining.Result two = train(2);
    assertNotEquals(one.net().params(), two.net().params(), "the option has no effect");
    double untrained = one.trainScores().get(0);
    double best = Collections.min(one.validationScores());
    // What differs is small against what was learned. The threads' order changes it a little.
    assertEquals(best, Collections.min(two.validationScores()), 0.2 * (untrained - best));
    // A mean over the rows whoever trained on them, neither halved nor doubled; after half as many
    // steps it has fallen less.
    assertEquals(untrained, two.trainScores().get(0), 0.3);
    assertEquals(
        Collections.min(two.validationScores()), two.net().score(sets.validationSet()), 1e-6);
  }
}
