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
  private final ModelView view;
  private final ReplyTree tree;
  private final Sayable sayable;
  private final OperatingPoint point;
  private final PassedOffers passed = new PassedOffers();
  private final Map<String, List<Candidate>> candidates = new HashMap<>();
  private List<Suggestion> whole = List.of();

  EngineSession(
      SuggestionEngine.Parts parts,
      ModelView view,
      ReplyTree tree,
      Sayable sayable,
      OperatingPoint point) {
    this.sayable = sayable;
    this.parts = parts;
    this.view = view;
    this.tree = tree;
    this.point = point;
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    if (whole.isEmpty()) {
      whole =
          parts
              .replies()
              .rank(tree.contextHidden(), view, parts.writer().replies(view, tree, sayable));
    }
    String lower = PassedOffers.lower(draft);
    return whole.stream()
        .filter(
            reply ->
                reply.text().length() > draft.length()
                    && PassedOffers.lower(reply.text()).startsWith(lower))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<Suggestion> complete(String draft) {
    return complete(draft, parts.calibration().policy(point));
  }

  /** {@link #complete(String)} under another policy than the engine's. */
  public Optional<Suggestion> complete(String draft, OfferPolicy policy) {
    passed.typed(draft);
    if (candidates.size() > REMEMBERED_DRAFTS) {
      candidates.clear();
    }
    List<Candidate> found =
        candidates.computeIfAbsent(
            draft, unseen -> parts.completer().candidates(draft, view, tree, sayable));
    Optional<Candidate> offer =
        new OfferChoice(policy, parts.calibration().offers()).choose(found, draft, passed);
    offer.ifPresent(candidate -> passed.offered(candidate.text()));
    return offer.map(candidate -> Suggestion.completion(candidate.text(), candidate.probability()));
  }

  @Override
  public void restart() {
    passed.clear();
  }

  @Override
  public void close() {
    tree.close();
  }
}
