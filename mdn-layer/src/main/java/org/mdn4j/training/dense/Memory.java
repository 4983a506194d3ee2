/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Native memory, which the matrix products work on, as pointers that can be moved. */
final class Memory {
  private Memory() {}

  /** Allocates numbers that are all zero. */
  static Pointer zeros(DataType dtype, long length) {
    Pointer memory = dtype == DataType.FLOAT ? new FloatPointer(length) : new DoublePointer(length);
    Pointer.memset(memory, 0, length * memory.sizeof());
    return memory;
  }

  /** Makes a pointer that points nowhere yet; whoever moves it keeps the memory alive. */
  static Pointer nowhere(DataType dtype) {
    return dtype == DataType.FLOAT ? new Floats() : new Doubles();
  }

  /** Makes a pointer into memory, which it keeps alive. */
  static Pointer within(Pointer memory, long first) {
    return memory instanceof FloatPointer
        ? new FloatPointer(memory).position(first)
        : new DoublePointer(memory).position(first);
  }

  /** Moves a pointer that {@link #nowhere} made. */
  static void move(Pointer pointer, long address) {
    if (pointer instanceof Floats floats) {
      floats.moveTo(address);
    } else {
      ((Doubles) pointer).moveTo(address);
    }
  }

  /** Returns the address of an array's first entry. */
  static long address(INDArray array) {
    return array.data().address() + array.offset() * array.data().getElementSize();
  }

  private static final class Floats extends FloatPointer {
    Floats() {
      super((Pointer) null);
    }

    void moveTo(long address) {
      this.address = address;
    }
  }

  private static final class Doubles extends DoublePointer {
    Doubles() {
      super((Pointer) null);
    }

    void moveTo(long address) {
      this.address = address;
    }
  }
}
