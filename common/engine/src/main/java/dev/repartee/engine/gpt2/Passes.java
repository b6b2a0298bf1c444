package dev.repartee.engine.gpt2;

import java.util.List;

/** Runs passes of one model, for several threads. */
public interface Passes extends AutoCloseable {

  /** The model, which the caller closes, after this. */
  Gpt2 model();

  /** Runs one pass and waits for it. */
  Pass.Result run(Pass pass);

  default Gpt2Config config() {
    return model().config();
  }

  /** {@link Gpt2#newCache}. */
  default KvCache newCache(int capacity) {
    return model().newCache(capacity);
  }

  /** {@link Gpt2#copy}. */
  default void copy(KvCache from, KvCache to, int length) {
    model().copy(from, to, length);
  }

  /** Frees what the passes need; the model stays open. */
  @Override
  default void close() {
    // Most need nothing beside the model.
  }

  /** Runs each pass by itself, on the thread that asks for it. */
  record Direct(Gpt2 model) implements Passes {

    @Override
    public Pass.Result run(Pass pass) {
      return model.run(List.of(pass)).getFirst();
    }
  }
}
