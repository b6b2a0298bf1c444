package dev.repartee.finetune.replay;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.evaluate.Remembered;
import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.metric.LearningCurve;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.PageHtml;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code repartee replay}: measures and then learns, one conversation after the other, from an
 * empty memory and with weights that stay as they are. It shows a center what it would have saved,
 * before it deploys anything.
 */
@Command(
    name = "replay",
    footer = {
      "  repartee replay --model runs/acme/model --conversations all.jsonl.gz --output runs/replay"
    },
    description =
        "How much would have been saved if the model had learned one conversation after the other,"
            + " starting with an empty memory: the curve over conversations seen, as one JSON"
            + " object.")
public final class ReplayCommand implements Callable<Integer> {

  static final String REPORT = "replay.json";
  static final String PAGE = "report.html";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS",
      description =
          "Model folder, or model of the registry; its answers and its memory are not used.")
  private String model;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Conversations in the order in which they are learned: JSON Lines or CSV, plain or gzip.")
  private List<Path> conversations;

  @Option(
      names = "--each",
      defaultValue = "25",
      paramLabel = "N",
      description = "Conversations per point of the curve.")
  private int each;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for " + PAGE + ", a page, and " + REPORT + ", the same JSON.")
  private Optional<Path> output;

  @Mixin private Output printed;

  /**
   * The result as it is printed and written to {@code replay.json}.
   *
   * @param model the registry's version, or the folder
   * @param operatingPoint {@code eager} or {@code calm}
   * @param files of the conversations, as they were given
   * @param each conversations of a window
   * @param memory at the end
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Report(
      String model,
      Precision precision,
      String operatingPoint,
      List<String> files,
      int each,
      @JsonUnwrapped LearningCurve curve,
      Remembered memory) {

    /** {@code report.js} draws it. The same report gives the same bytes. */
    String html() {
      return PageHtml.of(ReplayCommand.class, new ReplayPage(this, CodeVersion.shown()));
    }
  }

  private record ReplayPage(Report report, String codeVersion) {}

  @Override
  public Integer call() {
    LearningCurve.checkEach(each);
    LocalModel found = source.locate(model);
    List<Conversation> replayed = ConversationReader.readAll(conversations);
    ConversationKeys.requireNewTo(found.folder(), found.name(), conversations, replayed);
    Report report = replay(found, replayed);
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
            .orElse("--output DIR draws the curve as a page"));
    return 0;
  }

  private Report replay(LocalModel found, List<Conversation> replayed) {
    EngineOptions options = engine.options(found.folder());
    try (SuggestionEngine learning = SuggestionEngine.loadWithoutReplies(found.folder(), options);
        ProgressLine progress = new ProgressLine("replay " + found.name(), "replies")) {
      Measurement measured =
          TypedTextSaved.replay(learning, replayed, LearningCurve.RULES, progress::stepTo);
      return new Report(
          found.name(),
          options.compute().precision(),
          options.display().point().name().toLowerCase(Locale.ROOT),
          conversations.stream().map(Path::toString).toList(),
          each,
          LearningCurve.of(measured.counts(), replayed, each),
          Remembered.of(learning.knowledge().memory().size()));
    }
  }
}
