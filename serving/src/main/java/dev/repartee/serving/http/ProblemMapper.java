package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.serving.access.BrowserRules;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.json.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into a response with a problem (RFC 9457). */
final class ProblemMapper {

  static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);
  private static final String TYPE = "about:blank";

  private ProblemMapper() {}

  /**
   * The body of an error.
   *
   * @param type always {@code about:blank}: the status says what kind of error it is
   * @param title the status in words
   * @param status the HTTP status
   * @param detail what is wrong with this request, and the bound it broke
   * @param field the field that is wrong, if it is one
   * @param requestId the request's name in the log, if it has one
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Problem(
      String type,
      String title,
      int status,
      String detail,
      Optional<String> field,
      Optional<String> requestId) {

    byte[] json() {
      return Json.COMPACT.writeValueAsBytes(this);
    }
  }

  static void register(RoutesConfig routes, ServiceMetrics metrics) {
    routes.exception(
        RequestException.class,
        (e, ctx) -> {
          if (e.status() == 429) {
            metrics.shed("busy", 1);
          }
          e.challenge().ifPresent(value -> ctx.header(Header.WWW_AUTHENTICATE, value));
          e.retryAfter()
              .map(after -> Long.toString(Math.max(1, after.toSeconds())))
              .ifPresent(seconds -> ctx.header(Header.RETRY_AFTER, seconds));
          answer(ctx, e.status(), e.getMessage(), e.field());
        });
    routes.exception(HttpResponseException.class, ProblemMapper::answerFramework);
    routes.exception(Exception.class, ProblemMapper::answerUnexpected);
  }

  /** Answers what Javalin itself refuses: unknown paths and methods. */
  private static void answerFramework(HttpResponseException e, Context ctx) {
    String detail =
        switch (e.getStatus()) {
          case 404 ->
              "there is no " + ctx.path() + "; see /docs, GET /v1/model, POST /v1/suggestions";
          case 405 -> ctx.method() + " is not allowed here; the header Allow lists what is";
          default -> title(e.getStatus());
        };
    if (e.getStatus() == 405) {
      // Javalin names the methods under a key that depends on the Accept header.
      e.getDetails().values().stream()
          .findFirst()
          .ifPresent(methods -> ctx.header(Header.ALLOW, methods));
    }
    answer(ctx, e.getStatus(), detail, Optional.empty());
  }

  private static void answerUnexpected(Exception e, Context ctx) {
    log.error("{} {} failed: {}", ctx.method(), RequestLog.template(ctx), textFreeTrace(e));
    answer(ctx, 500, "the service failed; its log has the reason", Optional.empty());
  }

  private static void answer(Context ctx, int status, String detail, Optional<String> field) {
    Optional<String> requestId = Optional.of(RequestLog.notes(ctx).id());
    ctx.status(status);
    ctx.contentType(MEDIA_TYPE);
    ctx.result(new Problem(TYPE, title(status), status, detail, field, requestId).json());
  }

  private static String title(int status) {
    return HttpStatus.forStatus(status).getMessage();
  }

  /** A stack trace without the messages, which may quote a customer's text. */
  private static String textFreeTrace(Throwable failure) {
    StringBuilder trace = new StringBuilder();
    for (Throwable e = failure; e != null; e = e.getCause()) {
      trace.append(trace.isEmpty() ? "" : "\nCaused by: ").append(e.getClass().getName());
      for (StackTraceElement frame : e.getStackTrace()) {
        trace.append("\n\tat ").append(frame);
      }
    }
    return trace.toString();
  }

  /** Answers what the server refuses before any handler, such as ambiguous paths. */
  static final class ServerErrors extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      int status = response.getStatus();
      BrowserRules.addHeaders(response.getHeaders());
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
      // Without the server's reason, which may quote the request.
      String detail = status < 500 ? "this is not a valid HTTP request" : "the service is stopping";
      String title = org.eclipse.jetty.http.HttpStatus.getMessage(status);
      Problem problem =
          new Problem(TYPE, title, status, detail, Optional.empty(), Optional.empty());
      response.write(true, ByteBuffer.wrap(problem.json()), callback);
      return true;
    }
  }
}
