/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.mdn4j.training.FusedTraining;

/** The net of {@link DenseNetFit} under our head, trained by {@link FusedTraining}. */
final class FusedTrainingFit implements FitSystem {
  private final DenseNetFit system;
  private final FusedTraining training;

  FusedTrainingFit(FitInput input) {
    system = new DenseNetFit("mdn-head-fused", input, WorkspaceMode.ENABLED);
    training = FusedTraining.of(system.net());
  }

  @Override
  public void fit() {
    training.fit(system.features(), system.labels());
  }

  @Override
  public double lastScore() {
    return training.score();
  }

  @Override
  public Long offHeapBytes() {
    return OffHeap.bytesOf(
        () -> {
          fit();
          return system;
        });
  }

  @Override
  public int threads() {
    return EngineThreads.of(this::fit);
  }

  @Override
  public String settings() {
    return "";
  }

  @Override
  public void close() {
    training.close();
    system.close();
  }
}
