package dev.repartee.engine.suggest;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The inline offers of one reply. An offer that stands stays while the letters that are typed agree
 * with it, so that it can be read; it is declined by a letter that disagrees, by deleting, or by
 * {@link #decline}, never by time. Otherwise the one that is expected to save most is offered, if
 * it saves anything. Not for several threads.
 */
public final class InlineOffers {

  /** Shorter offers are not worth looking up for. */
  private static final int LEAST = 4;

  /** Whole texts, draft and offer together in lower case, that the agent declined. */
  private final Set<String> declined = new HashSet<>();

  private String draft = "";
  private Optional<Standing> standing = Optional.empty();

  private record Standing(String lower, FilledText whole, double probability) {

    boolean goesOnAfter(String draft) {
      return lower.startsWith(draft) && lower.length() > draft.length();
    }

    Suggestion after(String draft) {
      return Suggestion.completion(whole.from(draft.length()), probability);
    }
  }

  /** The agent begins the reply anew. */
  public void restart() {
    declined.clear();
    draft = "";
    standing = Optional.empty();
  }

  /** The agent declines what stands, as by Esc; it is not offered again in this reply. */
  public void decline() {
    standing.ifPresent(offer -> declined.add(offer.lower()));
    standing = Optional.empty();
  }

  /** What stands goes, and may be offered again. */
  void withdraw() {
    standing = Optional.empty();
  }

  /** Whether an offer goes on standing when {@code now} is typed, so that no other is needed. */
  public boolean stands(String now) {
    String lower = Words.lower(now);
    return lower.startsWith(draft)
        && standing.filter(offer -> offer.goesOnAfter(lower)).isPresent();
  }

  /**
   * What is offered after {@code now}, with its calibrated probability: what stands, or the best of
   * {@code candidates}.
   */
  public Optional<Suggestion> offer(String now, List<Candidate> candidates, OfferPolicy policy) {
    String lower = Words.lower(now);
    if (!lower.startsWith(draft)) {
      decline();
    }
    draft = lower;
    standing = standing.filter(offer -> offer.goesOnAfter(lower));
    if (standing.isEmpty()) {
      standing = best(now, candidates, policy);
    }
    return standing.map(offer -> offer.after(now));
  }

  private Optional<Standing> best(String now, List<Candidate> candidates, OfferPolicy policy) {
    Standing best = null;
    double most = 0;
    for (Candidate one : candidates) {
      if (one.text().length() >= LEAST) {
        double probability = policy.offers().apply(one);
        double worth = policy.ofOffer(probability, one.text().length());
        if (worth > most) {
          String lower = draft + Words.lower(one.text());
          if (declined.stream().noneMatch(lower::startsWith)) {
            best = new Standing(lower, one.filled().after(now), probability);
            most = worth;
          }
        }
      }
    }
    return Optional.ofNullable(best);
  }
}
