package dev.repartee.finetune.answers;

import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code library.json}. A save replaces the entries and phrases that were changed and leaves all
 * others as they are in the file, with keys that are not known here.
 */
final class LibraryTable extends EditedFile {

  LibraryTable(Path file) {
    super(file);
  }

  @Override
  String text() {
    return Json.readFile(file()).toString();
  }

  private ObjectNode root(String text) {
    AnswerLibraryFile.parse(text, file().toString());
    return (ObjectNode) Json.parse(text, file().toString());
  }

  @Override
  ObjectNode content(String text) {
    ObjectNode root = root(text);
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.set("entries", root.path("entries"));
    json.set("never", root.path("never"));
    return json;
  }

  @Override
  void write(String text, JsonNode changes) {
    ObjectNode root = root(text);
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    root.path("entries").forEach(entry -> entries.put(entry.path("id").asString(), entry));
    for (JsonNode change : changes.path("entries")) {
      String id = JsonFields.filledText(change, "id");
      JsonNode entry = change.path("entry");
      if (entry.isNull()) {
        entries.remove(id);
      } else if (JsonFields.filledText(entry, "id").equals(id)) {
        entries.put(id, entry);
      } else {
        throw new IllegalArgumentException("the entry of '" + id + "' has another id");
      }
    }
    Set<String> never = new LinkedHashSet<>(JsonFields.texts(root, "never"));
    JsonFields.texts(changes, "allowed").forEach(never::remove);
    never.addAll(JsonFields.texts(changes, "never"));
    ArrayNode all = root.putArray("entries");
    entries.values().forEach(all::add);
    root.set("never", Json.COMPACT.valueToTree(never));
    AnswerLibraryFile.parse(root.toString(), file().toString());
    AtomicFile.writeResult(file(), Json.PRETTY.writeValueAsString(root) + "\n");
  }

  /** What distinguishes the file from {@code production}, and what is found in it. */
  ObjectNode difference(NamedLibrary production) {
    NamedLibrary own = new NamedLibrary(file().toString(), AnswerLibraryFile.read(file()));
    LibraryDiff diff = LibraryDiff.of(production, own, Instant.now());
    ObjectNode json = Json.COMPACT.valueToTree(diff);
    ObjectNode texts = json.putObject("texts");
    put(texts, own.library(), diff.added());
    put(texts, production.library(), diff.removed());
    return json.put("summary", diff.lines(production, own).getFirst());
  }

  private static void put(ObjectNode texts, AnswerLibrary library, List<String> ids) {
    Map<String, List<Entry>> answers = library.byAnswer();
    ids.forEach(id -> texts.put(id, answers.get(id).getFirst().text()));
  }
}
