package dev.repartee.serving.predict;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.Suggestion;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An engine without a model and knowledge, whose sessions know nothing without being asked. */
public abstract class FakeEngine implements ServingEngine {

  private final Knowledge knowledge = Knowledge.read(Path.of("no such folder"), 1, false);

  @Override
  public Knowledge knowledge() {
    return knowledge;
  }

  @Override
  public boolean isCalibrated() {
    return true;
  }

  @Override
  public void reload(Path folder) {}

  @Override
  public Knowledge.Built build(Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn) {
    return base.build(sources, Knowledge.ContextReader.NONE);
  }

  @Override
  public long sessionMemory() {
    return SESSION_MEMORY;
  }

  @Override
  public void releaseUnused() {}

  abstract static class FakeSession implements Session {

    @Override
    public Session at(Display display) {
      return this;
    }

    @Override
    public void decline() {}

    @Override
    public Suggestion.Nothing nothing(String draft) {
      return Suggestion.Nothing.UNKNOWN;
    }

    @Override
    public Optional<Known> suggestKnown(String draft, int limit) {
      return Optional.empty();
    }

    @Override
    public void read(String draft) {}

    @Override
    public Session forOneRequest(int limit) {
      return this;
    }

    @Override
    public Map<String, Double> entryLikelihoods() {
      return Map.of();
    }

    @Override
    public Optional<String> language() {
      return Optional.empty();
    }

    @Override
    public FilledText fill(String template) {
      return FilledText.of(template);
    }

    @Override
    public void cancel() {}

    @Override
    public void resume() {}

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public boolean isOutOfDate() {
      return false;
    }

    @Override
    public boolean isCurrent() {
      return true;
    }
  }
}
