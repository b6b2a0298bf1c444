package dev.repartee.serving.http;

import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of {@code POST /v1/suggestions} field by field, so that an error names the field
 * and its bound. Unknown fields are ignored.
 */
final class SuggestionRequestReader {

  private SuggestionRequestReader() {}

  /**
   * Reads one request.
   *
   * @throws InvalidRequestException naming the field and the bound
   */
  static SuggestionRequest read(JsonNode root) {
    return new SuggestionRequest(
        messages(root), draft(root), limit(root), conversationId(root), operatingPoint(root));
  }

  private static List<Message> messages(JsonNode root) {
    JsonNode array = root.path("messages");
    if (!array.isArray()) {
      throw InvalidRequestException.field(
          "messages", "must be an array of {\"role\", \"text\"}; it may be empty");
    }
    if (array.size() > ApiLimits.MAX_MESSAGES) {
      throw InvalidRequestException.field(
          "messages",
          "must have at most %d elements but has %d; send the latest"
              .formatted(ApiLimits.MAX_MESSAGES, array.size()));
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      messages.add(message("messages[" + i + "]", array.get(i)));
    }
    return messages;
  }

  private static Message message(String path, JsonNode node) {
    if (!node.isObject()) {
      throw InvalidRequestException.field(path, "must be an object {\"role\", \"text\"}");
    }
    return new Message(
        role(path + ".role", node.path("role")),
        Fields.text(path + ".text", node.path("text"), 0, ApiLimits.MAX_TEXT_LENGTH));
  }

  private static Role role(String path, JsonNode node) {
    try {
      if (node.isString()) {
        return Role.of(node.asString());
      }
    } catch (IllegalArgumentException unknownRole) {
      // Answered below, in the same words as a role that is no text.
    }
    throw InvalidRequestException.field(path, "must be \"customer\" or \"agent\"");
  }

  private static String draft(JsonNode root) {
    JsonNode node = root.path("draft");
    return Fields.isAbsent(node) ? "" : Fields.text("draft", node, 0, ApiLimits.MAX_DRAFT_LENGTH);
  }

  private static int limit(JsonNode root) {
    JsonNode node = root.path("limit");
    if (Fields.isAbsent(node)) {
      return ApiLimits.DEFAULT_LIMIT;
    }
    return Fields.integer("limit", node, ApiLimits.MIN_LIMIT, ApiLimits.MAX_LIMIT);
  }

  private static OperatingPoint operatingPoint(JsonNode root) {
    JsonNode node = root.path("operating_point");
    if (Fields.isAbsent(node)) {
      return OperatingPoint.EAGER;
    }
    for (OperatingPoint point : OperatingPoint.values()) {
      if (node.isString() && node.asString().equals(point.name().toLowerCase(Locale.ROOT))) {
        return point;
      }
    }
    throw InvalidRequestException.field("operating_point", "must be \"eager\" or \"calm\"");
  }

  private static Optional<String> conversationId(JsonNode root) {
    JsonNode node = root.path("conversation_id");
    return Fields.isAbsent(node)
        ? Optional.empty()
        : Optional.of(
            Fields.text("conversation_id", node, 1, ApiLimits.MAX_CONVERSATION_ID_LENGTH));
  }
}
