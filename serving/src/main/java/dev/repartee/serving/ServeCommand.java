package dev.repartee.serving;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.VersionName;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.model.ModelLoader;
import dev.repartee.serving.operations.LogFormat;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.text.cli.Output;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the service until the process receives SIGTERM or SIGINT. */
@Command(
    name = "repartee serve",
    footer = {"  repartee serve --store registry --model acme@production --port 8080"},
    mixinStandardHelpOptions = true,
    description = "Serves reply suggestions over HTTP until it is stopped (SIGTERM, Ctrl-C).")
public final class ServeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ServeConfig config = new ServeConfig();
  @Mixin private Output output;

  private final EngineFactory engines;

  /** Makes the loader of models. Tests replace it, because they have no neural model. */
  @FunctionalInterface
  public interface EngineFactory {

    /**
     * Makes a loader.
     *
     * @param passes is called after each joint pass of the model
     */
    Function<Path, ServingEngine> loader(ServeConfig config, BatchedPasses.Listener passes);
  }

  public ServeCommand(EngineFactory engines) {
    this.engines = engines;
  }

  @Override
  public Integer call() throws InterruptedException {
    config.check();
    LogFormat.apply();
    Optional<Gpu> gpu = config.compute.gpu(); // a device that is missing ends it here
    long began = System.nanoTime();
    try (Access access = config.access(System.getenv());
        ServiceMetrics metrics = new ServiceMetrics();
        FeedbackApi feedback = config.openFeedback(metrics);
        SuggestionService service = new SuggestionService(config, access, feedback, metrics);
        StopSignal stop = new StopSignal(service::close)) {
      gpu.ifPresent(one -> metrics.gaugeGpu(Gpus.ofThisMachine(), one));
      print("listening", service, Map.of());
      ModelLoader loader =
          new ModelLoader(
              config.source(feedback.store(), service::build),
              engines.loader(config, metrics::passRan),
              config.predictions(),
              config.library());
      VersionName served = service.load(loader);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      print("ready", service, Map.of("model", served, "start_ms", took.toMillis()));
      service.watch();
      stop.await();
    }
    return 0;
  }

  private void print(String event, SuggestionService service, Map<String, ?> more) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("url", service.url().toString());
    line.put("admin_url", service.adminUrl().toString());
    line.putAll(more);
    PrintWriter out = spec.commandLine().getOut();
    out.println(output.isJson() ? Json.COMPACT.writeValueAsString(line) : text(line));
    out.flush();
  }

  private static String text(Map<String, Object> line) {
    return line.entrySet().stream()
        .map(
            entry ->
                entry.getKey().equals("event")
                    ? entry.getValue()
                    : entry.getKey() + " " + entry.getValue())
        .map(String::valueOf)
        .collect(Collectors.joining("  "));
  }

  /**
   * Ends the process in order after SIGTERM or Ctrl-C, with exit code 0. Java's own exit code would
   * be 143, which reads as a failure.
   */
  private static final class StopSignal implements AutoCloseable {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook;

    /** Runs {@code stop} after SIGTERM or Ctrl-C. */
    StopSignal(Runnable stop) {
      hook = Thread.ofPlatform().name("stop").unstarted(() -> end(stop));
      Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(Runnable stop) {
      int exitCode = 1;
      try {
        stop.run();
        exitCode = 0;
      } finally {
        stopped.countDown();
        Runtime.getRuntime().halt(exitCode); // only this can change the exit code now
      }
    }

    /** Waits until the signal came and everything is closed. */
    void await() throws InterruptedException {
      stopped.await();
    }

    /** Removes the hook, so that a failed start ends with its own exit code. */
    @Override
    public void close() {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyStopping) {
        // The hook is running, and decides the exit code.
      }
    }
  }
}
