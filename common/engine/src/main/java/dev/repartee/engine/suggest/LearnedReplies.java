package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.Fnv;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.Sharing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Replies that agents typed while a service ran, and which of them may be shown to whom. No model
 * is needed for that: a reply counts for one that {@link ReplyPredictor#learn} gives it to, and the
 * next one takes the same. What is kept depends only on the replies, not on the order in which they
 * came. Thread-safe.
 *
 * <p>{@link Sharing} says which text may be shown to whom. A text is counted as it stands, to the
 * letter and the sign, or one agent could decide how all word it. However often a conversation
 * holds it, it counts once.
 */
public final class LearnedReplies {

  /** Texts that are shown, those of most conversations. */
  private static final int MOST_TEXTS = 500;

  /** Replies of one text that a model reads, any: so that few change when another one comes. */
  private static final int MOST_OF_ONE_TEXT = 20;

  /** Replies that a model reads: a pass for each takes a while when a new version takes over. */
  private static final int MOST_READ = 1000;

  /** What a reply takes beside its texts: its key, its place in the maps. */
  private static final long OVERHEAD_BYTES = 400;

  /**
   * A reply, without the personal data that was found in it.
   *
   * @param key by which a repeat is recognized
   * @param time when it was sent
   * @param conversation the front end's own name for its conversation
   * @param caller who named the conversation so; two callers may mean different ones
   * @param agent a salted hash of who typed it, where that is known; see {@link Memory#pseudonym}
   * @param context the latest messages before it
   */
  public record Reply(
      String key,
      Instant time,
      String conversation,
      String caller,
      Optional<String> agent,
      List<Message> context,
      String text) {

    private static final Comparator<Reply> OLDEST_FIRST =
        Comparator.comparing(Reply::time).thenComparing(Reply::key);

    public Reply {
      requireNonNull(key, "key is null");
      requireNonNull(time, "time is null");
      requireNonNull(conversation, "conversation is null");
      requireNonNull(caller, "caller is null");
      requireNonNull(agent, "agent is null");
      context = List.copyOf(context);
      requireNonNull(text, "text is null");
    }

    /** The text as it would be shown; others that differ in what cannot be seen are the same. */
    private String shownText() {
      return TextNorm.strip(TextNorm.visible(text));
    }

    private String conversationKey() {
      return caller + "\n" + conversation;
    }

    private long bytes() {
      return OVERHEAD_BYTES
          + text.length()
          + context.stream().mapToInt(message -> message.text().length()).sum();
    }
  }

  /**
   * A text that may be shown.
   *
   * @param all whether everybody may see it
   * @param agents who may see it where not everybody may, as hashes
   * @param replies some that are worded so, in the order in which to read them
   */
  record Text(String text, boolean all, Set<String> agents, List<Reply> replies) {

    Text {
      agents = Set.copyOf(agents);
      replies = List.copyOf(replies);
    }
  }

  /**
   * What a model is to take.
   *
   * @param salt of the agents' hashes
   * @param version another one whenever something else may be shown
   */
  public record Shown(String salt, long version, List<Text> texts) {

    /** Nothing. */
    public static final Shown NOTHING = new Shown("", 0, List.of());

    public Shown {
      requireNonNull(salt, "salt is null");
      texts = List.copyOf(texts);
    }

    /** The same without the texts that {@code test} refuses. */
    Shown of(Predicate<String> test) {
      return new Shown(salt, version, texts.stream().filter(one -> test.test(one.text())).toList());
    }

    /** The replies to read, one of each text before the second of any. */
    List<Reply> replies() {
      List<Reply> replies = new ArrayList<>();
      for (int n = 0; n < MOST_OF_ONE_TEXT; n++) {
        for (Text text : texts) {
          if (n < text.replies().size() && replies.size() < MOST_READ) {
            replies.add(text.replies().get(n));
          }
        }
      }
      return replies;
    }
  }

  /**
   * How much is kept.
   *
   * @param replies all, also those whose text is shown to nobody
   * @param sharedTexts texts that everybody may be shown
   * @param ownTexts texts that only the agents who use them may be shown
   * @param newest when the latest reply was sent
   */
  public record Size(int replies, int sharedTexts, int ownTexts, Optional<Instant> newest) {}

  private final long maxBytes;
  private final Duration keep;
  private final TreeSet<Reply> replies = new TreeSet<>(Reply.OLDEST_FIRST);
  private final Set<String> keys = new HashSet<>();
  private final Map<String, TreeSet<Reply>> byText = new HashMap<>();
  private Set<String> forgottenAgents = Set.of();
  private Set<String> forgottenConversations = Set.of();
  private long bytes;
  private long version;
  private long shownVersion = -1;
  private List<Text> shown = List.of();
  private boolean dropped; // some because there was no room

  /**
   * @param maxBytes about how much memory they may take; the oldest leave
   * @param keep how long each stays
   */
  public LearnedReplies(long maxBytes, Duration keep) {
    this.maxBytes = maxBytes;
    this.keep = requireNonNull(keep, "keep is null");
  }

  /**
   * Takes a reply.
   *
   * @return false when its key is known, when it is too old, or when its agent or conversation is
   *     to be forgotten
   */
  public synchronized boolean add(Reply reply, Instant now) {
    if (keys.contains(reply.key())
        || isForgotten(reply)
        || reply.time().isBefore(horizon(now))
        || reply.text().isBlank()) {
      return false;
    }
    replies.add(reply);
    keys.add(reply.key());
    byText
        .computeIfAbsent(reply.shownText(), unknown -> new TreeSet<>(Reply.OLDEST_FIRST))
        .add(reply);
    bytes += reply.bytes();
    version++;
    while (bytes > maxBytes) {
      remove(replies.getFirst());
      dropped = true;
    }
    return true;
  }

  /** Replies that were sent before have no place here. */
  public synchronized Instant horizon(Instant now) {
    Instant oldest = now.minus(keep);
    return dropped && !replies.isEmpty() && replies.getFirst().time().isAfter(oldest)
        ? replies.getFirst().time()
        : oldest;
  }

  /** Drops what is too old by now. */
  public synchronized void expire(Instant now) {
    Instant oldest = now.minus(keep);
    while (!replies.isEmpty() && replies.getFirst().time().isBefore(oldest)) {
      remove(replies.getFirst());
    }
  }

  /**
   * Drops the replies of these agents and conversations, and takes none of theirs from now on. What
   * was dropped does not come back when a later call leaves out who is named here.
   *
   * @param agents as hashes
   * @param conversations by the front ends' own names, whoever the caller was
   */
  public synchronized void forget(Collection<String> agents, Collection<String> conversations) {
    forgottenAgents = Set.copyOf(agents);
    forgottenConversations = Set.copyOf(conversations);
    replies.stream().filter(this::isForgotten).toList().forEach(this::remove);
  }

  /** Drops the replies with these keys, whose feedback is no longer stored. */
  public synchronized void drop(Collection<String> gone) {
    Set<String> known = new HashSet<>(gone);
    known.retainAll(keys);
    if (!known.isEmpty()) {
      replies.stream().filter(one -> known.contains(one.key())).toList().forEach(this::remove);
    }
  }

  /** Whether nothing is to be learned from this agent, as a hash, or in this conversation. */
  public synchronized boolean isForgotten(Optional<String> agent, String conversation) {
    return forgottenConversations.contains(conversation)
        || agent.filter(forgottenAgents::contains).isPresent();
  }

  private boolean isForgotten(Reply reply) {
    return isForgotten(reply.agent(), reply.conversation());
  }

  private void remove(Reply reply) {
    replies.remove(reply);
    keys.remove(reply.key());
    TreeSet<Reply> alike = byText.get(reply.shownText());
    alike.remove(reply);
    if (alike.isEmpty()) {
      byText.remove(reply.shownText());
    }
    bytes -= reply.bytes();
    version++;
  }

  /** What may be shown now. */
  public synchronized Shown shown(String salt) {
    if (shownVersion != version) {
      shown =
          byText.entrySet().stream()
              .flatMap(one -> text(one.getKey(), one.getValue()).stream())
              .sorted(
                  Comparator.comparingInt((Counted one) -> -one.conversations())
                      .thenComparing(one -> one.text().text()))
              .limit(MOST_TEXTS)
              .map(Counted::text)
              .toList();
      shownVersion = version;
    }
    return new Shown(salt, version, shown);
  }

  /** How much is kept now. */
  public synchronized Size size() {
    List<Text> texts = shown("").texts();
    int shared = (int) texts.stream().filter(Text::all).count();
    return new Size(
        replies.size(),
        shared,
        texts.size() - shared,
        replies.isEmpty() ? Optional.empty() : Optional.of(replies.getLast().time()));
  }

  private record Counted(int conversations, Text text) {}

  /** Empty when nobody may see it. */
  private static Optional<Counted> text(String text, SequencedSet<Reply> alike) {
    if (alike.size() < Sharing.CONVERSATIONS) {
      return Optional.empty();
    }
    Map<String, Set<String>> ofAgents = new TreeMap<>();
    Set<String> callers = new HashSet<>();
    Set<String> ofUnknown = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (Reply one : alike) {
      String conversation = one.conversationKey();
      all.add(conversation);
      if (one.agent().isPresent()) {
        ofAgents.computeIfAbsent(one.agent().get(), unknown -> new HashSet<>()).add(conversation);
      } else if (!one.caller().isEmpty()) {
        callers.add(one.caller());
      } else {
        ofUnknown.add(conversation);
      }
    }
    boolean shared =
        Sharing.isTypedForAll(all.size(), ofAgents.size() + callers.size(), ofUnknown.size());
    Set<String> owners = new HashSet<>();
    ofAgents.forEach(
        (agent, conversations) -> {
          if (Sharing.isOwn(conversations.size())) {
            owners.add(agent);
          }
        });
    if (!shared && owners.isEmpty()) {
      return Optional.empty();
    }
    List<Reply> some =
        alike.stream()
            .filter(one -> shared || one.agent().filter(owners::contains).isPresent())
            .sorted(
                Comparator.comparingLong((Reply one) -> Fnv.hash(one.key()))
                    .thenComparing(Reply::key))
            .limit(MOST_OF_ONE_TEXT)
            .toList();
    return Optional.of(new Counted(all.size(), new Text(text, shared, owners, some)));
  }
}
