package dev.repartee.text.conversation;

import dev.repartee.text.Timestamps;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Parses a single line of JSON Lines, also for readers that split a file. */
public final class ConversationLine {

  static final String NOT_UTF8 =
      "not UTF-8; convert the file, for example by 'iconv -f WINDOWS-1252 -t UTF-8', or -f UTF-16";

  private static final int MOST_MESSAGES = 100_000;
  private static final int LONGEST_TEXT = 1 << 22;

  private ConversationLine() {}

  static String bounded(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "text has more than %,d characters; cut it".formatted(LONGEST_TEXT));
    }
    return text;
  }

  /**
   * The conversation of a line; empty when the line is blank.
   *
   * @throws IllegalArgumentException with the problem, which {@link ConversationReader} reports
   *     after file and line
   */
  public static Optional<Conversation> parse(ByteBuffer line) {
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(line).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(NOT_UTF8, e);
    }
  }

  /** Like {@link #parse(ByteBuffer)}, for decoded characters. */
  static Optional<Conversation> parse(String line) {
    if (line.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(conversation(Json.COMPACT.readTree(line)));
    } catch (JacksonException e) {
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      throw new IllegalArgumentException(
          "not one whole JSON object: " + Json.problem(e) + " (column " + column + ")", e);
    }
  }

  private static Conversation conversation(JsonNode json) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "must be an object but is %s; write one conversation per line"
              .formatted(JsonFields.kind(json)));
    }
    return new Conversation(
        JsonFields.filledText(json, "id"),
        JsonFields.optionalText(json, "agent_id"),
        JsonFields.optionalText(json, "domain"),
        JsonFields.optionalText(json, "customer_name"),
        JsonFields.optionalText(json, "agent_name"),
        JsonFields.optionalText(json, "started_at")
            .map(time -> Timestamps.instant("started_at", time)),
        messages(JsonFields.array(json, "messages")));
  }

  private static List<Message> messages(JsonNode array) {
    if (array.size() > MOST_MESSAGES) {
      throw new IllegalArgumentException(
          "messages are more than %,d; split the conversation".formatted(MOST_MESSAGES));
    }
    List<Message> messages = new ArrayList<>(array.size());
    for (JsonNode message : array) {
      try {
        Role role = Role.of(JsonFields.text(message, "role"));
        messages.add(
            new Message(
                role,
                bounded(JsonFields.text(message, "text")),
                JsonFields.flag(message, "context_only"),
                JsonFields.optionalText(message, "agent_id")));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            e.getMessage() + " (messages[" + messages.size() + "])", e);
      }
    }
    return messages;
  }
}
