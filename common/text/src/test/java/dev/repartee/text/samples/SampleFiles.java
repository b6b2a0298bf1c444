package dev.repartee.text.samples;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code train.jsonl}, {@code valid.jsonl} and {@code test.jsonl}; see {@code
 * scripts/samples/README.md} for the command.
 */
public final class SampleFiles {

  static final long SEED = 20_250_901L;
  static final int CONVERSATIONS = 640;

  /** Of ten conversations, eight are for training and one each for validation and test. */
  private static final int SPLIT = 10;

  private SampleFiles() {}

  /** Writes the three files into the folder given as the only argument. */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("expected one argument: the folder to write to");
    }
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, String> file : contents().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  /** What each file holds, by name. */
  static Map<String, String> contents() {
    Map<String, StringBuilder> files = new LinkedHashMap<>();
    List.of("train.jsonl", "valid.jsonl", "test.jsonl")
        .forEach(name -> files.put(name, new StringBuilder()));
    int number = 0;
    for (Conversation conversation : new SampleConversations(SEED).generate(CONVERSATIONS)) {
      String file =
          switch (number++ % SPLIT) {
            case 8 -> "valid.jsonl";
            case 9 -> "test.jsonl";
            default -> "train.jsonl";
          };
      files.get(file).append(line(conversation)).append('\n');
    }
    Map<String, String> contents = new LinkedHashMap<>();
    files.forEach((name, text) -> contents.put(name, text.toString()));
    return contents;
  }

  private static String line(Conversation conversation) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", conversation.id());
    json.put("agent_id", conversation.agentId().orElseThrow());
    json.put("domain", conversation.domain().orElseThrow());
    json.put("agent_name", conversation.agentName().orElseThrow());
    json.put(
        "messages",
        conversation.messages().stream()
            .map(
                message -> {
                  Map<String, String> fields = new LinkedHashMap<>();
                  fields.put("role", message.role().id());
                  fields.put("text", message.text());
                  return fields;
                })
            .toList());
    return Json.COMPACT.writeValueAsString(json);
  }
}
