package dev.repartee.engine.gpt2;

import java.util.List;

/** Runs each pass by itself, on the thread that asks for it. */
public final class DirectPasses implements Passes {

  private final Gpt2 model;
  private final TokenMask group;

  /**
   * Passes of {@code model}, which the caller closes after this.
   *
   * @param group whose probability is told; owned from now on
   */
  public DirectPasses(Gpt2 model, TokenMask group) {
    this.model = model;
    this.group = group;
  }

  @Override
  public Gpt2Config config() {
    return model.config();
  }

  @Override
  public PassResult run(Pass pass) {
    return model.run(List.of(pass), group).getFirst();
  }

  @Override
  public KvCache newCache(int capacity) {
    return model.newCache(capacity);
  }

  @Override
  public void copy(KvCache from, KvCache to, int length) {
    model.copy(from, to, length);
  }

  @Override
  public void close() {
    group.close();
  }
}
