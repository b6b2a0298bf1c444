package dev.repartee.serving.feedback;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.http.SavedTyping;
import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.operations.RequestLog.RequestKind;
import dev.repartee.serving.operations.RequestLog.RequestNotes;
import dev.repartee.text.UserException;
import dev.repartee.text.privacy.ConversationRedactor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/feedback}, and all that stands behind it. */
public final class FeedbackPart implements AutoCloseable {

  private final FeedbackStore store;
  private final ConversationRedactor redactor = new ConversationRedactor();
  private final SavedCounts counts = new SavedCounts();
  private final List<FeedbackListener> listeners;

  private FeedbackPart(FeedbackStore store, List<FeedbackListener> listeners) {
    this.store = store;
    this.listeners = new ArrayList<>(listeners);
    this.listeners.add(counts);
  }

  /**
   * Opens the journal in {@code folder}, and begins to move what lies in it.
   *
   * @param store where feedback goes, closed with this; without one it stays in the folder
   * @throws UserException when the folder cannot be used
   */
  public static FeedbackPart open(
      Path folder,
      Optional<ObjectStore> store,
      FeedbackOptions options,
      List<FeedbackListener> listeners) {
    return new FeedbackPart(FeedbackStore.open(folder, store, options), listeners);
  }

  public void register(RoutesConfig routes) {
    routes.post("/v1/feedback", this::submit);
  }

  /** What was saved by each version since the process started. */
  public List<SavedTyping> savedTyping() {
    return counts.byVersion();
  }

  private void submit(Context ctx) {
    RequestNotes notes = RequestLog.notes(ctx);
    notes.kind(RequestKind.FEEDBACK);
    FeedbackRequest request = FeedbackRequestReader.read(JsonBody.read(ctx));
    notes.conversationId(request.conversationId());
    FeedbackRecord record = FeedbackRecord.of(request, Instant.now(), redactor);
    if (store.add(record)) {
      for (FeedbackListener listener : listeners) {
        listener.stored(
            request.model(), record.action(), record.finalCharacters(), record.charactersTyped());
      }
    }
    JsonBody.write(ctx.status(202), new FeedbackResponse(request.id(), true));
  }

  /** Flushes; a second call does nothing. */
  @Override
  public void close() {
    store.close();
  }
}
