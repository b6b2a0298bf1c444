package dev.repartee.serving;

import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.Access.AgentRule;
import dev.repartee.serving.access.ApiKeys;
import dev.repartee.serving.access.BrowserRules;
import dev.repartee.serving.access.JwtVerifier;
import dev.repartee.serving.feedback.FeedbackApi;
import dev.repartee.serving.feedback.FeedbackOptions;
import dev.repartee.serving.http.HttpServer.Address;
import dev.repartee.serving.model.ExperimentWatch;
import dev.repartee.serving.model.LocalBuilds;
import dev.repartee.serving.model.ModelSource;
import dev.repartee.serving.operations.LogFormat;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.cli.Section;
import dev.repartee.text.cli.SizeConverter;
import dev.repartee.text.io.Sha256;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Every option of {@code serve} with its name, default and bound. picocli sets the fields; after
 * that they do not change. {@link #check} enforces the bounds. Keys, tokens and origins are checked
 * by their own types, when these are made.
 */
public final class ServeConfig {

  private static final Logger log = LoggerFactory.getLogger(ServeConfig.class);

  private static final String KEYS_VARIABLE = "REPARTEE_API_KEYS_FILE";
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
      description = "Model and alias (or version number) in the store, or a model folder.")
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
      description =
          "How often to read the alias; a new version replaces the current one. 0: never.")
  private Duration poll;

  @Option(
      names = "--session-memory",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description =
          "Memory for cached conversations. Default: 1GiB, or from the GPU's memory beside two"
              + " versions of the model.")
  private Optional<Long> sessionBytes = Optional.empty(); // at least 1 MiB

  @Option(
      names = "--answers",
      paramLabel = "NAME@ALIAS",
      description =
          "Answer library in the store: its entries are suggested and searched, its never phrases"
              + " are never suggested. The alias is polled like the model's. Default: the library"
              + " that the version was built with.")
  private Optional<String> library = Optional.empty();

  @Option(
      names = "--only-approved",
      description = "Offer only the library's texts and completions to them.")
  private boolean onlyApproved;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description =
          "Experiment in the store to take part in: 'experiment' starts and stops it, and it"
              + " is polled like the alias. Needs memory for two versions of the model.")
  private Optional<String> experiment = Optional.empty();

  @Mixin private ComputeOptions compute = new ComputeOptions();

  // The addresses

  @Section("Addresses")
  @Option(names = "--host", paramLabel = "HOST", description = "Interface to listen on.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on, 0 for any free one.")
  private int port = 8080; // 0 to 65535

  @Option(names = "--admin-host", paramLabel = "HOST", description = "Interface of the admin port.")
  private String adminHost = "127.0.0.1";

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Port for /metrics and /health, without a key; 0 for any free one.")
  private int adminPort = 8081; // 0 to 65535

  @Option(
      names = "--drain",
      defaultValue = "1s",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long connections are accepted after SIGTERM, while /health/ready returns 503: the"
              + " time that a load balancer needs to stop sending.")
  private Duration drain;

  // Who may ask

  @Section("Who may ask")
  @Option(
      names = "--api-keys",
      paramLabel = "FILE",
      description = {
        "Accepts callers with an API key of this file: one 'name: key' per line, read again when it"
            + " changes.",
        "Default: the file that the environment variable " + KEYS_VARIABLE + " names."
      })
  private Optional<Path> apiKeys = Optional.empty();

  @Option(
      names = "--jwt-issuer",
      paramLabel = "URL",
      description = "Accepts callers with a JSON Web Token (RS256, ES256) of this issuer.")
  private Optional<URI> jwtIssuer = Optional.empty();

  @Option(
      names = "--jwt-audience",
      paramLabel = "AUD",
      description = "The audience that tokens must have.")
  private Optional<String> jwtAudience = Optional.empty();

  @Option(
      names = "--jwks",
      paramLabel = "URL",
      description = "The issuer's keys. Default: from its discovery document.")
  private Optional<URI> jwks = Optional.empty();

  @Option(
      names = "--agent-claim",
      paramLabel = "NAME",
      description =
          "The claim of a token with the agent's id, such as sub. Any other agent_id is refused.")
  private Optional<String> agentClaim = Optional.empty();

  @Option(
      names = "--trust-agent-id",
      description = {
        "Trusts the agent_id of callers without such a claim, which gives access to that agent's"
            + " own texts.",
        "Without it, agents' own texts need --agent-claim."
      })
  private boolean trustAgentId;

  @Option(
      names = "--insecure",
      description = "Accepts all callers, also on an address that other machines can reach.")
  private boolean insecure;

  @Option(
      names = "--host-names",
      split = ",",
      paramLabel = "NAMES",
      description =
          "Names in addition to localhost by which requests may call this service if it has no"
              + " authentication and listens on a loopback address, such as that of a proxy on this"
              + " machine.")
  private List<String> hostNames = new ArrayList<>();

  @Option(
      names = "--cors-origin",
      split = ",",
      paramLabel = "ORIGIN",
      description = "Allows requests from pages of this origin; may be repeated.")
  private List<String> corsOrigins = new ArrayList<>();

  // Feedback and the log

  @Section("Feedback and learning")
  @Option(
      names = "--feedback-dir",
      paramLabel = "DIR",
      description =
          "Where feedback is kept until the store has it, or permanently without --store; one"
              + " folder per service. Default: in the --cache folder, .feedback/local without"
              + " --store and .feedback/HASH with it, where HASH is made of the URI.")
  private Optional<Path> feedbackFolder = Optional.empty();

  @Option(
      names = "--feedback-limit",
      defaultValue = "256MiB",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Most feedback kept on this machine; more is refused.")
  private long feedbackLimitBytes; // at least 1

  @Option(
      names = "--feedback-in-store",
      description = {
        "Answers feedback when the store has it, not when this machine's disk has: for a disk that"
            + " is lost with the process.",
        "Needs --store."
      })
  private boolean feedbackInStore;

  @Option(
      names = "--feedback-keep",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "Deletes stored feedback that is older, such as 90d, whole days at a time. Default: keep"
              + " all.")
  private Optional<Duration> feedbackKeep = Optional.empty(); // at least a day

  @Option(
      names = "--agent-timing",
      description = {
        "Stores who the agent is with feedback, as a salted hash: its events then show how long an"
            + " agent takes.",
        "Needs --agent-claim or --trust-agent-id."
      })
  private boolean agentTiming;

  @Option(
      names = "--learn",
      description = {
        "Learns replies that agents type, from feedback, and suggests those of several agents to"
            + " all;",
        "services of one store learn the same. Feedback then holds the conversations, redacted."
      })
  private boolean learn;

  @Option(
      names = "--learn-keep",
      defaultValue = "30d",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a learned reply is used, such as 30d or 12h.")
  private Duration learnKeep; // 1 minute to 365 days

  @Option(
      names = "--learn-every",
      defaultValue = "2m",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The time between reads of stored feedback.")
  private Duration learnEvery; // at least 1 ms

  @Section("Log")
  @Option(
      names = "--log-format",
      paramLabel = "json|text",
      description =
          "Format of the log lines on stderr. Default: text at a terminal, otherwise json.")
  private Optional<LogFormat> logFormat = Optional.empty();

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
    if (feedbackLimitBytes < 1) {
      throw UserException.usage("--feedback-limit must be above 0, such as 256MiB");
    }
    if (learnEvery.isZero()) {
      throw UserException.usage("--learn-every must be above 0, such as 2m");
    }
    if (learnKeep.compareTo(Duration.ofMinutes(1)) < 0
        || learnKeep.compareTo(Duration.ofDays(365)) > 0) {
      throw UserException.usage(
          "--learn-keep must be between 1m and 365d but is " + learnKeep.toSeconds() + "s");
    }
    if (library.isPresent() && store.isEmpty()) {
      throw UserException.usage(
          "--answers names one in a registry: add --store URI; 'repartee models publish'"
              + " puts one there");
    }
    if (feedbackInStore && store.isEmpty()) {
      throw UserException.usage("--feedback-in-store needs --store URI: where feedback is to be");
    }
    feedbackKeep.ifPresent(
        keep -> {
          if (keep.compareTo(Duration.ofDays(1)) < 0) {
            throw UserException.usage(
                "--feedback-keep must be at least 1d but is %ds: feedback is deleted by the day"
                    .formatted(keep.toSeconds()));
          }
        });
    if (agentTiming && agentClaim.isEmpty() && !trustAgentId) {
      throw UserException.usage(
          "--agent-timing needs --agent-claim NAME or --trust-agent-id: without them no agent is"
              + " known");
    }
    requireAddress("--host", host, "--port", port);
    requireAddress("--admin-host", adminHost, "--admin-port", adminPort);
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

  /** The source of the model. */
  ModelSource source() {
    return ModelSource.of(store, model, cache);
  }

  /** What builds knowledge on this machine, where anything is to be built. */
  Optional<LocalBuilds> builds(FeedbackApi feedback) {
    return Optional.of(buildOptions())
        .filter(LocalBuilds.Options::isAny)
        .map(
            options ->
                new LocalBuilds(
                    options,
                    store,
                    ModelSource.cacheFolder(cache),
                    feedback.store(),
                    feedback.salt()));
  }

  private LocalBuilds.Options buildOptions() {
    return new LocalBuilds.Options(
        modelName(),
        library.map(name -> ModelReference.parse(name, RegistryKind.LIBRARY)),
        learn,
        learnKeep,
        learnEvery,
        poll);
  }

  /** Whether nothing but the library's texts, and completions to them, may be offered. */
  boolean onlyApproved() {
    return onlyApproved;
  }

  /**
   * The experiment to follow.
   *
   * @throws UserException (wrong usage) when it needs another option
   */
  Optional<ExperimentWatch.Options> experiment() {
    if (experiment.isPresent() && (store.isEmpty() || !poll.isPositive())) {
      throw UserException.usage(
          "--experiment names one in a registry that is polled: add --store URI, and leave --poll"
              + " above 0");
    }
    return experiment.map(
        name ->
            new ExperimentWatch.Options(
                store.orElseThrow(),
                ModelReference.checkName("--experiment", name),
                ModelSource.cacheFolder(cache)));
  }

  /** The name of the model that serves, known before it is loaded. */
  String modelName() {
    return ModelSource.name(store, model);
  }

  /** The pause between two polls of the alias; zero turns polling off. */
  Duration poll() {
    return poll;
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

  ComputeOptions compute() {
    return compute;
  }

  PredictionOptions predictions() {
    PredictionOptions defaults = PredictionOptions.defaults();
    return sessionBytes.map(defaults::withSessionBytes).orElse(defaults);
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
   * How long a stopping service still accepts connections while it is unready, so that load
   * balancers send requests elsewhere first.
   */
  Duration drain() {
    return drain;
  }

  /** What browsers may do. */
  BrowserRules browserRules() {
    return new BrowserRules(Set.copyOf(corsOrigins), Set.copyOf(hostNames));
  }

  /**
   * Who may ask.
   *
   * @throws UserException (wrong usage) when everybody on the network may ask, without {@code
   *     --insecure}
   */
  Access access(Map<String, String> environment) {
    Access access = Access.of(keys(environment), tokens(), agents());
    if (access.isOpen() && !Access.isLoopback(host)) {
      if (!insecure) {
        throw UserException.usage(
            "--host %s may be reached from other machines, so callers need keys or tokens: add"
                    .formatted(host)
                + " --api-keys FILE, or --jwt-issuer URL and --jwt-audience AUD; --insecure lets in"
                + " everybody");
      }
      log.warn("--insecure: everybody who reaches {} may use this service", host);
    }
    if (learn && agentClaim.isEmpty()) {
      log.warn("--learn without --agent-claim: {}", whoTeaches(access));
    }
    return access;
  }

  /** What it takes to have a text suggested to everybody, where no token names the agents. */
  private String whoTeaches(Access access) {
    if (trustAgentId) {
      return "each caller may name any agents, so one caller alone can teach all agents a text";
    }
    return access.isOpen()
        ? "whoever reaches this service can teach all agents a text, by sending it in five"
            + " conversations"
        : "callers count as agents, so a text is suggested to all once two callers sent it; with"
            + " one key for all agents nothing is: add --agent-claim, or --trust-agent-id";
  }

  private Optional<ApiKeys> keys(Map<String, String> environment) {
    return apiKeys
        .or(
            () ->
                Optional.ofNullable(environment.get(KEYS_VARIABLE))
                    .filter(name -> !name.isBlank())
                    .map(Path::of))
        .map(ApiKeys::read);
  }

  private AgentRule agents() {
    if (agentClaim.isPresent() && jwtIssuer.isEmpty()) {
      throw UserException.usage(
          "--agent-claim needs --jwt-issuer URL, too; with API keys try --trust-agent-id");
    }
    if (agentClaim.filter(String::isBlank).isPresent()) {
      throw UserException.usage("--agent-claim must not be blank; try sub");
    }
    return new AgentRule(agentClaim, trustAgentId);
  }

  private Optional<JwtVerifier> tokens() {
    if (jwtIssuer.isEmpty() && (jwtAudience.isPresent() || jwks.isPresent())) {
      throw UserException.usage("--jwt-audience and --jwks need --jwt-issuer URL, too");
    }
    if (jwtIssuer.isPresent() && jwtAudience.isEmpty()) {
      throw UserException.usage(
          "--jwt-issuer needs --jwt-audience AUD, too: tokens for other services must not let in");
    }
    return jwtIssuer.map(issuer -> new JwtVerifier(issuer, jwtAudience.orElseThrow(), jwks));
  }

  /**
   * Opens the journal of feedback, which is moved to the store if one is configured.
   *
   * @throws UserException when the folder cannot be used
   */
  FeedbackApi openFeedback(ServiceMetrics metrics) {
    FeedbackOptions options =
        FeedbackOptions.defaults()
            .withMaxBytes(feedbackLimitBytes)
            .withKeep(feedbackKeep)
            .withAgentTiming(agentTiming)
            .withLearn(learn);
    if (feedbackInStore) {
      options = options.withSegmentAge(Duration.ZERO);
    } else if (learn && learnEvery.compareTo(options.segmentAge()) < 0) {
      options = options.withSegmentAge(learnEvery);
    }
    return FeedbackApi.open(
        feedbackFolder.orElseGet(this::defaultFeedbackFolder),
        store.map(ObjectStores::openExisting),
        options,
        metrics);
  }

  /** One for each store, so that a service moves no feedback that belongs in another store. */
  private Path defaultFeedbackFolder() {
    return ModelSource.cacheFolder(cache)
        .resolve(FEEDBACK_FOLDER)
        .resolve(
            store
                .map(uri -> Sha256.of(ObjectStores.identity(uri)).substring(0, HASH_DIGITS))
                .orElse("local"));
  }

  LogFormat logFormat() {
    return logFormat.orElseGet(LogFormat::ofStandardError);
  }
}
