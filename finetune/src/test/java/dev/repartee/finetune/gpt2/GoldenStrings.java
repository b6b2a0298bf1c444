package dev.repartee.finetune.gpt2;

import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import tools.jackson.core.type.TypeReference;

/** Strings with the ids that GPT-2 gives them (tokenizer/README.md among the test resources). */
final class GoldenStrings {

  /** One string; {@code group} says what is hard about it. */
  record Golden(String group, String text, List<Integer> ids) {

    /** The text with all but printable ASCII escaped, for messages. */
    String shown() {
      StringBuilder shown = new StringBuilder();
      text.chars()
          .limit(60)
          .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : "\\u%04x".formatted(c))
          .forEach(shown::append);
      return group + ": '" + shown + "'";
    }

    /** Whether decoding can give the text back: UTF-8 has no lone surrogates. */
    boolean isValid() {
      return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
  }

  private GoldenStrings() {}

  static List<Golden> read() {
    try (InputStream in = GoldenStrings.class.getResourceAsStream("/tokenizer/gpt2.json")) {
      return Json.COMPACT.readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
