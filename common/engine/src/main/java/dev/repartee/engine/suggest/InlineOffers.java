package dev.repartee.engine.suggest;

import java.util.Comparator;
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

  private record Standing(String lower, String text, double probability) {

    static Standing of(String draft, Candidate offer) {
      String text = draft + offer.text();
      return new Standing(Words.lower(text), text, offer.probability());
    }

    boolean goesOnAfter(String draft) {
      return lower.startsWith(draft) && lower.length() > draft.length();
    }

    Candidate after(String draft) {
      return new Candidate(text.substring(draft.length()), probability);
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

  /** Whether an offer goes on standing when {@code now} is typed, so that no other is needed. */
  public boolean stands(String now) {
    String lower = Words.lower(now);
    return lower.startsWith(draft)
        && standing.filter(offer -> offer.goesOnAfter(lower)).isPresent();
  }

  /**
   * What is offered after {@code now}: what stands, or the best of {@code candidates}.
   *
   * @param candidates {@link #merged}
   * @return with the probability as the candidate has it, before calibration
   */
  public Optional<Candidate> offer(String now, List<Candidate> candidates, OfferPolicy policy) {
    String lower = Words.lower(now);
    if (!lower.startsWith(draft)) {
      decline();
    }
    draft = lower;
    standing = standing.filter(offer -> offer.goesOnAfter(lower));
    if (standing.isEmpty()) {
      standing = best(candidates, policy).map(offer -> Standing.of(now, offer));
    }
    return standing.map(offer -> offer.after(now));
  }

  private Optional<Candidate> best(List<Candidate> candidates, OfferPolicy policy) {
    Candidate best = null;
    double most = 0;
    for (Candidate one : candidates) {
      double worth = policy.ofOffer(policy.offers().apply(one.probability()), one.text().length());
      if (one.text().length() >= LEAST && worth > most && !isDeclined(one)) {
        best = one;
        most = worth;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isDeclined(Candidate offer) {
    String lower = draft + Words.lower(offer.text());
    return declined.stream().anyMatch(lower::startsWith);
  }

  /**
   * Spellings that differ in case only count together, under the most probable one; in a fixed
   * order, so that ties are decided alike.
   */
  static List<Candidate> merged(List<Candidate> candidates) {
    return Candidate.merged(candidates, Words::lower).stream()
        .sorted(Comparator.comparing(Candidate::text))
        .toList();
  }
}
