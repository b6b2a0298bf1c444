import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Writes the conversations of two public data sets as JSON Lines: those of Schema-Guided Dialogue's training split, and those of STAR
 * but for the dialogues that are held out. The same checkouts give the same bytes. scripts/build-base runs it.
 *
 * <p>Arguments: checkout of SGD, checkout of STAR, file of held-out ids, folder to write to, most conversations of each (0: all).
 */
final class PublicConversations {

  private PublicConversations() {}

  public static void main(String[] arguments) throws IOException {
    Path output = Path.of(arguments[3]);
    int limit = Integer.parseInt(arguments[4]);
    write(output.resolve("sgd.jsonl.gz"), schemaGuided(Path.of(arguments[0], "train")), limit);
    write(output.resolve("star.jsonl.gz"), star(Path.of(arguments[1], "dialogues"), heldOut(Path.of(arguments[2]))), limit);
  }

  private static void write(Path file, List<Conversation> conversations, int limit) {
    List<Conversation> written = conversations.subList(0, limit == 0 ? conversations.size() : Math.min(limit, conversations.size()));
    ConversationWriter.write(file, written);
    System.err.printf("%s: %d conversations%n", file.getFileName(), written.size());
  }

  /** Turns of USER and SYSTEM; the services that were asked for are the domain. */
  private static List<Conversation> schemaGuided(Path folder) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (Path file : files(folder, "dialogues_\\d+\\.json")) {
      for (JsonNode dialogue : Json.COMPACT.readTree(Files.readString(file))) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode turn : dialogue.path("turns")) {
          add(messages, turn.path("speaker").asString().equals("USER"), turn.path("utterance").asString());
        }
        String domain =
            dialogue.path("services").valueStream()
                .map(service -> service.asString().toLowerCase(Locale.ROOT).replaceAll("_\\d+$", ""))
                .distinct()
                .sorted()
                .collect(Collectors.joining("+"));
        keep(conversations, new Conversation("sgd-train-" + dialogue.path("dialogue_id").asString(), Optional.empty(), Optional.of(domain), messages));
      }
    }
    return conversations;
  }

  /** What users wrote, and what wizards sent: texts that they picked, or wrote themselves. */
  private static List<Conversation> star(Path folder, Set<Long> heldOut) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (Path file : files(folder, "\\d+\\.json")) {
      JsonNode dialogue = Json.COMPACT.readTree(Files.readString(file));
      long id = dialogue.path("DialogueID").asLong();
      if (heldOut.contains(id)) {
        continue;
      }
      List<Message> messages = new ArrayList<>();
      for (JsonNode event : dialogue.path("Events")) {
        String action = event.path("Action").asString("");
        boolean user = event.path("Agent").asString("").equals("User");
        boolean wizard = event.path("Agent").asString("").equals("Wizard");
        if (action.equals("utter") && (user || wizard) || action.equals("pick_suggestion") && wizard) {
          add(messages, user, event.path("Text").asString(""));
        }
      }
      String domain = dialogue.path("Scenario").path("Domains").valueStream().map(JsonNode::asString).collect(Collectors.joining("+"));
      keep(
          conversations,
          new Conversation(
              "star-%05d".formatted(id),
              Optional.of(dialogue.path("AnonymizedWizardWorkerID").asString()),
              Optional.of(domain).filter(name -> !name.isEmpty()),
              messages));
    }
    return conversations;
  }

  private static void add(List<Message> messages, boolean customer, String text) {
    String plain = text.replaceAll("\\s+", " ").strip();
    if (!plain.isEmpty()) {
      messages.add(customer ? Message.customer(plain) : Message.agent(plain));
    }
  }

  private static void keep(List<Conversation> conversations, Conversation conversation) {
    if (conversation.messages().stream().map(Message::role).distinct().count() == 2) {
      conversations.add(conversation);
    }
  }

  private static List<Path> files(Path folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches(pattern))
          .sorted(Comparator.comparingInt(file -> Integer.parseInt(file.getFileName().toString().replaceAll("\\D", ""))))
          .toList();
    }
  }

  private static Set<Long> heldOut(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> Arrays.stream(line.split(" ")))
        .filter(id -> !id.isEmpty())
        .map(Long::valueOf)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
