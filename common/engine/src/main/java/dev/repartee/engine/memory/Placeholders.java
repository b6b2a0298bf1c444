package dev.repartee.engine.memory;

import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What placeholders stand for in one conversation: first what the desk's metadata says, then the
 * newest value of the kind in the conversation that an agent may be offered, as it was written: a
 * customer's link is none. Nothing from any other conversation can get in. For several threads.
 */
final class Placeholders {

  /** A placeholder, or a brace without its other half, which is a part of one. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z0-9_]*}?|}");

  private final Map<String, String> metadata;
  private final Supplier<List<Detection>> offered;
  private volatile Map<String, String> values; // by name; null until they are needed

  /**
   * @param metadata values by name
   * @param offered what of the conversation an agent may be offered, oldest first; asked for when
   *     the first text with placeholders is filled
   */
  Placeholders(Map<String, String> metadata, Supplier<List<Detection>> offered) {
    this.metadata = metadata;
    this.offered = offered;
  }

  private Map<String, String> values() {
    Map<String, String> known = values;
    if (known == null) {
      Map<String, String> found = new HashMap<>();
      offered.get().forEach(value -> found.put(value.kind().id(), value.text()));
      found.putAll(metadata);
      known = found;
      values = known;
    }
    return known;
  }

  /** {@code text} as it would be sent. */
  FilledText fill(String text) {
    if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
      return FilledText.of(text); // most texts
    }
    StringBuilder filled = new StringBuilder();
    List<FilledText.Value> found = new ArrayList<>();
    List<String> unfilled = new ArrayList<>();
    int end = 0;
    for (Matcher match = PLACEHOLDER.matcher(text); match.find(); ) {
      String placeholder = match.group();
      boolean whole = placeholder.length() > 2 && placeholder.endsWith("}");
      String name = whole ? placeholder.substring(1, placeholder.length() - 1) : placeholder;
      String value = whole ? values().get(name) : null;
      filled.append(text, end, match.start());
      end = match.end();
      if (value == null) {
        unfilled.add(name);
        filled.append(placeholder);
      } else {
        found.add(new FilledText.Value(filled.length(), filled.length() + value.length(), name));
        filled.append(value);
      }
    }
    return new FilledText(filled.append(text, end, text.length()).toString(), found, unfilled);
  }

  /**
   * What {@code word} may be the beginning of, in any case: longer values of kinds that the model
   * knows, by their placeholders.
   */
  Map<String, String> startingWith(String word) {
    Map<String, String> starting = new HashMap<>();
    for (PersonalData kind : PersonalData.values()) {
      String value = values().get(kind.id());
      if (value != null
          && value.length() > word.length()
          && value.regionMatches(true, 0, word, 0, word.length())) {
        starting.put(kind.placeholder(), value);
      }
    }
    return starting;
  }
}
