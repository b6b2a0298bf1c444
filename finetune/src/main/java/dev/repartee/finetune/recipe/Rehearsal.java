package dev.repartee.finetune.recipe;

import dev.repartee.finetune.metric.TestSample;
import dev.repartee.finetune.recipe.Plan.Cost;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Runs every command of a recipe on a small sample, and tells from the seconds what each will take:
 * the time that does not grow (the process, the model), and the rest by the characters that it
 * reads.
 */
final class Rehearsal {

  /** Characters of each sample: about a minute in all on two cores. */
  private static final long TO_EXTRACT = 1_000_000;

  private static final long TO_TRAIN = 40_000;
  private static final long TO_MEASURE = 3_000;

  private static final int LEAST_CONVERSATIONS = 4;

  private final Path launcher;
  private final Path folder;
  private final Data all;

  /**
   * @param folder for samples and results; it is deleted
   * @param all what the recipe is to do
   */
  Rehearsal(Path launcher, Path folder, Data all) {
    this.launcher = launcher;
    this.folder = folder;
    this.all = all;
  }

  /**
   * What each step of {@code steps} costs, by its name.
   *
   * @throws UserException naming the step that fails, and the file with its log
   */
  Map<String, Cost> costs(Function<Data, List<Step>> steps) throws IOException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    Map<String, Double> growth = new HashMap<>(); // of the work, from the sample to all, by step
    Optional<Path> pretrain =
        all.pretrain().isEmpty()
            ? Optional.empty()
            : Optional.of(sample("base", all.pretrain(), TO_TRAIN, growth));
    Data part =
        new Data(
            folder,
            pretrain.stream().toList(),
            List.of(sample("answers", all.conversations(), TO_EXTRACT, growth)),
            List.of(sample("trial", all.conversations(), TO_TRAIN, growth)),
            sample("calibration", List.of(all.validation()), TO_MEASURE, growth),
            sample("calm", List.of(all.test()), TO_MEASURE, growth),
            1);
    growth.put("eager", growth.get("calm"));
    Map<String, Cost> costs = new LinkedHashMap<>();
    for (Step step : steps.apply(part)) {
      if (step.name().equals("tuned")) { // one more epoch
        Files.createSymbolicLink(folder.resolve("tuned"), Path.of("trial"));
        costs.put("tuned", costs.get("trial").of(1));
        continue;
      }
      long began = System.nanoTime();
      Path log = folder.resolve("log");
      if (step.run(launcher, Redirect.appendTo(log.toFile())) != 0) {
        throw new UserException("%s failed on a sample, see %s".formatted(step.name(), log));
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      JsonNode printed = Json.readFile(step.printed());
      double work = printed.path("seconds").asDouble(seconds);
      double training = printed.path("training_seconds").asDouble(0);
      double times = growth.get(step.name());
      Cost cost =
          new Cost(
              Math.max(0, seconds - work),
              times * (work - training),
              times * training,
              Set.of("answers", "trial").contains(step.name()));
      costs.put(step.name(), step.name().equals("base") ? cost.of(1) : cost);
    }
    return costs;
  }

  /**
   * Writes conversations of at least so many characters, where there are as many, taken at random
   * but always the same.
   */
  private Path sample(String step, List<Path> from, long atLeast, Map<String, Double> growth) {
    boolean isTrained = atLeast != TO_MEASURE;
    List<Conversation> conversations =
        TestSample.of(
            ConversationReader.readAll(from),
            step.equals("calibration")
                ? Optional.of(RecipeCommand.CALIBRATION_CONVERSATIONS)
                : Optional.empty());
    List<Conversation> taken = new ArrayList<>();
    long characters = 0;
    for (Conversation one : conversations) {
      // Halves of the conversations are calibrated on.
      if (characters >= atLeast && taken.size() >= LEAST_CONVERSATIONS) {
        break;
      }
      taken.add(one);
      characters += characters(one, isTrained);
    }
    double total = conversations.stream().mapToLong(one -> characters(one, isTrained)).sum();
    growth.put(step, total / Math.max(1, characters));
    Path file = folder.resolve("sample").resolve(step + ".jsonl.gz");
    ConversationWriter.write(file, taken);
    return file;
  }

  /** What takes time: all that is read, or what agents type, each letter of which is asked for. */
  private static long characters(Conversation one, boolean isTrained) {
    return (isTrained ? one.messages().stream().map(Message::text) : one.agentTexts())
        .mapToLong(String::length)
        .sum();
  }
}
