package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Pass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One reply's predictions by a {@link SuggestionEngine}. What was worked out for a draft is kept,
 * so asking again, or with another policy, needs no model.
 */
public final class EngineSession implements ReplySession {

  private static final int REMEMBERED_DRAFTS = 1000;

  private final SuggestionEngine.Parts parts;
  private final OperatingPoint point;
  private final InlineOffers offers = new InlineOffers();
  private final Map<String, List<Candidate>> candidates;
  private Completer.Situation situation;
  private List<WholeReply> known;
  private List<Suggestion> shown = List.of(); // before the first keystroke

  EngineSession(
      SuggestionEngine.Parts parts,
      Completer.Situation situation,
      List<WholeReply> known,
      OperatingPoint point) {
    this(parts, situation, known, point, new HashMap<>());
  }

  private EngineSession(
      SuggestionEngine.Parts parts,
      Completer.Situation situation,
      List<WholeReply> known,
      OperatingPoint point,
      Map<String, List<Candidate>> candidates) {
    this.parts = parts;
    this.situation = situation;
    this.known = List.copyOf(known);
    this.point = point;
    this.candidates = candidates;
  }

  @Override
  public ReplySession forOneRequest(int limit, OperatingPoint at) {
    EngineSession own = new EngineSession(parts, situation, known, point, candidates);
    var _ = own.replies(limit, at);
    return own;
  }

  /** Takes over what the library holds now, where that has changed: what is gone is not shown. */
  private void followLibrary() {
    LibraryTexts now = parts.known().memory().library();
    if (now != situation.library()) {
      known =
          parts
              .known()
              .in(
                  situation.tree().contextHidden(),
                  situation.view(),
                  situation.desk(),
                  situation.language());
      situation = situation.with(new LikelyReplies(known), now);
      candidates.clear();
      offers.withdraw();
      Set<String> texts = known.stream().map(WholeReply::text).collect(Collectors.toSet());
      shown = shown.stream().filter(reply -> texts.contains(reply.text())).toList();
    }
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    followLibrary();
    return parts.calibration().ranking().rank(wholeReplies(), draft, limit);
  }

  /** The most promising whole replies for this context, in no order of worth. */
  public List<WholeReply> wholeReplies() {
    return known;
  }

  @Override
  public List<Suggestion> replies(int limit) {
    return replies(limit, point);
  }

  @Override
  public List<Suggestion> replies(int limit, OperatingPoint at) {
    followLibrary();
    shown =
        parts
            .calibration()
            .ranking()
            .worthShowing(wholeReplies(), limit, parts.calibration().policy(at));
    return shown;
  }

  @Override
  public List<Suggestion> standingReplies(String draft, int limit) {
    followLibrary();
    String lower = Words.lower(draft);
    return shown.stream()
        .filter(reply -> Words.lower(reply.text()).startsWith(lower))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<Suggestion> complete(String draft) {
    return complete(draft, point);
  }

  @Override
  public Optional<Suggestion> complete(String draft, OperatingPoint at) {
    followLibrary();
    OfferPolicy policy = parts.calibration().policy(at);
    List<Candidate> found = offers.stands(draft) ? List.of() : candidates(draft);
    if (situation.tree().mayRead() && situation.tree().isCancelled()) {
      return Optional.empty(); // a newer draft counts, maybe already
    }
    return offers.offer(draft, found, policy);
  }

  /** Everything that may be offered after {@code draft}. */
  public List<Candidate> candidates(String draft) {
    if (candidates.size() > REMEMBERED_DRAFTS) {
      candidates.clear();
    }
    List<Candidate> before = candidates.get(draft);
    if (before != null) {
      return before;
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

  /**
   * An offer that stands needs no model. A new one is made only of all that the model finds, so
   * that what is offered does not depend on how fast an agent types.
   */
  private Optional<Known> known(String draft, int limit, OperatingPoint at) {
    followLibrary();
    if (draft.isEmpty()) {
      offers.restart();
      return Optional.of(new Known(replies(limit, at), true));
    }
    if (!offers.stands(draft)) {
      try {
        var _ = candidates(draft);
      } catch (ReplyTree.UnreadException e) {
        return Optional.empty();
      }
      if (!candidates.containsKey(draft)) {
        return Optional.of(new Known(standingReplies(draft, limit), false));
      }
    }
    return Optional.of(new Known(ReplySession.super.suggest(draft, limit, at), true));
  }

  @Override
  public Map<String, Double> entryLikelihoods() {
    return situation
        .tree()
        .search(
            ReplyTree.ModelAccess.NEVER,
            () ->
                parts
                    .known()
                    .ofEntries(
                        situation.tree().contextHidden(), situation.view(), situation.desk()));
  }

  @Override
  public FilledText fill(String template) {
    return situation
        .tree()
        .search(ReplyTree.ModelAccess.NEVER, () -> situation.view().fill(template));
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
    offers.restart();
  }

  @Override
  public void decline() {
    situation
        .tree()
        .search(
            ReplyTree.ModelAccess.NEVER,
            () -> {
              offers.decline();
              return null;
            });
  }

  @Override
  public void close() {
    situation.tree().close();
  }
}
