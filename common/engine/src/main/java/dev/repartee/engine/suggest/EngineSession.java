package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.suggest.ReplyTree.ModelAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * One reply's predictions by a {@link SuggestionEngine}. What was worked out for a draft is kept,
 * so asking again, or with another policy, needs no model. One thread at a time may run the model;
 * any other reads what the tree holds already, without waiting.
 */
public final class EngineSession implements ReplySession {

  private static final int REMEMBERED_DRAFTS = 1000;

  /**
   * What is known of the reply under one library.
   *
   * @param candidates everything that may be offered, by draft; only whole searches
   */
  private record View(
      Completer.Situation situation,
      List<WholeReply> known,
      Map<String, List<Candidate>> candidates) {

    View(Completer.Situation situation, List<WholeReply> known) {
      this(situation, List.copyOf(known), new ConcurrentHashMap<>());
    }
  }

  private final SuggestionEngine.Parts parts;
  private final ReplyTree tree;
  private final OperatingPoint point;
  private final InlineOffers offers = new InlineOffers();
  private volatile View view;
  private volatile List<Suggestion> shown = List.of(); // before the first keystroke

  EngineSession(
      SuggestionEngine.Parts parts,
      Completer.Situation situation,
      List<WholeReply> known,
      OperatingPoint point) {
    this(parts, new View(situation, known), point);
  }

  private EngineSession(SuggestionEngine.Parts parts, View view, OperatingPoint point) {
    this.parts = parts;
    this.tree = view.situation().tree();
    this.view = view;
    this.point = point;
  }

  @Override
  public ReplySession forOneRequest(int limit, OperatingPoint at) {
    EngineSession own = new EngineSession(parts, view(), point);
    var _ = own.replies(limit, at);
    return own;
  }

  /** Takes over what the library holds now, where that has changed: what is gone is not shown. */
  private View view() {
    View before = view;
    LibraryTexts now = parts.known().memory().library();
    if (now == before.situation().library()) {
      return before;
    }
    Completer.Situation situation = before.situation();
    List<WholeReply> known =
        parts
            .known()
            .in(tree.contextHidden(), situation.view(), situation.desk(), situation.language());
    View after = new View(situation.with(new LikelyReplies(known), now), known);
    view = after;
    offers.withdraw();
    Set<String> texts = known.stream().map(WholeReply::text).collect(Collectors.toSet());
    shown = shown.stream().filter(reply -> texts.contains(reply.text())).toList();
    return after;
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    return parts.calibration().ranking().rank(wholeReplies(), draft, limit);
  }

  /** The most promising whole replies for this context, in no order of worth. */
  public List<WholeReply> wholeReplies() {
    return view().known();
  }

  @Override
  public List<Suggestion> replies(int limit) {
    return replies(limit, point);
  }

  @Override
  public List<Suggestion> replies(int limit, OperatingPoint at) {
    List<Suggestion> worthIt =
        parts
            .calibration()
            .ranking()
            .worthShowing(wholeReplies(), limit, parts.calibration().policy(at));
    shown = worthIt;
    return worthIt;
  }

  @Override
  public List<Suggestion> standingReplies(String draft, int limit) {
    var _ = view();
    String lower = Words.lower(draft);
    return shown.stream()
        .filter(reply -> reply.text().length() > draft.length())
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
    View now = view();
    List<Candidate> found = offers.stands(draft) ? List.of() : candidates(draft);
    if (tree.isCancelled()) {
      return Optional.empty(); // a newer draft counts, maybe already
    }
    return offer(draft, found, at, now);
  }

  /** Nothing where the library has changed meanwhile: the next keystroke finds what it holds. */
  @SuppressWarnings("ReferenceEquality") // another view, even an equal one, was made since
  private Optional<Suggestion> offer(
      String draft, List<Candidate> found, OperatingPoint at, View foundIn) {
    return foundIn == view()
        ? offers.offer(draft, found, parts.calibration().policy(at))
        : Optional.empty();
  }

  /** Everything that may be offered after {@code draft}. */
  public List<Candidate> candidates(String draft) {
    return candidates(draft, view(), ModelAccess.NOW)
        .map(Completer.Found::candidates)
        .orElse(List.of());
  }

  /** Empty where the model would have to be asked what the draft begins with, and must not. */
  private Optional<Completer.Found> candidates(String draft, View now, ModelAccess access) {
    List<Candidate> before = now.candidates().get(draft);
    if (before != null) {
      return Optional.of(new Completer.Found(before, true));
    }
    Optional<Completer.Found> found = parts.completer().candidates(draft, now.situation(), access);
    if (found.isPresent() && found.get().whole()) { // half a search is not remembered
      if (now.candidates().size() > REMEMBERED_DRAFTS) {
        now.candidates().clear();
      }
      now.candidates().put(draft, found.get().candidates());
    }
    return found;
  }

  /**
   * An offer that stands needs no model. A new one is made only of all that the model finds, so
   * that what is offered does not depend on how fast an agent types.
   */
  @Override
  public Optional<Known> suggestKnown(String draft, int limit, OperatingPoint at) {
    if (draft.isEmpty()) {
      offers.restart();
      return Optional.of(new Known(replies(limit, at), true));
    }
    View now = view();
    List<Candidate> found = List.of();
    if (!offers.stands(draft)) {
      Optional<Completer.Found> known = candidates(draft, now, ModelAccess.NEVER);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      if (!known.get().whole()) {
        var _ = offer(draft, List.of(), at, now); // what stood is declined
        return Optional.of(new Known(standingReplies(draft, limit), false));
      }
      found = known.get().candidates();
    }
    return Optional.of(new Known(shownWith(offer(draft, found, at, now), draft, limit), true));
  }

  @Override
  public Map<String, Double> entryLikelihoods() {
    Completer.Situation situation = view.situation();
    return parts.known().ofEntries(tree.contextHidden(), situation.view(), situation.desk());
  }

  @Override
  public FilledText fill(String template) {
    return view.situation().view().fill(template);
  }

  @Override
  public void prepare(String draft) {
    try {
      var _ = candidates(draft, view(), ModelAccess.BEHIND);
    } catch (Pass.WithdrawnException e) {
      // Somebody asks for this session, and must not wait for it.
    }
  }

  @Override
  public void cancel() {
    tree.cancel();
  }

  @Override
  public void resume() {
    tree.resume();
  }

  @Override
  public long bytes() {
    return tree.bytes();
  }

  @Override
  public void restart() {
    offers.restart();
  }

  @Override
  public void decline() {
    offers.decline();
  }

  @Override
  public void close() {
    tree.close();
  }
}
