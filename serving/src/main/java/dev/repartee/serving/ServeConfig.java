package dev.repartee.serving;

import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.BrowserRules;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.http.HttpServer.Address;
import dev.repartee.serving.model.FolderBuilds;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.model.ModelSource.FolderSource;
import dev.repartee.serving.model.RegistrySource;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.cli.Section;
import dev.repartee.text.cli.SizeConverter;
import dev.repartee.text.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Every option of {@code serve} with its name, default and bound. picocli sets the fields; after
 * that they do not change. {@link #check} enforces the bounds. Keys and tokens are checked by their
 * own types, when these are made.
 */
public final class ServeConfig {

  private static final Logger log = LoggerFactory.getLogger(ServeConfig.class);

  private static final long MEBIBYTE = 1L << 20;
  private static final int MAX_PORT = 65_535;

  /** In the cache. No model can have this name, so no pulled version can have this folder. */
  private static final String FEEDBACK_FOLDER = ".feedback";

  private static final int HASH_DIGITS = 12;

  // The model

  @Section("Model and answers")
  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Registry: gs://bucket/prefix or a folder.")
  private Optional<String> store = Optional.empty();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME@ALIAS|DIR",
      description = "Model and alias or number in the store, or a model folder.")
  private String model;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where pulled versions are kept. Default: ~/.cache/repartee/models.")
  private Optional<Path> cache = Optional.empty();

  @Option(
      names = "--poll",
      defaultValue = "10s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How often to look for a new version; 0: never.")
  Duration poll;

  @Option(
      names = "--session-memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "For cached conversations. Default: 1GiB, or by the GPU's memory.")
  private Optional<Long> sessionBytes = Optional.empty(); // at least 1 MiB

  @Option(
      names = "--answers",
      paramLabel = "NAME@ALIAS",
      description = "Answer library that versions must have. Default: any.")
  private Optional<String> library = Optional.empty();

  @Option(
      names = "--only-approved",
      description = "Offer only the library's texts and completions to them.")
  boolean onlyApproved;

  @Option(
      names = "--counts-alone",
      description = "Offer from counted words and known replies, without the model.")
  boolean countsAlone;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Experiment in the store to take part in.")
  private Optional<String> experiment = Optional.empty();

  @Mixin ComputeOptions compute = new ComputeOptions();

  // The addresses

  @Section("Addresses")
  @Option(names = "--host", paramLabel = "HOST", description = "Interface to listen on.")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "PORT", description = "Port; 0 for any free one.")
  private int port = 8080; // 0 to 65535

  @Option(names = "--admin-host", paramLabel = "HOST", description = "Interface of the admin port.")
  private String adminHost = "127.0.0.1";

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Port of /metrics and /health, without a key.")
  private int adminPort = 8081; // 0 to 65535

  @Option(
      names = "--drain",
      defaultValue = "1s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long connections are accepted after SIGTERM.")
  Duration drain; // while it is unready, so that load balancers send requests elsewhere first

  @Mixin Access.Options access = new Access.Options();
  @Mixin BrowserRules browsers = new BrowserRules();

  // Feedback and the log

  @Section("Feedback and learning")
  @Option(
      names = "--feedback-dir",
      paramLabel = "DIR",
      description = "Where feedback waits for the store. Default: in the --cache folder.")
  private Optional<Path> feedbackFolder = Optional.empty();

  @Option(
      names = "--feedback-in-store",
      description = "Answer feedback when the store has it, not this disk.")
  private boolean feedbackInStore;

  @Option(names = "--agent-timing", description = "Store a salted hash of the agent with feedback.")
  private boolean agentTiming;

  @Option(
      names = "--learn",
      description = "Suggest to all what several agents type; stores redacted texts.")
  private boolean learn;

  /** The pause between two builds without a store. Tests set a shorter one. */
  Duration buildEvery = Duration.ofSeconds(30);

  /**
   * Checks the bounds.
   *
   * @throws UserException (wrong usage) naming the option, its bound and its value
   */
  void check() {
    if (sessionBytes.isPresent() && sessionBytes.get() < MEBIBYTE) {
      throw UserException.usage(
          "--session-memory must be at least 1MiB but is %dB".formatted(sessionBytes.get()));
    }
    if (store.isEmpty() && ModelReference.looksLike(model) && !Files.exists(Path.of(model))) {
      throw UserException.usage(
          "--model %s names a version in a registry: add --store URI, or give a model folder"
              .formatted(model));
    }
    String name = modelName();
    if (store.isEmpty() && builds().isAny()) {
      var _ = ModelReference.checkName("folder of --model", name);
    }
    if (feedbackInStore && store.isEmpty()) {
      throw UserException.usage("--feedback-in-store needs --store URI: where feedback is to be");
    }
    if (agentTiming && access.agents().knowsNobody()) {
      throw UserException.usage(
          "--agent-timing needs --agent-claim NAME or --trust-agent-id: without them no agent is"
              + " known");
    }
    requireAddress("--host", host, "--port", port);
    requireAddress("--admin-host", adminHost, "--admin-port", adminPort);
    browsers.check();
    var _ = experiment();
  }

  private static void requireAddress(String hostOption, String host, String portOption, int port) {
    if (host.isBlank()) {
      throw UserException.usage(hostOption + " must not be blank; try 127.0.0.1");
    }
    if (port < 0 || port > MAX_PORT) {
      throw UserException.usage(
          portOption + " must be between 0 and " + MAX_PORT + " but is " + port);
    }
  }

  /**
   * The source of the model.
   *
   * @param opened the store, or where there is none that of the feedback
   * @param reader reads contexts for a build
   */
  ModelSource source(ObjectStore opened, VersionBuilder.Reader reader) {
    if (store.isPresent()) {
      return new RegistrySource(opened, ModelReference.parse(model), cacheFolder());
    }
    FolderSource folder = new FolderSource(Path.of(model));
    return builds().isAny()
        ? new FolderBuilds(folder, builds(), opened, cacheFolder(), reader)
        : folder;
  }

  private FolderBuilds.Options builds() {
    return new FolderBuilds.Options(library(), learn, buildEvery);
  }

  /** The library that versions must be built with, where one is wanted. */
  Optional<ModelReference> library() {
    return library.map(name -> ModelReference.parse(name, RegistryKind.LIBRARY));
  }

  /** The folder that {@code --cache} names, or the default in the user's cache. */
  Path cacheFolder() {
    return cache.orElseGet(ModelCache::defaultRoot);
  }

  /**
   * The experiment to follow.
   *
   * @throws UserException (wrong usage) when it needs another option
   */
  Optional<String> experiment() {
    if (experiment.isPresent() && (store.isEmpty() || !poll.isPositive())) {
      throw UserException.usage(
          "--experiment names one in a registry that is polled: add --store URI, and leave --poll"
              + " above 0");
    }
    return experiment.map(name -> ModelReference.checkName("--experiment", name));
  }

  /** The name of the model that serves, known before it is loaded. */
  String modelName() {
    return store.isPresent()
        ? ModelReference.parse(model).model()
        : new FolderSource(Path.of(model)).name();
  }

  /**
   * Refuses to offer only what is approved where nothing is.
   *
   * @param library that the version was built with
   * @throws UserException (wrong usage) when {@code --only-approved} needs another option
   */
  void requireApproved(AnswerLibrary library) {
    if (onlyApproved && this.library.isEmpty() && library.entries().isEmpty()) {
      throw UserException.usage(
          "--only-approved needs --answers NAME@ALIAS, or a version that was built with a library:"
              + " what is approved");
    }
  }

  PredictionOptions predictions() {
    return PredictionOptions.of(sessionBytes.map(OptionalLong::of).orElseGet(OptionalLong::empty));
  }

  /** The address of the API. */
  Address address() {
    return new Address(host, port);
  }

  /** The address of the metrics and probes. */
  Address admin() {
    return new Address(adminHost, adminPort);
  }

  /**
   * Who may ask.
   *
   * @throws UserException (wrong usage) as {@link Access.Options#open}
   */
  Access access(Map<String, String> environment) {
    Access who = access.open(environment, host);
    if (learn) {
      who.whoTeaches().ifPresent(one -> log.warn("--learn without --agent-claim: {}", one));
    }
    return who;
  }

  /**
   * Opens the journal of feedback, which is moved to the store if one is configured.
   *
   * @throws UserException when the folder cannot be used
   */
  FeedbackApi openFeedback(ServiceMetrics metrics) {
    Duration segmentAge = feedbackInStore ? Duration.ZERO : FeedbackOptions.SEGMENT_AGE;
    return new FeedbackApi(
        feedbackFolder.orElseGet(this::defaultFeedbackFolder),
        store.map(ObjectStores::openExisting),
        FeedbackOptions.of(segmentAge, agentTiming, learn),
        metrics);
  }

  /** One for each store, so that a service moves no feedback that belongs in another store. */
  private Path defaultFeedbackFolder() {
    return cacheFolder()
        .resolve(FEEDBACK_FOLDER)
        .resolve(
            store
                .map(uri -> Sha256.of(ObjectStores.identity(uri)).substring(0, HASH_DIGITS))
                .orElse("local"));
  }
}
