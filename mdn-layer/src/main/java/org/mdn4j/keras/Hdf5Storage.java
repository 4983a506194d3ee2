/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import io.jhdf.HdfFile;
import io.jhdf.Superblock;
import io.jhdf.storage.HdfBackingStorage;
import io.jhdf.storage.HdfInMemoryByteBuffer;
import java.lang.reflect.Constructor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of an HDF5 file, of which jHDF may read only a limited multiple of their number: a file
 * whose trees share their branches, or lead back to themselves, would keep it busy for ever.
 */
final class Hdf5Storage extends HdfInMemoryByteBuffer {
  private static final int READINGS = 32;
  private static final long ALWAYS = 1 << 23;
  private static final int COST_OF_A_READING = 64;

  private long left;

  private Hdf5Storage(ByteBuffer bytes, Superblock superblock) {
    super(bytes, superblock);
    this.left = (long) READINGS * bytes.capacity() + ALWAYS;
  }

  /** Opens a file. */
  static HdfFile open(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      // jHDF makes its storage itself, and has no other way in.
      Constructor<HdfFile> constructor =
          HdfFile.class.getDeclaredConstructor(HdfBackingStorage.class);
      constructor.setAccessible(true);
      return constructor.newInstance(new Hdf5Storage(buffer, Superblock.readSuperblock(buffer)));
    } catch (ReflectiveOperationException e) {
      throw new Refusal(e, "The HDF5 file is damaged or cut short (%s)", e.getCause());
    }
  }

  @Override
  public synchronized ByteBuffer mapNoOffset(long address, long length) {
    left -= length + COST_OF_A_READING;
    if (length < 0 || left < 0) {
      throw new Refusal("The HDF5 file leads to the same parts over and over");
    }
    return super.mapNoOffset(address, length);
  }
}
