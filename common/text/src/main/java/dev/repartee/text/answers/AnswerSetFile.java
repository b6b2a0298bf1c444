package dev.repartee.text.answers;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that carries an {@link AnswerSet} from extraction to training, serving and review:
 * {@code {"format": 1, "answers": [{"id", "text", "count", "agents", "phrasings": [{"text",
 * "count"}]}]}}, in UTF-8. An answer may also have {@code sentences}, {@code language}, {@code
 * hidden_phrasings}, {@code by_agent}, {@code by_domain}, {@code by_position} and {@code contexts}.
 * Unknown keys are ignored.
 */
public final class AnswerSetFile {

  /** The version of the layout that is written, and the only one that is read. */
  public static final int FORMAT = 1;

  private AnswerSetFile() {}

  /**
   * Reads {@code file}.
   *
   * @throws UserException naming the file and the field that is missing or wrong
   */
  public static AnswerSet read(Path file) {
    JsonNode root = tree(file);
    try {
      long format = JsonFields.integer(root, "format");
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "format must be " + FORMAT + " but is " + format + "; extract the answers again");
      }
      List<Answer> answers = new ArrayList<>();
      for (JsonNode answer : JsonFields.array(root, "answers")) {
        answers.add(answer(answer, "answers[" + answers.size() + "]"));
      }
      return new AnswerSet(answers);
    } catch (IllegalArgumentException e) {
      throw new UserException(file + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode tree(Path file) {
    try {
      return Json.COMPACT.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; convert the file to UTF-8", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new UserException(file + ":" + line + ": not JSON: " + what, e);
    }
  }

  private static Answer answer(JsonNode json, String place) {
    try {
      return AnswerJson.read(json);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
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
      AnswerJson.write(answer, array.addObject());
    }
    try {
      AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new UserException(file + ": cannot be written: " + e, e);
    }
  }
}
