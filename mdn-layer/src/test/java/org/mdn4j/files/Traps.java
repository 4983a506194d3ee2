/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.learning.config.Adam;

/** Classes that no file may make: that one is initialised is seen already. */
public final class Traps {
  private static final String SPRUNG = "mdn4j.trap";

  private Traps() {}

  /**
   * Tells the classes' names; none is initialised by this.
   *
   * @return the names: one that fits nowhere, an activation, a layer, an updater
   */
  public static List<String> names() {
    String prefix = Traps.class.getName();
    return List.of(
        prefix + "$Plain", prefix + "$Activation", prefix + "$Layer", prefix + "$Updater");
  }

  /**
   * Tells which one was initialised.
   *
   * @return its name; null if none was
   */
  public static String sprung() {
    return System.getProperty(SPRUNG);
  }

  private static void spring(String name) {
    System.setProperty(SPRUNG, name);
  }

  /** One that fits nowhere. */
  public static final class Plain {
    static {
      spring("Plain");
    }
  }

  /** One that a place for activations would take. */
  public static final class Activation extends ActivationIdentity {
    private static final long serialVersionUID = 1L;

    static {
      spring("Activation");
    }
  }

  /** One that a place for layers would take. */
  public static final class Layer extends DenseLayer {
    private static final long serialVersionUID = 1L;

    static {
      spring("Layer");
    }
  }

  /** One that a place for updaters would take. */
  public static final class Updater extends Adam {
    private static final long serialVersionUID = 1L;

    static {
      spring("Updater");
    }
  }
}
