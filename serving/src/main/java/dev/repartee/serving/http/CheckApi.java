package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.DraftCheck;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.predict.WorkerPool;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code POST /v1/check}: what of a draft is against the library's {@code never} phrases, or looks
 * like personal data that is not of this conversation. The body is that of a request for
 * suggestions. Nothing is kept, and no text is logged.
 */
public final class CheckApi implements AutoCloseable {

  private final ServiceState state;
  private final WorkerPool checks = WorkerPool.forRedaction();

  public CheckApi(ServiceState state) {
    this.state = requireNonNull(state, "state is null");
  }

  public void register(RoutesConfig routes) {
    routes.post("/v1/check", this::check);
  }

  private void check(Context ctx) {
    JsonBody<SuggestionRequest> body = JsonBody.read(ctx, SuggestionRequest.class);
    SuggestionRequest request = body.value();
    RequestNotes notes = RequestLog.notes(ctx);
    request.conversationId().ifPresent(notes::conversationId);
    Consumer<Runnable> turns = checks.turns(notes.caller(), request.conversationId().orElse(""));
    Desk desk = request.desk(Access.agent(ctx, request.agentId()));
    try (ServedModel.Use use =
        state.use().orElseThrow(() -> SuggestionApi.notReady(state.now().phase()))) {
      List<DraftCheck.Finding> findings =
          use.model()
              .predictions()
              .engine()
              .map(SuggestionEngine::knowledge)
              .map(one -> one.check(request.messages(), desk, request.draft(), turns))
              .orElse(List.of());
      JsonBody.write(ctx, new CheckResponse(findings, body.warnings()));
    }
  }

  @Override
  public void close() {
    checks.close();
  }

  /** What was found, in the order of the draft. */
  record CheckResponse(List<DraftCheck.Finding> findings, List<String> warnings) {

    CheckResponse {
      findings = List.copyOf(findings);
      warnings = List.copyOf(warnings);
    }
  }
}
