package dev.repartee.serving.http;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.AnswerDisplay;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.StopWords;
import dev.repartee.text.conversation.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of {@code POST /v1/suggestions}, within the bounds of its {@link JsonSchema}.
 *
 * @param messages the conversation up to the reply, oldest first; may be empty
 * @param draft what the agent has typed so far
 * @param limit the maximum number of suggestions
 * @param conversationId the front end's own name for the conversation
 * @param agentId who writes the reply, as the conversations that the model learned from name them
 * @param queue the queue or subject area of the conversation
 * @param language the language that the reply is to be in, a primary tag of BCP 47
 * @param metadata values of placeholders by name
 * @param operatingPoint how readily texts are shown
 * @param answers which whole replies are shown before typing
 * @param declined whether the agent declined the offer that stood, as by Esc
 */
record SuggestionRequest(
    List<Message> messages,
    String draft,
    int limit,
    Optional<String> conversationId,
    Optional<String> agentId,
    Optional<String> queue,
    Optional<String> language,
    Map<String, String> metadata,
    OperatingPoint operatingPoint,
    AnswerDisplay answers,
    boolean declined) {

  SuggestionRequest {
    messages = List.copyOf(messages);
    agentId = JsonBody.name("agent_id", agentId);
    queue = JsonBody.name("queue", queue);
    language = primaryTag(language);
    metadata = filled(metadata);
  }

  /** What is known at the desk, where {@code agent} writes the reply. */
  Desk desk(Optional<String> agent) {
    return new Desk(agent, queue, language, metadata);
  }

  /** What is shown. */
  Display display() {
    return new Display(operatingPoint, answers);
  }

  /** The language of a tag of BCP 47. */
  static Optional<String> primaryTag(Optional<String> language) {
    Optional<String> tag = language.flatMap(StopWords::primaryTag);
    if (tag.isPresent() != language.isPresent()) {
      throw RequestException.field(
          "language", "must be a tag of BCP 47, such as \"de\" or \"de-AT\"");
    }
    return tag;
  }

  /** Without blank values, which fill nothing. */
  static Map<String, String> filled(Map<String, String> metadata) {
    Map<String, String> filled = new HashMap<>();
    metadata.forEach((key, value) -> filled.put(key, value.strip()));
    filled.values().removeIf(String::isEmpty);
    return Map.copyOf(filled);
  }
}
