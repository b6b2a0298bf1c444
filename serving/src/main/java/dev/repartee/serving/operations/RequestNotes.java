package dev.repartee.serving.operations;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.io.Sha256;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What becomes known of one request while it is answered, for its log line and its metrics. Used by
 * the request's own thread.
 */
public final class RequestNotes {

  /** The header that names a request, both ways. */
  public static final String ID_HEADER = "X-Request-Id";

  private static final String KEY = RequestNotes.class.getName();
  private static final Pattern ACCEPTED_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int HASH_LENGTH = 16;

  private final String id;
  private RequestKind kind = RequestKind.OTHER;
  private Optional<String> caller = Optional.empty();
  private Optional<String> conversation = Optional.empty();

  private RequestNotes(String id) {
    this.id = id;
  }

  /** The notes of this request; begun when there are none. */
  public static RequestNotes of(Context ctx) {
    RequestNotes notes = ctx.attribute(KEY);
    if (notes == null) {
      notes = new RequestNotes(id(Optional.ofNullable(ctx.header(ID_HEADER))));
      ctx.attribute(KEY, notes);
    }
    return notes;
  }

  /** Others than these could forge log lines, or fill them. */
  private static String id(Optional<String> asked) {
    return asked
        .filter(id -> ACCEPTED_ID.matcher(id).matches())
        .orElseGet(() -> UUID.randomUUID().toString());
  }

  public String id() {
    return id;
  }

  public RequestKind kind() {
    return kind;
  }

  public void kind(RequestKind known) {
    kind = requireNonNull(known, "known is null");
  }

  /** Who asks, where that is known. */
  public Optional<String> caller() {
    return caller;
  }

  public void caller(String name) {
    caller = Optional.of(name);
  }

  /** The conversation's id as logs may hold it: the first digits of its SHA-256. */
  public Optional<String> conversation() {
    return conversation;
  }

  /** Notes the conversation's hash, and nothing else of it. */
  public void conversationId(String conversationId) {
    conversation = Optional.of(Sha256.of(conversationId).substring(0, HASH_LENGTH));
  }
}
