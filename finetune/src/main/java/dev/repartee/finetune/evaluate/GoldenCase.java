package dev.repartee.finetune.evaluate;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * A situation, and what is expected of a model in it.
 *
 * @param name in reports
 * @param messages the conversation so far
 * @param draft what the agent has typed; may be empty
 * @param expectAny beginnings of replies, of which one must be shown; none where all will do
 * @param forbid what no reply shown may hold, as regular expressions
 */
record GoldenCase(
    String name,
    List<Message> messages,
    String draft,
    List<String> expectAny,
    List<Pattern> forbid) {

  private static final List<String> KEYS =
      List.of("name", "messages", "draft", "expect_any", "forbid");

  GoldenCase {
    messages = List.copyOf(messages);
    expectAny = List.copyOf(expectAny);
    forbid = List.copyOf(forbid);
    if (expectAny.isEmpty() && forbid.isEmpty()) {
      throw new IllegalArgumentException("expect_any or forbid must say what is expected");
    }
  }

  static ObjectLines.Content<GoldenCase> read(Path file) {
    return ObjectLines.read(file, KEYS, GoldenCase::parse);
  }

  private static GoldenCase parse(JsonNode object) {
    return new GoldenCase(
        JsonFields.text(object, "name"),
        ObjectLines.messages(object),
        ObjectLines.textOr(object, "draft", ""),
        ObjectLines.texts(object, "expect_any"),
        patterns(ObjectLines.texts(object, "forbid")));
  }

  private static List<Pattern> patterns(List<String> texts) {
    List<Pattern> patterns = new ArrayList<>();
    for (String text : texts) {
      try {
        patterns.add(Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "forbid '" + text + "' is no regular expression: " + e.getDescription(), e);
      }
    }
    return patterns;
  }

  /**
   * What is wrong with these replies; empty when nothing is.
   *
   * @param shown whole replies, as they would stand there once taken
   */
  Optional<String> complaint(List<String> shown) {
    for (Pattern pattern : forbid) {
      if (shown.stream().anyMatch(reply -> pattern.matcher(reply).find())) {
        return Optional.of("shows what is forbidden: " + pattern.pattern());
      }
    }
    boolean met = expectAny.isEmpty() || expectAny.stream().anyMatch(wanted -> any(shown, wanted));
    return met
        ? Optional.empty()
        : Optional.of(
            "none of the "
                + shown.size()
                + " shown begins with "
                + expectAny.getFirst()
                + (expectAny.size() > 1 ? " or the others expected" : ""));
  }

  private static boolean any(List<String> shown, String wanted) {
    String beginning = wanted.toLowerCase(Locale.ROOT);
    return shown.stream().anyMatch(reply -> reply.toLowerCase(Locale.ROOT).startsWith(beginning));
  }
}
