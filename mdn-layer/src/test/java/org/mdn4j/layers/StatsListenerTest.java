/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.stats.api.Histogram;
import org.deeplearning4j.ui.model.stats.api.StatsInitializationReport;
import org.deeplearning4j.ui.model.stats.api.StatsReport;
import org.deeplearning4j.ui.model.stats.api.StatsType;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * What DL4J's training page shows of a network with the head, from the statistics that it reads.
 */
class StatsListenerTest {
  private static final int STEPS = 4;

  private final InMemoryStatsStorage storage = new InMemoryStatsStorage();
  private final StatsListener listener = new StatsListener(storage, 1);
  private final DataSet data = Nets.data(DataType.FLOAT, 16, 1, 3);
  private final List<Double> scores = new ArrayList<>();

  private static MixtureDensityOutputLayer head() {
    return new MixtureDensityOutputLayer.Builder().components(3).build();
  }

  @Test
  void networksReportEachStep() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    net.setListeners(listener);
    for (int step = 0; step < STEPS; step++) {
      net.fit(data);
      scores.add(net.score());
    }
    String configuration = initialReport().getModelConfigJson();
    assertEquals(
        net.getLayerWiseConfigurations().getConf(1).getLayer(),
        MultiLayerConfiguration.fromJson(configuration).getConf(1).getLayer());
    assertReports("1_W", net.getParam("1_W"));
    assertReports("1_b", net.getParam("1_b"));
  }

  @Test
  void graphsReportEachStep() {
    ComputationGraph graph = Nets.graph(DataType.FLOAT, head());
    graph.setListeners(listener);
    for (int step = 0; step < STEPS; step++) {
      graph.fit(data);
      scores.add(graph.score());
    }
    String configuration = initialReport().getModelConfigJson();
    assertEquals(
        graph.getConfiguration().getVertices().get("head"),
        ComputationGraphConfiguration.fromJson(configuration).getVertices().get("head"));
    assertReports("head_W", graph.getParam("head_W"));
    assertReports("head_b", graph.getParam("head_b"));
  }

  private StatsInitializationReport initialReport() {
    List<Persistable> reports = storage.getAllStaticInfos(session(), StatsListener.TYPE_ID);
    assertEquals(1, reports.size());
    return (StatsInitializationReport) reports.get(0);
  }

  private String session() {
    assertEquals(1, storage.listSessionIDs().size());
    return storage.listSessionIDs().get(0);
  }

  /** The score of each step; of the last one the parameter, as the listener's own numbers. */
  private void assertReports(String name, INDArray parameter) {
    List<StatsReport> reports =
        storage.getAllUpdatesAfter(session(), StatsListener.TYPE_ID, 0).stream()
            .map(StatsReport.class::cast)
            .toList();
    assertEquals(scores, reports.stream().map(StatsReport::getScore).toList());
    assertTrue(scores.get(STEPS - 1) < scores.get(0), scores::toString);

    StatsReport last = reports.get(STEPS - 1);
    assertEquals(
        parameter.ameanNumber().doubleValue(),
        last.getMeanMagnitudes(StatsType.Parameters).get(name),
        1e-6);
    for (StatsType type : List.of(StatsType.Gradients, StatsType.Updates)) {
      assertTrue(last.getMeanMagnitudes(type).get(name) > 0, type + " of " + name);
    }
    Histogram histogram = last.getHistograms(StatsType.Parameters).get(name);
    int counted = 0;
    for (int count : histogram.getBinCounts()) {
      counted += count;
    }
    assertEquals(parameter.length(), counted);
  }
}
