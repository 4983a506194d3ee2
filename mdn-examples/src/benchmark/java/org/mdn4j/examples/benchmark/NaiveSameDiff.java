/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.mdn4j.ColumnRange;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The likelihood written down in SameDiff as its formula stands, with the graph kept and one
 * execution for score and gradient: the start from which {@code samediff} was made faster.
 */
@SuppressWarnings("try") // leaving the workspace scope is all that the resource is for
final class NaiveSameDiff implements Nd4jLikelihood.Function {
  private static final List<String> PARAMETERS = List.of("logits", "locations", "scales");

  private final MixtureSpec spec;
  private final SameDiff sd = SameDiff.create();

  NaiveSameDiff(MixtureSpec spec) {
    this.spec = spec;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      write();
    }
  }

  private void write() {
    int k = spec.components();
    SDVariable z = sd.placeHolder("logits", DataType.FLOAT, -1, k, 1);
    SDVariable mu = sd.placeHolder("locations", DataType.FLOAT, -1, k, spec.targets());
    SDVariable s = sd.placeHolder("scales", DataType.FLOAT, -1, k, spec.scalesPerComponent());
    SDVariable y = sd.placeHolder("labels", DataType.FLOAT, -1, 1, spec.targets());

    SDVariable u = y.sub(mu).mul(sd.math.exp(s.rsub(-0.5 * Math.log(2)))); // [N, K, D]
    SDVariable square = sd.math.min(u.mul(u), sd.constant(Nd4j.scalar(DataType.FLOAT, 1e36)));
    SDVariable energy = square.add(s).add(0.5 * Math.log(2 * Math.PI));
    SDVariable shifted = z.sub(z.max(true, 1));
    SDVariable logWeights = shifted.sub(sd.math.log(sd.math.exp(shifted).sum(true, 1)));
    SDVariable logJoint = logWeights.sub(energy.sum(true, 2)); // [N, K, 1]
    SDVariable max = logJoint.max(true, 1);
    SDVariable logDensity = sd.math.log(sd.math.exp(logJoint.sub(max)).sum(true, 1)).add(max);
    logDensity.neg().reshape(-1).rename("score"); // [N]
    sd.getVariable("score").sum().markAsLoss();

    PrintStream standardOutput = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      sd.createGradFunction(PARAMETERS.toArray(String[]::new)); // prints each operation
    } finally {
      System.setOut(standardOutput);
    }
  }

  @Override
  public Pair<Double, INDArray> scoreAndGradient(INDArray labels, INDArray raw) {
    long rows = raw.size(0);
    int k = spec.components();
    INDArray score;
    Map<String, INDArray> gradients;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> inputs =
          Map.of(
              "logits", columns(raw, spec.columns().logits()).reshape(rows, k, 1),
              "locations",
                  columns(raw, spec.columns().locations()).reshape(rows, k, spec.targets()),
              "scales", columns(raw, spec.columns().scales()).reshape(rows, k, -1),
              "labels", labels.reshape(rows, 1, spec.targets()));
      var pass = sd.calculateGradientsAndOutputs(inputs, List.of("score"), PARAMETERS);
      score = pass.getOutputs().get("score");
      gradients = pass.getGradients();
    }
    INDArray gradient =
        Nd4j.concat(
            1,
            PARAMETERS.stream()
                .map(name -> gradients.get(name).reshape(rows, -1))
                .toArray(INDArray[]::new));
    return Pair.of(score.sumNumber().doubleValue(), gradient);
  }

  private static INDArray columns(INDArray raw, ColumnRange range) {
    return raw.get(NDArrayIndex.all(), NDArrayIndex.interval(range.from(), range.to())).dup('c');
  }
}
