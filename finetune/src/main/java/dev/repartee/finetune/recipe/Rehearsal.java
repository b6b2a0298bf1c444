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

/**
 * Runs every command of a recipe on two small samples, and tells from the seconds what each will
 * take: by a line through two points, since processes start, models load and code warms up whatever
 * there is to do, and a few conversations do not fill the processors as many do.
 */
final class Rehearsal {

  /** Characters of the smaller sample; with the larger one it takes some minutes on two cores. */
  private static final long TO_EXTRACT = 300_000;

  private static final long TO_TRAIN = 20_000;
  private static final long TO_MEASURE = 1_500;

  /** How much larger the second sample is. */
  private static final int LARGER = 4;

  private static final int LEAST_CONVERSATIONS = 4;

  /** Most replies go side by side, as in the real steps. */
  private static final int TIMED = 3;

  private final Path launcher;
  private final Path folder;
  private final Data all;
  private final Map<List<Path>, List<Conversation>> read = new HashMap<>(); // in random order

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
   * What a step took.
   *
   * @param share of the data, from 0 to 1
   * @param training seconds of one epoch
   */
  private record Point(double share, double seconds, double training) {

    Cost through(Point other, boolean learns) {
      double more = other.share - share;
      // Small data are the same in both.
      double each = more > 0 ? (other.seconds - seconds) / more : seconds / share;
      double epoch = more > 0 ? (other.training - training) / more : training / share;
      return new Cost(
          Math.max(0, seconds - share * each),
          Math.max(0, each - Math.max(0, epoch)),
          Math.max(0, epoch),
          learns);
    }
  }

  /**
   * What each step of {@code steps} costs, by its name.
   *
   * @throws UserException naming the step that fails, and the file with its log
   */
  Map<String, Cost> costs(Function<Data, List<Step>> steps) throws IOException {
    Folders.delete(folder);
    Map<String, Point> small = points(steps, folder.resolve("small"), 1);
    Map<String, Cost> costs = new LinkedHashMap<>();
    points(steps, folder.resolve("large"), LARGER)
        .forEach(
            (step, point) -> {
              boolean learns = List.of("answers", "trial", "tuned").contains(step);
              Cost cost = small.get(step).through(point, learns);
              boolean isOneEpoch = List.of("base", "tuned").contains(step);
              costs.put(step, isOneEpoch ? cost.of(1) : cost);
            });
    return costs;
  }

  private Map<String, Point> points(Function<Data, List<Step>> steps, Path output, int times)
      throws IOException {
    Files.createDirectories(output);
    Map<String, Double> shares = new HashMap<>();
    List<Path> pretrain = new ArrayList<>();
    if (!all.pretrain().isEmpty()) {
      pretrain.add(sample("base", all.pretrain(), times * TO_TRAIN, output, shares));
    }
    Data data =
        new Data(
            output,
            pretrain,
            List.of(sample("answers", all.conversations(), times * TO_EXTRACT, output, shares)),
            List.of(sample("trial", all.conversations(), times * TO_TRAIN, output, shares)),
            sample("calibration", List.of(all.validation()), times * TO_MEASURE, output, shares),
            sample("calm", List.of(all.test()), times * TO_MEASURE, output, shares),
            1,
            Optional.of(TIMED));
    shares.put("eager", shares.get("calm"));
    Map<String, Point> points = new LinkedHashMap<>();
    for (Step step : steps.apply(data)) {
      String name = step.name();
      if (name.equals("tuned")) { // one more epoch
        Files.createSymbolicLink(output.resolve(name), Path.of("trial"));
        points.put(name, points.get("trial"));
      } else {
        double seconds = run(step);
        double training = Json.readFile(step.printed()).path("training_seconds").asDouble(0);
        points.put(name, new Point(shares.get(name), seconds, training));
      }
    }
    return points;
  }

  private double run(Step step) throws IOException {
    long began = System.nanoTime();
    Path log = folder.resolve("log");
    if (step.run(launcher, Redirect.appendTo(log.toFile())) != 0) {
      throw new UserException(
          "%s failed on a sample of the data: %s; see %s"
              .formatted(step.name(), Files.readAllLines(log).getLast(), log));
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * Writes conversations of at least so many characters, where there are as many, taken at random
   * but always the same.
   *
   * @param shares receives how much of all they are
   */
  private Path sample(
      String step, List<Path> from, long atLeast, Path output, Map<String, Double> shares) {
    boolean calibrates = step.equals("calibration");
    // Every letter that an agent types is asked for.
    boolean typed = calibrates || step.equals("calm");
    List<Conversation> conversations =
        read(from).stream()
            .limit(calibrates ? RecipeCommand.CALIBRATION_CONVERSATIONS : Long.MAX_VALUE)
            .toList();
    List<Conversation> taken = new ArrayList<>();
    double characters = 0;
    for (Conversation one : conversations) {
      // Halves of the conversations are calibrated on.
      if (characters >= atLeast && taken.size() >= LEAST_CONVERSATIONS) {
        break;
      }
      taken.add(one);
      characters += characters(one, typed);
    }
    long total = conversations.stream().mapToLong(one -> characters(one, typed)).sum();
    shares.put(step, characters / Math.max(1, total));
    Path file = output.resolve("sample").resolve(step + ".jsonl.gz");
    ConversationWriter.write(file, taken);
    return file;
  }

  /** How many conversations there are to learn from. */
  int conversations() {
    return read(all.conversations()).size();
  }

  private List<Conversation> read(List<Path> files) {
    return read.computeIfAbsent(
        files, _ -> TestSample.of(ConversationReader.readAll(files), Optional.empty()));
  }

  private static long characters(Conversation one, boolean typed) {
    return (typed ? one.agentTexts() : one.messages().stream().map(Message::text))
        .mapToLong(String::length)
        .sum();
  }
}
