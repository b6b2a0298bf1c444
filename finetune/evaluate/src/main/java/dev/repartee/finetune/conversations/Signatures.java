package dev.repartee.finetune.conversations;

import dev.repartee.text.Fnv;
import dev.repartee.text.conversation.ConversationCollector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cuts the last lines that many messages of an agent share: a signature that a desk or a mail
 * program adds. It would be learned as the most frequent reply of all.
 */
final class Signatures {

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

    boolean isFrequent(int all) {
      return messages >= LEAST_MESSAGES && messages >= LEAST_SHARE * all;
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
            if (ending.isFrequent(messages)) {
              frequent.add(hash);
              if (ending.looksLikeOne && ending.before.size() >= LEAST_MESSAGES) {
                signatures.add(hash);
              }
            }
          });
      endings = new HashMap<>();
    }
  }

  private final Map<Optional<String>, Agent> agents = new HashMap<>();
  private long cut;

  private Signatures() {}

  /** Cuts the signatures of all agents, and returns how many messages had one. */
  static long cut(ConversationCollector conversations) {
    Signatures signatures = new Signatures();
    for (int size = 1; size <= MOST_LINES; size++) {
      int lines = size;
      conversations.editReplies(
          (author, text) -> {
            signatures.count(author, text, lines);
            return text;
          });
      signatures.agents.values().forEach(Agent::decide);
    }
    conversations.editReplies(signatures::cut);
    return signatures.cut;
  }

  private void count(Optional<String> author, String text, int size) {
    List<String> lines = lines(text);
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
    if (agent == null || agent.signatures.isEmpty()) {
      return text;
    }
    List<String> lines = lines(text);
    for (int size = Math.min(MOST_LINES, lines.size() - 1); size > 0; size--) {
      if (agent.signatures.contains(hash(lines, size))) {
        cut++;
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
