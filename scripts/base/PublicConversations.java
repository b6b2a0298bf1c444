import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.JsonNode;

/**
 * Writes the conversations of public data sets as JSON Lines, a file for each set. The same checkouts give the same bytes.
 * scripts/build-base runs it; the README.md of the base says what the sets are.
 *
 * <p>Arguments: checkouts of Schema-Guided Dialogue, of ConvLab-2 and of the Self-dialogue Corpus, folder to write to, most
 * conversations of each set (0: all).
 */
final class PublicConversations {

  private PublicConversations() {}

  public static void main(String[] arguments) throws IOException {
    Path convLab = Path.of(arguments[1], "data");
    Path output = Path.of(arguments[3]);
    int limit = Integer.parseInt(arguments[4]);
    write(output.resolve("sgd.jsonl.gz"), schemaGuided(Path.of(arguments[0], "train")), limit);
    write(output.resolve("multiwoz.jsonl.gz"), multiWoz(convLab.resolve("multiwoz")), limit);
    write(output.resolve("camrest.jsonl.gz"), camRest(convLab.resolve("camrest")), limit);
    write(output.resolve("self-dialogue.jsonl.gz"), selfDialogues(Path.of(arguments[2])), limit);
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

  /**
   * MultiWOZ 2.1: the customer begins. Its training split is a file too large for some copies of the repository, so the other two
   * are read.
   */
  private static List<Conversation> multiWoz(Path folder) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (String split : List.of("val", "test")) {
      for (var dialogue : zipped(folder.resolve(split + ".json.zip")).properties()) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode turn : dialogue.getValue().path("log")) {
          add(messages, turn.path("metadata").isEmpty(), withoutTokens(turn.path("text").asString()));
        }
        keep(conversations, new Conversation("multiwoz-" + dialogue.getKey().toLowerCase(Locale.ROOT), Optional.empty(), Optional.empty(), messages));
      }
    }
    return conversations;
  }

  /** CamRest676, where each turn is a message of the customer and one of the assistant. */
  private static List<Conversation> camRest(Path folder) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (String split : List.of("train", "val", "test")) {
      for (JsonNode dialogue : zipped(folder.resolve(split + ".json.zip"))) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode turn : dialogue.path("dial")) {
          add(messages, true, turn.path("usr").path("transcript").asString());
          add(messages, false, turn.path("sys").path("sent").asString());
        }
        keep(conversations, new Conversation("camrest-%s-%d".formatted(split, conversations.size()), Optional.empty(), Optional.of("restaurants"), messages));
      }
    }
    return conversations;
  }

  /**
   * Conversations on films, music and sports that one person wrote for both sides: rows of Mechanical Turk with a column for each
   * sentence. Assignments that were rejected, or whose workers are blocked, are left out as the corpus's own reader does.
   */
  private static List<Conversation> selfDialogues(Path checkout) throws IOException {
    Set<String> blocked = new HashSet<>(Files.readAllLines(checkout.resolve("blocked_workers.txt")));
    List<Conversation> conversations = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(checkout.resolve("corpus"))) {
      files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    }
    for (Path file : files) {
      CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
      try (BufferedReader reader = Files.newBufferedReader(file);
          CSVParser rows = CSVParser.parse(reader, format)) {
        for (CSVRecord row : rows) {
          String id = row.get("AssignmentId");
          boolean rejected = row.isSet("Reject") && !row.get("Reject").isEmpty();
          if (rejected || blocked.contains(row.get("WorkerId")) || !seen.add(id)) {
            continue;
          }
          List<Message> messages = new ArrayList<>();
          for (int sentence = 1; row.isSet("Answer.sentence" + sentence); sentence++) {
            String text = row.get("Answer.sentence" + sentence);
            add(messages, sentence % 2 == 1, text.equals("{}") ? "" : text);
          }
          String topic = file.getParent().getFileName().toString();
          keep(conversations, new Conversation("self-" + id.toLowerCase(Locale.ROOT), Optional.empty(), Optional.of(topic), messages));
        }
      }
    }
    return conversations;
  }

  private static JsonNode zipped(Path archive) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      zip.getNextEntry(); // its only one
      return Json.COMPACT.readTree(zip.readAllBytes());
    }
  }

  private static final Pattern BEFORE_MARK = Pattern.compile(" (?=(?:[.,?!:;)]|n't|'(?:s|m|d|re|ll|ve))(?: |$))", Pattern.CASE_INSENSITIVE);

  /** "I do n't know ." as people write it. */
  private static String withoutTokens(String text) {
    return BEFORE_MARK.matcher(text).replaceAll("").replace("( ", "(");
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
}
