/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

/** A point of a target, at an offset of a stretch: where its density has an extremum, say. */
record Position(Stretch stretch, double offset) {
  /** So many doubles away rounding leaves out less than 3e-8 of what lies between. */
  private static final double NEAR = 0x1p24;

  /** Returns the target's value; on a circle without turns. */
  double value() {
    return stretch.anchor() + offset;
  }

  /** Returns the value; next to its anchor the largest double that is not above it. */
  double floor() {
    double value = value();
    return isNearAnchor() && lost(value) < 0 ? Math.nextDown(value) : value;
  }

  /** Returns the value; next to its anchor the least double that is not below it. */
  double ceiling() {
    double value = value();
    return isNearAnchor() && lost(value) > 0 ? Math.nextUp(value) : value;
  }

  /** Returns whether rounding would make another interval of what lies between two such values. */
  private boolean isNearAnchor() {
    return Math.abs(offset) < NEAR * Math.ulp(stretch.anchor());
  }

  /** Returns what the sum as rounded has left out, by Knuth's exact sum. */
  private double lost(double value) {
    double back = value - stretch.anchor();
    return (stretch.anchor() - (value - back)) + (offset - back);
  }

  /** Returns the same with so much added to the turns of a circle. */
  Position turned(double turn) {
    return new Position(
        new Stretch(
            stretch.anchor(),
            stretch.turn() + turn,
            stretch.components(),
            stretch.from(),
            stretch.to()),
        offset);
  }
}
