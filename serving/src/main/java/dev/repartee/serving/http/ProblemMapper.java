package dev.repartee.serving.http;

import dev.repartee.serving.access.IssuerUnavailableException;
import dev.repartee.serving.access.UnauthorizedException;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestNotes;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.OverloadedException;
import dev.repartee.serving.predict.SupersededException;
import dev.repartee.text.json.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure of a handler becomes a response. */
final class ProblemMapper {

  private static final Logger log = LoggerFactory.getLogger(ProblemMapper.class);
  private static final Duration LOADING_RETRY = Duration.ofSeconds(1);

  private ProblemMapper() {}

  static void register(RoutesConfig routes, ServiceMetrics metrics) {
    routes.exception(
        InvalidRequestException.class,
        (e, ctx) -> answer(ctx, problem(e.status(), e.getMessage()).withField(e.field())));
    routes.exception(
        NotReadyException.class,
        (e, ctx) -> {
          retryAfter(ctx, LOADING_RETRY);
          answer(ctx, problem(503, e.getMessage()));
        });
    routes.exception(
        UnavailableException.class,
        (e, ctx) -> {
          retryAfter(ctx, e.retryAfter());
          answer(ctx, problem(503, e.getMessage()));
        });
    routes.exception(
        OverloadedException.class,
        (e, ctx) -> {
          metrics.shed("busy");
          retryAfter(ctx, e.retryAfter());
          answer(ctx, problem(429, e.getMessage()));
        });
    routes.exception(
        SupersededException.class, (e, ctx) -> answer(ctx, problem(409, e.getMessage())));
    registerAccess(routes);
    routes.exception(HttpResponseException.class, ProblemMapper::answerFramework);
    routes.exception(Exception.class, ProblemMapper::answerUnexpected);
  }

  private static void registerAccess(RoutesConfig routes) {
    routes.exception(
        UnauthorizedException.class,
        (e, ctx) -> {
          ctx.header(Header.WWW_AUTHENTICATE, e.challenge());
          answer(ctx, problem(401, e.getMessage()));
        });
    routes.exception(
        IssuerUnavailableException.class,
        (e, ctx) -> {
          retryAfter(ctx, e.retryAfter());
          answer(ctx, problem(503, e.getMessage()));
        });
  }

  /** What Javalin itself refuses: unknown paths and methods. */
  private static void answerFramework(HttpResponseException e, Context ctx) {
    String detail =
        switch (e.getStatus()) {
          case 404 ->
              "there is no " + ctx.path() + "; see /docs, GET /v1/model, POST /v1/suggestions";
          case 405 -> ctx.method() + " is not possible here; the header Allow says what is";
          default -> HttpStatus.forStatus(e.getStatus()).getMessage();
        };
    if (e.getStatus() == 405) {
      // Javalin names the methods under a key that depends on the Accept header.
      e.getDetails().values().stream()
          .findFirst()
          .ifPresent(methods -> ctx.header(Header.ALLOW, methods));
    }
    answer(ctx, problem(e.getStatus(), detail));
  }

  private static void answerUnexpected(Exception e, Context ctx) {
    log.error("{} {} failed: {}", ctx.method(), RequestLog.template(ctx), TextFreeTrace.of(e));
    answer(ctx, problem(500, "the service failed; its log says how"));
  }

  private static Problem problem(int status, String detail) {
    return Problem.of(status, HttpStatus.forStatus(status).getMessage(), detail);
  }

  private static void retryAfter(Context ctx, Duration duration) {
    ctx.header(Header.RETRY_AFTER, Long.toString(Math.max(1, duration.toSeconds())));
  }

  private static void answer(Context ctx, Problem problem) {
    ctx.status(problem.status());
    ctx.contentType(Problem.MEDIA_TYPE);
    Problem named = problem.withRequestId(RequestNotes.of(ctx).id());
    ctx.result(Json.COMPACT.writeValueAsBytes(named));
  }
}
