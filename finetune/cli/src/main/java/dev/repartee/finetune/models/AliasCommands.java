package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.answers.LibraryCheck;
import dev.repartee.finetune.evaluate.EvaluateCommand;
import dev.repartee.finetune.options.LibraryOptions;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.Hold;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The commands about which version an alias names: promote, rollback, release, history. */
final class AliasCommands {

  private static final Logger log = LoggerFactory.getLogger(AliasCommands.class);

  private static final int NOTIFICATIONS = 3; // attempts

  private AliasCommands() {}

  @Command(
      name = "promote",
      footer = {
        "  repartee ${PARENT-COMMAND-NAME} promote acme@2 --alias production --why 'saves more'"
            + " --store registry"
      },
      description = {
        "Points an alias at a version; services that follow the alias take it over.",
        "A model with --gates only if it meets them, a library only if it has entries, and none"
            + " with a forbidden phrase or new personal data; otherwise exit code 3, and nothing"
            + " moves.",
        "With --wait it ends when the services use the version, and moves the alias back if one"
            + " refuses it."
      },
      mixinStandardHelpOptions = true)
  static final class PromoteCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER, or NAME@ALIAS of another alias.")
    private String reference;

    @Option(
        names = "--alias",
        required = true,
        paramLabel = "ALIAS",
        description = "The alias to move, for example production.")
    private String alias;

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
    private String why;

    @Option(
        names = "--gates",
        paramLabel = "FILE",
        description = "Conditions for a model's version, YAML (docs/gates.md).")
    private Optional<Path> gates;

    @Option(names = "--dry-run", description = "Print what would happen, and change nothing.")
    private boolean dryRun;

    @Option(
        names = "--force",
        description = "Move the alias even so; needs --why, and is recorded.")
    private boolean force;

    @Option(
        names = "--wait",
        paramLabel = "URL",
        split = ",",
        description = {
          "Services that follow the alias: end when GET /v1/model of each names the version.",
          "If one refuses it, the alias moves back and the exit code is 1; after ten minutes the"
              + " exit code is 1, too. REPARTEE_API_KEY is sent as their key. May be given again."
        })
    private List<URI> services = List.of();

    @Option(
        names = "--notify",
        paramLabel = "URL",
        split = ",",
        description = {
          "Gets a POST with the move as JSON, as the history has it with the name, once the alias"
              + " has moved; tried three times. May be given again."
        })
    private List<URI> notified = List.of();

    @Mixin private GatesCommand.GateForm form;

    /**
     * The result of a promotion with gates, in JSON.
     *
     * @param gates the report; empty when the alias named the version already
     * @param report its key in the store; empty when nothing was stored
     * @param move the alias's latest; empty when it was not moved
     */
    private record PromotionOutcome(
        boolean moved,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GateReport> gates,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AliasMove> move) {

      /** Nothing was moved, and no gates were checked. */
      static PromotionOutcome unmoved(Optional<AliasMove> latest) {
        return new PromotionOutcome(false, Optional.empty(), Optional.empty(), latest);
      }
    }

    @Override
    boolean asksForText() {
      return form.markdown();
    }

    @Override
    Result run(ModelRegistry registry) {
      Followers followers = new Followers(services, kind());
      notified.forEach(url -> requireUrl("--notify", url));
      ModelVersion version = registry.resolve(reference(reference));
      Optional<AliasMove> before = latest(registry, version);
      Result promoted = promote(registry, version);
      latest(registry, version)
          .filter(move -> !before.equals(Optional.of(move)))
          .ifPresent(move -> notified.forEach(url -> tell(url, version.model(), move)));
      return dryRun || promoted.failure().isPresent() || services.isEmpty()
          ? promoted
          : awaited(
              registry,
              registry.target(new ModelAlias(version.model(), alias)), // it may be a build
              followers,
              promoted);
    }

    private Optional<AliasMove> latest(ModelRegistry registry, ModelVersion version) {
      return Optional.ofNullable(registry.aliases(version.model()).get(alias));
    }

    /** Waits for the services; goes back when one refuses the version. */
    private Result awaited(
        ModelRegistry registry, ModelVersion version, Followers followers, Result promoted) {
      ModelAlias target = new ModelAlias(version.model(), alias);
      List<String> lines = new ArrayList<>(promoted.text());
      return followers.awaited(
          version,
          promoted.json(),
          lines,
          refusing -> {
            lines.add(line(goBack(registry, target, version, refusing)));
            registry.held(target).ifPresent(hold -> lines.add(held(target, hold)));
            return "%s refuses %s; %s was moved back".formatted(refusing, version, target);
          });
    }

    private AliasMove goBack(
        ModelRegistry registry, ModelAlias target, ModelVersion version, URI refusing) {
      try {
        return rollback(
            registry,
            target,
            Optional.of(version.number()),
            Optional.of("refused by " + refusing.getAuthority()));
      } catch (UserException e) {
        throw new UserException(
            "%s refuses %s, but %s".formatted(refusing, version, e.getMessage()), e);
      }
    }

    private Result promote(ModelRegistry registry, ModelVersion version) {
      boolean library = kind() == RegistryKind.LIBRARY;
      if (library && gates.isPresent()) {
        throw UserException.usage(
            "--gates are for models; what a library must not hold is always checked");
      }
      if (gates.isEmpty() && (form.markdown() || (force && !library))) {
        throw UserException.usage(
            "--force and --markdown are for gates; name them with --gates FILE");
      }
      if (force && given(why).isEmpty()) {
        throw UserException.usage("--force needs --why TEXT; the history keeps it");
      }
      ModelAlias target = new ModelAlias(version.model(), alias);
      Optional<GateKeeper> keeper = gates.map(file -> new GateKeeper(registry, file));
      Optional<AliasMove> latest = latest(registry, version);
      String already = target + " is version " + version.number() + " already";
      if (latest.filter(move -> move.to() == version.number()).isPresent()) {
        if (dryRun) {
          return new Result(PromotionOutcome.unmoved(latest), List.of(already));
        }
        if (keeper.isPresent()) {
          // The same command again, after it worked: nothing is left to compare.
          return new Result(PromotionOutcome.unmoved(latest), List.of(already, line(latest.get())));
        }
      }
      if (keeper.isPresent()) {
        return gated(registry, keeper.get(), version, target);
      }
      if (library && !force) {
        requireSound(registry, version, latest);
      }
      if (dryRun) {
        String from = latest.map(move -> String.valueOf(move.to())).orElse("nothing");
        return new Result(
            PromotionOutcome.unmoved(latest),
            List.of(target + " would move from " + from + " to " + version.number()));
      }
      AliasMove move = registry.promote(renewed(registry, version, target), alias, given(why));
      return new Result(move, List.of(target + " is version " + move.to(), line(move)));
    }

    /** Refuses a library that is empty or holds what nobody should be shown. */
    private static void requireSound(
        ModelRegistry registry, ModelVersion version, Optional<AliasMove> latest) {
      Optional<AnswerLibrary> current =
          latest.map(
              move -> LibraryOptions.read(registry, new ModelVersion(version.model(), move.to())));
      List<String> refusals =
          LibraryCheck.of(LibraryOptions.read(registry, version), Instant.now())
              .refusals(current.map(library -> LibraryCheck.of(library, Instant.now())));
      if (!refusals.isEmpty()) {
        throw new UserException(
            UserException.Kind.GATE_NOT_MET,
            "%s %s; nothing was moved: mend the table, or give --force with --why TEXT"
                .formatted(version, String.join("; ", refusals)),
            null);
      }
    }

    private Result gated(
        ModelRegistry registry, GateKeeper keeper, ModelVersion version, ModelAlias target) {
      GateReport report = keeper.check(version, target.alias()).decided(force, given(why));
      boolean allowed = report.passed() || report.forced();
      List<String> lines = new ArrayList<>(form.lines(report));
      lines.add("");
      if (dryRun || !allowed) {
        Optional<String> key = dryRun ? Optional.empty() : Optional.of(keeper.store(report));
        lines.add(
            allowed
                ? "a dry run: " + target + " would move to " + version.number()
                : target + " was not moved");
        key.ifPresent(stored -> lines.add("stored as " + stored));
        return new Result(
            new PromotionOutcome(false, Optional.of(report), key, Optional.empty()),
            lines,
            report.forced()
                ? Optional.empty()
                : GatesCommand.failure(report, "; nothing was moved"));
      }
      String key = keeper.store(report);
      AliasMove move = keeper.promote(report, key, renewed(registry, version, target));
      lines.add(target + " is version " + move.to() + (report.forced() ? ", FORCED" : ""));
      lines.add(form.markdown() ? "" : line(move));
      lines.add("stored as " + key);
      return new Result(
          new PromotionOutcome(true, Optional.of(report), Optional.of(key), Optional.of(move)),
          lines);
    }
  }

  private static void requireUrl(String option, URI address) {
    if (address.getHost() == null) {
      throw UserException.usage(
          "%s must be URLs such as http://localhost:8080 but has '%s'".formatted(option, address));
    }
  }

  /** A receiver that fails does not undo the move; a warning names it. */
  private static void tell(URI receiver, String name, AliasMove move) {
    ObjectNode body = Json.COMPACT.createObjectNode().put("name", name);
    body.setAll((ObjectNode) Json.COMPACT.valueToTree(move));
    HttpRequest request =
        HttpRequest.newBuilder(receiver)
            .timeout(Followers.TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    String failure = "";
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(Followers.TIMEOUT).build()) {
      for (int attempt = 0; attempt < NOTIFICATIONS; attempt++) {
        Thread.sleep(attempt * Followers.PAUSE.toMillis());
        try {
          int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
          if (status / 100 == 2) {
            return;
          }
          failure = "it answered " + status;
        } catch (IOException e) {
          failure = Followers.reason(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
    }
    log.warn("{} was not notified: {}; the alias stays moved", receiver, failure);
  }

  /** Services that follow an alias. */
  private record Followers(List<URI> services, RegistryKind kind) {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<Integer> NO_ACCESS = Set.of(401, 403);

    /**
     * @throws UserException (wrong usage) when an address is no URL
     */
    Followers {
      services = List.copyOf(services);
      services.forEach(service -> requireUrl("--wait", service));
    }

    /**
     * Waits, and adds who serves {@code version} to the text. A service that refuses it ends the
     * command after the result is printed.
     *
     * @param refused what is done then; returns the message
     */
    RegistryCommand.Result awaited(
        ModelVersion version, Object json, List<String> lines, Function<URI, String> refused) {
      try {
        Optional<URI> refusing = await(version);
        if (refusing.isPresent()) {
          throw new UserException(refused.apply(refusing.get()));
        }
        services.forEach(service -> lines.add(service + " serves " + version));
        return new RegistryCommand.Result(json, lines);
      } catch (UserException e) {
        return new RegistryCommand.Result(json, lines, Optional.of(e));
      }
    }

    /**
     * Waits until all serve {@code version}, or one refuses it.
     *
     * @return the service that refuses it
     * @throws UserException when neither happens in time, or a service wants another key
     */
    private Optional<URI> await(ModelVersion version) {
      String all = services.stream().map(URI::toString).collect(Collectors.joining(", "));
      log.info("waiting until {} is served by {}", version, all);
      Set<URI> silent = new HashSet<>();
      long start = System.nanoTime();
      try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
        List<URI> waiting = new ArrayList<>(services);
        while (true) {
          String last = "";
          for (URI service : List.copyOf(waiting)) {
            JsonNode served = ask(client, service, silent);
            JsonNode answer = kind == RegistryKind.MODEL ? served : served.path(kind.noun());
            if (names(answer, version)) {
              waiting.remove(service);
            } else if (names(answer.path("refused"), version)) {
              return Optional.of(service);
            } else {
              last = service + " answers " + answer.path("version").asString("nothing");
            }
          }
          if (waiting.isEmpty()) {
            return Optional.empty();
          }
          if (System.nanoTime() - start > LIMIT.toNanos()) {
            throw new UserException(
                "%s is not served everywhere after %d minutes: %s; the alias stays, see its log"
                    .formatted(version, LIMIT.toMinutes(), last));
          }
          Thread.sleep(PAUSE);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserException("interrupted while waiting for " + version, e);
      }
    }

    private static boolean names(JsonNode identity, ModelVersion version) {
      return identity.path("name").asString("").equals(version.model())
          && identity.path("version").asString("").equals(String.valueOf(version.number()));
    }

    /** What a service serves and refuses; missing while it does not answer. */
    private static JsonNode ask(HttpClient client, URI service, Set<URI> silent)
        throws InterruptedException {
      URI model = URI.create(service + (service.toString().endsWith("/") ? "" : "/") + "v1/model");
      HttpRequest.Builder request = HttpRequest.newBuilder(model).timeout(TIMEOUT);
      RegistryCommand.given(System.getenv(EvaluateCommand.SERVICE_KEY))
          .ifPresent(key -> request.header("X-API-Key", key));
      try {
        HttpResponse<String> response =
            client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (NO_ACCESS.contains(response.statusCode())) {
          throw new UserException(
              "%s answered %d; the alias stays; set %s to a key of that service"
                  .formatted(model, response.statusCode(), EvaluateCommand.SERVICE_KEY));
        }
        return response.statusCode() == 200
            ? Json.COMPACT.readTree(response.body())
            : MissingNode.getInstance();
      } catch (IOException | JacksonException e) {
        if (silent.add(service)) {
          log.warn("{} does not answer ({}); it may be starting: waiting", service, reason(e));
        }
        return MissingNode.getInstance();
      }
    }

    private static String reason(Exception e) {
      return switch (e) {
        case ConnectException refused
            when refused.getCause() instanceof UnresolvedAddressException ->
            "no host has this name";
        case ConnectException _ -> "nothing listens there";
        case HttpTimeoutException _ -> "no answer in time";
        case JacksonException _ -> "the answer is not JSON";
        default -> e.getClass().getSimpleName();
      };
    }
  }

  @Command(
      name = "rollback",
      footer = {
        "  repartee ${PARENT-COMMAND-NAME} rollback acme --alias production --from 2 --store"
            + " registry"
      },
      description = {
        "Undoes an alias's latest promotion; when repeated, the one before.",
        "A model's alias is held then: no build of new knowledge moves it until it is released or"
            + " promoted."
      },
      mixinStandardHelpOptions = true)
  static final class RollbackCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name in the registry.")
    private String name;

    @Option(
        names = "--alias",
        required = true,
        paramLabel = "ALIAS",
        description = "The alias to move back, for example production.")
    private String alias;

    @Option(
        names = "--from",
        paramLabel = "NUMBER",
        description =
            "Go back only from this version, so that a repeated command does not go back twice.")
    private Optional<Integer> from;

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
    private String why;

    @Option(
        names = "--wait",
        paramLabel = "URL",
        split = ",",
        description = "Services that follow the alias, as in 'promote --wait'.")
    private List<URI> services = List.of();

    @Override
    Result run(ModelRegistry registry) {
      Followers followers = new Followers(services, kind());
      ModelAlias target = new ModelAlias(name, alias);
      AliasMove move = rollback(registry, target, from, given(why));
      List<String> lines = new ArrayList<>();
      lines.add(target + " is version " + move.to());
      lines.add(line(move));
      registry.held(target).ifPresent(hold -> lines.add(held(target, hold)));
      if (services.isEmpty()) {
        return new Result(move, lines);
      }
      ModelVersion version = new ModelVersion(name, move.to());
      return followers.awaited(
          version, move, lines, refusing -> "%s refuses %s, too".formatted(refusing, version));
    }
  }

  private static String held(ModelAlias alias, Hold hold) {
    return "%s is held by %s since %s: no build moves it until 'models release %s --alias %s' or a promotion"
        .formatted(alias, hold.by(), hold.at(), alias.model(), alias.alias());
  }

  @Command(
      name = "release",
      footer = {
        "  repartee ${PARENT-COMMAND-NAME} release acme --alias production --store registry"
      },
      description = "Lets builds of new knowledge move an alias again that a rollback held.",
      mixinStandardHelpOptions = true)
  static final class ReleaseCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name in the registry.")
    private String name;

    @Option(
        names = "--alias",
        required = true,
        paramLabel = "ALIAS",
        description = "The alias to release, for example production.")
    private String alias;

    @Override
    Result run(ModelRegistry registry) {
      ModelAlias target = new ModelAlias(name, alias);
      Optional<Hold> released = registry.release(target);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", name);
      json.put("alias", alias);
      json.put("released", released);
      return new Result(
          json,
          List.of(
              released
                  .map(
                      hold ->
                          "%s is released; %s held it since %s"
                              .formatted(target, hold.by(), hold.at()))
                  .orElse(target + " was not held")));
    }
  }

  @Command(
      name = "history",
      footer = {"  repartee ${PARENT-COMMAND-NAME} history acme --at 2026-11-25 --store registry"},
      description = {
        "Lists who moved which alias from what to what, when and why, oldest first.",
        "With --at it prints which version an alias named at that time."
      },
      mixinStandardHelpOptions = true)
  static final class HistoryCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name in the registry.")
    private String name;

    @Option(names = "--alias", paramLabel = "ALIAS", description = "Only this alias's moves.")
    private String alias;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        converter = InstantConverter.class,
        description =
            "Which version --alias (default: production) named then: 2026-11-25T10:00:00Z, with"
                + " another offset such as +01:00, or 2026-11-25 for that day's first moment in"
                + " UTC.")
    private Instant at;

    @Override
    Result run(ModelRegistry registry) {
      if (at != null) {
        return named(registry, new ModelAlias(name, given(alias).orElse("production")));
      }
      List<AliasMove> moves =
          registry.history(name).stream()
              .filter(move -> given(alias).map(move.alias()::equals).orElse(true))
              .toList();
      if (moves.isEmpty()) {
        registry.requireVersions(name);
      }
      Map<String, Hold> held = new TreeMap<>();
      List<String> lines = new ArrayList<>(moves.stream().map(RegistryCommand::line).toList());
      for (String moved : moves.stream().map(AliasMove::alias).distinct().toList()) {
        ModelAlias target = new ModelAlias(name, moved);
        registry
            .held(target)
            .ifPresent(
                hold -> {
                  held.put(moved, hold);
                  lines.add(held(target, hold));
                });
      }
      return new Result(
          Map.of("model", name, "moves", moves, "held", held),
          lines.isEmpty() ? List.of("no alias was ever moved") : lines);
    }

    private Result named(ModelRegistry registry, ModelAlias target) {
      if (at.isAfter(Instant.now())) {
        throw UserException.usage("--at " + at + " has not come yet; give a moment of the past");
      }
      Optional<AliasMove> move = registry.at(target, at);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", name);
      json.put("alias", target.alias());
      json.put("at", at);
      json.put("version", move.map(AliasMove::to));
      json.put("move", move);
      return new Result(
          json,
          move.map(
                  found ->
                      List.of(
                          "%s was version %d at %s".formatted(target, found.to(), at),
                          "since " + line(found)))
              .orElseGet(() -> List.of(target + " did not exist at " + at)));
    }

    /** A date and time with its offset, or a date alone, which begins in UTC. */
    private static final class InstantConverter implements ITypeConverter<Instant> {

      @Override
      public Instant convert(String text) {
        try {
          return text.contains("T")
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
          throw new TypeConversionException(
              "'"
                  + text
                  + "' must be like 2026-11-25T10:00:00Z or 2026-11-25 ("
                  + e.getMessage()
                  + ")");
        }
      }
    }
  }
}
