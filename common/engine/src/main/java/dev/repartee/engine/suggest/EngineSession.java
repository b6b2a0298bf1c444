package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.memory.Words;
import dev.repartee.engine.suggest.ReplyTree.ModelAccess;
import dev.repartee.engine.suggest.ServingEngine.Known;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * One reply's predictions by a {@link SuggestionEngine}. What was worked out for a draft is kept,
 * so asking again, or with another policy, needs no model. One thread at a time may run the model;
 * any other reads what the tree holds already, without waiting. It keeps the knowledge with which
 * it was opened.
 */
public final class EngineSession implements ServingEngine.Session {

  private static final int REMEMBERED_DRAFTS = 1000;

  private final Supplier<Knowledge> current;
  private final Completer completer;
  private final Completer.Situation situation;
  private final Calibration calibration;
  private final Display display;
  private final Optional<Instant> until; // its library's entries change by the clock
  private final InlineOffers offers;
  private final Map<Search, Completer.Result> searches; // whole ones
  private final AtomicReference<List<Suggestion>> shown; // before the first keystroke

  /**
   * @param countsAlone whether the model was not asked
   */
  private record Search(String draft, boolean countsAlone) {}

  /**
   * @param current what the engine knows now
   */
  EngineSession(
      Supplier<Knowledge> current,
      Completer completer,
      Completer.Situation situation,
      Calibration calibration,
      Display display) {
    this.current = current;
    this.completer = completer;
    this.situation = situation;
    this.calibration = calibration;
    this.display = display;
    this.until = situation.knowledge().libraryTexts().nextChange(Instant.now());
    this.searches = new ConcurrentHashMap<>();
    this.offers = new InlineOffers();
    this.shown = new AtomicReference<>(List.of());
  }

  /** Shares what another one has found. */
  private EngineSession(
      EngineSession other,
      Display display,
      InlineOffers offers,
      AtomicReference<List<Suggestion>> shown) {
    this.current = other.current;
    this.completer = other.completer;
    this.situation = other.situation;
    this.calibration = other.calibration;
    this.display = display;
    this.until = other.until;
    this.searches = other.searches;
    this.offers = offers;
    this.shown = shown;
  }

  @Override
  public EngineSession at(Display other) {
    return other.equals(display) ? this : new EngineSession(this, other, offers, shown);
  }

  @Override
  public EngineSession forOneRequest(int limit) {
    EngineSession own =
        new EngineSession(this, display, new InlineOffers(), new AtomicReference<>(List.of()));
    var _ = own.suggest("", limit);
    return own;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal knowledge that was built again is other knowledge
  public boolean isCurrent() {
    return current.get() == situation.knowledge();
  }

  @Override
  public boolean isOutOfDate() {
    return until.filter(end -> !Instant.now().isBefore(end)).isPresent();
  }

  private ReplyTree tree() {
    return situation.tree();
  }

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    return calibration.ranking().rank(wholeReplies(), draft, limit);
  }

  /** The most promising whole replies for this context, in no order of worth. */
  public List<WholeReply> wholeReplies() {
    return situation.recalled().replies();
  }

  @Override
  public List<Suggestion> suggest(String draft, int limit) {
    if (draft.isEmpty()) {
      offers.restart();
      List<Suggestion> replies = replies(limit);
      shown.set(replies);
      return replies;
    }
    return ReplySession.joined(complete(draft), standing(draft, limit), draft, limit);
  }

  private List<Suggestion> replies(int limit) {
    ReplyRanking ranking = calibration.ranking();
    OfferPolicy policy = policy();
    return switch (display.answers()) {
      case WORTH -> ranking.worthShowing(wholeReplies(), limit, policy);
      case ALWAYS -> ranking.fitting(wholeReplies(), limit, policy);
      case NEVER -> List.of();
    };
  }

  /**
   * Those of the replies shown that begin with the draft. None comes later that was not shown
   * before the first keystroke.
   */
  private List<Suggestion> standing(String draft, int limit) {
    String lower = Words.lower(draft);
    return shown.get().stream()
        .filter(reply -> reply.text().length() > draft.length())
        .filter(reply -> Words.lower(reply.text()).startsWith(lower))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<Suggestion> complete(String draft) {
    List<Candidate> found =
        offers.stands(draft)
            ? List.of()
            : search(shown(draft), ModelAccess.NOW)
                .map(Completer.Result::candidates)
                .orElse(List.of());
    if (tree().isCancelled()) {
      return Optional.empty(); // a newer draft counts, maybe already
    }
    return offer(draft, found);
  }

  private Optional<Suggestion> offer(String draft, List<Candidate> found) {
    return offers.offer(draft, found, policy());
  }

  private OfferPolicy policy() {
    return calibration.policy(display.point());
  }

  /** The search for what this display shows: nobody waits for what would count nothing. */
  private Search shown(String draft) {
    return new Search(draft, policy().offers().countsAlone());
  }

  /** Everything that may be offered after {@code draft}. */
  public List<Candidate> candidates(String draft) {
    return search(new Search(draft, false), ModelAccess.NOW)
        .map(Completer.Result::candidates)
        .orElse(List.of());
  }

  /** Empty where the model would have to be asked what the draft begins with, and must not. */
  private Optional<Completer.Result> search(Search search, ModelAccess access) {
    Completer.Result before = searches.get(search);
    if (before != null) {
      return Optional.of(before);
    }
    Optional<Completer.Result> found =
        completer.candidates(search.draft(), situation, access, search.countsAlone());
    if (found.isPresent() && found.get().whole()) { // half a search is not remembered
      if (searches.size() > REMEMBERED_DRAFTS) {
        searches.clear();
      }
      searches.put(search, found.get());
    }
    return found;
  }

  /**
   * An offer that stands needs no model. A new one is made only of all that the model finds, so
   * that what is offered does not depend on how fast an agent types.
   */
  @Override
  public Optional<Known> suggestKnown(String draft, int limit) {
    if (draft.isEmpty()) {
      return Optional.of(new Known(suggest(draft, limit), true));
    }
    List<Candidate> found = List.of();
    if (!offers.stands(draft)) {
      Optional<Completer.Result> known = search(shown(draft), ModelAccess.NEVER);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      if (!known.get().whole()) {
        return Optional.of(new Known(standing(draft, limit), false));
      }
      found = known.get().candidates();
    }
    List<Suggestion> all =
        ReplySession.joined(offer(draft, found), standing(draft, limit), draft, limit);
    return Optional.of(new Known(all, true));
  }

  @Override
  public Suggestion.Nothing nothing(String draft) {
    if (draft.isEmpty() && display.answers() == Display.AnswerDisplay.NEVER) {
      return Suggestion.Nothing.OFF;
    }
    if (draft.isEmpty()) {
      return wholeReplies().isEmpty()
          ? switch (situation.recalled().withheld()) {
            case NONE -> Suggestion.Nothing.UNKNOWN;
            case FORBIDDEN -> Suggestion.Nothing.FORBIDDEN;
            case OTHER_QUEUE -> Suggestion.Nothing.OTHER_QUEUE;
          }
          : Suggestion.Nothing.NOT_WORTH_READING;
    }
    Completer.Result found = searches.get(shown(draft));
    if (found == null) {
      return Suggestion.Nothing.PENDING;
    }
    if (found.candidates().stream().anyMatch(Candidate::isEligible)) {
      return Suggestion.Nothing.NOT_WORTH_READING;
    }
    return found.forbidden() ? Suggestion.Nothing.FORBIDDEN : Suggestion.Nothing.UNKNOWN;
  }

  @Override
  public Map<String, Double> entryLikelihoods() {
    return situation
        .knowledge()
        .entryLikelihoods(tree().contextHidden(), situation.view(), situation.desk());
  }

  @Override
  public Optional<String> language() {
    return situation.language().wanted();
  }

  @Override
  public FilledText fill(String template) {
    return situation.view().fill(template);
  }

  @Override
  public void read(String draft) {
    if (!draft.isEmpty() && !offers.stands(draft)) {
      var _ = search(shown(draft), ModelAccess.NOW);
    }
  }

  @Override
  public void cancel() {
    tree().cancel();
  }

  @Override
  public void resume() {
    tree().resume();
  }

  @Override
  public long bytes() {
    return tree().bytes();
  }

  @Override
  public void decline() {
    offers.decline();
  }

  @Override
  public void close() {
    tree().close();
  }
}
