package dev.repartee.engine.gpt2;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;

/**
 * Some tokens of the vocabulary, whose probability the model sums itself: summing over fifty
 * thousand in Java takes longer than the rest of a keystroke. Owns native memory until closed.
 */
public final class TokenMask implements AutoCloseable {

  private final PtNDArray array; // (V, 1), ones and zeros

  TokenMask(Gpt2Program program, boolean[] member) {
    float[] marks = new float[program.config().vocabulary()];
    for (int id = 0; id < member.length; id++) {
      marks[id] = member[id] ? 1 : 0;
    }
    this.array = (PtNDArray) program.manager().create(marks, new Shape(marks.length, 1));
  }

  PtNDArray array() {
    return array;
  }

  @Override
  public void close() {
    array.close();
  }
}
