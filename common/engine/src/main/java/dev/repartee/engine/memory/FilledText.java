package dev.repartee.engine.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * A text in which values stand in place of placeholders.
 *
 * @param text as it would be sent
 * @param values where the values stand in it, in order
 * @param unfilled the names of placeholders that are left in the text, as nothing is known for
 *     them; a brace without its other half counts as one
 */
public record FilledText(String text, List<Value> values, List<String> unfilled) {

  /** A value in the text, from {@code start} to before {@code end}, and its placeholder's name. */
  public record Value(int start, int end, String name) {}

  public FilledText {
    values = List.copyOf(values);
    unfilled = List.copyOf(unfilled);
  }

  /** A text without placeholders. */
  public static FilledText of(String text) {
    return new FilledText(text, List.of(), List.of());
  }

  /** Whether nothing is left to be filled, so that the text may be sent. */
  public boolean isWhole() {
    return unfilled.isEmpty();
  }

  /** The text with its placeholders. */
  public String template() {
    if (values.isEmpty()) {
      return text; // most texts
    }
    StringBuilder template = new StringBuilder();
    int end = 0;
    for (Value value : values) {
      template.append(text, end, value.start()).append('{').append(value.name()).append('}');
      end = value.end();
    }
    return template.append(text, end, text.length()).toString();
  }

  /** What of this text follows what is typed already. */
  public FilledText after(String typed) {
    return moved(typed + text, typed.length());
  }

  /** What follows the first characters; of a value that they cut, the rest is text as any other. */
  public FilledText from(int start) {
    return moved(text.substring(start), -start);
  }

  /** What stands from {@code start} to before {@code end}, which is within no value. */
  FilledText part(int start, int end) {
    List<Value> before = values.stream().filter(value -> value.end() <= end).toList();
    return new FilledText(text.substring(0, end), before, unfilled).from(start);
  }

  private FilledText moved(String to, int by) {
    List<Value> moved = new ArrayList<>();
    for (Value value : values) {
      if (value.start() + by >= 0) {
        moved.add(new Value(value.start() + by, value.end() + by, value.name()));
      }
    }
    return new FilledText(to, moved, unfilled);
  }
}
