package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "  repartee report --feedback registry --fit-costs --output costs"
    },
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {

  static final String REPORT = "usage.json";
  static final String PAGE = "report.html";
  static final String COSTS = "costs.json";

  /** The store that {@code report} and {@code forget} read. */
  static final class FeedbackOption {

    @Option(
        names = "--feedback",
        required = true,
        paramLabel = "URI",
        description =
            "The store that keeps agents' feedback: gs://BUCKET/PREFIX, or a folder; without a store,"
                + " the folder of 'serve --feedback-dir'.")
    private String feedback;

    String uri() {
      return feedback;
    }
  }

  @Mixin private FeedbackOption feedback;

  @Option(
      names = "--answers",
      paramLabel = "DIR|NAME@ALIAS",
      description =
          "Answer library, a folder or of the store: names those of its entries that nobody used.")
  private Optional<String> answers = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for " + PAGE + ", to be looked at, " + REPORT + ", the same JSON.")
  private Optional<Path> output = Optional.empty();

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
    if (fitCosts) {
      return fitCosts();
    }
    Optional<NamedLibrary> library =
        answers.map(name -> StoreOptions.library(name, Optional.of(feedback.uri())));
    Tallies sum = Tallies.read(feedback.uri());
    if (sum.days().isEmpty()) {
      throw new UserException("no reply was counted; give another --feedback");
    }
    UsageReport report = UsageReport.of(sum, library);
    output.ifPresent(
        folder -> {
          AtomicFile.writeResult(
              folder.resolve(REPORT), Json.PRETTY.writeValueAsString(report) + "\n");
          AtomicFile.writeResult(folder.resolve(PAGE), report.html());
        });
    printed.print(
        report,
        output
            .map(folder -> "look at " + folder.resolve(PAGE))
            .orElse("--output DIR writes a page with weeks, queues and versions"));
    return 0;
  }

  private int fitCosts() {
    if (answers.isPresent()) {
      throw UserException.usage(
          "--fit-costs reads --feedback URI and nothing else; leave out --answers");
    }
    Costs costs;
    try (ObjectStore store = ObjectStores.open(feedback.uri())) {
      costs = CostFit.fit(new FeedbackReader(store, Runtime.getRuntime().availableProcessors()));
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
}
