package dev.repartee.serving.http;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one part of the service adds to the document.
 *
 * @param operations its paths
 * @param notes what the fields of its records mean, by record and component
 */
public record Section(
    List<Operation> operations, Map<Class<? extends Record>, Map<String, Note>> notes) {

  public Section {
    operations = List.copyOf(operations);
    notes = Map.copyOf(notes);
    notes.forEach(Section::requireComponents);
  }

  public static Section of(Operation... operations) {
    return new Section(List.of(operations), Map.of());
  }

  /**
   * Explains the components of a record.
   *
   * @throws IllegalArgumentException when it has no component of a name
   */
  public Section describe(Class<? extends Record> type, Map<String, Note> components) {
    Map<Class<? extends Record>, Map<String, Note>> more = new LinkedHashMap<>(notes);
    more.put(type, Map.copyOf(components));
    return new Section(operations, more);
  }

  private static void requireComponents(
      Class<? extends Record> type, Map<String, Note> components) {
    Set<String> unknown = new TreeSet<>(components.keySet());
    unknown.removeAll(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toSet()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(type.getSimpleName() + " has no components " + unknown);
    }
  }
}
