package dev.repartee.finetune.tools;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/**
 * One conversation, still without its next reply: the first of a CSV file, or the first JSON value
 * of a file, which is the first line of JSON Lines, or the object that {@code POST /v1/suggestions}
 * takes.
 *
 * @param agentId who writes the reply, where the file says so
 */
record ConversationInput(List<Message> messages, Optional<String> agentId) {

  /** The name that stands for standard input. */
  static final Path STANDARD_INPUT = Path.of("-");

  /** How files that are packed by gzip begin. */
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  ConversationInput {
    messages = List.copyOf(messages);
  }

  /**
   * Reads the conversation in {@code file}, plain or gzip, or on standard input for {@code -}.
   *
   * @throws UserException naming the file, and the message that is wrong
   */
  static ConversationInput read(Path file) {
    String name = file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
    if (ConversationReader.isCsv(file)) {
      try (Stream<Conversation> conversations = ConversationReader.stream(file)) {
        Conversation first = conversations.findFirst().orElseThrow();
        return new ConversationInput(first.messages(), first.agentId());
      }
    }
    try {
      JsonNode conversation = firstValue(name, text(file));
      return new ConversationInput(
          messages(conversation), JsonFields.optionalText(conversation, "agent_id"));
    } catch (NoSuchFileException e) {
      throw new UserException(name + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UserException(name + ": not UTF-8; convert it to UTF-8", e);
    } catch (IOException e) {
      throw new UserException(name + ": cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new UserException(name + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file);
        PushbackInputStream start = new PushbackInputStream(in, GZIP.length);
        Reader reader =
            new InputStreamReader(unpacked(start), StandardCharsets.UTF_8.newDecoder())) {
      return TextNorm.withoutByteOrderMark(reader.readAllAsString());
    }
  }

  private static InputStream unpacked(PushbackInputStream in) throws IOException {
    byte[] start = in.readNBytes(GZIP.length);
    in.unread(start);
    return Arrays.equals(start, GZIP) ? new GZIPInputStream(in) : in;
  }

  private static JsonNode firstValue(String name, String text) {
    try {
      // What follows the first value are other lines, which need not even be right.
      JsonNode value =
          Json.COMPACT
              .reader()
              .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readTree(text);
      if (value.isMissingNode()) {
        throw new UserException(name + ": is empty; it must hold a conversation as JSON");
      }
      return value;
    } catch (JacksonException e) {
      throw new UserException(
          "%s:%d: not one whole JSON object: %s"
              .formatted(
                  name,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("unreadable")),
          e);
    }
  }

  private static List<Message> messages(JsonNode conversation) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : JsonFields.array(conversation, "messages")) {
      try {
        Role role = Role.of(JsonFields.text(message, "role"));
        messages.add(new Message(role, JsonFields.text(message, "text")));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "messages[" + messages.size() + "]: " + e.getMessage(), e);
      }
    }
    return messages;
  }
}
