/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.io.Serializable;
import org.mdn4j.MixtureSpec;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.Networks;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.TrainingState;
import org.mdn4j.regression.report.FitReport;

/**
 * What a training has come to.
 *
 * @param task that was run
 * @param spec the form of the network's output
 * @param state where the training stands
 * @param bestNll the lowest validation NLL, in original units
 * @param validationScores the NLL of each validation row by the best parameters, in standardised
 *     units; of a task that chooses, otherwise null
 * @param validationWeights of these rows; null where all count alike
 * @param kept the parameters of the network that is kept: the best, or those of a training on all
 *     rows that followed
 * @param contamination ε of the network's predictions; 0 for none
 * @param seconds that it took
 */
public record Trained(
    TrainingTask task,
    MixtureSpec spec,
    TrainingState state,
    double bestNll,
    double[] validationScores,
    double[] validationWeights,
    float[] kept,
    double contamination,
    double seconds)
    implements Serializable {

  /** Returns the network of the best epoch, which has not seen the validation rows. */
  MemberNetwork validated(RegressorOptions options, FeatureEncoding encoding) {
    return network(options, encoding, state.best());
  }

  /** Returns the network that is kept. */
  MemberNetwork kept(RegressorOptions options, FeatureEncoding encoding) {
    return network(options, encoding, kept);
  }

  private MemberNetwork network(
      RegressorOptions options, FeatureEncoding encoding, float[] parameters) {
    return MemberNetwork.of(
        Networks.ofMember(options, task.setup(), encoding.outputs(), spec, task.member()),
        parameters,
        spec,
        contamination);
  }

  FitReport.Member report() {
    return new FitReport.Member(state.plateau().bestEpoch(), bestNll, state.curve());
  }
}
