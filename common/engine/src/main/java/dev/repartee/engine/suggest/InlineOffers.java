package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;

/**
 * The inline offers of one reply. An offer that stands stays while the letters that are typed agree
 * with it, so that it can be read; it is declined by a letter that disagrees, unless it came with
 * the key before, by deleting, or by {@link #decline}, never by time. Otherwise the one that is
 * expected to save most is offered, if it saves anything. For any thread: what is offered changes
 * as a whole.
 */
public final class InlineOffers {

  private static final State NONE = new State("", "", Optional.empty(), Set.of());

  private final AtomicReference<State> state = new AtomicReference<>(NONE);

  /**
   * An offer.
   *
   * @param lower draft and offer together in lower case
   * @param since the length of the draft that it was first made for
   */
  private record Standing(String lower, FilledText whole, double probability, int since) {

    boolean goesOnAfter(String draft) {
      return lower.startsWith(draft) && lower.length() > draft.length();
    }

    Suggestion after(String draft) {
      return Suggestion.completion(whole.from(draft.length()), probability);
    }
  }

  /**
   * What was offered so far.
   *
   * @param typed the draft
   * @param draft in lower case
   * @param declined whole texts, draft and offer together in lower case, that the agent declined
   */
  private record State(
      String typed, String draft, Optional<Standing> standing, Set<String> declined) {

    /** A later draft in lower case: most go on from this one, however long it is. */
    String lower(String now) {
      return now.startsWith(typed)
          ? draft.concat(Words.lower(now.substring(typed.length())))
          : Words.lower(now);
    }

    State decline() {
      if (standing.isEmpty()) {
        return this;
      }
      Set<String> all = new HashSet<>(declined);
      all.add(standing.get().lower());
      return new State(typed, draft, Optional.empty(), all);
    }

    boolean stands(String lower) {
      return lower.startsWith(draft)
          && standing.filter(offer -> offer.goesOnAfter(lower)).isPresent();
    }

    /** Whether the draft holds all that stands. */
    boolean isTyped(String lower) {
      return standing.filter(offer -> lower.startsWith(offer.lower())).isPresent();
    }

    /**
     * Whether what stands came with the last key, and a letter follows: one that disagrees is a
     * slip, and once it is deleted, the same may be offered again.
     */
    private boolean isUnread(String lower) {
      return lower.startsWith(draft)
          && standing.filter(offer -> offer.since() == draft.length()).isPresent();
    }

    State after(
        String now,
        List<Candidate> candidates,
        OfferPolicy policy,
        ToDoubleFunction<Candidate> probabilities) {
      String lower = lower(now);
      boolean agrees = stands(lower) || isTyped(lower);
      Set<String> gone = agrees || isUnread(lower) ? declined : decline().declined();
      return new State(
          now,
          lower,
          stands(lower) ? standing : best(now, lower, gone, candidates, policy, probabilities),
          gone);
    }
  }

  /** The agent begins the reply anew. */
  public void restart() {
    state.set(NONE);
  }

  /** The agent declines what stands, as by Esc; it is not offered again in this reply. */
  public void decline() {
    state.updateAndGet(State::decline);
  }

  /** Whether an offer goes on standing when {@code now} is typed, so that no other is needed. */
  public boolean stands(String now) {
    State before = state.get();
    return before.stands(before.lower(now));
  }

  /**
   * What is offered after {@code now}, with its calibrated probability: what stands, or the best of
   * {@code candidates}.
   */
  public Optional<Suggestion> offer(String now, List<Candidate> candidates, OfferPolicy policy) {
    return offer(now, candidates, policy, policy.offers()::apply);
  }

  /**
   * The same where probabilities are known.
   *
   * @param probabilities as the policy's scale gives them
   */
  public Optional<Suggestion> offer(
      String now,
      List<Candidate> candidates,
      OfferPolicy policy,
      ToDoubleFunction<Candidate> probabilities) {
    return state
        .updateAndGet(before -> before.after(now, candidates, policy, probabilities))
        .standing()
        .map(offer -> offer.after(now));
  }

  private static Optional<Standing> best(
      String now,
      String lower,
      Set<String> declined,
      List<Candidate> candidates,
      OfferPolicy policy,
      ToDoubleFunction<Candidate> probabilities) {
    Standing best = null;
    double most = 0;
    for (Candidate one : candidates) {
      double probability = probabilities.applyAsDouble(one);
      double worth = policy.ofOffer(probability, one.text().length());
      if (worth > most && one.isEligible()) { // last, since it reads the text
        String whole = lower + Words.lower(one.text());
        if (declined.stream().noneMatch(whole::startsWith)) {
          double shown = policy.offersShown().apply(probability);
          best = new Standing(whole, one.filled().after(now), shown, now.length());
          most = worth;
        }
      }
    }
    return Optional.ofNullable(best);
  }
}
