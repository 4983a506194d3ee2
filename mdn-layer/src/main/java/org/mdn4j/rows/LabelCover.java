/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.rows;

import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;

/**
 * The parts of a mixture with atoms that a label may have come from: an exact value that is an atom
 * covers this one alone, of counts the components too; any other exact value the components; an
 * interval the components and all atoms in it, its ends among them.
 *
 * <p>An interval in which components have nothing covers atoms alone: of LOG_NORMAL one that ends
 * at 0 or below, of a truncation one that reaches its range in an end only.
 *
 * <p>Not safe for use by several threads.
 */
public final class LabelCover {
  private final MixtureSpec spec;
  private final Atoms rule;
  private final LabelEnds ends;
  private final boolean[] atoms; // [A]
  private boolean components;
  private int covered; // atoms

  /**
   * Creates the cover of a specification's labels, none of which is read yet.
   *
   * @param spec with atoms, and so of one target
   */
  public LabelCover(MixtureSpec spec) {
    this.spec = spec;
    this.rule = new Atoms(spec);
    this.ends = new LabelEnds(spec);
    this.atoms = new boolean[spec.atoms().length];
  }

  /**
   * Reads a label.
   *
   * @param lower its lower end, or −∞
   * @param upper its upper end, or ∞; the same for an exact value
   */
  public void read(double lower, double upper) {
    boolean exact = lower == upper;
    int only = exact ? rule.indexOf(lower) : -1;
    covered = 0;
    for (int a = 0; a < atoms.length; a++) {
      atoms[a] = exact ? a == only : rule.isWithin(a, lower, upper);
      covered += atoms[a] ? 1 : 0;
    }
    components = covered == 0 || (exact ? spec.family().isDiscrete() : isBroad(lower, upper));
  }

  /** Returns whether components can have what is between the ends. */
  private boolean isBroad(double lower, double upper) {
    ends.read(lower, upper);
    return ends.lower() < ends.upper()
        && (spec.family() != ComponentFamily.LOG_NORMAL || ends.upper() > 0);
  }

  /** Returns whether the last label covers the components. */
  public boolean components() {
    return components;
  }

  /** Returns whether the last label covers an atom. */
  public boolean atom(int a) {
    return atoms[a];
  }

  /** Returns how many atoms the last label covers. */
  public int atoms() {
    return covered;
  }

  /**
   * Returns an exact value that components have a density at, in place of one that they may not.
   */
  public double standIn() {
    ends.readRange();
    return Math.max(ends.lower(), Math.min(ends.upper(), 1)); // of LOG_NORMAL above 0
  }
}
