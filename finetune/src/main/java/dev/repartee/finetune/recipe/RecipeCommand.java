package dev.repartee.finetune.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.evaluate.Verdict;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.finetune.recipe.Plan.Cost;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.Quantities;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.TermsOption;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code repartee recipe}: the documented way from conversations to a calibrated model and its
 * figures. Each step is a command of its own, started through the launcher, since extraction is
 * another module's and training wants another Java than measuring. A step that has left its result
 * is passed over, so the same command continues after an interruption.
 */
@Command(
    name = "recipe",
    footer = {
      "  repartee recipe --conversations train.jsonl.gz --validation validation.jsonl.gz"
          + " --test test.jsonl.gz --base gpt2 --output runs/recipe",
      "  repartee recipe --export zendesk.zip --output runs/recipe",
      "  repartee recipe --export export.csv --export-config import.yaml --output runs/recipe"
    },
    description =
        "From conversations, or a help desk's export, to a calibrated model and its figures, step"
            + " by step; the same command continues after an interruption.")
public final class RecipeCommand implements Callable<Integer> {

  static final String RECORD = "recipe.json";

  /** Set by the launcher: what starts the steps. */
  private static final String LAUNCHER = "REPARTEE_LAUNCHER";

  /** Some hundreds of replies tell as much as thousands, and every letter of each is asked for. */
  static final int CALIBRATION_CONVERSATIONS = 100;

  private static final int EPOCHS = 5;

  private static final int BATCH_TOKENS = 2048;

  /** Trained without the validation conversations, which calibrate it. */
  private static final String TRIAL = "trial/model";

  /** Trained with them, too; the result. */
  private static final String TUNED = "tuned/model";

  private static final Logger log = LoggerFactory.getLogger(RecipeCommand.class);

  private final long started = System.nanoTime();
  private final Optional<Path> launcher;
  private Recipe recipe;

  @Option(
      names = "--export",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Exports of a help desk, which are imported, checked and split first; takes the place of"
              + " --conversations, --validation and --test.")
  private List<Path> exports = List.of();

  @Option(
      names = "--export-config",
      paramLabel = "FILE",
      description =
          "YAML file with options of 'conversations import' for the exports, such as 'columns:"
              + " [id=Ticket, role=From]' and 'roles: [Kunde=customer, Mitarbeiter=agent]'.")
  private Optional<Path> exportConfig = Optional.empty();

  @Option(
      names = "--conversations",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations to learn from.")
  private List<Path> conversations = List.of();

  @Option(
      names = "--validation",
      paramLabel = "FILE",
      description = "Conversations that calibrate the offers; in the end they are trained on, too.")
  private Path validation; // null with --export

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Conversations to evaluate on; they influence no choice.")
  private Path test; // null with --export

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder of all steps; tuned/model is the result, calm.json has its figures.")
  private Path output;

  @Option(
      names = "--base",
      defaultValue = "support-14m",
      paramLabel = "MODEL",
      description = "What to fine-tune, as in 'finetune --base'.")
  private String base;

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description =
          "answers.json of 'extract', as people reviewed it. Default: extracted from"
              + " --conversations")
  private Optional<Path> answers = Optional.empty();

  @Option(
      names = "--pretrain",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "More conversations of any kind, to pre-train the base on.")
  private List<Path> pretrain = List.of();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes of the first training over the conversations. Default: " + EPOCHS)
  private Optional<Integer> epochs = Optional.empty();

  @Option(
      names = "--newest",
      paramLabel = "N",
      description =
          "Learn from the newest conversations only, by their time, or else from the last ones."
              + " Default: from all")
  private Optional<Integer> newest = Optional.empty();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long all may take on this machine, such as 2h: fewer epochs, then fewer"
              + " conversations. Default: as long as it takes")
  private Optional<Duration> time = Optional.empty();

  @Option(
      names = "--least-saved",
      paramLabel = "PERCENT",
      description = "As in 'evaluate': less net time saved is 'too little'. Default: 3")
  private Optional<Double> leastSaved = Optional.empty();

  @Mixin private TermsOption terms = new TermsOption();
  @Mixin private StoreOptions models;
  @Mixin private DeviceOption device = new DeviceOption();
  @Mixin private Output printed;

  public RecipeCommand() {
    this(Optional.ofNullable(System.getenv(LAUNCHER)).map(Path::of));
  }

  RecipeCommand(Optional<Path> launcher) {
    this.launcher = launcher;
  }

  /**
   * {@code recipe.json}.
   *
   * @param inputs SHA-256 of the files, by option and name, and other options that decide
   * @param plan null until it is made
   * @param seconds that each step took, all its attempts together whose end was seen
   */
  record Recipe(
      SortedMap<String, String> inputs,
      @JsonInclude(JsonInclude.Include.NON_NULL) Plan plan,
      Map<String, Double> seconds) {

    Recipe {
      inputs = new TreeMap<>(inputs);
      seconds = new LinkedHashMap<>(seconds);
    }

    Recipe with(String step, double more) {
      Map<String, Double> sums = new LinkedHashMap<>(seconds);
      sums.put(step, Math.round(10 * (sums.getOrDefault(step, 0.0) + more)) / 10.0);
      return new Recipe(inputs, plan, sums);
    }

    Recipe with(Plan made) {
      return new Recipe(inputs, made, seconds);
    }
  }

  @Override
  public Integer call() throws IOException {
    Path program =
        launcher.orElseThrow(
            () ->
                new UserException(
                    "the steps of a recipe are commands that the launcher starts: run it as"
                        + " 'scripts/repartee recipe'"));
    device.one(); // a device that is missing ends it before the first step
    requireInputs();
    Folders.requireWritable(output);
    recipe = begin();
    int exitCode = run(program, exportSteps());
    if (exitCode != 0) {
      return exitCode;
    }
    if (!exports.isEmpty()) {
      conversations = List.of(data("train"));
      validation = data("validation");
      test = data("test");
      requireHeldOut();
    }
    exitCode = run(program, steps(planned(program)));
    if (exitCode != 0) {
      return exitCode;
    }
    JsonNode calm = Json.readFile(printed(output, "calm"));
    printed.print(
        recipe,
        List.of(
            "time saved: net %s%%, steady %s%%"
                .formatted(saved(calm, "net"), saved(calm, "steady")),
            "verdict  " + calm.at("/verdict/text").asString(),
            "seconds: "
                + recipe.seconds().entrySet().stream()
                    .map(step -> "%s %.0f".formatted(step.getKey(), step.getValue()))
                    .collect(Collectors.joining(", ")),
            "model    " + output.resolve(TUNED),
            "answers  " + answers.orElse(output.resolve("answers/answers.json")),
            "reports  %s and %s"
                .formatted(output.resolve("calm/report.html"), output.resolve("eager/report.html")),
            "look at it: scripts/repartee serve --model " + output.resolve(TUNED),
            Output.NEXT + next(calm.path("verdict"))));
    return 0;
  }

  private String next(JsonNode verdict) {
    String next = verdict.path("next").asString();
    return verdict.path("decision").asString().equals("publish")
        ? "%s: repartee models publish NAME --model %s --evaluation %s"
            .formatted(next, output.resolve(TUNED), output.resolve("calm/evaluation.json"))
        : next;
  }

  private void requireInputs() {
    double _ = Verdict.leastSaved(leastSaved);
    PublicFacts _ = terms.facts();
    boolean any = !conversations.isEmpty() || validation != null || test != null;
    boolean all = !conversations.isEmpty() && validation != null && test != null;
    if (exports.isEmpty() ? !all : any) {
      throw UserException.usage(
          "recipe needs --conversations, --validation and --test, or --export alone");
    }
    if (exports.isEmpty() && exportConfig.isPresent()) {
      throw UserException.usage("--export-config needs --export");
    }
    Stream.of(epochs, newest)
        .flatMap(Optional::stream)
        .filter(number -> number < 1)
        .forEach(
            number -> {
              throw UserException.usage(
                  "--epochs and --newest must be at least 1 but one is " + number);
            });
    if (!base.startsWith("random:")) {
      StoreOptions.requireName("--base", base);
    }
  }

  private Path data(String file) {
    return output.resolve("data").resolve(file + ".jsonl.gz");
  }

  /** From the exports to three files; none without them. */
  private List<Step> exportSteps() {
    if (exports.isEmpty()) {
      return List.of();
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "conversations",
                "import",
                option("conversations", exports),
                option("output", output.resolve("data"))));
    exportConfig.ifPresent(file -> command.add("--config=" + file));
    String imported = option("conversations", data("conversations"));
    List<String> split = List.of("conversations", "split", imported, command.get(3));
    Path checked = printed(output, "check");
    return List.of(
        new Step("import", printed(output, "import"), data("conversations"), command),
        new Step("check", checked, checked, withTerms(List.of("conversations", "check", imported))),
        new Step("split", printed(output, "split"), data("test"), split));
  }

  /** Runs the steps that are not done, until one fails, and returns its exit code. */
  private int run(Path program, List<Step> steps) throws IOException {
    for (Step step : steps) {
      if (Files.exists(step.result())) {
        log.info("{} is done already, {}", step.name(), step.result());
        continue;
      }
      log.info("{}: repartee {}", step.name(), String.join(" ", step.command()));
      long began = System.nanoTime();
      int exitCode = step.run(program, Redirect.INHERIT);
      recipe = recipe.with(step.name(), (System.nanoTime() - began) / 1e9);
      write(recipe);
      if (exitCode != 0) {
        boolean isRefused = exitCode == UserException.Kind.WRONG_USAGE.exitCode();
        log.info(
            "{} ended with exit code {}, see the lines above; {}",
            step.name(),
            exitCode,
            isRefused ? again() : "the same command continues from there");
        return exitCode;
      }
    }
    return 0;
  }

  /** The data of the plan, which is made first where there is none. */
  private Data planned(Path program) throws IOException {
    if (recipe.plan() == null) {
      recipe = recipe.with(plan(program));
      write(recipe);
    }
    Plan plan = recipe.plan();
    log.info("plan: {}", plan.text());
    List<Path> learned = conversations;
    if (plan.leftOut() > 0) {
      learned = List.of(output.resolve("newest.jsonl.gz"));
      if (!Files.exists(learned.getFirst())) {
        List<Conversation> inOrder =
            ConversationReader.readAll(conversations).stream()
                .sorted(Comparator.comparing(one -> one.startedAt().orElse(Instant.MIN)))
                .toList();
        ConversationWriter.write(
            learned.getFirst(), inOrder.subList(plan.leftOut(), inOrder.size()));
      }
    }
    return data(learned, plan.epochs());
  }

  private Data data(List<Path> learned, int times) {
    return new Data(output, pretrain, learned, learned, validation, test, times, Optional.empty());
  }

  private Plan plan(Path program) throws IOException {
    log.info("plan: trying every step on two small samples, for some minutes");
    Path folder = output.resolve("plan");
    Rehearsal rehearsal = new Rehearsal(program, folder, data(conversations, EPOCHS));
    Map<String, Cost> costs = rehearsal.costs(this::steps);
    int count = rehearsal.conversations();
    int most = Math.min(count, newest.orElse(count));
    // Two trainings, each with more checkpoints than the sample's.
    long needed = 4 * Folders.bytes(folder);
    long free = Folders.freeBytes(output).orElse(Long.MAX_VALUE);
    if (free < needed) {
      throw new UserException(
          "--output %s: the steps need %s but %s is free; free some space, or name another disk"
              .formatted(output, Quantities.size(needed), Quantities.size(free)));
    }
    Folders.delete(folder);
    double left =
        time.map(given -> given.toMillis() / 1e3 - (System.nanoTime() - started) / 1e9)
            .orElse(Double.POSITIVE_INFINITY);
    return Plan.of(costs, left, epochs.orElse(1), epochs.orElse(EPOCHS), most, count, needed);
  }

  private List<Step> steps(Data data) {
    List<Step> steps = new ArrayList<>();
    Path output = data.output();
    List<String> validating = List.of(option("validation", data.validation()));
    String start = base;
    if (!data.pretrain().isEmpty()) {
      List<String> once = List.of("--epochs=1", "--learning-rate=1e-3", "--loss-on=all");
      steps.add(finetune(data, "base", base, data.pretrain(), plus(once, validating)));
      start = output.resolve("base/model").toString();
    }
    Path extracted = output.resolve("answers/answers.json");
    if (answers.isEmpty()) {
      List<String> extracting =
          List.of(
              "extract",
              option("conversations", data.toExtract()),
              option("output", output.resolve("answers")));
      steps.add(new Step("answers", printed(output, "answers"), extracted, withTerms(extracting)));
    }
    List<Path> learned = data.conversations();
    String given = "--answers=" + answers.orElse(extracted);
    List<String> tuning = List.of(given, "--epochs=" + data.epochs(), "--learning-rate=6e-4");
    steps.add(finetune(data, "trial", start, learned, plus(tuning, validating)));
    List<String> calibrating = List.of("--calibrate", "--limit=" + CALIBRATION_CONVERSATIONS);
    steps.add(evaluate(data, "calibration", TRIAL, data.validation(), calibrating));
    // What has done its work as validation is worth as much as any other conversation.
    List<String> goingOn =
        List.of(given, "--epochs=1", "--learning-rate=3e-4", "--keep-calibration");
    String trial = output.resolve(TRIAL).toString();
    steps.add(finetune(data, "tuned", trial, plus(learned, data.validation()), goingOn));
    for (String point : List.of("calm", "eager")) {
      List<String> measuring = new ArrayList<>();
      measuring.add("--operating-point=" + point);
      measuring.add("--least-saved=" + Verdict.leastSaved(leastSaved));
      measuring.add(option("output", output.resolve(point)));
      data.timed().ifPresent(replies -> measuring.add("--timed=" + replies));
      if (point.equals("calm")) {
        measuring.add(option("train", learned));
        measuring.addAll(validating);
      }
      steps.add(evaluate(data, point, TUNED, data.test(), measuring));
    }
    return steps;
  }

  private List<String> withTerms(List<String> command) {
    return terms.file().map(file -> plus(command, "--terms=" + file)).orElse(command);
  }

  private static <T> List<T> plus(List<T> all, T one) {
    return plus(all, List.of(one));
  }

  private static <T> List<T> plus(List<T> all, List<T> more) {
    return Stream.of(all, more).flatMap(List::stream).toList();
  }

  /** Goes on where an earlier run of the same folder stopped. */
  private Step finetune(
      Data data, String name, String from, List<Path> conversations, List<String> more) {
    Path run = data.output().resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                "finetune",
                option("output", run),
                "--base=" + from,
                option("conversations", conversations),
                // The rates are for this many tokens, whatever the device would take.
                "--batch-tokens=" + BATCH_TOKENS,
                "--device=" + device.name()));
    command.addAll(withTerms(more));
    models.store().ifPresent(uri -> command.add("--store=" + uri));
    if (Files.exists(run.resolve("run.json"))) {
      command.add("--resume");
    }
    return new Step(name, printed(data.output(), name), run.resolve("model"), command);
  }

  private Step evaluate(
      Data data, String name, String model, Path conversations, List<String> more) {
    List<String> command =
        List.of(
            "evaluate",
            option("model", data.output().resolve(model)),
            option("conversations", conversations),
            "--device=" + device.name());
    Path printed = printed(data.output(), name);
    return new Step(name, printed, printed, plus(command, more));
  }

  private static String option(String name, List<Path> files) {
    return "--%s=%s"
        .formatted(name, files.stream().map(Path::toString).collect(Collectors.joining(",")));
  }

  private static String option(String name, Path file) {
    return option(name, List.of(file));
  }

  private static Path printed(Path output, String step) {
    return output.resolve(step + ".json");
  }

  /**
   * The record of the folder, new or as an earlier call left it.
   *
   * @throws UserException naming each input that has changed since
   */
  private Recipe begin() throws IOException {
    SortedMap<String, String> inputs = inputs();
    Path file = output.resolve(RECORD);
    if (!Files.exists(file)) {
      Files.createDirectories(output);
      if (!Folders.list(output).isEmpty()) {
        throw UserException.usage(
            "--output %s holds something that no recipe wrote; name another folder"
                .formatted(output));
      }
      if (exports.isEmpty()) {
        requireHeldOut();
      }
      Recipe begun = new Recipe(inputs, null, Map.of());
      write(begun);
      return begun;
    }
    Recipe begun;
    try {
      begun = Json.COMPACT.readValue(Files.readString(file), Recipe.class);
    } catch (JacksonException | NullPointerException e) {
      throw new UserException(
          "%s cannot be read (%s); name another --output".formatted(file, e.getMessage()), e);
    }
    TreeSet<String> names = new TreeSet<>(inputs.keySet());
    names.addAll(begun.inputs().keySet());
    names.removeIf(name -> inputs.getOrDefault(name, "").equals(begun.inputs().get(name)));
    if (begun.plan() == null) {
      names.removeAll(Set.of("epochs", "newest", "time")); // such as a time that was too short
    }
    if (!names.isEmpty()) {
      throw UserException.usage(
          "--output %s was begun with other inputs: %s; %s"
              .formatted(
                  output,
                  names.stream()
                      .map(
                          name ->
                              "%s was %s and is %s"
                                  .formatted(
                                      name,
                                      begun.inputs().getOrDefault(name, "absent"),
                                      inputs.getOrDefault(name, "absent")))
                      .collect(Collectors.joining(", ")),
                  again()));
    }
    return new Recipe(inputs, begun.plan(), begun.seconds());
  }

  private String again() {
    return "give the same options as before; or, to begin again, another --output, or delete "
        + output;
  }

  /**
   * Figures of conversations that the model has read, or that chose something, are worth nothing.
   */
  private void requireHeldOut() {
    Map<String, ConversationKeys> read = new LinkedHashMap<>();
    models
        .keys("--base", base)
        .ifPresent(keys -> read.put(ConversationKeys.inTrainingDataOf("--base " + base), keys));
    Stream.of(pretrain, conversations)
        .flatMap(List::stream)
        .forEach(file -> read.computeIfAbsent(isIn(file), _ -> ConversationKeys.of(file)));
    requireNew(validation, read);
    try (Stream<Conversation> all = ConversationReader.stream(plus(conversations, validation))) {
      all.forEach(_ -> {}); // refuses an id twice at once, as the last training would in an hour
    }
    read.put(isIn(validation), ConversationKeys.of(validation));
    requireNew(test, read);
  }

  private static void requireNew(Path heldOut, Map<String, ConversationKeys> read) {
    read.forEach(
        (relation, keys) -> {
          try (Stream<Conversation> all = ConversationReader.stream(heldOut)) {
            keys.requireNew(heldOut.toString(), all, relation);
          }
        });
  }

  private static String isIn(Path file) {
    return "are in %s too".formatted(file);
  }

  private SortedMap<String, String> inputs() throws IOException {
    SortedMap<String, String> inputs = new TreeMap<>();
    addHashes(inputs, "conversations", conversations);
    addHashes(inputs, "validation", Optional.ofNullable(validation).stream().toList());
    addHashes(inputs, "test", Optional.ofNullable(test).stream().toList());
    addHashes(inputs, "export", filesOf(exports));
    addHashes(inputs, "export-config", exportConfig.stream().toList());
    addHashes(inputs, "pretrain", pretrain);
    addHashes(inputs, "answers", answers.stream().toList());
    addHashes(inputs, "terms", terms.file().stream().toList());
    epochs.ifPresent(number -> inputs.put("epochs", "" + number));
    newest.ifPresent(number -> inputs.put("newest", "" + number));
    time.ifPresent(duration -> inputs.put("time", "" + duration));
    Path folder = Path.of(base);
    if (Files.isDirectory(folder)) {
      addHashes(
          inputs, "base", Folders.list(folder).stream().filter(Files::isRegularFile).toList());
    } else {
      inputs.put("base", base);
    }
    return inputs;
  }

  /** Files, and those in folders. */
  private static List<Path> filesOf(List<Path> paths) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      files.addAll(Files.isDirectory(path) ? Folders.files(path) : List.of(path));
    }
    return files;
  }

  private static void addHashes(SortedMap<String, String> hashes, String option, List<Path> files)
      throws IOException {
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw UserException.usage("--%s %s: no such readable file".formatted(option, file));
      }
      hashes.put("%s[%d] %s".formatted(option, i, file.getFileName()), Sha256.of(file));
    }
  }

  private static String saved(JsonNode evaluation, String rule) {
    return Output.number(evaluation.at("/rules/%s/saved".formatted(rule)).asDouble());
  }

  private void write(Recipe recipe) throws IOException {
    AtomicFile.writeString(output.resolve(RECORD), Json.PRETTY.writeValueAsString(recipe) + "\n");
  }
}
