package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Pass;
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
  private final DeclinedOffers passed = new DeclinedOffers();
  private final Map<String, List<Candidate>> candidates = new HashMap<>();
  private List<WholeReply> whole = List.of();
  private List<WholeReply> byHead = List.of();

  EngineSession(SuggestionEngine.Parts parts, Completer.Situation situation, OperatingPoint point) {
    this.parts = parts;
    this.situation = situation;
    this.point = point;
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    boolean ask = draft.isEmpty() && situation.tree().mayRead();
    return parts.ranking().rank(ask ? wholeReplies() : knownReplies(), draft, limit);
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

  /** Without the model's own view as long as nobody asked for it: typing must not wait for that. */
  private List<WholeReply> knownReplies() {
    if (!whole.isEmpty()) {
      return whole;
    }
    if (byHead.isEmpty()) {
      byHead = parts.replies().of(situation.worded(), situation.view(), List.of());
    }
    return byHead;
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
    List<Candidate> found = candidates(draft);
    passed.typed(draft);
    Optional<Candidate> offer = new OfferChoice(policy, scale).choose(found, draft, passed);
    offer.ifPresent(candidate -> passed.offered(candidate.text()));
    return offer.map(candidate -> Suggestion.completion(candidate.text(), candidate.probability()));
  }

  private List<Candidate> candidates(String draft) {
    if (candidates.size() > REMEMBERED_DRAFTS) {
      candidates.clear();
    }
    List<Candidate> known = candidates.get(draft);
    if (known != null) {
      return known;
    }
    Completer.Found found = parts.completer().candidates(draft, situation);
    if (found.whole() && !situation.tree().isCancelled()) { // half a search is not remembered
      candidates.put(draft, found.candidates());
    }
    return found.candidates();
  }

  @Override
  public List<Suggestion> suggest(String draft, int limit, OperatingPoint at) {
    return situation
        .tree()
        .search(ReplyTree.ModelAccess.NOW, () -> ReplySession.super.suggest(draft, limit, at));
  }

  @Override
  public Optional<Known> suggestKnown(String draft, int limit, OperatingPoint at) {
    return situation.tree().search(ReplyTree.ModelAccess.NEVER, () -> known(draft, limit, at));
  }

  private Optional<Known> known(String draft, int limit, OperatingPoint at) {
    try {
      List<Suggestion> told = ReplySession.super.suggest(draft, limit, at);
      return Optional.of(
          new Known(told, draft.isEmpty() ? !whole.isEmpty() : candidates.containsKey(draft)));
    } catch (ReplyTree.UnreadException e) {
      return Optional.empty();
    }
  }

  @Override
  public void prepare(String draft) {
    try {
      var _ = situation.tree().search(ReplyTree.ModelAccess.BEHIND, () -> candidates(draft));
    } catch (Pass.WithdrawnException e) {
      // Somebody asks for this session, and must not wait for it.
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
