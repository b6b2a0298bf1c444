package dev.repartee.engine.gpt2;

import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** Native values that are freed together. */
record IValues(List<IValue> values) implements AutoCloseable {

  IValues {
    values = List.copyOf(values);
  }

  IValue[] array() {
    return values.toArray(IValue[]::new);
  }

  @Override
  public void close() {
    values.forEach(IValue::close);
  }
}
