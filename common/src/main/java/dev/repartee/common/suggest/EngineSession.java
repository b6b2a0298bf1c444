package dev.repartee.common.suggest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One reply's predictions by a {@link SuggestionEngine}. What was worked out for a draft is kept,
 * so asking again, or with another policy, needs no model.
 */
public final class EngineSession implements ReplySession {

  private static final int REMEMBERED_DRAFTS = 1000;

  private final SuggestionEngine.Parts parts;
  private final Completer.Situation situation;
  private final OperatingPoint point;
  private final PassedOffers passed = new PassedOffers();
  private final Map<String, List<Candidate>> candidates = new HashMap<>();
  private List<WholeReply> whole = List.of();

  EngineSession(SuggestionEngine.Parts parts, Completer.Situation situation, OperatingPoint point) {
    this.parts = parts;
    this.situation = situation;
    this.point = point;
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    return parts.ranking().rank(wholeReplies(), draft, limit);
  }

  /** Every whole reply that is known for this context, in no order of worth. */
  public List<WholeReply> wholeReplies() {
    if (whole.isEmpty()) {
      whole =
          parts
              .replies()
              .of(situation.worded(), situation.view(), parts.writer().replies(situation));
    }
    return whole;
  }

  @Override
  public Optional<Suggestion> complete(String draft) {
    return complete(draft, point);
  }

  @Override
  public Optional<Suggestion> complete(String draft, OperatingPoint at) {
    return complete(draft, parts.calibration().policy(at), parts.calibration().offers());
  }

  /** {@link #complete(String)} under another policy and scale than the engine's. */
  public Optional<Suggestion> complete(String draft, OfferPolicy policy, PlattScale scale) {
    passed.typed(draft);
    if (candidates.size() > REMEMBERED_DRAFTS) {
      candidates.clear();
    }
    List<Candidate> found = candidates.get(draft);
    if (found == null) {
      found = parts.completer().candidates(draft, situation);
      if (!situation.tree().isCancelled()) { // half a search is not worth remembering
        candidates.put(draft, found);
      }
    }
    Optional<Candidate> offer = new OfferChoice(policy, scale).choose(found, draft, passed);
    offer.ifPresent(candidate -> passed.offered(candidate.text()));
    return offer.map(candidate -> Suggestion.completion(candidate.text(), candidate.probability()));
  }

  @Override
  public List<Suggestion> suggest(String draft, int limit, OperatingPoint at) {
    situation.tree().begin(true);
    return ReplySession.super.suggest(draft, limit, at);
  }

  @Override
  public Optional<List<Suggestion>> suggestAtOnce(String draft, int limit, OperatingPoint at) {
    situation.tree().begin(false);
    try {
      return Optional.of(ReplySession.super.suggest(draft, limit, at));
    } catch (ReplyTree.UnreadException e) {
      return Optional.empty();
    } finally {
      situation.tree().begin(true);
    }
  }

  @Override
  public void cancel() {
    situation.tree().cancel();
  }

  @Override
  public long bytes() {
    return situation.tree().bytes();
  }

  @Override
  public void restart() {
    passed.clear();
  }

  @Override
  public void close() {
    situation.tree().close();
  }
}
