package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.ImportCommand.Count;
import dev.repartee.finetune.conversations.ImportCommand.Counts;
import dev.repartee.text.Fnv;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationCollector.Row;
import dev.repartee.text.privacy.CommonWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of replies what only all of them together show to be no part of the text: signatures,
 * the handles in front of posts, the marks of parts such as "(1/2)", and the name with which an
 * agent signs. A name that signs becomes the message's author where none is known: of several
 * agents who use one account it is all that tells them apart.
 */
final class ReplyText {

  /** Conversations in which a name signs before it counts as one that signs. */
  private static final int LEAST_OF_NAME = 3;

  /** Conversations, and names, in which a sign stands before any name behind it signs. */
  private static final int LEAST_OF_SIGN = 10;

  private static final Pattern HANDLES =
      Pattern.compile("^(?:\\s*+\\.?@(?:\\{[a-z_]+\\}|[\\p{L}\\p{N}_]+[:,]?)(?=\\s))+\\s+");

  /** "^JK", "*MS", "-Becky", "/SQ", "~ Nick", maybe before the last link. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?<=[\\s\\p{Punct}])(?<sign>[\\^*/~\u2013\u2014-])\\s?"
              + "(?<name>\\p{Lu}[\\p{L}.'\u2019]{0,19}|\\p{Ll}{2,3})"
              + "(?<link>\\s+https?://\\S+)?\\s*$");

  /** A name behind the last sentence or link. */
  private static final Pattern NAME_BEHIND =
      Pattern.compile(
          "(?:(?<=[.!?])|(?<=://\\S{4,300}))\\s+(?<name>\\p{Lu}[\\p{L}'\u2019]{1,11})\\s*$");

  private static final Pattern PART =
      Pattern.compile("^\\s*\\(?([1-9])/([2-9])\\)?[:.]?\\s+|\\s+\\(?([1-9])/([2-9])\\)?\\s*$");

  /** The name that signs a text, and what of the text is left. */
  private record SignOff(String sign, String name, String text) {

    static Optional<SignOff> of(String text) {
      Matcher signed = SIGNED.matcher(text);
      if (signed.find() && isNoWord(signed.group("name"))) {
        String link = Optional.ofNullable(signed.group("link")).orElse("");
        String left = text.substring(0, signed.start()).stripTrailing() + link;
        return Optional.of(new SignOff(signed.group("sign"), signed.group("name"), left));
      }
      Matcher behind = NAME_BEHIND.matcher(text);
      return behind.find() && !CommonWords.isEnglish(behind.group("name").toLowerCase(Locale.ROOT))
          ? Optional.of(new SignOff("", behind.group("name"), text.substring(0, behind.start())))
          : Optional.empty();
    }

    /** In small letters, "- ok" is no name. */
    private static boolean isNoWord(String name) {
      return Character.isUpperCase(name.charAt(0)) || !CommonWords.isEnglish(name);
    }
  }

  /** What signs in a domain: a name behind a sign, or any name behind it. */
  private record Key(Optional<String> domain, String sign, String name) {}

  private final Counts counts;
  private final Map<Key, Integer> signs = new HashMap<>(); // conversations by what signs in them
  private final Map<Key, Set<String>> namesOfSign = new HashMap<>();
  private final Map<Optional<String>, Integer> parts = new HashMap<>(); // conversations

  private ReplyText(Counts counts) {
    this.counts = counts;
  }

  static boolean beginsWithHandle(String text) {
    return HANDLES.matcher(text).find();
  }

  static boolean isSigned(String text) {
    return SignOff.of(withoutPart(text)).filter(one -> !one.sign().isEmpty()).isPresent();
  }

  /**
   * Cleans all messages.
   *
   * @param counts gets how many had what
   */
  static void clean(ConversationCollector conversations, Counts counts) {
    new Signatures(counts).cut(conversations);
    ReplyText posts = new ReplyText(counts);
    conversations.rewrite(posts::withoutHandles);
    conversations.rewrite(posts::clean);
  }

  /** Cuts handles, and counts what signs behind them. */
  private List<Row> withoutHandles(Optional<String> domain, List<Row> rows) {
    Set<Key> seen = new HashSet<>();
    boolean hasPart = false;
    List<Row> cut = new ArrayList<>();
    for (Row row : rows) {
      String whole = row.message().text();
      String text = HANDLES.matcher(whole).replaceFirst("");
      text = text.isBlank() ? whole : text;
      counts.addIf(!text.equals(whole), Count.HANDLES);
      cut.add(row.withText(text));
      if (row.message().isLearned()) {
        hasPart |= part(text).isPresent();
        SignOff.of(withoutPart(text))
            .ifPresent(
                one -> {
                  Key sign = new Key(domain, one.sign(), "");
                  seen.addAll(List.of(sign, new Key(domain, one.sign(), one.name())));
                  namesOfSign.computeIfAbsent(sign, unseen -> new HashSet<>()).add(one.name());
                });
      }
    }
    seen.forEach(key -> signs.merge(key, 1, Integer::sum));
    if (hasPart) {
      parts.merge(domain, 1, Integer::sum);
    }
    return cut;
  }

  private boolean signs(Optional<String> domain, SignOff one) {
    Key sign = new Key(domain, one.sign(), "");
    return signs.getOrDefault(new Key(domain, one.sign(), one.name()), 0) >= LEAST_OF_NAME
        || (!one.sign().isEmpty()
            && signs.getOrDefault(sign, 0) >= LEAST_OF_SIGN
            && namesOfSign.get(sign).size() >= LEAST_OF_NAME);
  }

  /** Cuts names that sign, and joins parts. */
  private List<Row> clean(Optional<String> domain, List<Row> rows) {
    boolean hasParts = parts.getOrDefault(domain, 0) >= LEAST_OF_NAME;
    List<Row> clean = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (!row.message().isLearned()) {
        clean.add(row);
        continue;
      }
      String text = row.message().text();
      Row unsigned = unsigned(domain, row.withText(hasParts ? withoutPart(text) : text));
      if (hasParts && i > 0 && isNextPart(rows.get(i - 1), row)) {
        counts.add(Count.PARTS, 1);
        Row before = clean.removeLast();
        String whole = before.message().text() + " " + unsigned.message().text();
        clean.add(
            new Row(
                before.time(),
                before.message().withText(whole),
                before.author().or(unsigned::author)));
      } else {
        clean.add(unsigned);
      }
    }
    return clean;
  }

  private Row unsigned(Optional<String> domain, Row row) {
    Optional<SignOff> signOff =
        SignOff.of(row.message().text()).filter(one -> !one.text().isBlank() && signs(domain, one));
    if (signOff.isEmpty()) {
      return row;
    }
    counts.add(Count.SIGN_OFFS, 1);
    String name = domain.map(queue -> queue + ":").orElse("") + signOff.get().name();
    return new Row(
        row.time(),
        row.message().withText(signOff.get().text()),
        row.author().or(() -> Optional.of(name)));
  }

  /** The number of the part that a text is, and of how many. */
  private record Part(int number, int of) {}

  private static Optional<Part> part(String text) {
    Matcher found = PART.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    int group = found.group(1) == null ? 3 : 1;
    Part part =
        new Part(Integer.parseInt(found.group(group)), Integer.parseInt(found.group(group + 1)));
    return Optional.of(part).filter(one -> one.number() <= one.of());
  }

  private static String withoutPart(String text) {
    String left = part(text).isPresent() ? PART.matcher(text).replaceFirst("") : text;
    return left.isBlank() ? text : left;
  }

  /** Whether the message before is the part before, of the same whole. */
  private static boolean isNextPart(Row last, Row row) {
    Optional<Part> part = part(row.message().text());
    return last.message().isLearned()
        && part.isPresent()
        && part(last.message().text())
            .map(before -> new Part(before.number() + 1, before.of()))
            .equals(part);
  }

  /**
   * Cuts the last lines that many messages of an agent share: a signature that a desk or a mail
   * program adds. It would be learned as the most frequent reply of all.
   */
  private static final class Signatures {

    /** A signature ends so many of an agent's messages, which differ above it. */
    private static final int LEAST_MESSAGES = 5;

    /** It ends at least this share of an agent's messages that have several lines. */
    private static final double LEAST_SHARE = 0.3;

    /** More lines are a text that was sent often. */
    private static final int MOST_LINES = 10;

    /** A sentence; a signature may contain one below its first line. */
    private static final Pattern SENTENCE = Pattern.compile(".*[.?!:\u3002\uff1f\uff01]");

    /** A single line must hold more than words, which may be a greeting that agents type. */
    private static final Pattern CONTACT = Pattern.compile(".*(?:[@|\\d]|www\\.|://).*");

    /** What was counted of a sequence of last lines. */
    private static final class Ending {
      private final boolean looksLikeOne;
      private int messages;
      private final Set<Integer> before = new HashSet<>(); // hashes of the texts above

      Ending(boolean looksLikeOne) {
        this.looksLikeOne = looksLikeOne;
      }
    }

    /** Of one agent; sequences of lines by their hashes. */
    private static final class Agent {
      private int messages; // with more than one line
      private Map<Long, Ending> endings = new HashMap<>();
      private final Set<Long> frequent = new HashSet<>();
      private final Set<Long> signatures = new HashSet<>();

      /** Keeps the frequent endings, of which longer ones may be. */
      void decide() {
        endings.forEach(
            (hash, ending) -> {
              if (ending.messages >= Math.max(LEAST_MESSAGES, LEAST_SHARE * messages)) {
                frequent.add(hash);
                if (ending.looksLikeOne && ending.before.size() >= LEAST_MESSAGES) {
                  signatures.add(hash);
                }
              }
            });
        endings = new HashMap<>();
      }
    }

    private final Counts counts;
    private final Map<Optional<String>, Agent> agents = new HashMap<>();

    Signatures(Counts counts) {
      this.counts = counts;
    }

    void cut(ConversationCollector conversations) {
      for (int size = 1; size <= MOST_LINES; size++) {
        int lines = size;
        conversations.editReplies(
            (author, text) -> {
              count(author, lines(text), lines);
              return text;
            });
        agents.values().forEach(Agent::decide);
      }
      conversations.editReplies(this::cut);
    }

    private void count(Optional<String> author, List<String> lines, int size) {
      if (lines.size() <= size) {
        return;
      }
      Agent agent = agents.computeIfAbsent(author, unseen -> new Agent());
      agent.messages += size == 1 ? 1 : 0;
      if (size > 1 && !agent.frequent.contains(hash(lines, size - 1))) {
        return;
      }
      int from = lines.size() - size;
      Ending ending =
          agent.endings.computeIfAbsent(
              hash(lines, size), unseen -> new Ending(looksLikeOne(lines.get(from), size)));
      ending.messages++;
      if (ending.before.size() < LEAST_MESSAGES) {
        ending.before.add(lines.subList(0, from).hashCode());
      }
    }

    /** The lines that hold text; none of a text in one line. */
    private static List<String> lines(String text) {
      return text.indexOf('\n') < 0
          ? List.of()
          : text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static long hash(List<String> lines, int last) {
      return Fnv.hash(String.join("\n", lines.subList(lines.size() - last, lines.size())));
    }

    private static boolean looksLikeOne(String first, int size) {
      return !SENTENCE.matcher(first).matches() && (size > 1 || CONTACT.matcher(first).matches());
    }

    /** The text without the longest signature of its author. */
    private String cut(Optional<String> author, String text) {
      Agent agent = agents.get(author);
      List<String> lines = agent == null || agent.signatures.isEmpty() ? List.of() : lines(text);
      for (int size = Math.min(MOST_LINES, lines.size() - 1); size > 0; size--) {
        if (agent.signatures.contains(hash(lines, size))) {
          counts.add(Count.SIGNATURES, 1);
          return withoutLast(text, size);
        }
      }
      return text;
    }

    private static String withoutLast(String text, int filled) {
      List<String> kept = new ArrayList<>(text.lines().toList());
      for (int left = filled; left > 0; ) {
        left -= kept.removeLast().isBlank() ? 0 : 1;
      }
      return String.join("\n", kept).stripTrailing();
    }
  }
}
