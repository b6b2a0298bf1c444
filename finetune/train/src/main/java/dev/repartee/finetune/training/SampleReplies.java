package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.corpus.TrainingData;
import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.finetune.report.SamplePrediction.Prediction;
import dev.repartee.finetune.report.SamplePrediction.SampleJson;
import dev.repartee.finetune.training.StopRequest.StoppedException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A few replies of the validation data with what the base model and the trained one predict for
 * them. Predictions are made by a program of their own, so that training is not affected. A failure
 * costs the samples, never the run.
 */
final class SampleReplies {

  private static final Logger log = LoggerFactory.getLogger(SampleReplies.class);

  /** Suggestions that the page shows for a reply. */
  private static final int SHOWN = 3;

  private final TrainingConfig config;
  private final BaseModel base;
  private final SampleFile file;
  private final StopRequest stop;

  SampleReplies(TrainingConfig config, BaseModel base, SampleFile file, StopRequest stop) {
    this.config = config;
    this.base = base;
    this.file = file;
    this.stop = stop;
  }

  /**
   * The run's samples: those kept, or new ones with the predictions of {@code base}, whose weights
   * must not be trained yet.
   *
   * @throws StoppedException when a stop was requested
   */
  List<SamplePrediction> before(TrainingData data) {
    return file.read()
        .orElseGet(
            () ->
                orElse(
                    List.of(),
                    () -> {
                      SampleChooser choice = new SampleChooser(config.seed);
                      data.readValidation(choice);
                      // What random weights predict says nothing.
                      return BaseModel.isRandom(config.base)
                          ? kept(choice.chosen())
                          : predicted(base.model().weights(), choice.chosen(), false);
                    }));
  }

  /**
   * The samples with the predictions of the weights in {@code best} as well.
   *
   * @throws StoppedException when a stop was requested
   */
  List<SamplePrediction> after(List<SamplePrediction> samples, Path best) {
    if (samples.isEmpty()) {
      return samples;
    }
    return orElse(
        samples,
        () -> {
          try (Gpt2Weights weights = Gpt2Weights.read(best, base.config(), base.program())) {
            return predicted(weights, samples, true);
          }
        });
  }

  /**
   * The samples with what the service would show for them.
   *
   * @param model the run's model folder
   * @throws StoppedException when a stop was requested
   */
  List<SamplePrediction> suggested(List<SamplePrediction> samples, Path model) {
    if (samples.isEmpty()) {
      return samples;
    }
    return orElse(
        samples,
        () -> {
          List<SamplePrediction> suggested = new ArrayList<>();
          try (SuggestionEngine engine = SuggestionEngine.load(model, EngineOptions.defaults())) {
            for (SamplePrediction sample : samples) {
              stop.check();
              try (ReplySession session = engine.open(sample.context())) {
                List<String> shown =
                    session.suggest("", SHOWN).stream().map(Suggestion::text).toList();
                suggested.add(
                    new SamplePrediction(
                        sample.context(),
                        sample.written(),
                        sample.before(),
                        sample.after(),
                        Optional.of(shown)));
              }
            }
          }
          return kept(suggested);
        });
  }

  private List<SamplePrediction> kept(List<SamplePrediction> samples) throws IOException {
    file.write(samples);
    return List.copyOf(samples);
  }

  /** Makes samples; may fail. */
  @FunctionalInterface
  private interface Attempt {
    List<SamplePrediction> make() throws IOException;
  }

  private static List<SamplePrediction> orElse(List<SamplePrediction> otherwise, Attempt attempt) {
    try {
      return attempt.make();
    } catch (StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn("sample predictions cannot be taken: {}", e.toString());
      return otherwise;
    }
  }

  private List<SamplePrediction> predicted(
      Gpt2Weights weights, List<SamplePrediction> samples, boolean trained) throws IOException {
    List<SamplePrediction> predicted = new ArrayList<>();
    try (Gpt2 model = open(weights)) {
      GreedyReply greedy = new GreedyReply(model, base.tokenizer(), config.maxTokens);
      for (SamplePrediction sample : samples) {
        stop.check();
        Optional<Prediction> prediction =
            Optional.of(greedy.predict(sample.context(), sample.written()));
        predicted.add(
            new SamplePrediction(
                sample.context(),
                sample.written(),
                trained ? sample.before() : prediction,
                trained ? prediction : Optional.empty()));
      }
    }
    return kept(predicted);
  }

  private Gpt2 open(Gpt2Weights weights) {
    Gpt2Program program = Gpt2Program.open(base.config(), base.program().device());
    try {
      return Gpt2.of(base.config(), weights, program, base.precision());
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  /**
   * Chooses a few replies, each of another conversation, from short to long. Seed and conversations
   * alone decide. Holds a bounded number of them.
   */
  static final class SampleChooser implements Consumer<Conversation> {

    /** Conversations that the lengths are chosen among, a uniform sample of all. */
    private static final int POOL = 60;

    private static final int SAMPLES = 6;

    private final Random random;
    private final List<SamplePrediction> pool = new ArrayList<>();
    private int seen;

    SampleChooser(long seed) {
      this.random = new Random(seed);
    }

    /** Considers one of the conversation's replies, unless it has none that follows a message. */
    @Override
    public void accept(Conversation conversation) {
      List<Message> messages = conversation.messages();
      int[] replies =
          IntStream.range(1, messages.size()).filter(i -> messages.get(i).isLearned()).toArray();
      if (replies.length == 0) {
        return;
      }
      int reply = replies[random.nextInt(replies.length)];
      // Reservoir sampling: algorithm R (Vitter 1985).
      int place = seen < POOL ? seen : random.nextInt(seen + 1);
      seen++;
      if (place >= POOL) {
        return;
      }
      SamplePrediction sample =
          new SamplePrediction(
              messages.subList(0, reply),
              messages.get(reply).text(),
              Optional.empty(),
              Optional.empty());
      if (place == pool.size()) {
        pool.add(sample);
      } else {
        pool.set(place, sample);
      }
    }

    /** The chosen replies without predictions, short ones first; no text occurs twice. */
    List<SamplePrediction> chosen() {
      Set<String> texts = new HashSet<>();
      List<SamplePrediction> byLength =
          pool.stream()
              .filter(sample -> texts.add(sample.written()))
              .sorted(Comparator.comparingInt(sample -> sample.written().length()))
              .toList();
      int count = Math.min(SAMPLES, byLength.size());
      return IntStream.range(0, count)
          .mapToObj(i -> byLength.get((2 * i + 1) * byLength.size() / (2 * count)))
          .toList();
    }
  }

  /**
   * {@code samples.json}: keeps a run's samples, since the base model's predictions cannot be made
   * again once training has begun.
   *
   * @param file where it is
   * @param fingerprint of the run that the samples belong to
   */
  record SampleFile(Path file, String fingerprint) {

    private record Content(String fingerprint, List<SampleJson> samples) {}

    /** The samples kept; empty where there are none, or they are damaged or another run's. */
    Optional<List<SamplePrediction>> read() {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      try {
        Content content = Json.COMPACT.readValue(Files.readString(file), Content.class);
        return fingerprint.equals(content.fingerprint())
            ? Optional.of(content.samples().stream().map(SampleJson::sample).toList())
            : Optional.empty();
      } catch (IOException
          | JacksonException
          | IllegalArgumentException
          | NullPointerException e) { // a missing key is null
        log.warn("{} cannot be read and is skipped: {}", file, e.toString());
        return Optional.empty();
      }
    }

    /** Replaces the samples kept. */
    void write(List<SamplePrediction> samples) throws IOException {
      Content content =
          new Content(
              fingerprint,
              samples.stream().map(sample -> SampleJson.of(sample, Integer.MAX_VALUE)).toList());
      AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(content) + "\n");
    }
  }
}
