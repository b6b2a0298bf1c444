package dev.repartee.lab.transcript;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.evaluate.ServicePredictor;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.EngineSettings.PredictorFactory;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.lab.transcript.Transcript.Situation;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.cli.Terminal;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code repartee transcript}: shows people what a model does. The situations and the conversation
 * are typed by the simulated agent of {@code evaluate}, so what is seen is what is measured.
 */
@Command(
    name = "transcript",
    description =
        "Shows what a model suggests in a few situations, one conversation typed key by key, and"
            + " what was saved on all: a text at a terminal, else JSON.",
    footer = {
      "  repartee transcript --model demo-run/finetune/model --situations"
          + " scripts/samples/situations.jsonl --conversations scripts/samples/test.jsonl"
    })
public final class TranscriptCommand implements Callable<Integer> {

  private static final Duration KEY_ON_SCREEN = Duration.ofMillis(25);

  private final PredictorFactory loader;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR|NAME@ALIAS",
      description = "Model folder, or model of the registry.")
  private Optional<String> model;

  @Option(
      names = "--service",
      paramLabel = "URL",
      description = "A running service, instead of --model: called over HTTP, one request per key.")
  private Optional<String> service;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;

  @Option(
      names = "--situations",
      paramLabel = "FILE",
      description =
          "JSON Lines of {\"name\", \"messages\": [{\"role\", \"text\"}], \"draft\"}; without it"
              + " none are shown.")
  private Optional<Path> situations;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations that the model has not learned from: JSON Lines or CSV.")
  private List<Path> conversations;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many conversations at most, a fixed sample by their ids.")
  private Optional<Integer> limit;

  @Mixin private Output printed;

  public TranscriptCommand() {
    this(SuggestionEngine::load);
  }

  TranscriptCommand(PredictorFactory loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() {
    if (model.isPresent() == service.isPresent()) {
      throw UserException.usage("give one of --model and --service");
    }
    EvaluationSettings net = EvaluationSettings.DEFAULT.withRules(List.of(Rule.NET));
    EvaluationSettings settings = limit.map(net::withLimit).orElse(net);
    List<Conversation> held = ConversationReader.readAll(conversations);
    PrintWriter out = spec.commandLine().getOut();
    boolean read = !printed.isJson();
    TranscriptText text =
        new TranscriptText(
            out,
            Terminal.width(),
            Terminal.hasColours(),
            Terminal.hasColours() ? KEY_ON_SCREEN : Duration.ZERO);
    try (ReplyPredictor predictor = predictor()) {
      List<Situation> shown =
          situations.map(file -> Transcript.situations(file, predictor)).orElse(List.of());
      if (read) {
        text.print(shown);
      }
      Measurement measured;
      try (ProgressLine progress = new ProgressLine("type the conversations", "replies")) {
        measured = TypedTextSaved.measure(predictor, held, settings, progress::stepTo);
      }
      Transcript transcript = Transcript.of(name(), shown, held, measured);
      if (read) {
        text.print(transcript.conversation());
        text.print(transcript.conversations());
      } else {
        out.println(Json.PRETTY.writeValueAsString(transcript));
        out.flush();
      }
    }
    return 0;
  }

  private String name() {
    return service.or(() -> model).orElseThrow();
  }

  private ReplyPredictor predictor() {
    if (service.isPresent()) {
      return new ServicePredictor(service.get(), engine.display());
    }
    Path folder = source.locate(model.orElseThrow()).folder();
    return loader.load(folder, engine.options(folder));
  }
}
