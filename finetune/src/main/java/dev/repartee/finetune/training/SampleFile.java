package dev.repartee.finetune.training;

import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * {@code samples.json}: keeps a run's samples, since the base model's predictions cannot be made
 * again once training has begun.
 *
 * @param file where it is
 * @param fingerprint of the run that the samples are of
 */
public record SampleFile(Path file, String fingerprint) {

  private static final Logger log = LoggerFactory.getLogger(SampleFile.class);

  private record Turn(String role, String text) {}

  private record Sample(
      List<Turn> context,
      String written,
      Optional<SamplePrediction.Prediction> before,
      Optional<SamplePrediction.Prediction> after) {

    static Sample of(SamplePrediction sample) {
      List<Turn> context =
          sample.context().stream()
              .map(message -> new Turn(message.role().id(), message.text()))
              .toList();
      return new Sample(context, sample.written(), sample.before(), sample.after());
    }

    SamplePrediction prediction() {
      List<Message> messages =
          context.stream().map(turn -> new Message(Role.of(turn.role()), turn.text())).toList();
      return new SamplePrediction(messages, written, before, after);
    }
  }

  private record Content(String fingerprint, List<Sample> samples) {}

  /** The samples kept; empty where there are none, or they are damaged or another run's. */
  public Optional<List<SamplePrediction>> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Content content = Json.COMPACT.readValue(Files.readString(file), Content.class);
      return fingerprint.equals(content.fingerprint())
          ? Optional.of(content.samples().stream().map(Sample::prediction).toList())
          : Optional.empty();
    } catch (IOException
        | JacksonException
        | IllegalArgumentException
        | NullPointerException e) { // what is left out is null
      log.warn("{} cannot be read and is passed over: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Keeps {@code samples} instead of those before. */
  public void write(List<SamplePrediction> samples) throws IOException {
    Content content = new Content(fingerprint, samples.stream().map(Sample::of).toList());
    AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(content) + "\n");
  }
}
