package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.MessageJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A reply of the validation data, as the agent wrote it and as the model predicts it.
 *
 * @param context the conversation before the reply
 * @param written the agent's reply
 * @param before what the base model predicts
 * @param after what the trained model predicts
 * @param suggested what the service shows for it with an empty draft; empty where not tried
 */
public record SamplePrediction(
    List<Message> context,
    String written,
    Optional<Prediction> before,
    Optional<Prediction> after,
    Optional<List<String>> suggested) {

  /** Without suggestions. */
  public SamplePrediction(
      List<Message> context,
      String written,
      Optional<Prediction> before,
      Optional<Prediction> after) {
    this(context, written, before, after, Optional.empty());
  }

  /**
   * A model's prediction of the reply.
   *
   * @param text the predicted reply
   * @param lossOfWritten mean loss of the tokens that the agent wrote, nats, where measured
   */
  public record Prediction(String text, OptionalDouble lossOfWritten) {
    public Prediction {
      requireNonNull(text, "text is null");
      requireNonNull(lossOfWritten, "lossOfWritten is null");
    }
  }

  /** The JSON form of a sample. */
  public record SampleJson(
      List<MessageJson> context,
      String written,
      Optional<Prediction> before,
      Optional<Prediction> after,
      Optional<List<String>> suggested) {

    /** The sample with the last {@code mostMessages} of its context. */
    public static SampleJson of(SamplePrediction sample, int mostMessages) {
      List<Message> context = sample.context();
      return new SampleJson(
          context.stream()
              .skip(Math.max(0, context.size() - mostMessages))
              .map(MessageJson::of)
              .toList(),
          sample.written(),
          sample.before(),
          sample.after(),
          sample.suggested());
    }

    public SamplePrediction sample() {
      List<Message> messages = context.stream().map(MessageJson::message).toList();
      return new SamplePrediction(messages, written, before, after, suggested);
    }
  }

  public SamplePrediction {
    context = List.copyOf(context);
    requireNonNull(written, "written is null");
    requireNonNull(before, "before is null");
    requireNonNull(after, "after is null");
    suggested = suggested.map(List::copyOf);
  }
}
