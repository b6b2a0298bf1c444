package dev.repartee.serving.operations;

import dev.repartee.text.io.Sha256;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Gives every request an id, and writes one log line and one measurement when it is answered. The
 * line holds no text of a message. It holds the template of the path in place of the path, which
 * may contain ids.
 */
public final class RequestLog {

  /** The header with the id of a request, in the request and in its answer. */
  public static final String ID_HEADER = "X-Request-Id";

  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);
  private static final String NOTES = RequestNotes.class.getName();

  /** Replaces the template when no endpoint has the path. */
  private static final String NO_ENDPOINT = "(none)";

  private final ServiceMetrics metrics;

  private RequestLog(ServiceMetrics metrics) {
    this.metrics = metrics;
  }

  /** The kinds of requests; each has its own latency. */
  public enum RequestKind {
    /** Replies to a message, before anything is typed. */
    MESSAGE,
    /** Suggestions for a draft that ends with a word. */
    COMPLETION,
    /** Suggestions for a draft that ends within a word. */
    KEYSTROKE,
    /** What an agent did with suggestions. */
    FEEDBACK,
    /** Everything else. */
    OTHER;

    /** The name in metrics and logs: lower case. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Registers the log. It must be registered before anything that refuses requests, so that refused
   * requests are logged too.
   */
  public static void register(JavalinConfig config, ServiceMetrics metrics) {
    RequestLog requests = new RequestLog(metrics);
    config.routes.before(ctx -> ctx.header(ID_HEADER, notes(ctx).id()));
    // Javalin finds the endpoint before the other handlers run only if such a handler is
    // registered; without it, refused requests would have no template.
    config.routes.beforeMatched(ctx -> {});
    config.requestLogger.http(
        (ctx, millis) -> requests.done(ctx, Duration.ofNanos((long) (millis * 1e6))));
  }

  /** The notes of this request; the first call creates them. */
  public static RequestNotes notes(Context ctx) {
    RequestNotes notes = ctx.attribute(NOTES);
    if (notes == null) {
      notes = new RequestNotes(ctx);
      ctx.attribute(NOTES, notes);
    }
    return notes;
  }

  /** The path of the endpoint, such as {@code /v1/suggestions}, with names in place of values. */
  public static String template(Context ctx) {
    return Optional.ofNullable(ctx.endpoints().matchedHttpEndpoint())
        .map(endpoint -> endpoint.path)
        .orElse(NO_ENDPOINT);
  }

  private void done(Context ctx, Duration took) {
    RequestNotes notes = notes(ctx);
    metrics.requestDone(notes.kind, ctx.statusCode(), took);
    metrics.unknownFields(notes.unknownFields);
    double millis = Math.round(took.toNanos() / 1e4) / 1e2;
    String caller = notes.caller.orElse("-");
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("request_id", notes.id)
            .addKeyValue("method", ctx.method().name())
            .addKeyValue("path", template(ctx))
            .addKeyValue("status", ctx.statusCode())
            .addKeyValue("duration_ms", millis)
            .addKeyValue("kind", notes.kind.id())
            .addKeyValue("caller", caller);
    if (notes.conversation.isPresent()) {
      line = line.addKeyValue("conversation", notes.conversation.get());
    }
    if (notes.trace.isPresent()) {
      line = line.addKeyValue("trace_id", notes.trace.get());
    }
    line.log(
        "{} {} {} in {} ms, caller {}, request {}",
        ctx.method().name(),
        template(ctx),
        ctx.statusCode(),
        millis,
        caller,
        notes.id);
  }

  /**
   * The facts about one request for its log line and its metrics, collected while it is answered.
   * Used by the thread of the request only.
   */
  public static final class RequestNotes {

    /** Other ids could forge log lines or fill the log. */
    private static final Pattern ACCEPTED_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Version, trace, parent and flags, as in W3C Trace Context. */
    private static final Pattern TRACE_PARENT =
        Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    private final String id;
    private final Optional<String> trace;
    private RequestKind kind = RequestKind.OTHER;
    private Optional<String> caller = Optional.empty();
    private Optional<String> conversation = Optional.empty();
    private int unknownFields;

    private RequestNotes(Context ctx) {
      id =
          Optional.ofNullable(ctx.header(ID_HEADER))
              .filter(asked -> ACCEPTED_ID.matcher(asked).matches())
              .orElseGet(() -> UUID.randomUUID().toString());
      trace =
          Optional.ofNullable(ctx.header("traceparent"))
              .map(TRACE_PARENT::matcher)
              .filter(Matcher::matches)
              .map(found -> found.group(1));
    }

    public String id() {
      return id;
    }

    public void kind(RequestKind known) {
      kind = known;
    }

    /** Notes who sent the request. */
    public void caller(String name) {
      caller = Optional.of(name);
    }

    /** Who sent the request: the name of a key, or a hash of a token's subject; else empty. */
    public String caller() {
      return caller.orElse("");
    }

    /** Notes how many fields of the body the API does not know. */
    public void unknownFields(int count) {
      unknownFields = count;
    }

    /** Notes the first digits of the id's SHA-256 only. */
    public void conversationId(String conversationId) {
      conversation = Optional.of(Sha256.brief(conversationId));
    }
  }
}
