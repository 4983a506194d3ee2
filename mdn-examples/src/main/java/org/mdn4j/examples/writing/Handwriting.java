/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.writing.PenTracePlot.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The example that learns to write from synthetic handwriting, and writes. */
@Command(
    name = "writing",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains an LSTM with a mixture density head on synthetic handwriting, and its twin with one"
          + " Gaussian.",
      "Then writes words of its own, and continues a given beginning: words.png, temperatures.png,"
          + " writing.gif, report.json and the trained network, mixture.zip."
    })
public final class Handwriting implements Callable<HandwritingReport> {
  private static final int SHOWN = 12;
  private static final int CONTINUED = 3; // per temperature
  private static final int BEGINNING = 20; // steps, about one letter and a half
  private static final int LONGEST = 120;
  private static final double COOL = 0.5; // temperature of the animation
  private static final int GUESSES = 100; // of the next place, per frame

  @Option(names = "--words", description = "training words", defaultValue = "4000")
  int words;

  @Option(names = "--validation-words", description = "validation words", defaultValue = "200")
  int validationWords;

  @Option(names = "--test-words", description = "test words", defaultValue = "500")
  int testWords;

  @Option(names = "--components", description = "mixture components", defaultValue = "10")
  int components;

  @Option(names = "--units", description = "units of the LSTM", defaultValue = "80")
  int units;

  @Option(names = "--epochs", description = "passes over the training words", defaultValue = "10")
  int epochs;

  @Option(
      names = "--temperatures",
      split = ",",
      description = "temperatures at which a beginning is continued",
      defaultValue = "0.1,0.5,1,1.5")
  List<Double> temperatures;

  @Option(
      names = "--seed",
      description = "seed of the words, the initial weights and the samples",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--out",
      description = "output folder",
      defaultValue = "mdn-examples/target/handwriting")
  Path out;

  private Handwriting() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new Handwriting(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return what {@code report.json} says
   * @throws IOException if a file cannot be written
   * @throws IllegalArgumentException if an option is not usable
   */
  public static HandwritingReport run(String... args) throws IOException {
    return Program.parsed(new Handwriting(), args).call();
  }

  @Override
  public HandwritingReport call() throws IOException {
    checkOptions();
    Program.requireFolder(out);
    UniformRandomProvider seeds = RandomSource.SPLIT_MIX_64.create(seed);
    List<PenTrace> train = draw(words, seeds);
    List<PenTrace> validation = draw(validationWords, seeds);
    List<PenTrace> test = draw(testWords, seeds);
    HandwritingTraining.Result trained =
        new HandwritingTraining(units, epochs, seed).fit(components, train, validation);
    HandwritingModel mixture = trained.mixture();
    HandwritingModel gaussian = trained.gaussian();

    HandwritingModel.Scores score = mixture.score(test);
    HandwritingModel.Scores gaussianScore = gaussian.score(test);
    HandwritingReport report =
        new HandwritingReport(
            score.offsetNll(),
            gaussianScore.offsetNll(),
            score.penNll(),
            gaussianScore.penNll(),
            score.steps(),
            trained.seconds(),
            epochs,
            words,
            components,
            units,
            temperatures,
            seed);
    WholeFile.write(
        out.resolve("mixture.zip"),
        draft -> ModelSerializer.writeModel(mixture.graph(), draft.toFile(), false));
    draw(trained, train, test, seeds.nextLong());
    report.write(out.resolve("report.json"));
    System.out.println(report.summary());
    System.out.println("Written to " + out);
    return report;
  }

  private void checkOptions() {
    Program.require(words >= SHOWN, "--words: expected at least %d, got %d", SHOWN, words);
    Program.requirePositive("--validation-words", validationWords);
    Program.require(
        testWords >= SHOWN, "--test-words: expected at least %d, got %d", SHOWN, testWords);
    Program.requirePositive("--components", components);
    Program.requirePositive("--units", units);
    Program.requirePositive("--epochs", epochs);
    Program.require(
        !temperatures.isEmpty()
            && temperatures.stream().allMatch(tau -> tau > 0 && Double.isFinite(tau)),
        "--temperatures: expected numbers above 0, got %s",
        temperatures);
  }

  private static List<PenTrace> draw(int count, UniformRandomProvider seeds) {
    return CursiveGenerator.draw(count, RandomSource.XO_RO_SHI_RO_128_PP.create(seeds.nextLong()));
  }

  private void draw(
      HandwritingTraining.Result trained,
      List<PenTrace> train,
      List<PenTrace> test,
      long sampleSeed)
      throws IOException {
    PenTracePlot.write(
        List.of(
            new Sheet("Training words", 2, train.subList(0, SHOWN), 0),
            new Sheet("Written by the mixture", 2, write(trained.mixture(), sampleSeed), 0),
            new Sheet("Written by one Gaussian", 2, write(trained.gaussian(), sampleSeed), 0)),
        out.resolve("words.png"));
    HandwritingModel mixture = trained.mixture();
    List<Sheet> continued = new ArrayList<>();
    for (double temperature : temperatures) {
      List<PenTrace> lines = new ArrayList<>();
      for (PenTrace word : test.subList(0, CONTINUED)) {
        lines.addAll(mixture.goOn(beginning(word), 2, LONGEST, temperature, sampleSeed));
      }
      continued.add(new Sheet("τ = %s".formatted(temperature), 1, lines, BEGINNING));
    }
    PenTracePlot.write(continued, out.resolve("temperatures.png"));

    PenTrace written = mixture.goOn(beginning(test.get(0)), 1, LONGEST, COOL, sampleSeed).get(0);
    MixtureBatch next = mixture.predict(written);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(sampleSeed);
    WritingAnimation.write(
        written,
        BEGINNING,
        step -> next.get(0, step).sample(GUESSES, random),
        out.resolve("writing.gif"));
  }

  private static List<PenTrace> write(HandwritingModel model, long sampleSeed) {
    return model.write(SHOWN, LONGEST, 1, sampleSeed);
  }

  private static PenTrace beginning(PenTrace word) {
    return word.first(Math.min(BEGINNING, word.length()));
  }
}
