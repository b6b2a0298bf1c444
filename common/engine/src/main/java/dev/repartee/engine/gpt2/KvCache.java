package dev.repartee.engine.gpt2;

import ai.djl.pytorch.jni.IValue;

/**
 * Keys and values of a text's tokens, so that each token is computed once. Tokens can be forgotten
 * ({@link #truncate}) and others written in their place, which makes it cheap to try several
 * continuations of one context. Not for use by several threads at once; owns native memory until
 * closed.
 */
public final class KvCache implements AutoCloseable {

  private final IValue tensors;
  private final int capacity;
  private final long bytes;
  private int length;

  KvCache(IValue tensors, int capacity, long bytes) {
    this.tensors = tensors;
    this.capacity = capacity;
    this.bytes = bytes;
  }

  /** Native memory that it takes. */
  public long bytes() {
    return bytes;
  }

  /** Tokens held. */
  public int length() {
    return length;
  }

  /** Tokens that fit. */
  public int capacity() {
    return capacity;
  }

  /** Forgets every token after the first {@code length}. */
  public void truncate(int length) {
    if (length < 0 || length > this.length) {
      throw new IllegalArgumentException(
          "length must be between 0 and " + this.length + " but is " + length);
    }
    this.length = length;
  }

  IValue tensors() {
    return tensors;
  }

  void extend(int tokens) {
    length += tokens;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
