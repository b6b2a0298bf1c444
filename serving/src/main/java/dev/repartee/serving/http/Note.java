package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a field means and its bounds, which Java's types do not say.
 *
 * @param text one or two sentences
 * @param keywords of JSON Schema, such as {@code maxLength}
 * @param optional whether the field may be missing although its type has no room for that
 */
public record Note(String text, Map<String, Object> keywords, boolean optional) {

  public Note {
    requireNonNull(text, "text is null");
    keywords = Collections.unmodifiableMap(new LinkedHashMap<>(keywords));
  }

  public static Note of(String text) {
    return new Note(text, Map.of(), false);
  }

  /** Bounds of a text's length, in UTF-16 units. */
  public Note length(int least, int most) {
    return with("minLength", least).with("maxLength", most);
  }

  public Note pattern(String regex) {
    return with("pattern", regex);
  }

  /** Bounds of a number. */
  public Note range(long least, long most) {
    return with("minimum", least).with("maximum", most);
  }

  /** Bounds of an array's size. */
  public Note items(int least, int most) {
    return with("minItems", least).with("maxItems", most);
  }

  /** The only texts that are possible. */
  public Note oneOf(String... values) {
    return with("enum", List.copyOf(Arrays.asList(values)));
  }

  /** What a missing field means. */
  public Note byDefault(Object value) {
    return new Note(text, with("default", value).keywords, true);
  }

  private Note with(String keyword, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(keywords);
    more.put(keyword, value);
    return new Note(text, more, optional);
  }
}
