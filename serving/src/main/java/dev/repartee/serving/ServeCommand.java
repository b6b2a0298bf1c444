package dev.repartee.serving;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.PrecisionChoice;
import dev.repartee.serving.feedback.FeedbackPart;
import dev.repartee.serving.feedback.MeasuredFeedback;
import dev.repartee.serving.http.Address;
import dev.repartee.serving.model.ModelInfo;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ModelSources;
import dev.repartee.serving.model.PredictorLoader;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the service until the process is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves reply suggestions over HTTP until it is told to stop (SIGTERM, Ctrl-C).",
      "With --store it pulls a version from the registry; without, --model is a model folder.",
      "Prints one JSON line when it listens and one when it is ready."
    })
public final class ServeCommand implements Callable<Integer> {

  private static final long MEBIBYTE = 1L << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Registry: gs://bucket/prefix or a folder.")
  private Optional<String> store = Optional.empty();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME@ALIAS|DIR",
      description = "Model and alias (or version number) in the store, or a model folder.")
  private String model;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where pulled versions are kept. Default: ~/.cache/repartee/models.")
  private Optional<Path> cache = Optional.empty();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "HOST",
      description = "Interface to listen on. Default: ${DEFAULT-VALUE}.")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "PORT",
      description = "Port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|bf16|int8",
      description =
          "What the model computes in; auto takes what is fastest here by measurement, INT8 only"
              + " where the model's card allows it. Default: ${DEFAULT-VALUE}.")
  private PrecisionChoice precision;

  @Option(
      names = "--deadline-ms",
      defaultValue = "60",
      paramLabel = "MS",
      description =
          "Milliseconds after which a completion is what was found by then. Default: ${DEFAULT-VALUE}.")
  private int deadlineMillis;

  @Option(
      names = "--poll-seconds",
      defaultValue = "10",
      paramLabel = "S",
      description =
          "How often to ask which version the alias names; another one replaces the one that serves."
              + " 0: never. Default: ${DEFAULT-VALUE}.")
  private int pollSeconds;

  @Option(
      names = "--drain-seconds",
      defaultValue = "1",
      paramLabel = "S",
      description =
          "How long connections are still taken after SIGTERM, while /health/ready says 503 already:"
              + " what a load balancer needs to look elsewhere. Default: ${DEFAULT-VALUE}.")
  private int drainSeconds;

  @Option(
      names = "--sessions-mib",
      defaultValue = "1024",
      paramLabel = "MIB",
      description =
          "Memory for conversations that were read and may go on. Default: ${DEFAULT-VALUE}.")
  private int sessionsMebibytes;

  @Option(
      names = "--naive",
      hidden = true,
      description = "One request at a time and nothing remembered, to measure what both gain.")
  private boolean naive;

  @Mixin private AccessFlags accessFlags = new AccessFlags();
  @Mixin private OperationsFlags operationsFlags = new OperationsFlags();
  @Mixin private FeedbackFlags feedbackFlags = new FeedbackFlags();

  private final EngineFactory engines;

  /**
   * Makes the command.
   *
   * @param engines what makes the predictors of model folders
   */
  public ServeCommand(EngineFactory engines) {
    this.engines = requireNonNull(engines, "engines is null");
  }

  @Override
  public Integer call() throws InterruptedException {
    requireAtLeast("--deadline-ms", deadlineMillis, 1);
    requireAtLeast("--poll-seconds", pollSeconds, 0);
    requireAtLeast("--drain-seconds", drainSeconds, 0);
    requireAtLeast("--sessions-mib", sessionsMebibytes, 1);
    operationsFlags.logFormat().apply();
    ServiceOptions options =
        new ServiceOptions(
            new Address(host, port),
            Optional.of(operationsFlags.admin()),
            accessFlags.access(host, System.getenv()),
            accessFlags.cors(),
            Duration.ofSeconds(drainSeconds));
    PredictionOptions predictions =
        naive
            ? PredictionOptions.naive()
            : PredictionOptions.defaults().withSessionBytes(sessionsMebibytes * MEBIBYTE);
    ModelSource source = ModelSources.of(store, model, cache);
    long began = System.nanoTime();
    try (ServiceMetrics metrics = new ServiceMetrics();
        FeedbackPart feedback =
            feedbackFlags.open(
                store, ModelSources.cacheFolder(cache), new MeasuredFeedback(metrics));
        SuggestionService service = SuggestionService.bind(options, feedback, metrics);
        StopSignal stop = StopSignal.install(service::close)) {
      print("listening", service, Map.of());
      PredictorLoader loader =
          engines.loader(
              new EngineFactory.Options(
                  precision, Duration.ofMillis(deadlineMillis), naive, metrics::passRan));
      ModelInfo info = service.load(source, loader, predictions);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      print("ready", service, Map.of("model", info.identity(), "start_ms", took.toMillis()));
      if (pollSeconds > 0) {
        service.watch(source, loader, predictions, Duration.ofSeconds(pollSeconds));
      }
      stop.await();
    }
    return 0;
  }

  private static void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw UserException.usage(option + " must be at least " + least + " but is " + value);
    }
  }

  private void print(String event, SuggestionService service, Map<String, ?> more) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("url", service.url().toString());
    service.adminUrl().ifPresent(admin -> line.put("admin_url", admin.toString()));
    line.putAll(more);
    PrintWriter out = spec.commandLine().getOut();
    out.println(Json.COMPACT.writeValueAsString(line));
    out.flush();
  }
}
