package dev.repartee.finetune.evaluate;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * A running service as a predictor: one request a key, as an agent's front end makes them. What the
 * service has found within a key's time counts. Any service with this API can be measured.
 */
public final class ServicePredictor implements ReplyPredictor {

  private final ServiceClient service;
  private final Display display;

  /** The service at this address, which is closed with this. */
  public ServicePredictor(String address, Display display) {
    service = new ServiceClient(address);
    this.display = display;
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    return new Session(context, desk);
  }

  @Override
  public void close() {
    service.close();
  }

  private final class Session implements ReplySession {

    private final ObjectNode request;
    private Optional<List<Suggestion>> replies = Optional.empty(); // until it was asked

    Session(List<Message> context, Desk desk) {
      request = ServiceClient.request(UUID.randomUUID().toString(), context, desk, display);
    }

    /** What the service shows before the first key; it has no further ranking. */
    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return draft.isEmpty()
          ? replies.orElseGet(() -> suggest("", TypedTextSaved.SHOWN)).stream()
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
      if (draft.length() > ServiceClient.LONGEST_DRAFT) {
        return List.of();
      }
      request.put("draft", draft).put("limit", limit);
      return ServiceClient.suggestions(service.suggest(request, ServiceClient.WITHIN_A_KEY));
    }

    @Override
    public void close() {
      // The service forgets by itself.
    }
  }
}
