package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A running service as a predictor: one request a key, as an agent's front end makes them. An
 * answer that is not complete is asked again, as the client does, within a key's time; what stands
 * there then counts. Any service with this API can be measured.
 */
final class ServicePredictor implements ReplyPredictor {

  private static final int BUSY = 429;
  private static final int MOST_WHILE_BUSY = 100;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A key's time is 240 ms; so long after each incomplete answer comes the next question. */
  private static final Duration ASK_AGAIN = Duration.ofMillis(80);

  private static final int MOST_QUESTIONS = 4;

  private final URI suggestions;
  private final Optional<String> key;
  private final String operatingPoint;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param service its address, such as {@code http://localhost:8080}
   * @param key an API key, where the service wants one
   * @throws UserException when the address is no URL
   */
  ServicePredictor(String service, Optional<String> key, String operatingPoint) {
    try {
      URI address = URI.create(service.endsWith("/") ? service : service + "/");
      if (address.getHost() == null) {
        throw new IllegalArgumentException("no host");
      }
      suggestions = address.resolve("v1/suggestions");
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "--service must be a URL such as http://localhost:8080 but is '" + service + "'");
    }
    this.key = key;
    this.operatingPoint = operatingPoint.toLowerCase(Locale.ROOT);
  }

  /** The service at this address; its key, where it wants one, stands in the environment. */
  static ServicePredictor at(String service, OperatingPoint point) {
    return new ServicePredictor(
        service, Optional.ofNullable(System.getenv(EvaluateCommand.SERVICE_KEY)), point.name());
  }

  @Override
  public ReplySession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    return new Session(context, desk);
  }

  @Override
  public void close() {
    client.close();
  }

  private final class Session implements ReplySession {

    private final String conversation = UUID.randomUUID().toString();
    private final List<Message> context;
    private final Desk desk;
    private Optional<List<Suggestion>> replies = Optional.empty(); // until it was asked

    Session(List<Message> context, Desk desk) {
      this.context = List.copyOf(context);
      this.desk = desk;
    }

    /** What the service shows before the first key; it has no further ranking. */
    @Override
    public List<Suggestion> answers(String draft, int limit) {
      if (!draft.isEmpty()) {
        return List.of();
      }
      if (replies.isEmpty()) {
        replies = Optional.of(ask("", TypedTextSaved.SHOWN));
      }
      return replies.get().stream().limit(limit).toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return ask(draft, 1).stream()
          .filter(suggestion -> suggestion.kind() == Suggestion.Kind.COMPLETION)
          .findFirst();
    }

    @Override
    public List<Suggestion> suggest(String draft, int limit) {
      return ask(draft, limit);
    }

    /** An empty draft begins the reply anew. */
    @Override
    public void restart() {
      var _ = ask("", TypedTextSaved.SHOWN);
    }

    private List<Suggestion> ask(String draft, int limit) {
      ObjectNode body = Json.COMPACT.createObjectNode();
      body.put("conversation_id", conversation).put("draft", draft).put("limit", limit);
      body.put("operating_point", operatingPoint);
      desk.agentId().ifPresent(id -> body.put("agent_id", id));
      desk.queue().ifPresent(queue -> body.put("queue", queue));
      desk.language().ifPresent(language -> body.put("language", language));
      if (!desk.metadata().isEmpty()) {
        ObjectNode metadata = body.putObject("metadata");
        desk.metadata().forEach(metadata::put);
      }
      ArrayNode messages = body.putArray("messages");
      for (Message message : context) {
        messages.addObject().put("role", message.role().id()).put("text", message.text());
      }
      JsonNode answer = post(body);
      for (int i = 1; i < MOST_QUESTIONS && !answer.path("complete").asBoolean(true); i++) {
        pause();
        answer = post(body);
      }
      List<Suggestion> told = new ArrayList<>();
      for (JsonNode one : answer.path("suggestions")) {
        Suggestion.Kind kind =
            Suggestion.Kind.valueOf(one.path("kind").asString().toUpperCase(Locale.ROOT));
        told.add(
            new Suggestion(
                kind,
                one.path("id").isString()
                    ? Optional.of(one.path("id").stringValue())
                    : Optional.empty(),
                one.path("text").asString(),
                one.path("template").asString(one.path("text").asString()),
                one.path("score").asDouble()));
      }
      return told;
    }

    @Override
    public void close() {
      // The service forgets by itself.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ASK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    }
  }

  /** A service that is busy is asked again: the agent who is measured has no clock. */
  private JsonNode post(ObjectNode body) {
    Optional<JsonNode> answer = tryPost(body, false);
    for (int i = 1; i < MOST_WHILE_BUSY && answer.isEmpty(); i++) {
      pause();
      answer = tryPost(body, false);
    }
    return answer.orElseGet(() -> tryPost(body, true).orElseThrow());
  }

  /**
   * Empty where the service is busy.
   *
   * @param last whether that is an error
   */
  private Optional<JsonNode> tryPost(ObjectNode body, boolean last) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(suggestions)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.COMPACT.writeValueAsString(body)));
    key.ifPresent(value -> request.header("X-API-Key", value));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == BUSY && !last) {
        return Optional.empty();
      }
      if (response.statusCode() != 200) {
        throw new UserException(
            "%s answered %d: %s"
                .formatted(suggestions, response.statusCode(), response.body().strip()));
      }
      return Optional.of(Json.COMPACT.readTree(response.body()));
    } catch (IOException e) {
      throw new UserException(
          suggestions + " cannot be reached: " + e + "; start it with 'repartee serve'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    } catch (JacksonException e) {
      throw new UserException(suggestions + " answered no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
