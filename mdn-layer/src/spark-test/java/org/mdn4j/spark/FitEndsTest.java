/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.report.NoiseLevel;

/** A fit that is ended from outside leaves nothing behind. */
class FitEndsTest {
  private static final TestData DATA = TestData.draw(400, 1);

  private final SparkSession spark = LocalSpark.session();

  /** One that would take hours. */
  private static MixtureRegression endless() {
    return TestData.quickOnSpark()
        .setBins(0)
        .setNoise(NoiseLevel.NONE)
        .setMaxEpochs(10_000_000)
        .setPatience(10_000_000)
        .setEnsemble(2);
  }

  private Throwable endedBy(Ending ending) throws Exception {
    CountDownLatch training = new CountDownLatch(1);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            String description = job.properties().getProperty("spark.job.description", "");
            if (description.startsWith("Mixture regression")) {
              training.countDown();
            }
          }
        };
    spark.sparkContext().addSparkListener(listener);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread fit =
        new Thread(
            () -> {
              try {
                endless().fit(DATA.dataset(spark, 2));
                ended.complete(null);
              } catch (Throwable e) {
                ended.complete(e);
              }
            });
    fit.start();
    assertTrue(training.await(60, TimeUnit.SECONDS), "a training begins");
    ending.end(fit);
    Throwable problem = ended.get(60, TimeUnit.SECONDS);
    spark.sparkContext().removeSparkListener(listener);
    for (int i = 0; i < 300 && !(running().isEmpty() && activeTasks() == 0); i++) {
      Thread.sleep(100);
    }
    assertEquals("", running(), "no job is left");
    assertEquals(0, activeTasks(), "no task is left");
    assertNotNull(problem);
    return problem;
  }

  private interface Ending {
    void end(Thread fit);
  }

  private String running() {
    StringBuilder jobs = new StringBuilder();
    for (int job : spark.sparkContext().statusTracker().getActiveJobIds()) {
      jobs.append(job).append(' ');
    }
    return jobs.toString();
  }

  private int activeTasks() {
    int tasks = 0;
    for (var executor : spark.sparkContext().statusTracker().getExecutorInfos()) {
      tasks += executor.numRunningTasks();
    }
    return tasks;
  }

  @Test
  void anInterruptedOneIsCancelled() throws Exception {
    assertInstanceOf(CancellationException.class, endedBy(Thread::interrupt));
    fitsAsBefore();
  }

  @Test
  void oneWhoseJobsAreCancelledFails() throws Exception {
    Throwable problem = endedBy(fit -> spark.sparkContext().cancelAllJobs());
    assertTrue(String.valueOf(problem).contains("cancelled"), problem::toString);
    fitsAsBefore();
  }

  private void fitsAsBefore() throws IOException {
    TestData.assertSameModel(
        TestData.quick().build().fit(DATA.features(), DATA.labels()),
        TestData.quickOnSpark().fit(DATA.dataset(spark, 2)));
  }
}
