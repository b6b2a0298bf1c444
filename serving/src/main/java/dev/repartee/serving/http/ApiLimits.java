package dev.repartee.serving.http;

import dev.repartee.registry.feedback.ReplyEvents;

/**
 * The bounds of requests, which {@code openapi.json} repeats for clients. Lengths of text are in
 * UTF-16 units, as JavaScript counts them.
 */
public final class ApiLimits {

  public static final int MAX_BODY_BYTES = 256 * 1024;
  public static final int MAX_MESSAGES = 500;
  public static final int MAX_TEXT_LENGTH = 8000;
  public static final int MAX_DRAFT_LENGTH = 4000;
  public static final int MIN_LIMIT = 1;
  public static final int MAX_LIMIT = 20;
  public static final int DEFAULT_LIMIT = 3;
  public static final int MAX_CONVERSATION_ID_LENGTH = 200;
  public static final int MAX_AGENT_ID_LENGTH = 200;
  public static final int MAX_QUEUE_LENGTH = 64;
  public static final int MAX_LANGUAGE_LENGTH = 35;
  public static final int MAX_METADATA = 20;
  public static final String METADATA_KEY = "[a-z][a-z0-9_]{0,39}";
  public static final int MAX_METADATA_LENGTH = 200;
  public static final int MAX_MODEL_NAME_LENGTH = 255;
  public static final int MAX_MODEL_VERSION_LENGTH = 64;
  public static final int MAX_FEEDBACK_ID_LENGTH = 64;
  public static final String FEEDBACK_ID = "[A-Za-z0-9._-]+";
  public static final int MAX_SHOWN = 20;
  public static final int MAX_ANSWER_ID_LENGTH = 200;
  public static final int MAX_QUERY_LENGTH = 200;
  public static final int MAX_FOUND = 50;
  public static final int DEFAULT_FOUND = 10;
  public static final int MAX_CHARACTERS_TYPED = 100_000;
  public static final int MAX_SUGGESTIONS_ID_LENGTH = 64;
  public static final int MAX_POLICY_LENGTH = 64;
  public static final int MAX_ACTIONS = ReplyEvents.MOST_ACTIONS;
  public static final int MAX_EVENTS_BYTES = ReplyEvents.MOST_BYTES;

  /** A day: nobody writes longer on one reply. */
  public static final int MAX_REPLY_MS = 86_400_000;

  public static final int MAX_DROPPED = 100_000;

  private ApiLimits() {}
}
