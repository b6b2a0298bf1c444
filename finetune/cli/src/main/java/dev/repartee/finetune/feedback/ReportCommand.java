package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.options.LibraryOptions;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.registry.feedback.AgentUsage;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee report}: what supervisors want to know of the feedback of their agents. */
@Command(
    name = "report",
    description = {
      "What suggestions do for agents, by their feedback, as one JSON object: composing time, net"
          + " and typed text saved, adoption, by week, queue and version; answers never used, and"
          + " replies typed often that should become answers.",
      "The report shows agents in groups of ten and more only."
    },
    footer = {
      "  repartee report --feedback registry --output usage",
      "  repartee report --feedback registry --since 2026-11-26 --until 2026-11-26 --output day26",
      "  repartee report --feedback registry --fit-costs --output costs",
      "  repartee report --tallies day25/tallies.json.gz,day26/tallies.json.gz --output both"
    },
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {

  static final String REPORT = "usage.json";
  static final String PAGE = "report.html";
  static final String COSTS = "costs.json";
  static final String TALLIES = "tallies.json.gz";

  @Option(
      names = "--feedback",
      paramLabel = "URI",
      description =
          "The store that keeps agents' feedback: gs://BUCKET/PREFIX, or a folder; without a store,"
              + " the folder of 'serve --feedback-dir'.")
  private Optional<String> feedback = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "DAY",
      description = "First day to count, in UTC, such as 2026-11-01. Default: the first there is.")
  private Optional<LocalDate> since = Optional.empty();

  @Option(
      names = "--until",
      paramLabel = "DAY",
      description = "Last day to count. Default: the last there is.")
  private Optional<LocalDate> until = Optional.empty();

  @Option(
      names = "--tallies",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "What other reports counted ("
              + TALLIES
              + "), to be added; with or without --feedback. Parts must not overlap: what is in two"
              + " of them counts twice.")
  private List<Path> tallies = new ArrayList<>();

  @Option(
      names = "--answers",
      paramLabel = "DIR|NAME@ALIAS",
      description =
          "Answer library, a folder or of the store: names those of its entries that nobody used.")
  private Optional<String> answers = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Folder for "
              + PAGE
              + ", to be looked at, "
              + REPORT
              + ", the same JSON, and "
              + TALLIES
              + ", to be added to others.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = "--for-agents",
      description =
          "Store each agent's own figures with the feedback, where 'serve' finds them for GET"
              + " /v1/usage.")
  private boolean forAgents;

  @Option(
      names = "--fit-costs",
      description = {
        "Instead of the report, estimates what it costs agents to read and to take a suggestion,"
            + " from the times in --feedback; --output DIR gets "
            + COSTS
            + " for 'evaluate --costs'."
      })
  private boolean fitCosts;

  @Mixin private Output printed;

  @Override
  public Integer call() {
    if (feedback.isEmpty() && tallies.isEmpty()) {
      throw UserException.usage("give --feedback URI, --tallies FILE, or both");
    }
    if (feedback.isEmpty() && (since.isPresent() || until.isPresent())) {
      throw UserException.usage(
          "--since and --until choose days of --feedback; give it, or leave them");
    }
    if (feedback.isEmpty() && forAgents) {
      throw UserException.usage("--for-agents stores figures in --feedback; give it");
    }
    if (since.isPresent() && until.isPresent() && until.get().isBefore(since.get())) {
      throw UserException.usage(
          "--until must not be before --since but is %s, before %s"
              .formatted(until.get(), since.get()));
    }
    if (fitCosts) {
      return fitCosts();
    }
    Optional<NamedLibrary> library = answers.map(name -> LibraryOptions.read(name, feedback));
    Tallies sum = new Tallies();
    Map<String, Path> parts = new HashMap<>(); // by their hashes
    for (Path file : tallies) {
      sum.merge(Tallies.read(file));
      Path same = parts.putIfAbsent(sha256(file), file);
      if (same != null) {
        throw UserException.usage(
            "--tallies must name each part once, but %s is the same as %s".formatted(file, same));
      }
    }
    feedback.ifPresent(uri -> sum.merge(read(uri)));
    if (sum.replies() == 0) {
      throw new UserException(
          "no reply was counted; choose other days with --since and --until, or another"
              + " --feedback");
    }
    UsageReport report = UsageReport.of(sum, library);
    output.ifPresent(
        folder -> {
          sum.write(folder.resolve(TALLIES));
          AtomicFile.writeResult(
              folder.resolve(REPORT), Json.PRETTY.writeValueAsString(report) + "\n");
          AtomicFile.writeResult(folder.resolve(PAGE), report.html());
        });
    List<String> text = report.lines();
    text.add(
        output
            .map(folder -> Output.NEXT + "look at " + folder.resolve(PAGE))
            .orElse(Output.NEXT + "--output DIR writes a page with weeks, queues and versions"));
    printed.print(report, text);
    if (forAgents) {
      try (ObjectStore store = ObjectStores.open(feedback.orElseThrow())) {
        AgentUsage.write(store, UsageReport.ofAgents(sum));
      }
    }
    return 0;
  }

  private int fitCosts() {
    if (feedback.isEmpty() || !tallies.isEmpty() || answers.isPresent() || forAgents) {
      throw UserException.usage(
          "--fit-costs reads --feedback URI, of the days --since to --until, and nothing else");
    }
    Costs costs;
    try (ObjectStore store = ObjectStores.open(feedback.get())) {
      costs =
          CostFit.fit(
              new FeedbackReader(store, Runtime.getRuntime().availableProcessors()),
              since.orElse(LocalDate.MIN),
              until.orElse(LocalDate.MAX));
    }
    Optional<Path> file = output.map(folder -> folder.resolve(COSTS));
    file.ifPresent(to -> AtomicFile.writeResult(to, Json.PRETTY.writeValueAsString(costs) + "\n"));
    List<String> text = new ArrayList<>(costs.lines());
    text.add(
        file.map(to -> Output.NEXT + "repartee evaluate --costs " + to + " ...")
            .orElse(Output.NEXT + "the same with --output DIR, for 'repartee evaluate --costs'"));
    printed.print(costs, text);
    return 0;
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Tallies read(String uri) {
    return Tallies.read(uri, since.orElse(LocalDate.MIN), until.orElse(LocalDate.MAX));
  }
}
