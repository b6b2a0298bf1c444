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
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Runs every command of a recipe on small samples, and tells from the seconds what each will take.
 * What trains says itself how much of its time grows with the text; what measures is run on two
 * samples, since a few conversations do not fill the processors as many do.
 */
final class Rehearsal {

  /** Characters of the samples: about two minutes in all on two cores. */
  private static final long TO_EXTRACT = 1_000_000;

  private static final long TO_TRAIN = 80_000;
  private static final long TO_MEASURE = 8_000;
  private static final long TO_MEASURE_FIRST = 2_000;

  private static final int LEAST_CONVERSATIONS = 4;

  /** Most replies go side by side, as in the real steps. */
  private static final int TIMED = 3;

  private final Path launcher;
  private final Path folder;
  private final Data all;
  private final Map<Path, Double> growth = new HashMap<>(); // from a sample to all

  /**
   * @param folder for samples and results; it is replaced
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
    Data most = sampled(TO_MEASURE);
    Data first = sampled(TO_MEASURE_FIRST);
    Map<String, Step> before = new HashMap<>();
    steps.apply(first).forEach(step -> before.put(step.name(), step));
    Map<String, Cost> costs = new LinkedHashMap<>();
    for (Step step : steps.apply(most)) {
      String name = step.name();
      costs.put(
          name,
          switch (name) {
            case "base" -> learning(step, most.pretrain().getFirst()).of(1);
            case "answers" -> learning(step, most.toExtract().getFirst());
            case "trial" -> learning(step, most.conversations().getFirst());
            case "tuned" -> {
              Files.createSymbolicLink(folder.resolve(name), Path.of("trial"));
              yield costs.get("trial").of(1); // one more epoch
            }
            case "calibration" ->
                measuring(before.get(name), first.validation(), step, most.validation());
            default -> measuring(before.get(name), first.test(), step, most.test());
          });
    }
    return costs;
  }

  private Cost learning(Step step, Path sample) throws IOException {
    double seconds = run(step);
    JsonNode printed = Json.readFile(step.printed());
    double work = printed.path("seconds").asDouble();
    double training = printed.path("training_seconds").asDouble(0);
    double times = growth.get(sample);
    return new Cost(
        Math.max(0, seconds - work),
        times * (work - training),
        times * training,
        !step.name().equals("base"));
  }

  /** By a line through two points: the share of the data, and the seconds. */
  private Cost measuring(Step first, Path fewer, Step then, Path more) throws IOException {
    double share = 1 / growth.get(fewer);
    double added = 1 / growth.get(more) - share;
    double seconds = run(first);
    double each = added > 0 ? Math.max(0, run(then) - seconds) / added : seconds;
    return new Cost(Math.max(0, seconds - each * share), each, 0, false);
  }

  private double run(Step step) throws IOException {
    long began = System.nanoTime();
    Path log = folder.resolve("log");
    if (step.run(launcher, Redirect.appendTo(log.toFile())) != 0) {
      throw new UserException("%s failed on a sample, see %s".formatted(step.name(), log));
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private Data sampled(long measured) {
    return new Data(
        folder,
        all.pretrain().isEmpty()
            ? List.of()
            : List.of(sample("pretrain", all.pretrain(), TO_TRAIN, false)),
        List.of(sample("extract", all.conversations(), TO_EXTRACT, false)),
        List.of(sample("train", all.conversations(), TO_TRAIN, false)),
        sample("validation" + measured, List.of(all.validation()), measured, true),
        sample("test" + measured, List.of(all.test()), measured, true),
        1,
        Optional.of(TIMED));
  }

  /**
   * Writes conversations of at least so many characters, where there are as many, taken at random
   * but always the same.
   *
   * @param typed whether the characters are those that agents type, each of which is asked for
   */
  private Path sample(String name, List<Path> from, long atLeast, boolean typed) {
    boolean calibrates = from.contains(all.validation());
    List<Conversation> conversations =
        TestSample.of(
            ConversationReader.readAll(from),
            calibrates ? Optional.of(RecipeCommand.CALIBRATION_CONVERSATIONS) : Optional.empty());
    List<Conversation> taken = new ArrayList<>();
    long characters = 0;
    for (Conversation one : conversations) {
      // Halves of the conversations are calibrated on.
      if (characters >= atLeast && taken.size() >= LEAST_CONVERSATIONS) {
        break;
      }
      taken.add(one);
      characters += characters(one, typed);
    }
    double total = conversations.stream().mapToLong(one -> characters(one, typed)).sum();
    Path file = folder.resolve("sample").resolve(name + ".jsonl.gz");
    growth.put(file, total / Math.max(1, characters));
    ConversationWriter.write(file, taken);
    return file;
  }

  private static long characters(Conversation one, boolean typed) {
    return (typed ? one.agentTexts() : one.messages().stream().map(Message::text))
        .mapToLong(String::length)
        .sum();
  }
}
