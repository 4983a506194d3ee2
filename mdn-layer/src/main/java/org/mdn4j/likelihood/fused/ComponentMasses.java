/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.AngleDensity;
import org.mdn4j.numerics.ComponentMass;
import org.mdn4j.numerics.CountMass;
import org.mdn4j.numerics.LogMass;

/** The {@link ComponentMass} of each family. */
public final class ComponentMasses {
  private ComponentMasses() {}

  /**
   * Creates that of a specification's components.
   *
   * @param spec the family, and its degrees of freedom if they are fixed
   * @param limits of the dtype that the likelihood is asked for in
   * @return one for one thread; a {@link LogMass} of all families but angles and counts
   */
  public static ComponentMass of(MixtureSpec spec, Limits limits) {
    double limit = limits.halfSquaredDistance(spec.targets());
    ComponentMass mass =
        switch (spec.family()) {
          case GAUSSIAN -> LogMass.gaussian(limit);
          case LOG_NORMAL -> LogMass.logNormal(limit);
          case LAPLACE -> LogMass.laplace();
          case LOGISTIC -> LogMass.logistic();
          case STUDENT_T -> LogMass.studentT();
          case VON_MISES -> new AngleDensity();
          case NEGATIVE_BINOMIAL -> new CountMass();
        };
    spec.degreesOfFreedom().ifPresent(mass::degrees);
    return mass;
  }
}
