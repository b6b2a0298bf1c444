package dev.repartee.serving.operations;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.io.Sha256;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
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

  /** Version, trace, parent and flags, as W3C Trace Context has them. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  private final String id;
  private final Optional<String> trace;
  private RequestKind kind = RequestKind.OTHER;
  private Optional<String> caller = Optional.empty();
  private Optional<String> conversation = Optional.empty();

  private RequestNotes(String id, Optional<String> trace) {
    this.id = id;
    this.trace = trace;
  }

  /** The notes of this request; begun when there are none. */
  public static RequestNotes of(Context ctx) {
    RequestNotes notes = ctx.attribute(KEY);
    if (notes == null) {
      notes =
          new RequestNotes(
              id(Optional.ofNullable(ctx.header(ID_HEADER))),
              trace(Optional.ofNullable(ctx.header("traceparent"))));
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

  private static Optional<String> trace(Optional<String> parent) {
    return parent.map(TRACE_PARENT::matcher).filter(Matcher::matches).map(found -> found.group(1));
  }

  public String id() {
    return id;
  }

  /**
   * The trace that the request is part of, where its caller or an agent in this process says so.
   */
  public Optional<String> trace() {
    return trace;
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
