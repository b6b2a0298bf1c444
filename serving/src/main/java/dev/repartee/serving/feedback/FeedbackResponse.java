package dev.repartee.serving.feedback;

/**
 * The answer of {@code POST /v1/feedback}.
 *
 * @param id of the feedback
 * @param stored always true: what is not stored is answered with an error
 */
record FeedbackResponse(String id, boolean stored) {}
