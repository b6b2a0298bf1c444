package dev.repartee.engine.gpt2;

/** Runs passes of one model, for several threads. */
public interface Passes extends AutoCloseable {

  Gpt2Config config();

  /** Runs one pass and waits for it. */
  PassResult run(Pass pass);

  /** {@link Gpt2#newCache}. */
  KvCache newCache(int capacity);

  /** {@link Gpt2#copy}. */
  void copy(KvCache from, KvCache to, int length);

  /** Frees what the passes need; the model stays open. */
  @Override
  void close();
}
