package dev.repartee.serving.feedback;

import dev.repartee.serving.feedback.FeedbackRequest.Shown;
import dev.repartee.serving.http.Answer;
import dev.repartee.serving.http.ApiLimits;
import dev.repartee.serving.http.Body;
import dev.repartee.serving.http.Note;
import dev.repartee.serving.http.Operation;
import dev.repartee.serving.http.ProblemAnswers;
import dev.repartee.serving.http.Section;
import java.util.Map;

/** Describes {@code POST /v1/feedback}. */
final class FeedbackSection {

  private FeedbackSection() {}

  static Section section() {
    return shown(request(Section.of(operation())))
        .describe(
            FeedbackResponse.class,
            Map.of(
                "id", Note.of("Of the feedback."),
                "stored", Note.of("Always true: what is not stored is answered with an error.")));
  }

  private static Operation operation() {
    return Operation.post(
        "/v1/feedback",
        "Says what an agent did with the suggestions of a reply. May be repeated with its id.",
        Body.of(FeedbackRequest.class)
            .example(
                "a suggestion was sent as it was",
                """
                {"id": "f-1001", "conversation_id": "c-17",
                 "model": {"name": "acme", "version": "7"},
                 "shown": [{"kind": "answer", "id": "hello", "text": "Hello, how can I help?"}],
                 "action": "accepted", "accepted": 0, "final_text": "Hello, how can I help?",
                 "characters_typed": 0}
                """)
            .example(
                "none was used",
                """
                {"id": "f-1002", "conversation_id": "c-17",
                 "model": {"name": "acme", "version": "7"},
                 "shown": [{"kind": "completion", "id": null, "text": " me check that."}],
                 "action": "dismissed", "accepted": null, "final_text": "One moment.",
                 "characters_typed": 11}
                """),
        Answer.json(202, "It is durable; so it is for a repeat.", FeedbackResponse.class),
        ProblemAnswers.invalid(),
        ProblemAnswers.tooLarge(),
        ProblemAnswers.notJson(),
        ProblemAnswers.unavailable(
            "It is not stored, or not known to be: send it again with the same id."));
  }

  private static Section request(Section section) {
    return section.describe(
        FeedbackRequest.class,
        Map.of(
            "id",
            Note.of("Made by the client, different for every reply, so that a repeat is dropped.")
                .length(1, ApiLimits.MAX_FEEDBACK_ID_LENGTH)
                .pattern("^" + FeedbackRequestReader.ID + "$"),
            "conversationId",
            Note.of("The front end's own name for the conversation; kept as it is.")
                .length(1, ApiLimits.MAX_CONVERSATION_ID_LENGTH),
            "model",
            Note.of("As the suggestions' response had it."),
            "shown",
            Note.of("The suggestions that the agent saw.").items(0, ApiLimits.MAX_SHOWN),
            "action",
            Note.of("Sent as it was, changed before it was sent, or not used."),
            "accepted",
            Note.of("Index into `shown`; null, and only then, when `action` is `dismissed`.")
                .range(0, ApiLimits.MAX_SHOWN - 1),
            "finalText",
            Note.of("The reply as it was sent; personal data is replaced before it is stored.")
                .length(0, ApiLimits.MAX_TEXT_LENGTH),
            "charactersTyped",
            Note.of("Characters that the agent typed, in code points, deleted ones included.")
                .range(0, ApiLimits.MAX_CHARACTERS_TYPED)));
  }

  private static Section shown(Section section) {
    return section.describe(
        Shown.class,
        Map.of(
            "kind",
            Note.of("As the suggestion had it.")
                .oneOf(FeedbackRequestReader.ANSWER, FeedbackRequestReader.COMPLETION),
            "id",
            Note.of("As the suggestion had it.").length(1, ApiLimits.MAX_ANSWER_ID_LENGTH),
            "text",
            Note.of("As the suggestion had it.").length(0, ApiLimits.MAX_TEXT_LENGTH)));
  }
}
