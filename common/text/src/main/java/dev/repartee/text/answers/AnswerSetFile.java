package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file of an {@link AnswerSet}, which extraction writes and training, serving and review read:
 * {@code {"format": 1, "answers": [{"id", "text", "count", "agents", "phrasings": [{"text",
 * "count"}]}]}}, in UTF-8. An answer may also have {@code sentences}, {@code language} and {@code
 * hidden_phrasings}. The file may also have {@code "public": [{"kind", "value", "conversations",
 * "agents"}]}, the values that stay readable. Unknown keys are ignored.
 */
public final class AnswerSetFile {

  /** The version of the layout that is written and read. */
  public static final int FORMAT = 1;

  private AnswerSetFile() {}

  /**
   * Reads {@code file}.
   *
   * @throws UserException naming the file and the field that is missing or wrong
   */
  public static AnswerSet read(Path file) {
    JsonNode root = Json.readFile(file);
    try {
      long format = JsonFields.integer(root, "format");
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "format must be " + FORMAT + " but is " + format + "; extract the answers again");
      }
      List<Answer> answers = JsonFields.list(root, "answers", AnswerSetFile::read);
      return new AnswerSet(answers, facts(root));
    } catch (IllegalArgumentException e) {
      throw new UserException(file + ": " + e.getMessage(), e);
    }
  }

  private static PublicFacts facts(JsonNode root) {
    return PublicFacts.of(
        root.has("public") ? JsonFields.list(root, "public", AnswerSetFile::fact) : List.of());
  }

  private static Fact fact(JsonNode json) {
    String kind = JsonFields.filledText(json, "kind");
    return new Fact(
        PersonalData.ofId(kind)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "kind '" + kind + "' is unknown; extract the answers again")),
        JsonFields.filledText(json, "value"),
        Math.toIntExact(JsonFields.integer(json, "conversations")),
        Math.toIntExact(JsonFields.integer(json, "agents")));
  }

  // An answer as JSON. What is unknown is not written.

  private static Answer read(JsonNode json) {
    List<Phrasing> phrasings =
        JsonFields.list(
            json,
            "phrasings",
            one ->
                new Phrasing(JsonFields.filledText(one, "text"), JsonFields.integer(one, "count")));
    return new Answer(
        JsonFields.filledText(json, "id"),
        JsonFields.filledText(json, "text"),
        JsonFields.integer(json, "count"),
        Math.toIntExact(JsonFields.integer(json, "agents")),
        phrasings,
        use(json),
        JsonFields.texts(json, "hidden_phrasings"));
  }

  private static AnswerUse use(JsonNode json) {
    return new AnswerUse(
        json.has("sentences") ? JsonFields.integer(json, "sentences") : 0,
        Map.of(),
        Map.of(),
        JsonFields.optionalText(json, "language"));
  }

  /**
   * Writes {@code answers} to {@code file} whole or not at all; the same set gives the same bytes.
   *
   * @throws UserException when the file cannot be written
   */
  public static void write(Path file, AnswerSet answers) {
    ObjectNode root = Json.PRETTY.createObjectNode();
    root.put("format", FORMAT);
    ArrayNode array = root.putArray("answers");
    for (Answer answer : answers.answers()) {
      write(answer, array.addObject());
    }
    if (!answers.facts().isEmpty()) {
      ArrayNode facts = root.putArray("public");
      for (Fact fact : answers.facts().facts()) {
        ObjectNode json = facts.addObject().put("kind", fact.kind().id());
        json.put("value", fact.value()).put("conversations", fact.conversations());
        json.put("agents", fact.agents());
      }
    }
    AtomicFile.writeResult(file, Json.PRETTY.writeValueAsString(root) + "\n");
  }

  private static void write(Answer answer, ObjectNode json) {
    json.put("id", answer.id()).put("text", answer.text());
    json.put("count", answer.count()).put("agents", answer.agents());
    AnswerUse use = answer.use();
    if (use.sentences() > 0) {
      json.put("sentences", use.sentences());
    }
    use.language().ifPresent(language -> json.put("language", language));
    ArrayNode phrasings = json.putArray("phrasings");
    for (Phrasing phrasing : answer.phrasings()) {
      phrasings.addObject().put("text", phrasing.text()).put("count", phrasing.count());
    }
    if (!answer.hiddenPhrasings().isEmpty()) {
      ArrayNode hidden = json.putArray("hidden_phrasings");
      answer.hiddenPhrasings().forEach(hidden::add);
    }
  }
}
