package dev.repartee.finetune.evaluate;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A running service as a predictor: one request a key, as an agent's front end makes them. What the
 * service has found by its deadline counts. A service that is busy is asked again: the agent has no
 * clock here. Any service with this API can be measured. Thread-safe.
 */
public final class ServicePredictor implements ReplyPredictor {

  private static final Logger log = LoggerFactory.getLogger(ServicePredictor.class);

  private static final Set<Integer> BUSY = Set.of(429, 503);
  private static final int MOST_WHILE_BUSY = 50; // half a minute
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Pauses double from here on. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(80);

  private static final int MOST_DOUBLED = 3;

  // What a request may hold, as the service's description says.
  private static final int MOST_MESSAGES = 500;
  private static final int MOST_CHARACTERS = 8000;
  private static final int MOST_BYTES = 256 * 1024;

  /** Longer drafts are not asked about. */
  private static final int LONGEST_DRAFT = 4000;

  private final URI address;
  private final Optional<String> key;
  private final Display display;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();

  /**
   * The service at {@code address}, such as {@code http://localhost:8080}; its API key, where it
   * wants one, is in the environment.
   *
   * @throws UserException when the address is no URL
   */
  public ServicePredictor(String address, Display display) {
    try {
      this.address = URI.create(address.endsWith("/") ? address : address + "/");
      if (this.address.getHost() == null) {
        throw new IllegalArgumentException("no host");
      }
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "--service must be a URL such as http://localhost:8080 but is '" + address + "'");
    }
    this.display = display;
    key = Optional.ofNullable(System.getenv(EvaluateCommand.SERVICE_KEY));
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    return new Session(context, desk);
  }

  private final class Session implements ReplySession {

    private final ObjectNode request;
    private Optional<List<Suggestion>> replies = Optional.empty(); // until it was asked

    Session(List<Message> context, Desk desk) {
      request = ServicePredictor.request(UUID.randomUUID().toString(), context, desk, display);
    }

    /** What the service shows before the first key; it has no further ranking. */
    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return draft.isEmpty()
          ? replies.orElseGet(() -> suggest("", EvaluationSettings.SHOWN)).stream()
              .limit(limit)
              .toList()
          : List.of();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return ask(draft, 1).stream()
          .filter(suggestion -> suggestion.kind() == Suggestion.Kind.COMPLETION)
          .findFirst();
    }

    @Override
    public List<Suggestion> suggest(String draft, int limit) {
      List<Suggestion> found = ask(draft, limit);
      if (draft.isEmpty()) {
        replies = Optional.of(found);
      }
      return found;
    }

    private List<Suggestion> ask(String draft, int limit) {
      if (draft.length() > LONGEST_DRAFT) {
        return List.of();
      }
      request.put("draft", draft).put("limit", limit);
      return suggestions(ServicePredictor.this.suggest(request));
    }
  }

  /**
   * The request for suggestions, but for its draft and limit. As from a front end, the latest
   * messages that fit are in it, and of a longer text the end, which is what the engine reads.
   */
  static ObjectNode request(
      String conversation, List<Message> context, Desk desk, Display display) {
    ObjectNode body = Json.COMPACT.createObjectNode();
    body.put("conversation_id", conversation);
    body.put("operating_point", display.point().name().toLowerCase(Locale.ROOT));
    body.put("answers", display.answers().name().toLowerCase(Locale.ROOT));
    desk.agentId().ifPresent(id -> body.put("agent_id", id));
    desk.queue().ifPresent(queue -> body.put("queue", queue));
    desk.language().ifPresent(language -> body.put("language", language));
    if (!desk.metadata().isEmpty()) {
      ObjectNode metadata = body.putObject("metadata");
      desk.metadata().forEach(metadata::put);
    }
    List<ObjectNode> latest = new ArrayList<>();
    long left = MOST_BYTES - bytes(body) - 4L * LONGEST_DRAFT;
    for (Message message : context.reversed()) {
      ObjectNode one = Json.COMPACT.createObjectNode().put("role", message.role().id());
      one.put("text", TextNorm.ending(message.text(), MOST_CHARACTERS));
      left -= bytes(one) + 1;
      if (left < 0 || latest.size() == MOST_MESSAGES) {
        break;
      }
      latest.add(one);
    }
    body.putArray("messages").addAll(latest.reversed());
    return body;
  }

  private static int bytes(ObjectNode json) {
    return Json.COMPACT.writeValueAsBytes(json).length;
  }

  /** The answer to a request for suggestions. */
  JsonNode suggest(ObjectNode request) {
    JsonNode answer = post("v1/suggestions", request);
    asked.incrementAndGet();
    if (!answer.path("complete").asBoolean(true)) {
      late.incrementAndGet();
    }
    return answer;
  }

  /** What an answer suggests. */
  private static List<Suggestion> suggestions(JsonNode answer) {
    List<Suggestion> suggestions = new ArrayList<>();
    for (JsonNode one : answer.path("suggestions")) {
      suggestions.add(
          new Suggestion(
              Suggestion.Kind.valueOf(one.path("kind").asString().toUpperCase(Locale.ROOT)),
              one.path("id").isString()
                  ? Optional.of(one.path("id").stringValue())
                  : Optional.empty(),
              one.path("text").asString(),
              one.path("template").asString(one.path("text").asString()),
              one.path("score").asDouble()));
    }
    return suggestions;
  }

  /** A service with more to do than it can must not be kept busy by questions. */
  private static void pause(int asked) {
    int doubled = Math.clamp(asked - 1, 0, MOST_DOUBLED);
    try {
      Thread.sleep(FIRST_PAUSE.multipliedBy(1L << doubled));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    }
  }

  private JsonNode post(String path, ObjectNode body) {
    URI uri = address.resolve(path);
    Optional<JsonNode> answer = tryPost(uri, body, false);
    for (int i = 1; i < MOST_WHILE_BUSY && answer.isEmpty(); i++) {
      pause(i);
      answer = tryPost(uri, body, false);
    }
    return answer.orElseGet(() -> tryPost(uri, body, true).orElseThrow());
  }

  /**
   * Empty where the service is busy.
   *
   * @param last whether that is an error
   */
  private Optional<JsonNode> tryPost(URI uri, ObjectNode body, boolean last) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.COMPACT.writeValueAsString(body)));
    key.ifPresent(value -> request.header("X-API-Key", value));
    if (body.has("conversation_id")) {
      request.header("Repartee-Conversation", hash(body.path("conversation_id").asString()));
    }
    try {
      HttpResponse<String> response = send(request.build());
      if (BUSY.contains(response.statusCode()) && !last) {
        return Optional.empty();
      }
      if (response.statusCode() / 100 != 2) {
        throw new UserException(
            "%s answered %d: %s".formatted(uri, response.statusCode(), response.body().strip()));
      }
      return Optional.of(Json.COMPACT.readTree(response.body()));
    } catch (IOException e) {
      throw new UserException(
          uri + " cannot be reached: " + e + "; start it with 'repartee serve'", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    } catch (JacksonException e) {
      throw new UserException(uri + " answered no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * 32-bit FNV-1a, as the element's client has it. A load balancer keeps a conversation together by
   * it.
   */
  private static String hash(String text) {
    int value = 0x811c9dc5;
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      value = (value ^ Byte.toUnsignedInt(one)) * 0x01000193;
    }
    return HexFormat.of().toHexDigits(value);
  }

  /** Sends once more where the service has closed the connection while it was idle. */
  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException | HttpTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Override
  public void close() {
    log.info("{} of {} requests were answered in part, at their deadline", late, asked);
    client.close();
  }
}
