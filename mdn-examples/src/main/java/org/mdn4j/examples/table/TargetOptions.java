/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.Arrays;
import java.util.List;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.regression.AtomSearch;
import org.mdn4j.regression.MixtureRegressorBuilder;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say what kind of numbers the targets are. */
final class TargetOptions {
  @Option(
      names = "--censored",
      description =
          "the columns of --target are lower and upper end of each target: equal ends are a value,"
              + " an empty cell or inf leaves its side open")
  boolean censored;

  @Option(
      names = "--event",
      paramLabel = "COLUMN",
      description =
          "column of flags, for one target: 1 where it was seen, 0 where it is only known to be"
              + " larger",
      showDefaultValue = Visibility.NEVER)
  String event;

  @Option(
      names = "--family",
      paramLabel = "NAME",
      description =
          "distribution of a component: GAUSSIAN, LAPLACE, LOGISTIC, or NEGATIVE_BINOMIAL for counts",
      defaultValue = "GAUSSIAN")
  ComponentFamily family;

  @Option(
      names = "--atoms",
      paramLabel = "VALUES",
      description =
          "values of one target that have a probability of their own, such as 0,1; auto for those"
              + " that many rows have; none",
      defaultValue = "auto")
  String atoms;

  @Option(
      names = "--compare-atoms",
      description =
          "fit a mixture without atoms, too: its scores, and both calibrations in atoms.png")
  boolean compareAtoms;

  /** Rejects what does not go together, whatever the file. */
  void check() {
    Program.require(
        !censored || event == null, "--event and --censored: expected one of the two, got both");
    Program.require(
        List.of(
                ComponentFamily.GAUSSIAN,
                ComponentFamily.LAPLACE,
                ComponentFamily.LOGISTIC,
                ComponentFamily.NEGATIVE_BINOMIAL)
            .contains(family),
        "--family: expected GAUSSIAN, LAPLACE, LOGISTIC or NEGATIVE_BINOMIAL, got %s",
        family);
    if (!isSearched() && !isNone()) {
      values();
    }
    Program.require(
        !compareAtoms || !isNone(), "--compare-atoms: expected --atoms auto or values, got none");
  }

  /**
   * Returns the columns of targets.
   *
   * @param named those of {@code --target}
   */
  TargetColumns columns(CsvTable table, List<String> named) {
    if (censored) {
      Program.require(
          named.size() % 2 == 0,
          "--censored: expected two columns for each target, its lower and its upper end, got %s",
          CsvTable.quoted(named));
    }
    if (event == null) {
      return new TargetColumns(named, censored, null);
    }
    Program.require(
        named.size() == 1, "--event: expected one target, got %s", CsvTable.quoted(named));
    List<String> flags = table.named(List.of(event));
    Program.require(
        flags.size() == 1, "--event: expected one column, got %s", CsvTable.quoted(flags));
    Program.require(!flags.equals(named), "--event: %s is the target", CsvTable.quoted(flags));
    return new TargetColumns(named, false, flags.get(0));
  }

  boolean isCounts() {
    return family.isDiscrete();
  }

  /** Returns whether it was said which values are atoms, be it none. */
  boolean namesAtoms() {
    return !isSearched();
  }

  private boolean isCensored() {
    return censored || event != null;
  }

  private boolean isSearched() {
    return atoms.equalsIgnoreCase("auto");
  }

  private boolean isNone() {
    return atoms.equalsIgnoreCase("none");
  }

  private double[] values() {
    try {
      return Arrays.stream(atoms.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      throw new Program.UserError(
          "--atoms: expected auto, none, or numbers such as 0,1, got " + CsvTable.quoted(atoms));
    }
  }

  /** Sets components of the family. */
  MixtureRegressorBuilder mixture(MixtureRegressorBuilder builder, int targets) {
    boolean together = targets > 1 && family == ComponentFamily.GAUSSIAN && !isCensored();
    return labels(builder)
        .family(family)
        .covariance(together ? Covariance.FULL : Covariance.DIAGONAL);
  }

  /** Sets one component that is no mixture. */
  MixtureRegressorBuilder single(MixtureRegressorBuilder builder, int targets) {
    boolean together = targets > 1 && !isCounts() && !isCensored();
    return labels(builder)
        .components(1)
        .contaminated(false)
        .family(isCounts() ? family : ComponentFamily.GAUSSIAN)
        .covariance(together ? Covariance.FULL : Covariance.DIAGONAL);
  }

  /** Returns what the one component is called. */
  String singleName() {
    return isCounts() ? "one negative binomial" : "one Gaussian";
  }

  private MixtureRegressorBuilder labels(MixtureRegressorBuilder builder) {
    MixtureRegressorBuilder known = isCensored() ? builder.censored() : builder;
    return isSearched() ? known : isNone() ? known.atoms(AtomSearch.NONE) : known.atoms(values());
  }
}
