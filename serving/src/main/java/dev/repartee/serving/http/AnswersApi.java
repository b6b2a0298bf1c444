package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.FilledText;
import dev.repartee.registry.VersionName;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.model.LibraryWatch;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.predict.ReplyContext;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSearch;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * {@code GET} and {@code POST /v1/answers}: what agents search the answer library for. With the
 * messages of a conversation the likeliest entries come first, and its values fill placeholders.
 */
public final class AnswersApi {

  private final ServiceState state;
  private final Optional<LibraryWatch> library;

  /**
   * Searches the library that the service has at each request; without one nothing is found.
   *
   * @param state whose model says how likely entries are
   */
  public AnswersApi(ServiceState state, Optional<LibraryWatch> library) {
    this.state = requireNonNull(state, "state is null");
    this.library = requireNonNull(library, "library is null");
  }

  public void register(RoutesConfig routes) {
    routes.get("/v1/answers", ctx -> search(ctx, AnswersRequest.query(ctx)));
    routes.post("/v1/answers", ctx -> search(ctx, AnswersRequest.read(JsonBody.read(ctx))));
  }

  private void search(Context ctx, AnswersRequest request) {
    Desk desk = request.desk(Access.agent(ctx, request.agentId()));
    Optional<LibraryWatch.Served> served = library.map(LibraryWatch::now);
    List<AnswerItem> found = List.of();
    if (served.isPresent()) {
      AnswerSearch search = served.get().search();
      found =
          request.messages().isEmpty()
              ? find(search, request, desk, entry -> 0, desk::fill)
              : findInConversation(ctx, search, request, desk);
    }
    JsonBody.write(ctx, new AnswersResponse(found, served.map(LibraryWatch.Served::identity)));
  }

  private List<AnswerItem> findInConversation(
      Context ctx, AnswerSearch search, AnswersRequest request, Desk desk) {
    RequestNotes notes = RequestLog.notes(ctx);
    request.conversationId().ifPresent(notes::conversationId);
    ReplyContext context =
        new ReplyContext(notes.caller(), request.conversationId(), desk, request.messages());
    try (ServedModel.Use use =
        state.use().orElseThrow(() -> SuggestionApi.notReady(state.now().phase()))) {
      return use.model()
          .predictions()
          .ask(
              context,
              session -> {
                Map<String, Double> likelihoods = session.entryLikelihoods();
                return find(
                    search,
                    request,
                    desk,
                    entry -> likelihoods.getOrDefault(entry.id(), 0.0),
                    session::fill);
              });
    }
  }

  private static List<AnswerItem> find(
      AnswerSearch search,
      AnswersRequest request,
      Desk desk,
      ToDoubleFunction<Entry> likelihood,
      Function<String, FilledText> fill) {
    AnswerSearch.Filter filter =
        new AnswerSearch.Filter(Instant.now(), desk.queue(), desk.language(), desk.agentId());
    return search.find(request.q(), filter, likelihood, request.limit()).stream()
        .map(entry -> AnswerItem.of(entry, fill.apply(entry.text())))
        .toList();
  }

  /** The answer; {@code library} is null where the service follows none. */
  record AnswersResponse(List<AnswerItem> answers, Optional<VersionName> library) {

    AnswersResponse {
      answers = List.copyOf(answers);
    }
  }

  /** An entry; {@code unfilled} names the placeholders that are left in {@code text}. */
  record AnswerItem(
      String id,
      Optional<String> title,
      String text,
      String template,
      Optional<String> folder,
      Optional<String> queue,
      Optional<String> language,
      List<String> unfilled) {

    AnswerItem {
      unfilled = List.copyOf(unfilled);
    }

    static AnswerItem of(Entry entry, FilledText filled) {
      return new AnswerItem(
          entry.id(),
          entry.title(),
          filled.text(),
          entry.text(),
          entry.folder(),
          entry.queue(),
          entry.language(),
          filled.unfilled().stream().distinct().toList());
    }
  }
}
