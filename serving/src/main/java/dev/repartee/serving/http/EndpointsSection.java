package dev.repartee.serving.http;

import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.text.conversation.Message;
import java.util.Map;

/** Describes the paths of {@link Endpoints}. */
final class EndpointsSection {

  private static final Answer NOT_READY =
      ProblemAnswers.unavailable("The service has no model yet, or no longer.");

  private EndpointsSection() {}

  static Section section() {
    Section operations = Section.of(suggestions(), model());
    return errors(describeModel(response(request(operations))));
  }

  private static Operation suggestions() {
    return Operation.post(
        "/v1/suggestions",
        "Suggests replies for a conversation, and how the draft may go on.",
        Body.of(SuggestionRequest.class)
            .example(
                "before the first keystroke",
                """
                {"messages": [{"role": "customer", "text": "Where is my order?"}]}
                """)
            .example(
                "while the agent types",
                """
                {"messages": [{"role": "customer", "text": "Where is my order?"}],
                 "draft": "Let me ", "limit": 1, "conversation_id": "c-17",
                 "operating_point": "calm"}
                """),
        Answer.json(200, "Suggestions, the best first; may be none.", SuggestionResponse.class),
        ProblemAnswers.invalid(),
        ProblemAnswers.tooLarge(),
        ProblemAnswers.notJson(),
        ProblemAnswers.overloaded(),
        NOT_READY);
  }

  private static Operation model() {
    return Operation.get(
        "/v1/model",
        "Says which model answers, and what its suggestions saved.",
        Answer.json(200, "The model.", ModelResponse.class),
        NOT_READY);
  }

  private static Section request(Section section) {
    return section
        .describe(
            SuggestionRequest.class,
            Map.of(
                "messages",
                Note.of("The conversation up to the reply, oldest first.")
                    .items(0, ApiLimits.MAX_MESSAGES),
                "draft",
                Note.of("What the agent has typed so far.")
                    .length(0, ApiLimits.MAX_DRAFT_LENGTH)
                    .byDefault(""),
                "limit",
                Note.of("How many suggestions at most.")
                    .range(ApiLimits.MIN_LIMIT, ApiLimits.MAX_LIMIT)
                    .byDefault(ApiLimits.DEFAULT_LIMIT),
                "conversationId",
                Note.of("The front end's own name for the conversation.")
                    .length(1, ApiLimits.MAX_CONVERSATION_ID_LENGTH),
                "operatingPoint",
                Note.of("How readily inline offers are shown.").byDefault("eager")))
        .describe(
            Message.class,
            Map.of(
                "role",
                Note.of("Who wrote it."),
                "text",
                Note.of("As it was written.").length(0, ApiLimits.MAX_TEXT_LENGTH)));
  }

  private static Section response(Section section) {
    return section
        .describe(
            SuggestionResponse.class,
            Map.of(
                "suggestions", Note.of("The best first."),
                "complete",
                    Note.of("False within a word when asking again in a moment may tell more."),
                "model", Note.of("Which model answered; send it back with feedback."),
                "timings", Note.of("What the request's parts took, in milliseconds.")))
        .describe(
            SuggestionResponse.Item.class,
            Map.of(
                "kind",
                Note.of("A whole reply, or what would follow the draft.")
                    .oneOf("answer", "completion"),
                "id",
                Note.of("The answer that it comes from, where there is one."),
                "text",
                Note.of("The reply; for a completion exactly what follows the draft."),
                "score",
                Note.of("Estimated probability that it is what the agent wants.").range(0, 1)))
        .describe(
            SuggestionResponse.Timings.class,
            Map.of(
                "waited", Note.of("Until a worker was free."),
                "context", Note.of("Reading the conversation."),
                "predicted", Note.of("Finding suggestions.")));
  }

  private static Section describeModel(Section section) {
    return section
        .describe(
            ModelIdentity.class,
            Map.of(
                "name",
                Note.of("The model's name.").length(1, ApiLimits.MAX_MODEL_NAME_LENGTH),
                "version",
                Note.of("Its version's number, or `local`.")
                    .length(1, ApiLimits.MAX_MODEL_VERSION_LENGTH)))
        .describe(
            ModelResponse.class,
            Map.of(
                "name", Note.of("The model's name."),
                "version", Note.of("Its version's number, or `local`."),
                "created", Note.of("When it was made, as ISO 8601."),
                "answers", Note.of("How many answers it knows."),
                "provenance", Note.of("Code version, data hashes, seed and the like."),
                "typedTextSaved", Note.of("By version, since the process started.")))
        .describe(
            SavedTyping.class,
            Map.of(
                "model", Note.of("The version, as the feedback names it."),
                "accepted", Note.of("Replies whose suggestion was sent as it was."),
                "edited", Note.of("Replies whose suggestion was changed before it was sent."),
                "dismissed", Note.of("Replies without a suggestion."),
                "finalCharacters", Note.of("Of all replies, in code points."),
                "typedCharacters", Note.of("Of all replies."),
                "savedCharacters", Note.of("Final less typed, less one for each acceptance."),
                "saved", Note.of("Saved as a share of the final characters; may be negative.")));
  }

  private static Section errors(Section section) {
    return section.describe(
        Problem.class,
        Map.of(
            "type", Note.of("Always `about:blank`: the status says what kind of error it is."),
            "title", Note.of("The status in words."),
            "status", Note.of("The HTTP status."),
            "detail", Note.of("What is wrong with this request, and the bound it broke."),
            "field", Note.of("The field that is wrong, where it is one."),
            "requestId", Note.of("Names this request in the service's log.")));
  }
}
