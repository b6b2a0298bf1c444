package dev.repartee.finetune.tools;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the details of a {@link Finding}, in the order in which they are shown. */
final class Details {

  private final Map<String, Object> values = new LinkedHashMap<>();

  Details add(String name, Object value) {
    values.put(name, value);
    return this;
  }

  Map<String, Object> map() {
    return Collections.unmodifiableMap(values);
  }
}
