/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.VonMises;

/**
 * A stretch of one target, seen from an anchor: its values are anchor + offset. Near a component
 * that is narrower than what doubles around its location can tell apart, the anchor is that
 * location, so that offsets have all their digits there; elsewhere it is 0.
 *
 * @param anchor what offsets are counted from
 * @param turn 0; on a circle what is added to the anchor so that values ascend over the turn
 * @param components the components, less the anchor
 * @param from first offset
 * @param to last offset
 */
record Stretch(double anchor, double turn, IndependentTargets components, double from, double to) {
  /** So many doubles on either side of its location are seen from there. */
  private static final double REACH = 0x1p20;

  private static final double ULP_OF_ANGLES = Math.ulp(2 * Math.PI);

  /** Returns a stretch without an anchor. */
  static Stretch plain(IndependentTargets components, double from, double to) {
    return new Stretch(0, 0, components, from, to);
  }

  /** Returns all that is seen from an anchor. */
  static Stretch at(IndependentTargets components, double anchor) {
    return new Stretch(
        anchor, 0, components.seenFrom(anchor), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /**
   * Returns those of some offsets that are inside, ascending, and the ends unless they are a
   * line's.
   */
  double[] inside(DoubleStream offsets) {
    return DoubleStream.concat(
            DoubleStream.of(from, to).filter(end -> Math.abs(end) < Double.MAX_VALUE),
            offsets.filter(offset -> from < offset && offset < to))
        .sorted()
        .distinct()
        .toArray();
  }

  /** Returns the offset here of what is at an offset there. */
  double offset(Position there) {
    Stretch other = there.stretch();
    return other == this
        ? there.offset()
        : (other.anchor - anchor) + (other.turn - turn) + there.offset();
  }

  /** A location of components, and how far around it is seen from it. */
  private record Window(double anchor, double turn, double below, double above) {
    double place() {
      return anchor + turn;
    }
  }

  /**
   * Returns all of a target, in stretches in which every component that has a share is resolved.
   */
  static List<Stretch> of(IndependentTargets components, int[] shares) {
    return components instanceof VonMises angles
        ? ofCircle(angles, shares)
        : ofLine(components, shares, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** Returns the stretches of a line between two values, ascending. */
  static List<Stretch> ofLine(IndependentTargets components, int[] shares, double from, double to) {
    double[] anchors = anchors(components, shares, 0);
    List<Window> windows = new ArrayList<>();
    for (int i = 0; i < anchors.length; i++) {
      double anchor = anchors[i];
      double reach = REACH * Math.ulp(anchor);
      double below = i > 0 ? anchor - anchors[i - 1] : Double.POSITIVE_INFINITY;
      double above = i + 1 < anchors.length ? anchors[i + 1] - anchor : Double.POSITIVE_INFINITY;
      windows.add(new Window(anchor, 0, Math.min(reach, below / 2), Math.min(reach, above / 2)));
    }
    return cut(components, windows, from, to);
  }

  /** Returns the stretches of a circle over a turn that starts at −π, or next to it. */
  static List<Stretch> ofCircle(VonMises components, int[] shares) {
    double[] anchors = anchorsOfCircle(components, shares);
    double start =
        IntStream.rangeClosed(0, 2 * anchors.length)
            .mapToDouble(i -> -Math.PI + i * 4 * REACH * ULP_OF_ANGLES)
            .filter(angle -> canStart(angle, anchors))
            .findFirst()
            .orElseThrow();
    return ofCircle(components, anchors, start);
  }

  /**
   * Returns the stretches of a circle over one turn.
   *
   * @param start where it starts, see {@link #canStart}
   */
  static List<Stretch> ofCircle(VonMises components, double[] anchors, double start) {
    double reach = REACH * ULP_OF_ANGLES;
    List<Window> windows = new ArrayList<>();
    for (double anchor : anchors) {
      double nearestBelow = Double.POSITIVE_INFINITY;
      double nearestAbove = Double.POSITIVE_INFINITY;
      for (double other : anchors) {
        double way = VonMises.wrapped(other - anchor);
        nearestAbove = way > 0 ? Math.min(nearestAbove, way) : nearestAbove;
        nearestBelow = way < 0 ? Math.min(nearestBelow, -way) : nearestBelow;
      }
      double turn = 2 * Math.PI * Math.ceil((start - anchor) / (2 * Math.PI));
      windows.add(
          new Window(
              anchor, turn, Math.min(reach, nearestBelow / 2), Math.min(reach, nearestAbove / 2)));
    }
    windows.sort(Comparator.comparingDouble(Window::place));
    return cut(components, windows, start, start + 2 * Math.PI);
  }

  /** Returns locations of narrow components, ascending. */
  private static double[] anchors(IndependentTargets components, int[] shares, double leastUlp) {
    return Arrays.stream(shares)
        .filter(
            k ->
                Components.isBelowUlps(components.unit(k), leastUlp)
                    || Components.isNarrow(components.unit(k), components.mode(k)))
        .mapToDouble(components::mode)
        .sorted()
        .distinct()
        .toArray();
  }

  /**
   * Returns the directions of components that are narrow on a circle, over which doubles are as
   * wide.
   */
  static double[] anchorsOfCircle(VonMises components, int[] shares) {
    return anchors(components, shares, ULP_OF_ANGLES);
  }

  /** Returns whether a turn can start here: not where a stretch with an anchor may be. */
  static boolean canStart(double start, double[] anchors) {
    return Arrays.stream(anchors)
        .allMatch(anchor -> Math.abs(VonMises.wrapped(start - anchor)) > 2 * REACH * ULP_OF_ANGLES);
  }

  private static List<Stretch> cut(
      IndependentTargets components, List<Window> windows, double from, double to) {
    List<Stretch> stretches = new ArrayList<>();
    double reached = from;
    for (Window window : windows) {
      double place = window.place();
      if (to < place - window.below || place + window.above < from) {
        continue;
      }
      double first = Math.max(-window.below, from - place);
      double last = Math.min(window.above, to - place);
      if (reached < place + first) {
        stretches.add(plain(components, reached, place + first));
      }
      stretches.add(
          new Stretch(window.anchor, window.turn, components.seenFrom(window.anchor), first, last));
      reached = place + last;
    }
    if (reached < to) {
      stretches.add(plain(components, reached, to));
    }
    return stretches;
  }
}
