package dev.repartee.serving.feedback;

import dev.repartee.serving.feedback.FeedbackRequest.Shown;
import dev.repartee.serving.http.ApiLimits;
import dev.repartee.serving.http.Fields;
import dev.repartee.serving.http.InvalidRequestException;
import dev.repartee.serving.model.ModelIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Reads the body of {@code POST /v1/feedback} field by field, so that an error names the field and
 * its bound. Unknown fields are ignored.
 */
final class FeedbackRequestReader {

  static final String ID = "[A-Za-z0-9._-]+";
  static final String ANSWER = "answer";
  static final String COMPLETION = "completion";

  private static final Pattern ID_PATTERN = Pattern.compile(ID);
  private static final Set<String> KINDS = Set.of(ANSWER, COMPLETION);

  private FeedbackRequestReader() {}

  /**
   * Reads one request.
   *
   * @throws InvalidRequestException naming the field and the bound
   */
  static FeedbackRequest read(JsonNode root) {
    List<Shown> shown = shown(root);
    FeedbackAction action = action(root);
    return new FeedbackRequest(
        id(root),
        Fields.text(
            "conversation_id",
            root.path("conversation_id"),
            1,
            ApiLimits.MAX_CONVERSATION_ID_LENGTH),
        model(root),
        shown,
        action,
        accepted(root, action, shown.size()),
        Fields.text("final_text", root.path("final_text"), 0, ApiLimits.MAX_TEXT_LENGTH),
        Fields.integer(
            "characters_typed", root.path("characters_typed"), 0, ApiLimits.MAX_CHARACTERS_TYPED));
  }

  private static String id(JsonNode root) {
    String id = Fields.text("id", root.path("id"), 1, ApiLimits.MAX_FEEDBACK_ID_LENGTH);
    if (!ID_PATTERN.matcher(id).matches()) {
      throw InvalidRequestException.field("id", "must match " + ID);
    }
    return id;
  }

  private static ModelIdentity model(JsonNode root) {
    JsonNode node = root.path("model");
    if (!node.isObject()) {
      throw InvalidRequestException.field(
          "model", "must be an object {\"name\", \"version\"}, as the suggestions had it");
    }
    return new ModelIdentity(
        Fields.text("model.name", node.path("name"), 1, ApiLimits.MAX_MODEL_NAME_LENGTH),
        Fields.text("model.version", node.path("version"), 1, ApiLimits.MAX_MODEL_VERSION_LENGTH));
  }

  private static List<Shown> shown(JsonNode root) {
    JsonNode array = root.path("shown");
    if (!array.isArray()) {
      throw InvalidRequestException.field(
          "shown", "must be an array of {\"kind\", \"id\", \"text\"}; it may be empty");
    }
    if (array.size() > ApiLimits.MAX_SHOWN) {
      throw InvalidRequestException.field(
          "shown",
          "must have at most %d elements but has %d".formatted(ApiLimits.MAX_SHOWN, array.size()));
    }
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      shown.add(suggestion("shown[" + i + "]", array.get(i)));
    }
    return shown;
  }

  private static Shown suggestion(String path, JsonNode node) {
    if (!node.isObject()) {
      throw InvalidRequestException.field(
          path, "must be an object {\"kind\", \"id\", \"text\"}; id may be missing");
    }
    JsonNode kind = node.path("kind");
    if (!kind.isString() || !KINDS.contains(kind.asString())) {
      throw InvalidRequestException.field(
          path + ".kind", "must be \"%s\" or \"%s\"".formatted(ANSWER, COMPLETION));
    }
    JsonNode id = node.path("id");
    return new Shown(
        kind.asString(),
        Fields.isAbsent(id)
            ? Optional.empty()
            : Optional.of(Fields.text(path + ".id", id, 1, ApiLimits.MAX_ANSWER_ID_LENGTH)),
        Fields.text(path + ".text", node.path("text"), 0, ApiLimits.MAX_TEXT_LENGTH));
  }

  private static FeedbackAction action(JsonNode root) {
    JsonNode node = root.path("action");
    return Optional.of(node)
        .filter(JsonNode::isString)
        .flatMap(text -> FeedbackAction.of(text.asString()))
        .orElseThrow(
            () ->
                InvalidRequestException.field(
                    "action", "must be \"accepted\", \"edited\" or \"dismissed\""));
  }

  private static Optional<Integer> accepted(JsonNode root, FeedbackAction action, int shown) {
    JsonNode node = root.path("accepted");
    if (action == FeedbackAction.DISMISSED) {
      if (!Fields.isAbsent(node)) {
        throw InvalidRequestException.field(
            "accepted", "must be null when action is \"dismissed\"");
      }
      return Optional.empty();
    }
    if (shown == 0) {
      throw InvalidRequestException.field(
          "shown", "must hold the suggestion that was " + action.id());
    }
    return Optional.of(Fields.integer("accepted", node, 0, shown - 1));
  }
}
