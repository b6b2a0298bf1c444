package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;

import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.Sharing;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A text that somebody may be shown, and who used it.
 *
 * @param hash of the text
 * @param answer that it words, or {@link Writer#UNKNOWN}
 * @param share of the answer's uses that are worded so
 * @param answerUse its share of all uses of answers
 * @param shared whether training conversations make it a text for everybody
 * @param typed who may see it because of what was typed since
 * @param used who used it
 */
record KnownText(
    long hash,
    String text,
    String norm,
    int answer,
    double share,
    double answerUse,
    boolean shared,
    Optional<Readers> typed,
    Use used) {

  /** One of the answer set's, which everybody may be shown. */
  static KnownText ofAnswer(
      long hash,
      Wordings.Wording wording,
      double[] uses,
      Optional<Readers> typed,
      Optional<Use> used) {
    return new KnownText(
        hash,
        wording.text(),
        wording.norm(),
        wording.answer(),
        wording.share(),
        uses[wording.answer()] * wording.share(),
        true,
        typed,
        used.orElse(Use.NONE));
  }

  /** One that words no answer. */
  static KnownText other(
      long hash, String text, boolean shared, Optional<Readers> typed, Use used) {
    return new KnownText(hash, text, TextNorm.norm(text), UNKNOWN, 0, 0, shared, typed, used);
  }

  boolean isForAll() {
    return shared || typed.map(Readers::all).orElse(false);
  }

  /** Whether an agent may see it, in some queue. */
  boolean isFor(int agent) {
    return isForAll() || used.isOwn(agent) || isTypedFor(agent);
  }

  boolean isFor(Writer writer) {
    return isFor(writer.agent())
        && (used.isOf(writer.queue())
            || typed.map(Readers::all).orElse(false)
            || isTypedFor(writer.agent()));
  }

  private boolean isTypedFor(int agent) {
    return agent != UNKNOWN && typed.map(readers -> readers.agents().contains(agent)).orElse(false);
  }

  /**
   * How often a wording is used.
   *
   * @param replies that are worded so
   * @param queue whose own it is, see {@link Queues#owner}
   * @param conversations of training that hold it, by agent
   * @param typed replies since training, by agent
   */
  record Use(
      int replies,
      Optional<Integer> queue,
      Map<Integer, Integer> conversations,
      Map<Integer, Integer> typed) {
    static final Use NONE = new Use(0, Optional.empty(), Map.of(), Map.of());

    /** Whether it may be shown in a queue. */
    boolean isOf(int asking) {
      return queue.isEmpty() || queue.get() == asking;
    }

    /** Whether training makes it a text of this agent's own. */
    boolean isOwn(int agent) {
      return agent != UNKNOWN && Sharing.isOwn(conversations.getOrDefault(agent, 0));
    }

    /** Whether it is somebody's own. */
    boolean hasOwner() {
      return conversations.keySet().stream().anyMatch(this::isOwn);
    }

    /** What of it training counted. */
    Use trained() {
      int since = typed.values().stream().mapToInt(Integer::intValue).sum();
      return new Use(replies - since, queue, conversations, Map.of());
    }

    int ofAgent(int agent) {
      return agent == UNKNOWN
          ? 0
          : conversations.getOrDefault(agent, 0) + typed.getOrDefault(agent, 0);
    }
  }

  /**
   * Who may see a text.
   *
   * @param agents who may see it where not everybody may, as numbers
   */
  record Readers(boolean all, Set<Integer> agents) {

    Readers {
      agents = Set.copyOf(agents);
    }
  }

  /**
   * A wording as it lends to the library's entries that are worded like it.
   *
   * @param shown the text, where somebody may be shown it
   * @param terms of the text
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Worded(long hash, Optional<KnownText> shown, Use used, long[] terms) {}
}
