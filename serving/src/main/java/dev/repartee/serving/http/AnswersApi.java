package dev.repartee.serving.http;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.registry.VersionName;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.serving.predict.ReplyContext;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSearch;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET} and {@code POST /v1/answers}: what agents search the answer library for. With the
 * messages of a conversation the likeliest entries come first, and its values fill placeholders.
 */
public final class AnswersApi {

  private final ServiceState state;
  private volatile Optional<Index> last = Optional.empty();

  /** A library, and what finds its entries. */
  private record Index(AnswerLibrary library, AnswerSearch search) {}

  /**
   * Searches the library that the model that serves was built with; without one nothing is found.
   */
  public AnswersApi(ServiceState state) {
    this.state = state;
  }

  public void register(RoutesConfig routes) {
    routes.get("/v1/answers", ctx -> search(ctx, query(ctx)));
    routes.post("/v1/answers", ctx -> search(ctx, JsonBody.read(ctx, AnswersRequest.class)));
  }

  /** The body that says the same as the parameters of a query. */
  private static JsonBody<AnswersRequest> query(Context ctx) {
    ObjectNode body = Json.COMPACT.createObjectNode();
    ctx.queryParamMap().forEach((name, values) -> body.put(name, values.getFirst()));
    if (body.path("limit").asString("").matches("-?\\d{1,9}")) {
      body.put("limit", Integer.parseInt(body.path("limit").asString()));
    }
    return JsonBody.of(ctx, body, AnswersRequest.class);
  }

  private void search(Context ctx, JsonBody<AnswersRequest> body) {
    AnswersRequest request = body.value();
    Desk desk = request.desk(Access.agent(ctx, request.agentId()));
    try (ServedModel.Use use = SuggestionApi.use(state)) {
      ServedModel model = use.model();
      JsonBody.write(
          ctx,
          new AnswersResponse(
              find(ctx, model.predictions(), request, desk),
              model.version().library(),
              body.warnings()));
    }
  }

  private List<AnswerItem> find(
      Context ctx, Predictions predictions, AnswersRequest request, Desk desk) {
    Knowledge knowledge = predictions.engine().knowledge();
    AnswerSearch search = searchOf(knowledge.library());
    Optional<String> owner = desk.agentId().map(knowledge::ownerHash); // as it is known
    if (request.messages().isEmpty()) {
      return find(search, request, filter(desk, owner, desk.language()), entry -> 0, desk::fill);
    }
    RequestNotes notes = RequestLog.notes(ctx);
    request.conversationId().ifPresent(notes::conversationId);
    ReplyContext context =
        new ReplyContext(notes.caller(), request.conversationId(), desk, request.messages());
    return predictions.ask(
        context,
        session -> {
          Map<String, Double> likelihoods = session.entryLikelihoods();
          return find(
              search,
              request,
              filter(desk, owner, session.language()),
              entry -> likelihoods.getOrDefault(entry.id(), 0.0),
              session::fill);
        });
  }

  private static AnswerSearch.Filter filter(
      Desk desk, Optional<String> owner, Optional<String> spoken) {
    return new AnswerSearch.Filter(Instant.now(), desk.queue(), desk.language(), spoken, owner);
  }

  @SuppressWarnings("ReferenceEquality") // an equal one that was built again is indexed again
  private AnswerSearch searchOf(AnswerLibrary library) {
    Optional<Index> known = last.filter(one -> one.library() == library);
    if (known.isEmpty()) {
      known = Optional.of(new Index(library, new AnswerSearch(library)));
      last = known;
    }
    return known.get().search();
  }

  private static List<AnswerItem> find(
      AnswerSearch search,
      AnswersRequest request,
      AnswerSearch.Filter filter,
      ToDoubleFunction<Entry> likelihood,
      Function<String, FilledText> fill) {
    return search.find(request.q(), filter, likelihood, request.limit()).stream()
        .map(entry -> AnswerItem.of(entry, fill.apply(entry.text())))
        .toList();
  }

  /** The answer; {@code library} is null where the model was built with none. */
  record AnswersResponse(
      List<AnswerItem> answers, Optional<VersionName> library, List<String> warnings) {}

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

  /**
   * What {@code GET} and {@code POST /v1/answers} ask. The fields that a {@link SuggestionRequest}
   * has too mean the same.
   *
   * @param q words, or the beginning of one; empty finds all
   * @param limit the maximum number of answers
   * @param messages the conversation, oldest first; may be empty
   */
  record AnswersRequest(
      String q,
      int limit,
      Optional<String> queue,
      Optional<String> language,
      Optional<String> agentId,
      Optional<String> conversationId,
      List<Message> messages,
      Map<String, String> metadata) {

    AnswersRequest {
      queue = JsonBody.name("queue", queue);
      language = SuggestionRequest.primaryTag(language);
      agentId = JsonBody.name("agent_id", agentId);
      messages = List.copyOf(messages);
      metadata = SuggestionRequest.filled(metadata);
    }

    /** What is known at the desk, where {@code agent} searches. */
    Desk desk(Optional<String> agent) {
      return new Desk(agent, queue, language, metadata);
    }
  }
}
