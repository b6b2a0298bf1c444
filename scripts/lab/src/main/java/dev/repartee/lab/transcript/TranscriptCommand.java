package dev.repartee.lab.transcript;

import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.ServicePredictor;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.lab.transcript.Transcript.Situation;
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
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code repartee transcript}: the end of the demo. The situations and one conversation are typed
 * with a service by the simulated agent of {@code evaluate}; the figures are those of {@code
 * evaluate}.
 */
@Command(
    name = "transcript",
    description =
        "Shows what a service suggests in a few situations, one conversation typed key by key, and"
            + " what 'evaluate' measured: a text at a terminal, else JSON.",
    footer = {
      "  repartee transcript --service http://127.0.0.1:8080 --situations"
          + " scripts/samples/situations.jsonl --conversations scripts/samples/test.jsonl"
          + " --evaluation demo-run/evaluation/evaluation.json"
    })
public final class TranscriptCommand implements Callable<Integer> {

  private static final Duration KEY_ON_SCREEN = Duration.ofMillis(25);

  private final Function<String, ReplyPredictor> services;

  @Spec private CommandSpec spec;

  @Option(
      names = "--service",
      required = true,
      paramLabel = "URL",
      description = "A running service: called over HTTP, one request per key.")
  private String service;

  @Option(
      names = "--situations",
      required = true,
      paramLabel = "FILE",
      description = "JSON Lines of {\"name\", \"messages\": [{\"role\", \"text\"}], \"draft\"}.")
  private Path situations;

  @Option(
      names = "--conversations",
      required = true,
      paramLabel = "FILE",
      description = "Conversations that the model has not learned from, of which one is typed.")
  private Path conversations;

  @Option(
      names = "--evaluation",
      required = true,
      paramLabel = "FILE",
      description = "What 'evaluate --output' wrote of the same model.")
  private Path evaluation;

  @Mixin private Output printed;

  public TranscriptCommand() {
    this(address -> new ServicePredictor(address, Display.CALM));
  }

  TranscriptCommand(Function<String, ReplyPredictor> services) {
    this.services = services;
  }

  @Override
  public Integer call() {
    EvaluationSettings one = EvaluationSettings.DEFAULT.withRules(List.of(Rule.NET)).withLimit(1);
    List<Conversation> held = ConversationReader.readAll(List.of(conversations));
    Transcript.Saved saved = Transcript.Saved.read(evaluation);
    PrintWriter out = spec.commandLine().getOut();
    TranscriptText text =
        new TranscriptText(
            out,
            Terminal.width(),
            Terminal.hasColours(),
            Terminal.hasColours() ? KEY_ON_SCREEN : Duration.ZERO);
    try (ReplyPredictor predictor = services.apply(service)) {
      List<Situation> shown = Transcript.situations(situations, predictor);
      Measurement measured;
      try (ProgressLine progress = new ProgressLine("type a conversation", "replies")) {
        measured = TypedTextSaved.measure(predictor, held, one, progress::stepTo);
      }
      Transcript transcript = Transcript.of(service, shown, held, measured, saved);
      if (printed.isJson()) {
        out.println(Json.PRETTY.writeValueAsString(transcript));
        out.flush();
      } else {
        text.print(transcript);
      }
    }
    return 0;
  }
}
