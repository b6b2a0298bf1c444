package dev.repartee.serving.operations;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Names every request, and writes one line and one measurement for it: neither texts nor the path
 * as it was sent, which may hold ids.
 */
public final class RequestLog {

  private static final Logger log = LoggerFactory.getLogger(RequestLog.class);

  /** In place of a template where no endpoint has the path. */
  private static final String NO_ENDPOINT = "(none)";

  private final ServiceMetrics metrics;

  private RequestLog(ServiceMetrics metrics) {
    this.metrics = metrics;
  }

  /** Must come before what may refuse requests, so that these are logged too. */
  public static void register(JavalinConfig config, ServiceMetrics metrics) {
    RequestLog requests = new RequestLog(metrics);
    config.routes.before(ctx -> ctx.header(RequestNotes.ID_HEADER, RequestNotes.of(ctx).id()));
    // Javalin looks for the endpoint before all handlers only where one of these is registered;
    // without it, refused requests would have no template.
    config.routes.beforeMatched(ctx -> {});
    config.requestLogger.http(
        (ctx, millis) -> requests.done(ctx, Duration.ofNanos((long) (millis * 1e6))));
  }

  /** The path of the endpoint, such as {@code /v1/suggestions}, with names in place of values. */
  public static String template(Context ctx) {
    return Optional.ofNullable(ctx.endpoints().matchedHttpEndpoint())
        .map(endpoint -> endpoint.path)
        .orElse(NO_ENDPOINT);
  }

  private void done(Context ctx, Duration took) {
    RequestNotes notes = RequestNotes.of(ctx);
    metrics.requestDone(notes.kind(), ctx.statusCode(), took);
    double millis = Math.round(took.toNanos() / 1e4) / 1e2;
    String caller = notes.caller().orElse("-");
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("request_id", notes.id())
            .addKeyValue("method", ctx.method().name())
            .addKeyValue("path", template(ctx))
            .addKeyValue("status", ctx.statusCode())
            .addKeyValue("duration_ms", millis)
            .addKeyValue("kind", notes.kind().id())
            .addKeyValue("caller", caller);
    if (notes.conversation().isPresent()) {
      line = line.addKeyValue("conversation", notes.conversation().get());
    }
    if (notes.trace().isPresent()) {
      line = line.addKeyValue("trace_id", notes.trace().get());
    }
    line.log(
        "{} {} {} in {} ms, caller {}, request {}",
        ctx.method().name(),
        template(ctx),
        ctx.statusCode(),
        millis,
        caller,
        notes.id());
  }
}
