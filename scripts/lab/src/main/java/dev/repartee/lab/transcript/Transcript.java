package dev.repartee.lab.transcript;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Evaluation.Latency;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.ReplyExample;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Message.MessageJson;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a model does, to be read by people: suggestions in a few situations, one conversation as the
 * simulated agent of {@code evaluate} typed it, and what that saved on more of them.
 *
 * @param service its address
 */
record Transcript(
    String service, List<Situation> situations, Typed conversation, Saved conversations) {

  /** Seconds that a key takes, as docs/evaluation.md counts time. */
  private static final double KEY_SECONDS = 0.24;

  Transcript {
    situations = List.copyOf(situations);
  }

  /**
   * What is suggested in one situation.
   *
   * @param name what it is an example of
   * @param messages the conversation so far
   * @param draft what the agent has typed; may be empty
   * @param suggestions all that is shown; maybe none
   */
  record Situation(String name, List<MessageJson> messages, String draft, List<Shown> suggestions) {

    Situation {
      messages = List.copyOf(messages);
      suggestions = List.copyOf(suggestions);
    }
  }

  /**
   * A suggestion under the names of the service's API.
   *
   * @param kind {@code answer} or {@code completion}
   * @param text the whole reply, or what follows the draft
   * @param score the probability that it is what the agent wants
   */
  record Shown(String kind, String text, double score) {

    static Shown of(Suggestion suggestion) {
      return new Shown(
          suggestion.kind().name().toLowerCase(Locale.ROOT), suggestion.text(), suggestion.score());
    }

    boolean isCompletion() {
      return kind.equals("completion");
    }
  }

  /**
   * A conversation, and how its agent's replies were typed.
   *
   * @param turns in order
   */
  record Typed(String id, List<Turn> turns, Effort effort) {

    Typed {
      turns = List.copyOf(turns);
    }
  }

  /**
   * A message.
   *
   * @param role {@code customer} or {@code agent}
   * @param reply how it was typed; empty where it was only read
   */
  record Turn(
      String role,
      String text,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Reply> reply) {}

  /**
   * How a reply was typed; fields as in {@link ReplyExample}.
   *
   * @param suggestions whole replies shown before the first key
   */
  record Reply(List<String> suggestions, boolean suggestionTaken, List<Step> steps, Effort effort) {

    static Reply of(ReplyExample example) {
      return new Reply(
          example.suggestions(), example.suggestionTaken(), example.steps(), Effort.of(example));
    }
  }

  /**
   * What writing took.
   *
   * @param characters that were written
   * @param keys that were pressed: characters typed and texts taken
   * @param shown texts that were shown and read
   * @param taken texts that were taken
   * @param seconds of typing, taking and reading
   * @param secondsByHand what typing every character would have taken
   */
  record Effort(
      int characters, int keys, int shown, int taken, double seconds, double secondsByHand) {

    static final Effort NONE = new Effort(0, 0, 0, 0, 0, 0);

    static Effort of(ReplyExample example) {
      int typed = 0;
      int taken = example.suggestionTaken() ? 1 : 0;
      int shown = example.suggestions().size();
      for (Step step : example.steps()) {
        typed += step.typed().codePointCount(0, step.typed().length());
        shown += step.offer().isPresent() ? 1 : 0;
        taken += step.offer().filter(offer -> !offer.taken().isEmpty()).isPresent() ? 1 : 0;
      }
      return new Effort(
          example.characters(),
          typed + taken,
          shown,
          taken,
          KEY_SECONDS * (example.characters() - example.saved()),
          KEY_SECONDS * example.characters());
    }

    Effort plus(Effort other) {
      return new Effort(
          characters + other.characters,
          keys + other.keys,
          shown + other.shown,
          taken + other.taken,
          seconds + other.seconds,
          secondsByHand + other.secondsByHand);
    }
  }

  /**
   * What was saved on all conversations, in percent.
   *
   * @param keysSaved characters that needed no key, less the keys that took texts
   * @param timeSaved net of reading and taking: the headline of {@code evaluate}
   * @param timeSavedCi95 its 95% confidence interval
   * @param answer how long the model took to answer a key, in milliseconds
   */
  record Saved(
      int conversations,
      int replies,
      long characters,
      double keysSaved,
      double timeSaved,
      Interval timeSavedCi95,
      Latency answer) {

    /**
     * Those of what {@code evaluate --output} wrote.
     *
     * @throws UserException when the file has no such figures
     */
    static Saved read(Path file) {
      try {
        JsonNode report = Json.readFile(file);
        JsonNode net = report.path("rules").path(Rule.NET.name());
        long characters = report.path("characters").longValue();
        double keys = net.path("typed").doubleValue() + net.path("actions").doubleValue();
        return new Saved(
            report.path("conversations").intValue(),
            report.path("replies").intValue(),
            characters,
            Math.round(1e4 * (1 - keys / characters)) / 100.0,
            net.path("saved").doubleValue(),
            Json.COMPACT.treeToValue(net.path("ci95"), Interval.class),
            Json.COMPACT.treeToValue(report.at("/latency/complete"), Latency.class));
      } catch (JacksonException e) {
        throw new UserException(file + ": not what 'evaluate --output' writes", e);
      }
    }
  }

  /**
   * Asks {@code predictor} for suggestions in the situations of {@code file}, JSON Lines of {@code
   * {"name", "agent_id"?, "queue"?, "messages": [{"role", "text"}], "draft"?}}.
   *
   * @throws UserException naming the line and what is wrong in it
   */
  static List<Situation> situations(Path file, ReplyPredictor predictor) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
    List<Situation> situations = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        Asked asked = Json.parse(lines.get(i), Asked.class, file + ":" + (i + 1));
        situations.add(answered(asked, predictor));
      }
    }
    return situations;
  }

  /** A line of the file of situations. */
  record Asked(
      String name,
      Optional<String> agentId,
      Optional<String> queue,
      List<MessageJson> messages,
      Optional<String> draft) {

    Asked {
      requireNonNull(name, "name is null");
      messages = List.copyOf(requireNonNull(messages, "messages is null"));
    }
  }

  private static Situation answered(Asked asked, ReplyPredictor predictor) {
    String draft = asked.draft().orElse("");
    List<Message> messages = asked.messages().stream().map(MessageJson::message).toList();
    Desk desk = new Desk(asked.agentId(), asked.queue(), Optional.empty(), Map.of());
    try (ReplySession session = predictor.open(messages, desk)) {
      return new Situation(
          asked.name(),
          asked.messages(),
          draft,
          session.suggest(draft, EvaluationSettings.SHOWN).stream().map(Shown::of).toList());
    }
  }

  /** The transcript of a measurement on one of {@code conversations}. */
  static Transcript of(
      String service,
      List<Situation> situations,
      List<Conversation> conversations,
      Measurement measured,
      Saved saved) {
    String id = measured.typing().getFirst().conversation();
    Conversation one =
        conversations.stream().filter(other -> other.id().equals(id)).findFirst().orElseThrow();
    return new Transcript(service, situations, typed(one, measured.typing()), saved);
  }

  private static Typed typed(Conversation conversation, List<ReplyExample> replies) {
    Iterator<ReplyExample> next = replies.iterator();
    List<Turn> turns = new ArrayList<>();
    Effort effort = Effort.NONE;
    for (Message message : conversation.messages()) {
      Optional<Reply> reply =
          message.isLearned() ? Optional.of(Reply.of(next.next())) : Optional.empty();
      effort = reply.map(Reply::effort).orElse(Effort.NONE).plus(effort);
      turns.add(new Turn(message.role().id(), message.text(), reply));
    }
    return new Typed(conversation.id(), turns, effort);
  }
}
