package dev.repartee.lab.center;

import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.evaluate.ServiceClient;
import dev.repartee.finetune.metric.Offer;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.SimulatedAgent;
import dev.repartee.finetune.metric.SimulatedAgent.Cost;
import dev.repartee.finetune.metric.SimulatedAgent.OfferWatcher;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Action;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.text.TextNorm;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One reply in the making, on the agent's own clock: the agent of {@code evaluate} writes it,
 * except that it may be swayed by a reply that is close to its own, whether it is shown whole or as
 * the rest of the draft. Keeps what {@code repartee-assist} keeps, and what its feedback says.
 */
final class Composition implements ReplySession, OfferWatcher {

  /** The share of words in common from which on a reply may be sent instead of the agent's own. */
  static final double CLOSE = 0.6;

  /** Of the agents who send such a reply, those who change it first. */
  private static final double EDITS = 0.5;

  /** What an agent sees this long after asking. */
  private static final int LATENCY_MS = 100;

  private static final int REST_MS = 2000;
  private static final int MOST_MS = 86_400_000;

  /** An offer that stands there: what it makes of the draft, and its display. */
  private record Standing(String text, Mark display) {}

  /** A suggestion that was taken: of which response, and the draft that it made. */
  private record Taken(JsonNode response, int index, String draft) {}

  /** An action that is not over yet. */
  private static final class Mark {
    private final What what;
    private final long at;
    private Optional<Integer> took = Optional.empty();
    private int characters;
    private int removed;
    private Optional<Suggestion> suggestion = Optional.empty();
    private String policy = "";
    private boolean through;

    Mark(What what, double at) {
      this.what = what;
      this.at = Math.min(MOST_MS, Math.round(at));
    }

    void lasts(double now) {
      took = Optional.of((int) (Math.min(MOST_MS, Math.round(now)) - at));
    }

    Action action() {
      boolean display = what == What.DISPLAYED;
      return new Action(
          what,
          at,
          took,
          Optional.of(characters),
          removed == 0 ? Optional.empty() : Optional.of(removed),
          suggestion.map(one -> one.kind().name().toLowerCase(Locale.ROOT)),
          suggestion.flatMap(Suggestion::answerId),
          suggestion.map(one -> Math.round(one.score() * 1e4) / 1e4),
          policy.isEmpty() ? Optional.empty() : Optional.of(policy),
          display ? Optional.of(through) : Optional.empty());
    }
  }

  /**
   * What became of a reply.
   *
   * @param text as it was sent
   * @param swayed whether it is another text than the agent would have written
   * @param shown the suggestions, in order; a completion with the draft that it follows
   * @param seconds composed
   * @param fields of the feedback, without its id and those of the conversation
   */
  record Sent(
      String text,
      boolean swayed,
      Cost cost,
      List<String> shown,
      double seconds,
      ObjectNode fields) {}

  private final ServiceClient service;
  private final ObjectNode request;
  private final int patience;
  private final Persona persona;
  private final RandomGenerator random;
  private final IntConsumer pace;
  private final String own; // what the agent wants to say

  private final List<Mark> marks = new ArrayList<>();
  private final List<Mark> standingReplies = new ArrayList<>();
  private final List<String> shown = new ArrayList<>();
  private Optional<Standing> standing = Optional.empty();
  private Optional<Taken> taken = Optional.empty();
  private Optional<JsonNode> newest = Optional.empty();
  private Optional<JsonNode> helpful = Optional.empty(); // the newest that suggested anything
  private boolean yields;
  private Optional<String> swayedBy = Optional.empty(); // which ends the typing
  private boolean insertedLast;
  private double clock; // milliseconds since the reply began
  private double paced;
  private int typed;
  private int texts; // taken

  /**
   * Begins a reply.
   *
   * @param request for suggestions, but for draft and limit
   * @param patience how often an answer that is not complete is asked for
   * @param random of this reply
   * @param pace waits for this many simulated milliseconds
   * @param own what the agent wants to say
   */
  Composition(
      ServiceClient service,
      ObjectNode request,
      int patience,
      Persona persona,
      RandomGenerator random,
      IntConsumer pace,
      String own) {
    this.service = service;
    this.request = request;
    this.patience = patience;
    this.persona = persona;
    this.random = random;
    this.pace = pace;
    this.own = own;
  }

  /**
   * How an agent works.
   *
   * @param keyMs for a key
   * @param thinkMs before the reply begins
   */
  record Persona(String id, double keyMs, double thinkMs) {

    /** An agent whose key takes about 240 ms, as in the metric. */
    static Persona of(String id, RandomGenerator random) {
      return new Persona(
          id,
          240 * Math.exp(0.25 * random.nextGaussian()),
          2500 * Math.exp(0.3 * random.nextGaussian()));
    }
  }

  /**
   * Writes the reply.
   *
   * @param sway how probable it is that a close reply is sent instead, where one is shown
   */
  Sent write(double sway) {
    // Drawn first, so that they are the same whatever is shown.
    yields = random.nextDouble() < sway;
    boolean edits = random.nextDouble() < EDITS;
    double think = persona.thinkMs() * Math.exp(0.5 * random.nextGaussian());

    List<Suggestion> replies =
        ask("", TypedTextSaved.SHOWN).stream()
            .filter(one -> one.kind() == Suggestion.Kind.ANSWER)
            .toList();
    clock += LATENCY_MS;
    for (Suggestion reply : replies) {
      standingReplies.add(display(reply, reply.text()));
    }
    clock += think + Rule.NET.read() * persona.keyMs() * replies.size();

    String norm = TextNorm.norm(own);
    for (Suggestion reply : replies) {
      if (TextNorm.norm(reply.text()).equals(norm)) {
        take(reply, reply.text(), length(reply.text()), What.CHOSEN);
        return sent(reply.text(), false, Cost.ofSuggestion(replies.size()));
      }
    }
    Optional<Suggestion> close =
        replies.stream().filter(one -> overlap(one.text(), own) >= CLOSE).findFirst();
    Cost cost = new Cost(0, 0, 0, replies.size());
    if (yields && close.isPresent()) {
      String text = close.get().text();
      take(close.get(), text, length(text), What.CHOSEN);
      swayedBy = Optional.of(text);
    } else {
      cost = SimulatedAgent.type(own, this, replies.size(), this);
    }
    if (swayedBy.isEmpty()) {
      if (!insertedLast) {
        key();
      }
      return sent(own, false, cost);
    }
    String text = swayedBy.get();
    if (edits) {
      Edit edit = Edit.of(text, own);
      edit(edit);
      text = edit.text();
    }
    cost = new Cost(typed, texts, shown.size() - replies.size(), replies.size());
    return sent(text, !TextNorm.norm(text).equals(norm), cost);
  }

  /** Whether an offer makes a reply of the draft that is close to the agent's own, but another. */
  private boolean sways(String made) {
    return yields
        && overlap(made, own) >= CLOSE
        && !TextNorm.norm(own).startsWith(TextNorm.norm(made));
  }

  /** The words of both, divided by the words of either. */
  static double overlap(String one, String other) {
    Set<String> words = new HashSet<>(Edit.words(TextNorm.norm(one)));
    Set<String> either = new HashSet<>(Edit.words(TextNorm.norm(other)));
    Set<String> both = new HashSet<>(words);
    both.retainAll(either);
    either.addAll(words);
    return (double) both.size() / Math.max(1, either.size());
  }

  // The agent's hands, and the clock

  private List<Suggestion> ask(String draft, int limit) {
    int due = (int) (clock - paced);
    pace.accept(due);
    paced += due;
    request.put("draft", draft).put("limit", limit);
    JsonNode answer = service.suggest(request, patience);
    newest = Optional.of(answer);
    List<Suggestion> suggestions = ServiceClient.suggestions(answer);
    if (!suggestions.isEmpty()) {
      helpful = newest;
    }
    return suggestions;
  }

  private void key() {
    repliesVanish();
    Optional<Mark> last =
        marks.reversed().stream().filter(mark -> mark.what != What.DISPLAYED).findFirst();
    Mark span =
        last.filter(mark -> mark.what == What.TYPED)
            .filter(mark -> clock - mark.at - mark.took.orElse(0) < REST_MS)
            .orElseGet(() -> add(What.TYPED));
    span.characters++;
    clock += persona.keyMs() * Math.exp(0.3 * random.nextGaussian());
    span.lasts(clock);
    typed++;
    insertedLast = false;
  }

  private void take(Suggestion suggestion, String draft, int characters, What what) {
    clock += Rule.NET.accept() * persona.keyMs();
    repliesVanish();
    vanish();
    Mark mark = add(what);
    mark.characters = characters;
    mark.suggestion = Optional.of(suggestion);
    mark.policy = policy();
    JsonNode response = newest.orElseThrow();
    taken =
        Optional.of(
            new Taken(
                response, ServiceClient.suggestions(response).indexOf(suggestion), draft.strip()));
    insertedLast = true;
    texts++;
  }

  private void edit(Edit edit) {
    clock += Rule.NET.accept() * persona.keyMs(); // to select what is wrong
    Mark mark = add(What.EDITED);
    mark.characters = length(edit.put());
    mark.removed = length(edit.removed());
    for (int i = 0; i < mark.characters; i++) {
      clock += persona.keyMs() * Math.exp(0.3 * random.nextGaussian());
    }
    mark.lasts(clock);
    typed += mark.characters;
  }

  private Mark add(What what) {
    Mark mark = new Mark(what, clock);
    marks.add(mark);
    return mark;
  }

  private Mark display(Suggestion suggestion, String text) {
    Mark mark = add(What.DISPLAYED);
    mark.characters = length(suggestion.text());
    mark.suggestion = Optional.of(suggestion);
    mark.policy = policy();
    shown.add(text);
    return mark;
  }

  private String policy() {
    return newest.orElseThrow().path("operating_point").asString("");
  }

  private void repliesVanish() {
    standingReplies.forEach(mark -> mark.lasts(clock));
    standingReplies.clear();
  }

  private void vanish() {
    standing.ifPresent(one -> one.display().lasts(clock));
    standing = Optional.empty();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  // What the agent of the metric sees, and does

  @Override
  public List<Suggestion> answers(String draft, int limit) {
    return List.of();
  }

  /** Asked after every key, and after every offer that was taken. */
  @Override
  public Optional<Suggestion> complete(String draft) {
    if (swayedBy.isPresent()) {
      return Optional.empty();
    }
    if (!insertedLast) {
      key();
    }
    insertedLast = false;
    Optional<Suggestion> offer =
        ask(draft, 1).stream()
            .filter(suggestion -> suggestion.kind() == Suggestion.Kind.COMPLETION)
            .filter(suggestion -> !suggestion.text().isBlank())
            .findFirst();
    Optional<String> text = offer.map(one -> draft + TextNorm.stripTrailing(one.text()));
    if (standing.isPresent() && text.equals(standing.map(Standing::text))) {
      standing.get().display().through = true;
    } else {
      vanish();
      if (offer.isPresent()) {
        clock += Rule.NET.read() * persona.keyMs();
        standing = Optional.of(new Standing(text.get(), display(offer.get(), text.get())));
      }
    }
    if (text.filter(this::sways).isPresent()) {
      String made = text.get();
      take(offer.get(), made, length(made) - length(draft), What.COMPLETED);
      swayedBy = text;
      return Optional.empty();
    }
    return offer;
  }

  @Override
  public void shown(int position, Offer offer, boolean stood, int length) {
    if (length > 0) {
      Standing offered = standing.orElseThrow();
      take(offered.display().suggestion.orElseThrow(), offered.text(), length, What.COMPLETED);
    }
  }

  @Override
  public void close() {
    // The service forgets by itself.
  }

  // What is said of it afterwards

  private Sent sent(String text, boolean swayed, Cost cost) {
    clock += persona.keyMs();
    repliesVanish();
    vanish();
    add(What.SENT).characters = length(text);
    pace.accept((int) (clock - paced));
    Optional<JsonNode> response = taken.map(Taken::response).or(() -> helpful);
    JsonNode from = response.or(() -> newest).orElseThrow();
    ReplyEvents events =
        events(
            Optional.ofNullable(from.path("suggestions_id").stringValue(null)),
            Optional.ofNullable(request.path("queue").stringValue(null)));

    ObjectNode fields = Json.COMPACT.createObjectNode();
    fields.set("model", from.path("model"));
    if (from.path("library").isObject()) {
      fields.set("library", from.path("library"));
    }
    ArrayNode list = fields.putArray("shown");
    response.ifPresent(
        one ->
            one.path("suggestions")
                .forEach(
                    suggestion -> {
                      ObjectNode entry = list.addObject();
                      for (String field : List.of("kind", "id", "text")) {
                        entry.set(field, suggestion.path(field));
                      }
                    }));
    fields.put("action", taken.map(one -> action(one, text)).orElse("dismissed"));
    taken.ifPresent(one -> fields.put("accepted", one.index()));
    fields.put("final_text", text);
    fields.put("characters_typed", typed);
    fields.set("events", Json.COMPACT.valueToTree(events));
    return new Sent(
        text, swayed, cost, List.copyOf(shown), events.composingMs().orElse(0) / 1e3, fields);
  }

  /** A whole reply as it was sent, or a completion that still begins the reply. */
  private static String action(Taken taken, String text) {
    JsonNode suggestion = taken.response().path("suggestions").path(taken.index());
    boolean whole = suggestion.path("kind").asString("").equals("answer");
    String sent = TextNorm.norm(text);
    String made = TextNorm.norm(taken.draft());
    return (whole ? sent.equals(made) : sent.startsWith(made)) ? "accepted" : "edited";
  }

  /** As many as feedback may hold: displays are left out, the last ones first. */
  private ReplyEvents events(Optional<String> suggestionsId, Optional<String> queue) {
    List<Action> actions = new ArrayList<>(marks.stream().map(Mark::action).toList());
    int dropped = 0;
    while (true) {
      ReplyEvents events =
          new ReplyEvents(
              suggestionsId,
              queue,
              Optional.empty(), // the service knows the experiment
              dropped == 0 ? Optional.empty() : Optional.of(dropped),
              actions);
      int last = actions.size() - 1;
      while (last >= 0 && actions.get(last).action() != What.DISPLAYED) {
        last--;
      }
      boolean fits =
          actions.size() <= ReplyEvents.MOST_ACTIONS
              && Json.COMPACT.writeValueAsBytes(events).length <= ReplyEvents.MOST_BYTES;
      if (fits || last < 0) {
        return events;
      }
      actions.remove(last);
      dropped++;
    }
  }
}
