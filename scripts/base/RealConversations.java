import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.privacy.CommonWords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads what real people wrote: two support forums, as CSV for {@code conversations import}, and a support channel, as conversations.
 * Whoever wrote stands in names-forums.txt and names-channel.txt, and WithoutNames.java takes the names out of the texts. The same
 * checkouts give the same bytes. scripts/build-base runs it; the README.md of the base says what the sources are.
 *
 * <p>Arguments: checkouts of Thunderbird's forum, of Firefox's forum and of the channel's logs, folder to write to, most conversations of
 * each source (0: all).
 */
final class RealConversations {

  /** Later ones are kept to measure on. */
  private static final Instant THUNDERBIRD_ENDS = Instant.parse("2025-01-01T00:00:00Z");

  private static final Instant FIREFOX_ENDS = Instant.parse("2026-04-12T00:00:00Z");
  private static final String CHANNEL_ENDS = "2013";

  private RealConversations() {}

  public static void main(String[] arguments) throws IOException {
    Path output = Path.of(arguments[3]);
    int limit = arguments[4].equals("0") ? Integer.MAX_VALUE : Integer.parseInt(arguments[4]);
    Set<String> posters = new TreeSet<>();
    Path thunderbird = Path.of(arguments[0]);
    List<Post> questions = questions(csvFiles(thunderbird, "-creator-answers-"), THUNDERBIRD_ENDS, posters, limit);
    writeForum(output.resolve("thunderbird.csv"), "tb", questions, answers(csvFiles(thunderbird, "-answers-for-"), questions, posters));
    questions = questions(csvFiles(Path.of(arguments[1]), "-creator-answers-"), FIREFOX_ENDS, posters, limit);
    writeForum(output.resolve("firefox.csv"), "firefox", questions, Map.of());
    AtomicFile.writeString(output.resolve("names-forums.txt"), String.join("\n", posters) + "\n");
    Channel channel = new Channel();
    for (Path day : channelDays(Path.of(arguments[2], "data"))) {
      channel.read(day);
    }
    ConversationWriter.write(output.resolve("ubuntu.jsonl.gz"), channel.conversations().stream().limit(limit));
    AtomicFile.writeString(output.resolve("names-channel.txt"), String.join("\n", new TreeSet<>(channel.names)) + "\n");
  }

  // Forums: a file for each day

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z");

  /** A telephone number that is not asked for: of swindlers, who post it in hundreds. */
  private static final Pattern ADVERTISEMENT =
      Pattern.compile("(?is)\\b(?:call|contact|customer|helpline|refund|toll.?free|phone number)\\b.*?(?:\\p{N}[\\s().+_-]{0,3}){10}|(?:\\p{N}[\\s().+_-]{0,3}){10}.*?\\b(?:call|customer|helpline|refund|toll.?free)\\b");

  /** Whoever answered fewer questions of others has the same trouble, most often, and speaks as a customer. */
  private static final int ANSWERS_OF_HELPER = 5;

  /**
   * A question or an answer.
   *
   * @param question the number of the question
   * @param html with the title before it
   */
  private record Post(long question, long id, Instant created, String topic, String author, String html) {}

  /** English questions that were asked before {@code end}, each once, in the order of their numbers. */
  private static List<Post> questions(List<Path> files, Instant end, Set<String> posters, int limit) throws IOException {
    Map<Long, Post> questions = new TreeMap<>();
    for (Path file : files) {
      rows(
          file,
          row -> {
            Instant created = OffsetDateTime.parse(row.get("created"), TIME).toInstant();
            posters.add(row.get("creator"));
            boolean spam = row.isMapped("is_spam") && row.get("is_spam").equals("true");
            String text = row.get("title") + "\n" + row.get("content").replaceAll("<[^>]*>", " ");
            boolean english = row.get("locale").startsWith("en") && StopWords.count(text).likelyLanguage().orElse("en").equals("en");
            if (created.isBefore(end) && english && !spam && !ADVERTISEMENT.matcher(TextNorm.beginning(text, 1000)).find()) {
              long id = Long.parseLong(row.get("id"));
              String title = row.get("title").replace("&", "&amp;").replace("<", "&lt;");
              questions.put(id, new Post(id, 0, created, row.get("topic"), row.get("creator"), title + "<br>" + row.get("content")));
            }
          });
    }
    return questions.values().stream().limit(limit).toList();
  }

  /** The answers to questions by the question's number, each once, in the order of their numbers. */
  private static Map<Long, List<Post>> answers(List<Path> files, List<Post> questions, Set<String> posters) throws IOException {
    Set<Long> asked = questions.stream().map(Post::question).collect(Collectors.toSet());
    Map<Long, Post> answers = new TreeMap<>();
    for (Path file : files) {
      rows(
          file,
          row -> {
            posters.add(row.get("creator"));
            long question = Long.parseLong(row.get("question_id"));
            if (asked.contains(question) && !row.get("is_spam").equals("true")) {
              long id = Long.parseLong(row.get("id"));
              Instant created = OffsetDateTime.parse(row.get("created"), TIME).toInstant();
              answers.put(id, new Post(question, id, created, "", row.get("creator"), "<p></p>" + row.get("content")));
            }
          });
    }
    return answers.values().stream().collect(Collectors.groupingBy(Post::question));
  }

  /** The columns that {@code conversations import} reads. */
  private static void writeForum(Path file, String name, List<Post> questions, Map<Long, List<Post>> answers) {
    Map<String, Long> answered = new HashMap<>(); // questions of others by who answered
    for (Post question : questions) {
      answers.getOrDefault(question.question(), List.of()).stream()
          .map(Post::author)
          .distinct()
          .filter(author -> !author.equals(question.author()))
          .forEach(author -> answered.merge(author, 1L, Long::sum));
    }
    AtomicFile.writeResult(
        file,
        out -> {
          CSVPrinter rows = new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), CSVFormat.DEFAULT);
          rows.printRecord("conversation_id", "timestamp", "role", "text", "agent_id", "domain", "customer_name");
          for (Post question : questions) {
            List<Post> posts = new ArrayList<>(List.of(question));
            posts.addAll(answers.getOrDefault(question.question(), List.of()));
            for (Post post : posts) {
              boolean helper = !post.author().equals(question.author()) && answered.get(post.author()) >= ANSWERS_OF_HELPER;
              rows.printRecord(
                  name + "-" + question.question(), post.created(), helper ? "agent" : "customer", post.html(),
                  helper ? post.author() : "", question.topic(), question.author());
            }
          }
          rows.flush();
        });
    System.err.printf("%s: %d questions%n", file.getFileName(), questions.size());
  }

  private static List<Path> csvFiles(Path checkout, String name) throws IOException {
    try (Stream<Path> files = Files.walk(checkout, 2)) {
      return files
          .filter(file -> file.toString().endsWith(".csv") && file.getParent().getFileName().toString().matches("20\\d\\d"))
          .filter(file -> file.getFileName().toString().contains(name))
          .sorted()
          .toList();
    }
  }

  private static void rows(Path file, Consumer<CSVRecord> reader) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (BufferedReader text = Files.newBufferedReader(file);
        CSVParser rows = CSVParser.parse(text, format)) {
      rows.forEach(reader);
    }
  }

  // The channel: a file for each day

  private static List<Path> channelDays(Path data) throws IOException {
    List<Path> days = new ArrayList<>();
    for (String part : List.of("train", "dev", "test")) {
      try (Stream<Path> files = Files.list(data.resolve(part))) {
        files
            .filter(file -> file.toString().endsWith(".ascii.txt") && file.getFileName().toString().compareTo(CHANNEL_ENDS) < 0)
            .forEach(days::add);
      }
    }
    days.sort(Comparator.comparing(day -> day.getFileName().toString()));
    return days;
  }

  /**
   * Dialogues of two in a channel where all write at once, by the name that a line begins with (Lowe and others, "The Ubuntu Dialogue
   * Corpus", 2015). A line without a name belongs to the dialogue in which its writer spoke within two minutes, or to the only one that he
   * has. What belongs to none is read by itself: lines that one person wrote within five minutes.
   */
  private static final class Channel {

    private static final Pattern LINE = Pattern.compile("\\[(\\d\\d:\\d\\d)\\] <([^>]+)> (.*)");
    private static final Pattern CAME = Pattern.compile("=== (\\S+) (?:is now known as (\\S+)|\\[.*\\] has (?:joined|left) .*)");
    private static final Pattern ADDRESS = Pattern.compile("@?(\\S+?)(?:\\s?[:,;>]+\\s*|\\s+|$)");
    private static final Pattern BOT = Pattern.compile("l?ubot\\d*|l?ubott?u.*|floodbot.*|mikebot|.*logbot.*");

    /** Names of persons and, far more often, of what is talked about: they address nobody without a sign behind them. */
    private static final Pattern THING = Pattern.compile("ubuntu.*|k?x?ubuntu|linux.*|windows.*|root|user|kde|gnome|grub|apt|sudo|debian");

    /** Commands for bots, of clients, and what a client pasted. */
    private static final Pattern COMMAND = Pattern.compile("[!/@.]\\p{L}.*|!|<\\S+> .*|\\*\\*\\*.*");

    private static final int MINUTES_OF_TURN = 2;
    private static final int MINUTES_OF_QUESTION = 5;
    private static final int MINUTES_OF_DIALOGUE = 60;
    private static final int DAY = 24 * 60;

    /** Longer lines that are letters to less than a half flood the channel, or show what a program printed. */
    private static final int SHORT = 20;

    private record Line(int minute, String name, Optional<String> to, String text) {}

    /** Lines of one person, or of two. */
    private static final class Dialogue {
      private final Set<String> names;
      private final List<Line> lines = new ArrayList<>();

      Dialogue(Set<String> names) {
        this.names = names;
      }

      boolean heardWithin(int minutes, Line line) {
        return lines.stream().anyMatch(one -> one.name().equals(line.name()) && line.minute() - one.minute() <= minutes);
      }
    }

    private final Set<String> names = new HashSet<>();
    private final Map<String, Set<String>> addressed = new HashMap<>(); // who named whom
    private final Map<String, List<Dialogue>> days = new TreeMap<>();

    void read(Path file) throws IOException {
      List<Line> lines = new ArrayList<>();
      List<String> all = Files.readAllLines(file);
      List<Matcher> matches = all.stream().map(LINE::matcher).filter(Matcher::matches).toList();
      Set<String> present = matches.stream().map(line -> lower(line.group(2))).collect(Collectors.toCollection(HashSet::new));
      all.stream()
          .map(CAME::matcher)
          .filter(Matcher::matches)
          .flatMap(came -> Stream.of(came.group(1), Objects.requireNonNullElse(came.group(2), came.group(1))))
          .forEach(name -> present.add(lower(name)));
      names.addAll(present);
      int minute = 0;
      for (Matcher match : matches) {
        int clock = LocalTime.parse(match.group(1)).toSecondOfDay() / 60;
        minute += Math.floorMod(clock - minute, DAY); // logs may go past midnight
        line(minute, lower(match.group(2)), match.group(3), present).ifPresent(lines::add);
      }
      days.put(file.getFileName().toString().replaceAll("\\.ascii\\.txt$", ""), dialogues(lines));
    }

    private static Optional<Line> line(int minute, String name, String raw, Set<String> present) {
      String text = raw.replace("<unconvertable>", " ").replaceAll("\\s+", " ").strip();
      Optional<String> to = Optional.empty();
      Matcher address = ADDRESS.matcher(text);
      if (address.lookingAt()) {
        String word = lower(address.group(1));
        boolean marked = address.group().matches("(?s).*[:,;>]+\\s*");
        if (present.contains(word) && !word.equals(name) && (marked || !(CommonWords.isEnglish(word) || THING.matcher(word).matches()))) {
          to = Optional.of(word);
          text = text.substring(address.end());
        }
      }
      boolean bot = Stream.concat(Stream.of(name), to.stream()).anyMatch(one -> BOT.matcher(one).matches());
      boolean signs = text.length() > SHORT && 2 * text.chars().filter(Character::isLetter).count() < text.length();
      return bot || signs || text.isBlank() || COMMAND.matcher(text).matches() ? Optional.empty() : Optional.of(new Line(minute, name, to, text));
    }

    private List<Dialogue> dialogues(List<Line> lines) {
      List<Dialogue> dialogues = new ArrayList<>();
      Map<Set<String>, Dialogue> ofPair = new HashMap<>();
      Map<String, List<Dialogue>> open = new HashMap<>(); // of two, by name, the last one to be heard at the end
      Map<String, Dialogue> alone = new HashMap<>();
      for (Line line : lines) {
        if (line.to().isPresent()) {
          String to = line.to().get();
          addressed.computeIfAbsent(line.name(), _ -> new HashSet<>()).add(to);
          Set<String> pair = Set.of(line.name(), to);
          Dialogue known = ofPair.get(pair);
          if (known == null || line.minute() - known.lines.getLast().minute() > MINUTES_OF_DIALOGUE) {
            known = new Dialogue(pair);
            Dialogue asked = alone.remove(to); // the last lines of whoever is named
            if (asked != null && asked.heardWithin(MINUTES_OF_DIALOGUE, new Line(line.minute(), to, line.to(), ""))) {
              known.lines.addAll(asked.lines);
              dialogues.remove(asked);
            }
            dialogues.add(known);
            ofPair.put(pair, known);
          }
          known.lines.add(line);
          for (String one : pair) {
            List<Dialogue> others = open.computeIfAbsent(one, _ -> new ArrayList<>());
            others.remove(known);
            others.add(known);
          }
          continue;
        }
        List<Dialogue> own =
            open.getOrDefault(line.name(), List.of()).stream()
                .filter(one -> line.minute() - one.lines.getLast().minute() <= MINUTES_OF_DIALOGUE)
                .toList();
        Optional<Dialogue> recent = own.reversed().stream().filter(one -> one.heardWithin(MINUTES_OF_TURN, line)).findFirst();
        Dialogue into = recent.orElse(own.size() == 1 ? own.getFirst() : null);
        if (into == null) {
          into = alone.get(line.name());
          if (into == null || !into.heardWithin(MINUTES_OF_QUESTION, line)) {
            into = new Dialogue(Set.of(line.name()));
            dialogues.add(into);
            alone.put(line.name(), into);
          }
        }
        into.lines.add(line);
      }
      return dialogues;
    }

    List<Conversation> conversations() {
      List<Conversation> all = new ArrayList<>();
      days.forEach(
          (day, dialogues) -> {
            for (Dialogue dialogue : dialogues) {
              String whole = dialogue.lines.stream().map(Line::text).collect(Collectors.joining("\n"));
              if (!StopWords.count(whole).likelyLanguage().orElse("en").equals("en")) {
                continue;
              }
              // Whoever names more people helps; else whoever did not begin.
              String first = dialogue.lines.getFirst().name();
              Optional<String> helper =
                  dialogue.names.stream()
                      .filter(_ -> dialogue.names.size() == 2)
                      .max(Comparator.<String>comparingInt(name -> addressed.getOrDefault(name, Set.of()).size()).thenComparing(name -> !name.equals(first)));
              List<Message> messages =
                  dialogue.lines.stream()
                      .map(line -> helper.filter(line.name()::equals).isPresent() ? Message.agent(line.text()) : Message.customer(line.text()))
                      .toList();
              Optional<String> asker = dialogue.names.stream().filter(name -> !helper.filter(name::equals).isPresent()).findFirst();
              all.add(
                  new Conversation(
                      "ubuntu-%s-%d".formatted(day, all.size()), helper, Optional.empty(), asker, Optional.empty(), Optional.empty(), messages));
            }
          });
      return all;
    }

    private static String lower(String name) {
      return name.toLowerCase(Locale.ROOT);
    }
  }
}
