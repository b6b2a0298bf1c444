package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.DraftFinding;
import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.predict.RequestException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /v1/check}: what of a draft is against the library's {@code never} phrases, or looks
 * like personal data that is not of this conversation. The body is that of a request for
 * suggestions. Nothing is kept, and no text is logged.
 */
public final class CheckApi {

  /** A long conversation takes half a second to look through. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final ServiceState state;
  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors());

  public CheckApi(ServiceState state) {
    this.state = requireNonNull(state, "state is null");
  }

  public void register(RoutesConfig routes) {
    routes.post("/v1/check", this::check);
  }

  private void check(Context ctx) {
    SuggestionRequest request = SuggestionRequest.read(JsonBody.read(ctx));
    request.conversationId().ifPresent(RequestLog.notes(ctx)::conversationId);
    Desk desk = request.desk(Access.agent(ctx, request.agentId()));
    try (ServedModel.Use use =
        state.use().orElseThrow(() -> SuggestionApi.notReady(state.now().phase()))) {
      List<DraftFinding> findings =
          use.model()
              .predictions()
              .engine()
              .map(engine -> check(engine.knowledge(), request, desk))
              .orElse(List.of());
      JsonBody.write(ctx, new CheckResponse(findings));
    }
  }

  private List<DraftFinding> check(Knowledge knowledge, SuggestionRequest request, Desk desk) {
    try {
      if (!turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new RequestException.Overloaded(
            "too many drafts are checked; ask again in a moment", LONGEST_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestException.Unavailable("the service is stopping", LONGEST_WAIT, e);
    }
    try {
      return knowledge.check(request.messages(), desk, request.draft());
    } finally {
      turns.release();
    }
  }

  /** What was found, in the order of the draft. */
  record CheckResponse(List<DraftFinding> findings) {

    CheckResponse {
      findings = List.copyOf(findings);
    }
  }
}
