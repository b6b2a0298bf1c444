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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The commands about which version an alias names: promote and rollback. */
final class AliasCommands {

  private static final Logger log = LoggerFactory.getLogger(AliasCommands.class);

  private AliasCommands() {}

  /** The alias that moves, and who follows it. */
  private static final class Moved {

    @Option(
        names = "--alias",
        required = true,
        paramLabel = "ALIAS",
        description = "The alias to move, for example production.")
    private String alias;

    @Option(
        names = "--wait",
        paramLabel = "URL",
        split = ",",
        description = {
          "Services that follow the alias: end when GET /v1/model of each names the version.",
          "If one refuses it, a promotion is undone and the exit code is 1; after ten minutes"
              + " the exit code is 1, too. REPARTEE_API_KEY is sent as their key. May be given"
              + " again."
        })
    private List<URI> services = List.of();
  }

  @Command(
      name = "promote",
      footer = {
        "  repartee models promote acme@2 --alias production --why 'saves more'"
            + " --store registry"
      },
      description = {
        "Points an alias at a version; services that follow the alias take it over. Builds may move"
            + " an alias again that a rollback held.",
        "A model with --gates only if it meets them, a library only if it has entries, and none"
            + " with a forbidden phrase or new personal data; otherwise exit code 3, and nothing"
            + " moves.",
        "With --wait it ends when the services use the version, and moves the alias back if one"
            + " refuses it."
      },
      mixinStandardHelpOptions = true)
  static final class PromoteCommand extends RegistryCommand {

    @Parameters(
        paramLabel = "NAME@X",
        description = "NAME@NUMBER, or NAME@ALIAS; a library is answers/NAME.")
    private String reference;

    @Mixin private Moved moved;
    @Mixin private Why why;

    @Option(
        names = "--gates",
        paramLabel = "FILE",
        description = "Conditions for a model's version, YAML (docs/gates.md).")
    private Optional<Path> gates;

    @Mixin private DryRun dryRun;

    @Option(
        names = "--force",
        description = "Move the alias even so; needs --why, and is recorded.")
    private boolean force;

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
      Followers followers = new Followers(moved.services, kind());
      ModelVersion version = registry.resolve(reference(reference));
      Result promoted = promote(registry, version);
      return dryRun.isGiven() || promoted.failure().isPresent() || moved.services.isEmpty()
          ? promoted
          : awaited(
              registry,
              registry.target(new ModelAlias(version.model(), moved.alias)), // it may be a build
              followers,
              promoted);
    }

    private Optional<AliasMove> latest(ModelRegistry registry, ModelVersion version) {
      return Optional.ofNullable(registry.aliases(version.model()).get(moved.alias));
    }

    /** Waits for the services; goes back when one refuses the version. */
    private Result awaited(
        ModelRegistry registry, ModelVersion version, Followers followers, Result promoted) {
      ModelAlias target = new ModelAlias(version.model(), moved.alias);
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
      if (force && why.text().isEmpty()) {
        throw UserException.usage("--force needs --why TEXT; the history keeps it");
      }
      ModelAlias target = new ModelAlias(version.model(), moved.alias);
      Optional<GateKeeper> keeper = gates.map(file -> new GateKeeper(registry, file));
      Optional<AliasMove> latest = latest(registry, version);
      String already = target + " is version " + version.number() + " already";
      if (latest.filter(move -> move.to() == version.number()).isPresent()) {
        if (dryRun.isGiven()) {
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
      if (dryRun.isGiven()) {
        String from = latest.map(move -> String.valueOf(move.to())).orElse("nothing");
        return new Result(
            PromotionOutcome.unmoved(latest),
            List.of(target + " would move from " + from + " to " + version.number()));
      }
      AliasMove move =
          registry.promote(renewed(registry, version, target), moved.alias, why.text());
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
            "%s %s; nothing was moved: correct the table, or give --force with --why TEXT"
                .formatted(version, String.join("; ", refusals)),
            null);
      }
    }

    private Result gated(
        ModelRegistry registry, GateKeeper keeper, ModelVersion version, ModelAlias target) {
      GateReport report = keeper.check(version, target.alias()).decided(force, why.text());
      boolean allowed = report.passed() || report.forced();
      List<String> lines = new ArrayList<>(form.lines(report));
      lines.add("");
      if (dryRun.isGiven() || !allowed) {
        Optional<String> key =
            dryRun.isGiven() ? Optional.empty() : Optional.of(keeper.store(report));
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
      for (URI service : services) {
        if (service.getHost() == null) {
          throw UserException.usage(
              "--wait must be URLs such as http://localhost:8080 but has '%s'".formatted(service));
        }
      }
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
        "  repartee models rollback acme --alias production --from 2 --store" + " registry"
      },
      description = {
        "Undoes an alias's latest promotion; when repeated, the one before.",
        "A model's alias is held then: no build of new knowledge moves it until it is promoted."
      },
      mixinStandardHelpOptions = true)
  static final class RollbackCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name; a library is answers/NAME.")
    private String reference;

    @Mixin private Moved moved;

    @Option(
        names = "--from",
        paramLabel = "NUMBER",
        description =
            "Go back only from this version, so that a repeated command does not go back twice.")
    private Optional<Integer> from;

    @Mixin private Why why;

    @Override
    Result run(ModelRegistry registry) {
      Followers followers = new Followers(moved.services, kind());
      String name = subject(reference).orElseThrow();
      ModelAlias target = new ModelAlias(name, moved.alias);
      AliasMove move = rollback(registry, target, from, why.text());
      List<String> lines = new ArrayList<>();
      lines.add(target + " is version " + move.to());
      lines.add(line(move));
      registry.held(target).ifPresent(hold -> lines.add(held(target, hold)));
      if (moved.services.isEmpty()) {
        return new Result(move, lines);
      }
      ModelVersion version = new ModelVersion(name, move.to());
      return followers.awaited(
          version, move, lines, refusing -> "%s refuses %s, too".formatted(refusing, version));
    }
  }

  static String held(ModelAlias alias, Hold hold) {
    return "%s is held by %s since %s: no build moves it until 'models promote %s --alias %s'"
        .formatted(alias, hold.by(), hold.at(), alias, alias.alias());
  }
}
