package dev.repartee.finetune.feedback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.memory.Memory;
import dev.repartee.finetune.feedback.ReportCommand.FeedbackOption;
import dev.repartee.finetune.options.CacheOption;
import dev.repartee.finetune.options.DryRun;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackLog.Expired;
import dev.repartee.registry.feedback.FeedbackLog.ForgetRequest;
import dev.repartee.registry.feedback.FeedbackLog.ForgetResult;
import dev.repartee.registry.knowledge.SourceReader;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.knowledge.VersionBuilder.Outcome;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee forget}: deletes stored feedback. */
@Command(
    name = "forget",
    description = {
      "Deletes stored feedback of conversations, of agents, or that is too old, and says what it"
          + " deleted. With --rebuild also builds the model's next version without them.",
      "It may be interrupted and repeated, and services may run meanwhile. Records that they have"
          + " not moved to the store yet are not found: repeat it some minutes later."
    },
    footer = {
      "  repartee forget --feedback registry --rebuild acme@production --conversation c-17",
      "  repartee forget --feedback gs://acme/repartee --keep 90d --dry-run"
    },
    mixinStandardHelpOptions = true)
public final class ForgetCommand implements Callable<Integer> {

  @Mixin private FeedbackOption feedback;

  @Option(
      names = "--conversation",
      paramLabel = "ID",
      description = "The conversation with this id; may be repeated.")
  private List<String> conversations = new ArrayList<>();

  @Option(
      names = "--agent",
      paramLabel = "ID",
      description = "The agent with this id, where feedback names agents; may be repeated.")
  private List<String> agents = new ArrayList<>();

  @Option(
      names = "--rebuild",
      paramLabel = "NAME@ALIAS",
      description =
          "A model of the same store, which must no longer know them: the alias moves to a version"
              + " that is built without them.")
  private Optional<String> model = Optional.empty();

  @Mixin private CacheOption cache;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Deletes what is older, such as 90d, whole days at a time.")
  private Optional<Duration> keep = Optional.empty(); // at least a day

  @Mixin private DryRun dryRun = new DryRun();

  @Mixin private Output output;

  /** What was deleted, or would be. */
  private record Deleted(
      boolean dryRun,
      Optional<ForgetResult> forgotten,
      Optional<Expired> expired,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Outcome> built) {}

  @Override
  public Integer call() {
    boolean named = !conversations.isEmpty() || !agents.isEmpty();
    if (!named && (keep.isEmpty() || model.isPresent())) {
      throw UserException.usage(
          "say %s: --conversation ID, --agent ID%s"
              .formatted(
                  model.map(name -> "whom " + name + " must forget").orElse("what to forget"),
                  model.isPresent() ? "" : " or --keep TIME, such as --keep 90d"));
    }
    if (keep.isPresent() && keep.get().compareTo(Duration.ofDays(1)) < 0) {
      throw UserException.usage(
          "--keep must be at least 1d but is %ds: feedback is deleted by the day"
              .formatted(keep.get().toSeconds()));
    }
    Optional<ModelAlias> alias = model.map(ForgetCommand::alias).filter(_ -> !dryRun.isGiven());
    try (ObjectStore store = ObjectStores.open(feedback.uri())) {
      FeedbackLog log = new FeedbackLog(store);
      // What is too old is not read first.
      Optional<Expired> expired =
          keep.map(time -> log.expire(Instant.now(), time, dryRun.isGiven()));
      VersionBuilder builder =
          new VersionBuilder(new ModelRegistry(store), Actor.thisUser(), cache.cache());
      // Before their feedback is deleted, so that no builder reads it again meanwhile.
      alias.ifPresent(one -> builder.forget(one, Set.copyOf(agents), Set.copyOf(conversations)));
      Optional<ForgetResult> forgotten = named ? Optional.of(forget(log, store)) : Optional.empty();
      Optional<Outcome> built = Optional.empty();
      if (alias.isPresent()) {
        SourceReader sources = builder.sources(alias.get(), Optional.empty(), Optional.empty());
        built = Optional.of(builder.build(alias.get(), sources));
      }
      Deleted deleted = new Deleted(dryRun.isGiven(), forgotten, expired, built);
      List<String> lines = new ArrayList<>(Output.outline(deleted));
      built.ifPresent(_ -> lines.add(ForgottenList.TRACES));
      output.print(deleted, lines);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    }
    return 0;
  }

  private static ModelAlias alias(String name) {
    if (ModelReference.parse(name) instanceof ModelAlias alias) {
      return alias;
    }
    throw UserException.usage(
        "--rebuild must be an alias, such as acme@production, but is '" + name + "'");
  }

  private ForgetResult forget(FeedbackLog log, ObjectStore store) {
    Optional<String> salt = AgentSalt.find(store);
    Set<String> hashes = new HashSet<>();
    for (String id : agents) {
      salt.ifPresent(one -> hashes.add(Memory.pseudonym(one, id)));
      // The service hashes a token's subject before it names a caller.
      hashes.add(Sha256.brief(Sha256.brief(id)));
    }
    ForgetResult forgotten =
        log.forget(new ForgetRequest(Set.copyOf(conversations), hashes), dryRun.isGiven());
    // A model knows agents by salts of its own, too.
    if (!agents.isEmpty() && salt.isEmpty() && forgotten.records() == 0 && model.isEmpty()) {
      throw new UserException(
          "%s has no salt of agents' ids, so none of its feedback names an agent;"
                  .formatted(feedback.uri())
              + " give the agent's conversations with --conversation");
    }
    return forgotten;
  }
}
