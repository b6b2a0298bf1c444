package dev.repartee.finetune.conversations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.repartee.text.Fnv;
import dev.repartee.text.Quantiles;
import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.RedactedConversation;
import dev.repartee.text.privacy.RedactedConversation.PrivacyCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What is in conversations: counts, lengths, languages, how much personal data, and what is odd.
 * Holds ids of conversations, names of domains and ids of agents who may be bots, but no text.
 *
 * @param replies agents' messages that may be learned from
 * @param consecutiveReplies of these, those right after another message of the agent
 * @param firstStart of a conversation; null where no time is known, as is {@code lastStart}
 * @param languages conversations by the language of their texts; {@value #UNCLEAR} where it is not
 *     clear
 * @param agents known ones who wrote something; their ids are left out, since they may be names,
 *     except of those who may be bots
 * @param agentUnknown conversations in which an unknown agent wrote something
 * @param domains conversations by domain
 * @param personalData messages that hold some, and how much of each kind
 * @param odd what should be looked at before training; none that was not found
 * @param amount whether this is enough to learn from
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ConversationCheck(
    long conversations,
    long messages,
    long customerMessages,
    long replies,
    long consecutiveReplies,
    @JsonInclude(JsonInclude.Include.NON_NULL) String firstStart,
    @JsonInclude(JsonInclude.Include.NON_NULL) String lastStart,
    SortedMap<String, Long> languages,
    long agents,
    long agentUnknown,
    SortedMap<String, Long> domains,
    Lengths messagesPerConversation,
    Lengths customerCharacters,
    Lengths replyCharacters,
    JsonNode personalData,
    List<Finding> odd,
    Amount amount,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> redacted) {

  static final String UNCLEAR = "unclear";

  /** How many conversations are named with a finding. */
  private static final int MOST_EXAMPLES = 3;

  /** A longer message is most often a mail with all that it answers, or a log. */
  private static final int LONG_TEXT = 2000;

  /** UTF-8 that was read as Windows-1252, and what a decoder puts for invalid bytes. */
  private static final Pattern WRONG_ENCODING =
      Pattern.compile(
          "\u00c3[\u0080-\u00bf\u0192\u201a-\u203a]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac|\ufffd");

  /** Something odd. Its name is for programs, its text for people. */
  private enum Odd {
    SAME_MESSAGES(
        "conversations with the same messages as an earlier one; split keeps them on one side"),
    NO_REPLY("conversations without a message of an agent; nothing is learned from them"),
    NO_CUSTOMER("conversations without a message of a customer"),
    ONE_MESSAGE(
        "conversations of one message; where rows answer one another, import with --columns"
            + " id=...,reply-to=..."),
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
  record Finding(String name, String text, long count, List<String> examples) {}

  /** Of messages or characters. */
  record Lengths(long median, long percentile95, long max) {

    private static Lengths of(LongStream.Builder lengths) {
      long[] sorted = lengths.build().sorted().toArray();
      return new Lengths(
          Quantiles.nearestRank(sorted, 0.5),
          Quantiles.nearestRank(sorted, 0.95),
          Quantiles.nearestRank(sorted, 1));
    }

    @Override
    public String toString() {
      return "median %d, 95%% up to %d, longest %d".formatted(median, percentile95, max);
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

    /** The name in JSON. */
    @JsonValue
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Amount of(long replies) {
      return Stream.of(values()).filter(amount -> amount.replies <= replies).toList().getLast();
    }
  }

  /**
   * Reads {@code conversations} once; some hundred bytes of each and of each sentence stay.
   *
   * @param redacted messages with personal data that are shown as redaction makes them
   */
  static ConversationCheck of(Stream<Conversation> conversations, int redacted) {
    Tally tally = new Tally(redacted);
    conversations.forEachOrdered(tally::add);
    return tally.check();
  }

  /** The text for people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("conversations   %,d".formatted(conversations));
    lines.add(
        "messages        %,d: customers %,d, agents %,d%s"
            .formatted(
                messages,
                customerMessages,
                replies,
                messages > customerMessages + replies
                    ? ", context only %,d".formatted(messages - customerMessages - replies)
                    : ""));
    lines.add("  a conversation %s".formatted(messagesPerConversation));
    lines.add(
        "time            " + (firstStart == null ? "unknown" : firstStart + " to " + lastStart));
    lines.add("languages       " + shares(languages, conversations));
    List<String> withoutDetectors =
        languages.keySet().stream().filter(ConversationCheck::isWithoutDetectors).toList();
    if (!withoutDetectors.isEmpty()) {
      lines.add("  WITHOUT DETECTORS of personal data: " + String.join(", ", withoutDetectors));
    }
    lines.add(
        "agents          %,d%s"
            .formatted(
                agents,
                agentUnknown > 0 ? ", unknown in %,d conversations".formatted(agentUnknown) : ""));
    lines.add(
        "domains         " + (domains.isEmpty() ? "unknown" : shares(domains, conversations)));
    lines.add("characters");
    lines.add("  customers     " + customerCharacters);
    lines.add("  agents        " + replyCharacters);
    lines.add(
        "  %.0f%% of agents' messages come right after another of the agent"
            .formatted(100.0 * consecutiveReplies / Math.max(1, replies)));
    lines.add(
        "personal data   in %,d messages; placeholders stand for it in all that is learned"
            .formatted(personalData.path("touched").asLong()));
    personalData
        .path("found")
        .properties()
        .forEach(
            kind -> lines.add("  %-13s %,d".formatted(kind.getKey(), kind.getValue().asLong())));
    lines.add("odd             " + (odd.isEmpty() ? "nothing" : ""));
    odd.forEach(
        finding ->
            lines.add(
                "  %,d %s%s"
                    .formatted(
                        finding.count(),
                        finding.text(),
                        finding.examples().isEmpty()
                            ? ""
                            : " (such as " + String.join(", ", finding.examples()) + ")")));
    lines.add("to learn from   %,d agents' messages: %s".formatted(replies, amount.text));
    if (!redacted.isEmpty()) {
      lines.add("redacted");
      redacted.forEach(text -> lines.add("  " + text.replaceAll("\\R", " ")));
    }
    return lines.stream().map(String::stripTrailing).toList();
  }

  private static boolean isWithoutDetectors(String language) {
    return !language.equals(UNCLEAR) && !ConversationRedactor.knows(language);
  }

  /** The most frequent first, some of them. */
  private static String shares(Map<String, Long> counts, long all) {
    int most = 8;
    String shown =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(most)
            .map(one -> "%s %.1f%%".formatted(one.getKey(), 100.0 * one.getValue() / all))
            .collect(Collectors.joining(", "));
    return counts.size() <= most ? shown : shown + ", %,d others".formatted(counts.size() - most);
  }

  /** Counts while conversations are read. */
  private static final class Tally {

    private static final int SENTENCE = 20;

    /** Conversations of one agent that are worth a word. */
    private static final int LEAST_OF_AGENT = 20;

    private final ConversationRedactor redactor = new ConversationRedactor();
    private final Map<Odd, Long> counts = new EnumMap<>(Odd.class);
    private final Map<Odd, Set<String>> examples = new EnumMap<>(Odd.class);
    private final Set<String> contents = new HashSet<>();
    private final SortedMap<String, Long> languages = new TreeMap<>();
    private final Set<String> agents = new HashSet<>();
    private final SortedMap<String, Long> domains = new TreeMap<>();
    private final LongStream.Builder lengths = LongStream.builder();
    private final LongStream.Builder customerCharacters = LongStream.builder();
    private final LongStream.Builder replyCharacters = LongStream.builder();
    private final Map<Integer, Integer> customerSentences = new HashMap<>();
    private final Map<Integer, Integer> agentSentences = new HashMap<>();
    private final Repeats repeats = new Repeats();
    private final int mostRedacted;
    private final TreeMap<Long, String> redacted = new TreeMap<>(); // by hash, a fixed sample
    private PrivacyCounts personalData = PrivacyCounts.NONE;
    private Optional<Instant> first = Optional.empty();
    private Optional<Instant> last = Optional.empty();
    private long conversations;
    private long messages;
    private long customerMessages;
    private long replies;
    private long consecutiveReplies;
    private long agentUnknown;

    Tally(int mostRedacted) {
      this.mostRedacted = mostRedacted;
    }

    void add(Conversation one) {
      conversations++;
      lengths.add(one.messages().size());
      StringBuilder text = new StringBuilder();
      boolean afterAgent = false;
      for (Message message : one.messages()) {
        add(one, message, afterAgent);
        afterAgent = message.isAgent();
        text.append(message.text()).append('\n');
      }
      String language = StopWords.language(text.toString()).orElse(UNCLEAR);
      languages.merge(language, 1L, Long::sum);
      note(isWithoutDetectors(language), Odd.NO_DETECTORS, one);
      if (one.agentTexts().anyMatch(reply -> !reply.isBlank())) {
        one.agentId().ifPresentOrElse(agents::add, () -> agentUnknown++);
      }
      one.domain().ifPresent(domain -> domains.merge(domain, 1L, Long::sum));
      one.startedAt()
          .ifPresent(
              time -> {
                first = first.filter(time::isAfter).or(() -> Optional.of(time));
                last = last.filter(time::isBefore).or(() -> Optional.of(time));
              });
      RedactedConversation without = redactor.redact(one);
      personalData = personalData.plus(without.counts());
      sample(without);
      note(one.messages().size() == 1, Odd.ONE_MESSAGE, one);
      note(!contents.add(SplitCommand.content(one)), Odd.SAME_MESSAGES, one);
      note(one.agentTexts().findAny().isEmpty(), Odd.NO_REPLY, one);
      note(one.messages().stream().allMatch(Message::isAgent), Odd.NO_CUSTOMER, one);
    }

    private void add(Conversation one, Message message, boolean afterAgent) {
      String text = message.text();
      messages++;
      if (message.isLearned()) {
        replies++;
        repeats.add(one.agentId(), text);
        consecutiveReplies += afterAgent ? 1 : 0;
        replyCharacters.add(text.length());
      } else if (!message.isAgent()) {
        customerMessages++;
        customerCharacters.add(text.length());
      }
      if (text.length() >= SENTENCE && !message.contextOnly()) {
        (message.isAgent() ? agentSentences : customerSentences)
            .merge(TextNorm.norm(text).hashCode(), 1, Integer::sum);
      }
      note(text.isBlank(), Odd.EMPTY_TEXT, one);
      note(PostText.beginsWithHandle(text), Odd.HANDLES, one);
      note(message.isLearned() && PostText.isSigned(text), Odd.SIGNED, one);
      note(!TextNorm.visible(text).equals(text), Odd.CONTROL_CHARACTERS, one);
      note(WRONG_ENCODING.matcher(text).find(), Odd.WRONG_ENCODING, one);
      note(MessageText.isHtml(text), Odd.HTML, one);
      note(text.length() > ConversationCheck.LONG_TEXT, Odd.LONG_TEXT, one);
    }

    private void sample(RedactedConversation without) {
      for (int i = 0; i < without.detections().size(); i++) {
        String text = without.conversation().messages().get(i).text();
        if (!without.detections().get(i).isEmpty()) {
          redacted.put(Fnv.hash(text), text);
        }
        if (redacted.size() > mostRedacted) {
          redacted.pollLastEntry();
        }
      }
    }

    private void note(boolean found, Odd odd, Conversation one) {
      if (found) {
        counts.merge(odd, 1L, Long::sum);
        Set<String> ids = examples.computeIfAbsent(odd, unseen -> new TreeSet<>());
        if (ids.size() < MOST_EXAMPLES) {
          ids.add(one.id());
        }
      }
    }

    private static long repeated(Map<Integer, Integer> sentences) {
      return sentences.values().stream().filter(count -> count > 1).mapToLong(c -> c).sum();
    }

    ConversationCheck check() {
      long byCustomers = repeated(customerSentences);
      long byAgents = repeated(agentSentences);
      // Agents say the same to many customers, so it is they who repeat long sentences.
      if (byCustomers > 2 * byAgents + 10) {
        counts.put(Odd.ROLES_EXCHANGED, byCustomers);
      }
      if (agents.size() == 1 && agentUnknown == 0 && conversations >= LEAST_OF_AGENT) {
        counts.put(Odd.ONE_AGENT, conversations);
      }
      return new ConversationCheck(
          conversations,
          messages,
          customerMessages,
          replies,
          consecutiveReplies,
          first.map(Instant::toString).orElse(null),
          last.map(Instant::toString).orElse(null),
          languages,
          agents.size(),
          agentUnknown,
          domains,
          Lengths.of(lengths),
          Lengths.of(customerCharacters),
          Lengths.of(replyCharacters),
          personalData.toJson(),
          Stream.concat(
                  counts.entrySet().stream()
                      .map(
                          odd ->
                              new Finding(
                                  odd.getKey().name().toLowerCase(Locale.ROOT),
                                  odd.getKey().text,
                                  odd.getValue(),
                                  List.copyOf(examples.getOrDefault(odd.getKey(), Set.of())))),
                  repeats.found().stream()
                      .map(
                          one ->
                              new Finding(
                                  "likely_bot",
                                  one.text(Column.AGENT.standard()),
                                  one.messages(),
                                  List.of())))
              .toList(),
          Amount.of(replies),
          List.copyOf(redacted.values()));
    }
  }
}
