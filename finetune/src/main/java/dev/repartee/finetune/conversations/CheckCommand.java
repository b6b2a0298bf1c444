package dev.repartee.finetune.conversations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.repartee.text.Fnv;
import dev.repartee.text.Quantiles;
import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationsOption;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.RedactedConversation;
import dev.repartee.text.privacy.RedactedConversation.PrivacyCounts;
import dev.repartee.text.privacy.TermsOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee conversations check}: says what is in conversations. */
@Command(
    name = "check",
    description = {
      "Describes conversations: counts, languages, agents, domains, times, lengths, kinds of"
          + " personal data, oddities, and whether they are enough to learn from. Prints no text of"
          + " them but what --redacted asks for, and words of ten conversations that may be --terms.",
      "Ends with exit code 1 when they cannot be read, for example because an id occurs twice."
    },
    footer = {"  repartee conversations check --conversations data/conversations.jsonl.gz"},
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Mixin private ConversationsOption conversations = new ConversationsOption();

  @Mixin private TermsOption terms = new TermsOption();

  @Option(
      names = "--redacted",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show what redaction makes of N messages with personal data.")
  private int shown;

  static final String UNCLEAR = "unclear";

  /** How many conversations are named with a finding. */
  private static final int MOST_EXAMPLES = 3;

  /** A longer message is most often a mail with all that it answers, or a log. */
  private static final int LONG_TEXT = 2000;

  /** UTF-8 that was read as Windows-1252, and what a decoder puts for invalid bytes. */
  private static final Pattern WRONG_ENCODING =
      Pattern.compile(
          "\u00c3[\u0080-\u00bf\u0192\u201a-\u203a]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\ufffd");

  private static final int SENTENCE = 20;

  /** Conversations of one agent that are worth a word. */
  private static final int LEAST_OF_AGENT = 20;

  /** Something odd. Its name is for programs, its text for people. */
  private enum Odd {
    SAME_MESSAGES(
        "conversations with the same messages as an earlier one; split keeps them on one side"),
    NO_REPLY("conversations without a message of an agent; nothing is learned from them"),
    NO_CUSTOMER("conversations without a message of a customer"),
    ONE_MESSAGE(
        "conversations of an agent's only message; where rows answer one another, import with"
            + " --columns id=...,reply-to=..."),
    ONE_AGENT(
        "conversations of one agent: nobody else would be shown what this one writes; is it an"
            + " account that several use?"),
    HANDLES("messages that begin with a handle; 'conversations import' cuts it"),
    SIGNED("agents' messages that end with a sign and a name; 'conversations import' cuts both"),
    ROLES_EXCHANGED(
        "sentences that customers repeat, more than agents do; look whether the roles are"
            + " exchanged"),
    EMPTY_TEXT("messages without text"),
    CONTROL_CHARACTERS("messages with control characters"),
    WRONG_ENCODING("messages decoded with the wrong encoding; export again as UTF-8"),
    HTML("messages with HTML; 'conversations import' makes text of it"),
    LONG_TEXT("messages of more than 2,000 characters: mails with what they answer, or logs"),
    NO_DETECTORS(
        "CONVERSATIONS IN A LANGUAGE WITHOUT DETECTORS: most names, dates and addresses in them"
            + " STAY; see 'Languages' in docs/privacy.md");

    private final String text;

    Odd(String text) {
      this.text = text;
    }
  }

  /**
   * Something odd.
   *
   * @param count of conversations or messages, as {@code text} says
   * @param examples ids of conversations that have it
   */
  record Finding(String name, String text, long count, Set<String> examples) {

    private Finding(Odd odd, long count, Set<String> examples) {
      this(odd.name().toLowerCase(Locale.ROOT), odd.text, count, examples);
    }
  }

  /** Of messages or characters. */
  record Lengths(
      long median, long percentile95, long max, @JsonIgnore long count, @JsonIgnore long sum) {

    private static Lengths of(LongStream.Builder lengths) {
      long[] sorted = lengths.build().sorted().toArray();
      return new Lengths(
          Quantiles.nearestRank(sorted, 0.5),
          Quantiles.nearestRank(sorted, 0.95),
          Quantiles.nearestRank(sorted, 1),
          sorted.length,
          LongStream.of(sorted).sum());
    }
  }

  /** How much a model can learn from so many replies; docs/results.md has the learning curve. */
  enum Amount {
    TOO_LITTLE(0, "too little: agents would rarely be shown anything of use"),
    A_START(500, "enough to try; more conversations save more"),
    ENOUGH(5_000, "enough for a first model; more conversations still save more");

    private final long replies;
    private final String text;

    Amount(long replies, String text) {
      this.replies = replies;
      this.text = text;
    }

    static Amount of(long replies) {
      return Stream.of(values()).filter(amount -> amount.replies <= replies).toList().getLast();
    }
  }

  @Mixin private Output output;

  /** The texts of customers, or what agents wrote. */
  private static final class Side {
    private final LongStream.Builder characters = LongStream.builder(); // of each
    private final Map<Integer, Integer> sentences = new HashMap<>(); // uses, by hash

    private long repeated() {
      return sentences.values().stream().filter(uses -> uses > 1).mapToLong(uses -> uses).sum();
    }
  }

  /** What is odd, with some conversations as examples. */
  private static final class Oddities {
    private final Map<Odd, Finding> found = new EnumMap<>(Odd.class);

    void note(boolean isOdd, Odd odd, Conversation one) {
      if (isOdd) {
        Finding before = found.getOrDefault(odd, new Finding(odd, 0, new TreeSet<>()));
        if (before.examples.size() < MOST_EXAMPLES) {
          before.examples.add(one.id());
        }
        found.put(odd, new Finding(odd, before.count + 1, before.examples));
      }
    }

    void note(boolean isOdd, Odd odd, long count) {
      if (isOdd) {
        found.put(odd, new Finding(odd, count, Set.of()));
      }
    }
  }

  private final Side customers = new Side();
  private final Side replies = new Side();
  private final Oddities odd = new Oddities();
  private final Repeats repeats = new Repeats();
  private final TermsOption.Candidates candidates = new TermsOption.Candidates();
  private final Set<String> contents = new HashSet<>();
  private final SortedMap<String, Long> languages = new TreeMap<>(); // conversations
  private final SortedMap<String, Long> domains = new TreeMap<>();
  private final SortedMap<String, Long> agents = new TreeMap<>(); // their conversations
  private long agentUnknown;
  private final LongStream.Builder lengths = LongStream.builder();
  private final TreeSet<Instant> starts = new TreeSet<>(); // the first and the last
  private final TreeMap<Long, String> redacted = new TreeMap<>(); // by hash, a fixed sample
  private PrivacyCounts personalData = PrivacyCounts.NONE;

  @Override
  public Integer call() {
    ConversationRedactor redactor = new ConversationRedactor(terms.facts());
    try (Stream<Conversation> all = ConversationReader.stream(conversations.files())) {
      all.forEachOrdered(one -> add(one, redactor.redact(one)));
    }
    report();
    return 0;
  }

  private void add(Conversation one, RedactedConversation without) {
    lengths.add(one.messages().size());
    StringBuilder text = new StringBuilder();
    for (Message message : one.messages()) {
      add(one, message);
      text.append(message.text()).append('\n');
    }
    String language = StopWords.language(text.toString()).orElse(UNCLEAR);
    languages.merge(language, 1L, Long::sum);
    odd.note(
        !language.equals(UNCLEAR) && !ConversationRedactor.knows(language), Odd.NO_DETECTORS, one);
    one.messages().stream()
        .filter(Message::isLearned)
        .map(one::agentOf)
        .distinct()
        .forEach(
            agent ->
                agent.ifPresentOrElse(
                    name -> agents.merge(name, 1L, Long::sum), () -> agentUnknown++));
    one.domain().ifPresent(domain -> domains.merge(domain, 1L, Long::sum));
    one.startedAt()
        .ifPresent(
            time -> {
              starts.add(time);
              starts.subSet(starts.first(), false, starts.last(), false).clear();
            });
    candidates.add(one, without);
    personalData = personalData.plus(without.counts());
    sample(without);
    odd.note(
        one.messages().size() == 1 && one.messages().getFirst().isAgent(), Odd.ONE_MESSAGE, one);
    odd.note(!contents.add(SplitCommand.content(one)), Odd.SAME_MESSAGES, one);
    odd.note(one.agentTexts().findAny().isEmpty(), Odd.NO_REPLY, one);
    odd.note(one.messages().stream().allMatch(Message::isAgent), Odd.NO_CUSTOMER, one);
  }

  private void add(Conversation one, Message message) {
    String text = message.text();
    Side side = message.isAgent() ? replies : customers;
    if (message.isLearned()) {
      repeats.add(one.agentOf(message), text);
    }
    if (message.isLearned() || !message.isAgent()) {
      side.characters.add(text.length());
    }
    if (text.length() >= SENTENCE && !message.contextOnly()) {
      side.sentences.merge(TextNorm.norm(text).hashCode(), 1, Integer::sum);
    }
    odd.note(text.isBlank(), Odd.EMPTY_TEXT, one);
    odd.note(ReplyText.beginsWithHandle(text), Odd.HANDLES, one);
    odd.note(message.isLearned() && ReplyText.isSigned(text), Odd.SIGNED, one);
    odd.note(!TextNorm.visible(text).equals(text), Odd.CONTROL_CHARACTERS, one);
    odd.note(WRONG_ENCODING.matcher(text).find(), Odd.WRONG_ENCODING, one);
    odd.note(MessageText.isHtml(text), Odd.HTML, one);
    odd.note(text.length() > LONG_TEXT, Odd.LONG_TEXT, one);
  }

  private void sample(RedactedConversation without) {
    for (int i = 0; i < without.detections().size(); i++) {
      String text = without.conversation().messages().get(i).text();
      if (!without.detections().get(i).isEmpty()) {
        redacted.put(Fnv.hash(text), text);
      }
      if (redacted.size() > shown) {
        redacted.pollLastEntry();
      }
    }
  }

  /** What is odd; nothing that was not found. */
  private List<Finding> findings(long read) {
    long byCustomers = customers.repeated();
    // Agents say the same to many customers, so it is they who repeat long sentences.
    odd.note(byCustomers > 2 * replies.repeated() + 10, Odd.ROLES_EXCHANGED, byCustomers);
    odd.note(
        agents.size() == 1 && agentUnknown == 0 && read >= LEAST_OF_AGENT, Odd.ONE_AGENT, read);
    Stream<Finding> bots =
        repeats.found().stream()
            .map(
                one ->
                    new Finding(
                        "likely_bot", one.text(Column.AGENT.standard()), one.messages(), Set.of()));
    return Stream.concat(odd.found.values().stream(), bots).toList();
  }

  /** Holds ids of conversations, names of domains and agents, but no text. */
  private void report() {
    Lengths messages = Lengths.of(lengths);
    Lengths ofCustomers = Lengths.of(customers.characters);
    Lengths ofReplies = Lengths.of(replies.characters);
    List<Finding> findings = findings(messages.count);
    Amount amount = Amount.of(ofReplies.count);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("conversations", messages.count);
    json.put("messages", messages.sum);
    json.put("customer_messages", ofCustomers.count);
    json.put("replies", ofReplies.count);
    if (!starts.isEmpty()) {
      json.put("first_start", starts.first().toString());
      json.put("last_start", starts.last().toString());
    }
    json.put("languages", languages);
    json.put("agents", agents.size());
    json.put("conversations_of_agents", agents);
    json.put("agent_unknown", agentUnknown);
    json.put("domains", domains);
    json.put("messages_per_conversation", messages);
    json.put("customer_characters", ofCustomers);
    json.put("reply_characters", ofReplies);
    json.put("personal_data", personalData.toJson());
    json.put("term_candidates", candidates.words());
    json.put("amount", amount.name().toLowerCase(Locale.ROOT));
    Map<String, Object> forPeople = new LinkedHashMap<>(json);
    forPeople.put("languages", shares(languages, messages.count));
    forPeople.put("domains", shares(domains, messages.count));
    forPeople.put(
        "conversations_of_agents",
        agents.isEmpty()
            ? "no agent is known"
            : "%s; the fewest: %d"
                .formatted(shares(agents, messages.count), Collections.min(agents.values())));
    forPeople.put("amount", amount.text);
    String words = String.join(", ", candidates.words());
    forPeople.put(
        "term_candidates", words.isEmpty() ? "none" : words + " (own words? see --terms)");
    List<String> lines = new ArrayList<>(Output.outline(forPeople));
    lines.add("odd: " + (findings.isEmpty() ? "nothing" : ""));
    findings.forEach(
        finding ->
            lines.add(
                "  %,d %s%s"
                    .formatted(
                        finding.count,
                        finding.text,
                        finding.examples.isEmpty()
                            ? ""
                            : " (such as " + String.join(", ", finding.examples) + ")")));
    json.put("odd", findings);
    if (!redacted.isEmpty()) {
      json.put("redacted", redacted.values());
      lines.add("redacted:");
      redacted.values().forEach(text -> lines.add("  " + text.replaceAll("\\R", " ")));
    }
    lines.add(
        Output.NEXT
            + "repartee conversations split --output DIR --conversations "
            + conversations.files().stream().map(Path::toString).collect(Collectors.joining(",")));
    output.print(json, lines);
  }

  /** The most frequent first, some of them. */
  private static String shares(Map<String, Long> counts, long read) {
    int most = 8;
    String more = counts.size() > most ? ", %,d others".formatted(counts.size() - most) : "";
    return counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(most)
        .map(one -> "%s %.1f%%".formatted(one.getKey(), 100.0 * one.getValue() / read))
        .collect(Collectors.joining(", ", "", more));
  }
}
