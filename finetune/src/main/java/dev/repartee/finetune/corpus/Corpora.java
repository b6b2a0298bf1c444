package dev.repartee.finetune.corpus;

import dev.repartee.finetune.report.DataStatistics;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** A run's training and validation windows, made from its files once and mapped from then on. */
public final class Corpora implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Corpora.class);
  private static final String SUMMARY = "data.json";
  private static final String STATISTICS = "statistics.json";
  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";

  /** What {@code data.json} says; it is written last, so the files beside it are whole. */
  private record Summary(
      String fingerprint, CorpusStatistics training, CorpusStatistics validation) {}

  /**
   * How windows are made.
   *
   * @param cutter cuts conversations
   * @param labelOf labels a reply's text with its answer
   * @param interruption called before every conversation; throws to give up
   */
  public record Recipe(WindowCutter cutter, ToIntFunction<String> labelOf, Runnable interruption) {}

  private final Path folder;
  private final Sources sources;
  private final Summary summary;
  private final Optional<DataStatistics> details;
  private final Corpus training;
  private final Corpus validation;

  private Corpora(Path folder, Sources sources, Summary summary) throws IOException {
    this.folder = folder;
    this.sources = sources;
    this.summary = summary;
    this.details = read(folder.resolve(STATISTICS), DataStatistics.class);
    this.training = Corpus.open(folder, TRAINING);
    try {
      this.validation = Corpus.open(folder, VALIDATION);
    } catch (IOException e) {
      training.close();
      throw e;
    }
  }

  /**
   * Opens the windows in {@code folder}, which are made anew unless they are of this fingerprint.
   *
   * @param fingerprint of everything that decides the windows
   * @throws UserException when nothing there can be trained or validated on
   */
  public static Corpora prepare(Path folder, Sources sources, Recipe recipe, String fingerprint)
      throws IOException {
    Optional<Summary> present = read(folder.resolve(SUMMARY), Summary.class);
    if (present.isPresent() && present.get().fingerprint().equals(fingerprint)) {
      return new Corpora(folder, sources, present.get());
    }
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(SUMMARY));
    Summary summary = build(folder, sources, recipe, fingerprint);
    requireSense(summary, sources);
    AtomicFile.writeString(folder.resolve(SUMMARY), Json.PRETTY.writeValueAsString(summary) + "\n");
    return new Corpora(folder, sources, summary);
  }

  /** Empty where the file is absent or damaged: then its content is made anew, or done without. */
  private static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Files.exists(file)
          ? Optional.of(Json.COMPACT.readValue(Files.readString(file), type))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      log.warn("{} cannot be read and is passed over: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private static Summary build(Path folder, Sources sources, Recipe recipe, String fingerprint)
      throws IOException {
    BitSet aside = sources.setAside();
    try (CorpusWriter training =
            new CorpusWriter(folder, TRAINING, recipe.cutter(), recipe.labelOf());
        CorpusWriter validation =
            new CorpusWriter(folder, VALIDATION, recipe.cutter(), recipe.labelOf())) {
      Sources.read(
          sources.training(),
          sources.prepared(
              (conversation, number) -> {
                recipe.interruption().run();
                (aside.get(number) ? validation : training).add(conversation, number);
              }));
      Sources.read(
          sources.validation(),
          sources.prepared(
              (conversation, number) -> {
                recipe.interruption().run();
                validation.add(conversation, number);
              }));
      Summary summary = new Summary(fingerprint, training.finish(), validation.finish());
      training.words().write(folder);
      AtomicFile.writeString(
          folder.resolve(STATISTICS), Json.PRETTY.writeValueAsString(training.details()) + "\n");
      return summary;
    }
  }

  private static void requireSense(Summary summary, Sources sources) {
    requireSense(summary.training(), "--conversations");
    requireSense(
        summary.validation(),
        sources.validation().isEmpty() ? "--validation-share" : "--validation");
  }

  private static void requireSense(CorpusStatistics statistics, String option) {
    if (statistics.windows() == 0) {
      throw new UserException(
          "%s: none of the %d conversation(s) has %s; check the roles, or give more conversations"
              .formatted(
                  option,
                  statistics.conversations(),
                  statistics.agentMessages() == 0
                      ? "a message of an agent"
                      : "a token that can be scored"));
    }
    if (statistics.customerMessages() == 0 || statistics.agentMessages() == 0) {
      log.warn(
          "{}: only the {} speaks in these {} conversations; are the roles right?",
          option,
          statistics.agentMessages() == 0 ? "customer" : "agent",
          statistics.conversations());
    }
    if (statistics.cutMessages() > 0) {
      log.warn(
          "{}: {} message(s) are longer than --max-tokens and lose their end",
          option,
          statistics.cutMessages());
    }
  }

  public Corpus training() {
    return training;
  }

  public Corpus validation() {
    return validation;
  }

  /** The words of the training conversations that the model may say. */
  public Optional<CommonWords> words() {
    return CommonWords.read(folder);
  }

  /** Names a training conversation for a message, by its id and its file. */
  public String trainingPlace(int conversation) {
    return sources.place(conversation).orElse("conversation " + conversation);
  }

  /** The training data in the detail that a report shows; empty where that was not kept. */
  public Optional<DataStatistics> trainingDetails() {
    return details;
  }

  /** Reads the validation conversations again, in the files' order. */
  public void readValidation(Consumer<Conversation> reader) throws IOException {
    sources.readValidation((conversation, number) -> reader.accept(conversation));
  }

  public CorpusStatistics trainingStatistics() {
    return summary.training();
  }

  public CorpusStatistics validationStatistics() {
    return summary.validation();
  }

  @Override
  public void close() {
    training.close();
    validation.close();
  }
}
