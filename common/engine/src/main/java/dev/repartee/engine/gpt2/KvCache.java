package dev.repartee.engine.gpt2;

import ai.djl.pytorch.jni.IValue;

/**
 * Keys and values of a text's tokens, so that each token is computed once. Tokens can be forgotten
 * ({@link #truncate}) and others written in their place, which makes it cheap to try several
 * continuations of one context. Memory grows with the tokens, {@link #STEP} at a time. Not for use
 * by several threads at once; owns native memory until closed.
 */
public final class KvCache implements AutoCloseable {

  /** Slots are taken in multiples of this. */
  static final int STEP = 64;

  private final int capacity;
  private final long bytesOfSlot;
  private IValue tensor; // null until it has slots
  private volatile int slots;
  private int expected;
  private int length;

  /** A cache that holds nothing and takes no memory yet. */
  KvCache(int capacity, long bytesOfSlot) {
    this.capacity = capacity;
    this.bytesOfSlot = bytesOfSlot;
  }

  /** Native memory that it takes now; any thread may ask. */
  public long bytes() {
    return slots * bytesOfSlot;
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

  /** When it grows, it gets room for this many tokens at once: growth copies all that it holds. */
  public void expect(int tokens) {
    expected = Math.min(tokens, capacity);
  }

  /** The slots that it should have to hold {@code tokens}; those that it has where they do. */
  int slotsFor(int tokens) {
    if (tokens <= slots) {
      return slots;
    }
    return Math.min(capacity, Math.ceilDiv(Math.max(tokens, expected), STEP) * STEP);
  }

  int slots() {
    return slots;
  }

  IValue tensor() {
    return tensor;
  }

  /** Keeps its tokens in another tensor, which holds them already. */
  void moveTo(IValue other, int otherSlots) {
    close();
    tensor = other;
    slots = otherSlots;
  }

  void extend(int tokens) {
    length += tokens;
  }

  @Override
  public void close() {
    if (tensor != null) {
      tensor.close();
      tensor = null;
      slots = 0;
    }
  }
}
