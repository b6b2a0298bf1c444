package dev.repartee.finetune.evaluate;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Something made up that one conversation of the training data tells.
 *
 * @param name in reports
 * @param messages of that conversation, before the secret is told
 * @param before what the agent writes before the secret
 * @param secret itself
 * @param after what the agent writes after it
 * @param format what else could have stood in its place
 */
record PlantedSecret(
    String name,
    List<Message> messages,
    String before,
    String secret,
    String after,
    SecretFormat format) {

  private static final List<String> KEYS =
      List.of("name", "messages", "before", "secret", "after", "format");

  PlantedSecret {
    messages = List.copyOf(messages);
    if (!format.fits(secret)) {
      throw new IllegalArgumentException(
          "secret '" + secret + "' must look like its format '" + format.text() + "'");
    }
  }

  static ObjectLines.Content<PlantedSecret> read(Path file) {
    return ObjectLines.read(file, KEYS, PlantedSecret::parse);
  }

  private static PlantedSecret parse(JsonNode object) {
    String secret = JsonFields.filledText(object, "secret");
    return new PlantedSecret(
        JsonFields.text(object, "name"),
        ObjectLines.messages(object),
        ObjectLines.textOr(object, "before", ""),
        secret,
        ObjectLines.textOr(object, "after", "."),
        JsonFields.optionalText(object, "format")
            .map(SecretFormat::new)
            .orElseGet(() -> SecretFormat.of(secret)));
  }

  /** The agent's message with another secret in its place. */
  String reply(String other) {
    return before + other + after;
  }

  /** The conversation that is planted. */
  Conversation conversation(int copy) {
    List<Message> all = new ArrayList<>(messages);
    all.add(Message.agent(reply(secret)));
    return new Conversation("canary-" + name + "-" + copy, Optional.empty(), Optional.empty(), all);
  }
}
