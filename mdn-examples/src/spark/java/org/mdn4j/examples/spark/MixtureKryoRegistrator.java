/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import org.mdn4j.MixtureSpec;
import org.mdn4j.eval.MixtureEvaluation;
import org.nd4j.kryo.Nd4jRegistrator;

/**
 * A registrator for clusters that use Kryo: {@code spark.kryo.registrator} is this class where
 * {@code spark.serializer} is {@code org.apache.spark.serializer.KryoSerializer}.
 *
 * <p>ND4J's arrays go by ND4J's own registrator. A {@link MixtureEvaluation} and a {@link
 * MixtureSpec}, which a network's head holds, go by Java serialisation, since they hold records and
 * immutable lists, which Kryo 4 cannot fill. With Spark's default, Java serialisation throughout,
 * nothing needs to be set.
 */
public final class MixtureKryoRegistrator extends Nd4jRegistrator {
  /** Creates the registrator; called by Spark. */
  public MixtureKryoRegistrator() {}

  @Override
  public void registerClasses(Kryo kryo) {
    super.registerClasses(kryo);
    kryo.register(MixtureEvaluation.class, new JavaSerializer());
    kryo.register(MixtureSpec.class, new JavaSerializer());
  }
}
