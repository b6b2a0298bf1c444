package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A question to a model whose answer was recorded when the model was made. Whoever loads it
 * elsewhere asks again: another answer means other weights, another tokenizer, or a machine that
 * computes wrongly, none of which a checksum of the files shows.
 *
 * @param reply whose probability was recorded
 * @param logLikelihood of the reply's tokens and the end marker after a fixed conversation, in nats
 * @param tokens how many these are
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record GoldenPrompt(String reply, double logLikelihood, int tokens) {

  /** The file's name in a model folder. */
  public static final String FILE = "golden.json";

  /**
   * How far an answer may be off, in nats a token. INT8 and BF16 are within 0.05 of FP32 on trained
   * and random models; one damaged matrix costs whole nats.
   */
  static final double TOLERANCE = 0.25;

  private static final List<Message> CONTEXT =
      List.of(
          Message.customer("Hi, I have a question about my order."),
          Message.agent("Hello! I am happy to help."),
          Message.customer("It has not arrived yet. Where is it?"));

  private static final String REPLY =
      "I am sorry to hear that. Could you give me your order number?";

  public GoldenPrompt {
    requireNonNull(reply, "reply is null");
    if (!(logLikelihood <= 0) || tokens < 1) {
      throw new IllegalArgumentException(
          "logLikelihood must be at most 0 and tokens at least 1 but they are %s and %d"
              .formatted(logLikelihood, tokens));
    }
  }

  /** Asks {@code model} for the first time. */
  public static GoldenPrompt record(ReplyLikelihood model) {
    LogLikelihood answer = model.logLikelihood(CONTEXT, REPLY);
    // Rounded, so that a run that is repeated leaves the same file.
    return new GoldenPrompt(REPLY, Math.round(answer.sum() * 1000) / 1000.0, answer.tokens());
  }

  /**
   * Reads the one of a model folder, if it has one.
   *
   * @throws UserException when it is there but broken
   */
  public static Optional<GoldenPrompt> read(Path folder) {
    Path file = folder.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(Json.readFile(file, GoldenPrompt.class))
        : Optional.empty();
  }

  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + "\n");
  }

  /**
   * Asks again.
   *
   * @param folder of the model, for the message
   * @throws UserException when the answer is another one
   */
  void check(Path folder, ReplyLikelihood model) {
    LogLikelihood answer;
    try {
      answer = model.logLikelihood(CONTEXT, reply);
    } catch (IllegalArgumentException e) { // no number, or a reply too long for the model
      throw new UserException(
          folder.resolve(FILE) + ": has no answer; copy or fetch the model again: " + e, e);
    }
    double tooHigh = (answer.sum() - logLikelihood) / tokens;
    if (answer.tokens() != tokens
        || !(tooHigh >= -TOLERANCE && tooHigh <= TOLERANCE + model.mostTooHigh())) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s: the model's golden prompt has another answer than when it was made: %.3f nats for %d"
                  + " tokens instead of %.3f for %d; weights, tokenizer or this file are damaged, or"
                  + " this machine computes wrongly: copy or fetch the model again",
              folder.resolve(FILE),
              answer.sum(),
              answer.tokens(),
              logLikelihood,
              tokens));
    }
  }
}
