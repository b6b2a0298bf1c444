package dev.repartee.finetune.corpus;

import dev.repartee.finetune.corpus.WindowCutter.Window;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A run's training and validation windows. They are cut from the run's files once, kept in the run
 * folder, and mapped from then on.
 */
public final class TrainingData implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TrainingData.class);
  private static final String SUMMARY = "data.json";
  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";

  /**
   * How windows are made.
   *
   * @param cutter cuts conversations
   * @param labelOf labels a reply's text with its answer
   * @param interruption called before every conversation; throws to give up
   */
  public record Recipe(WindowCutter cutter, ToIntFunction<String> labelOf, Runnable interruption) {}

  /**
   * The amount of data.
   *
   * @param conversations number of conversations
   * @param customerMessages of all conversations
   * @param agentMessages of all conversations
   * @param windows token sequences that the conversations were cut into and that score anything
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  public record Volume(
      long conversations, long customerMessages, long agentMessages, long windows) {

    private static final Volume NONE = new Volume(0, 0, 0, 0);

    private Volume plus(Conversation conversation, int cut) {
      long agents = conversation.messages().stream().filter(Message::isAgent).count();
      return new Volume(
          conversations + 1,
          customerMessages + conversation.messages().size() - agents,
          agentMessages + agents,
          windows + cut);
    }
  }

  /** The content of {@code data.json}. It is written last, so the files beside it are whole. */
  private record Summary(String fingerprint, Volume training, Volume validation) {}

  private final Path folder;
  private final ConversationFiles files;
  private final Summary summary;
  private final WindowStore training;
  private final WindowStore validation;

  private TrainingData(Path folder, ConversationFiles files, Summary summary) throws IOException {
    this.folder = folder;
    this.files = files;
    this.summary = summary;
    this.training = WindowStore.open(folder, TRAINING);
    try {
      this.validation = WindowStore.open(folder, VALIDATION);
    } catch (IOException e) {
      training.close();
      throw e;
    }
  }

  /**
   * Opens the windows in {@code folder}, which are made anew unless they have this fingerprint.
   *
   * @param fingerprint of everything that decides the windows
   * @throws UserException when nothing there can be trained or validated on
   */
  public static TrainingData prepare(
      Path folder, ConversationFiles files, Recipe recipe, String fingerprint) throws IOException {
    Optional<Summary> present = summary(folder.resolve(SUMMARY));
    if (present.isPresent() && present.get().fingerprint().equals(fingerprint)) {
      return new TrainingData(folder, files, present.get());
    }
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(SUMMARY));
    Summary summary = build(folder, files, recipe, fingerprint);
    requireUsable(summary.training(), "--conversations");
    requireUsable(summary.validation(), files.validationOption());
    AtomicFile.writeString(folder.resolve(SUMMARY), Json.PRETTY.writeValueAsString(summary) + "\n");
    return new TrainingData(folder, files, summary);
  }

  /** Empty where the file is absent or damaged: the windows are then made anew. */
  private static Optional<Summary> summary(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Json.COMPACT.readValue(Files.readString(file), Summary.class))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      log.warn("{} cannot be read and is skipped: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private static Summary build(
      Path folder, ConversationFiles files, Recipe recipe, String fingerprint) throws IOException {
    try (Part training = new Part(folder, TRAINING, recipe);
        Part validation = new Part(folder, VALIDATION, recipe)) {
      files.read(training::add, validation::add);
      Summary summary = new Summary(fingerprint, training.finish(), validation.finish());
      training.words.common().write(folder);
      return summary;
    }
  }

  /** Training or validation conversations while they are cut, written and counted. */
  private static final class Part implements AutoCloseable {

    private final Recipe recipe;
    private final WindowStore.Writer writer;
    private final CommonWords.Counter words = new CommonWords.Counter();
    private Volume volume = Volume.NONE;

    Part(Path folder, String name, Recipe recipe) throws IOException {
      this.recipe = recipe;
      this.writer = new WindowStore.Writer(folder, name, recipe.labelOf());
    }

    /** Adds a conversation's windows; {@code number} finds it again in the files. */
    void add(Conversation conversation, int number) throws IOException {
      recipe.interruption().run();
      List<Window> windows = recipe.cutter().cut(conversation);
      words.add(conversation);
      volume = volume.plus(conversation, windows.size());
      for (Window window : windows) {
        writer.add(window, number);
      }
    }

    /** Writes everything through to the disk. */
    Volume finish() throws IOException {
      writer.sync();
      return volume;
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  private static void requireUsable(Volume statistics, String option) {
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
  }

  public WindowStore training() {
    return training;
  }

  public WindowStore validation() {
    return validation;
  }

  public Volume trainingStatistics() {
    return summary.training();
  }

  public Volume validationStatistics() {
    return summary.validation();
  }

  /** The words of the training conversations that the model may say. */
  public Optional<CommonWords> words() {
    return CommonWords.read(folder);
  }

  /** Names a training conversation for a message, by its id and its file. */
  public String trainingPlace(int conversation) {
    return files.place(conversation).orElse("conversation " + conversation);
  }

  /** Reads the training conversations again, in the files' order. */
  public void readTraining(Consumer<Conversation> reader) throws IOException {
    files.readTraining(reader);
  }

  @Override
  public void close() {
    training.close();
    validation.close();
  }
}
