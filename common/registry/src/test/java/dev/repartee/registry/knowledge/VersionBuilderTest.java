package dev.repartee.registry.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.knowledge.SourceReader.Wanted;
import dev.repartee.registry.knowledge.VersionBuilder.Outcome;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.FileKind;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store with a small model, its feedback and its library, from which versions are built. */
@Timeout(60)
class VersionBuilderTest {

  private static final ModelAlias PRODUCTION = new ModelAlias("acme", "production");
  private static final ModelAlias REPLIES = new ModelAlias("replies", "production");
  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
  private static final Optional<String> NO_REASON = Optional.empty();
  private static final String SALT = "0123456789abcdef0123456789abcdef";
  private static final String KNOWN = "Hello there";
  private static final String TRAINED = "Good day to you!"; // by t-0 alone
  private static final String FRIDAY = "It comes on Friday.";
  private static final String MONDAY = "We open on Monday.";
  private static final String TUESDAY = "The shop closes early.";
  private static final String HOWDY = "Howdy, partner!";
  private static final String ENTRY = "Thank you for waiting.";
  private static final String NEWER_ENTRY = "Thanks a lot for your patience.";

  @TempDir private static Path trained;
  private static SuggestionEngine engine; // of the weights of all versions
  @TempDir private Path folder;
  private ObjectStore store;
  private TypedFeedback feedback;
  private ModelRegistry models;
  private ModelRegistry libraries;
  private VersionBuilder builder;
  private int made;

  /** Two trainings, of the same parameters for speed. */
  @BeforeAll
  static void train() throws IOException {
    Path first = trained.resolve("first");
    Path second = trained.resolve("second");
    TinyModel.writeThatShowsAll(first, TinyModel.answers(KNOWN, "first"));
    TinyModel.rememberOwn(first, "t-0", TRAINED, SALT);
    try (Stream<Path> files = Files.walk(first)) {
      for (Path file : files.toList()) { // a folder comes before what is in it
        Files.copy(file, second.resolve(first.relativize(file)));
      }
    }
    Files.writeString(second.resolve("note.txt"), "trained later");
    AnswerSetFile.write(second.resolve(Knowledge.ANSWERS_FILE), TinyModel.answers(KNOWN, "second"));
    Manifest.of(first).write(first);
    Manifest.of(second).write(second);
    engine = load(first);
  }

  @AfterAll
  static void closeEngine() {
    engine.close();
  }

  @BeforeEach
  void publish() {
    store = new LocalObjectStore(folder.resolve("store"));
    store.put("models/.agent-salt", SALT.getBytes(UTF_8), Precondition.absent());
    feedback = new TypedFeedback(store, NOW);
    models = new ModelRegistry(store, Actor.named("ann"));
    libraries = models.of(RegistryKind.LIBRARY);
    builder = builder("cache");
    models.promote(models.publish("acme", trained.resolve("first")), "production", NO_REASON);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private VersionBuilder builder(String cache) {
    return new VersionBuilder(
        models, Actor.named("builder"), new ModelCache(folder.resolve(cache)));
  }

  private void type(String text, String... agents) {
    String[] hashes = new String[agents.length];
    for (int i = 0; i < agents.length; i++) {
      hashes[i] = hash(agents[i]);
    }
    feedback.type(text, hashes);
  }

  private static String hash(String agent) {
    return Memory.pseudonym(SALT, agent);
  }

  private void promoteLibrary(String text, String... never) {
    made++;
    Path library = folder.resolve("library-" + made);
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(List.of(new Entry("e-1", text)), List.of(never)));
    libraries.promote(libraries.publish("replies", library), "production", NO_REASON);
  }

  private static SourceReader withoutLibrary() {
    return new SourceReader(new Wanted("acme", Optional.empty(), Wanted.KEEP));
  }

  private static SourceReader withLibrary() {
    return new SourceReader(new Wanted("acme", Optional.of(REPLIES), Wanted.KEEP));
  }

  private Outcome build(SourceReader sources) {
    return builder.build(PRODUCTION, sources, NOW).orElseThrow();
  }

  private ModelVersion built(SourceReader sources) {
    Outcome outcome = build(sources);
    assertThat(outcome.note()).isEqualTo("built");
    assertThat(models.resolve(PRODUCTION)).isEqualTo(outcome.version().orElseThrow());
    return outcome.version().get();
  }

  private void assertNothingDiffers(SourceReader sources) {
    List<ModelVersion> versions = models.versions("acme");
    assertThat(build(sources))
        .isEqualTo(new Outcome(Optional.empty(), Optional.empty(), "nothing differs"));
    assertThat(models.versions("acme")).isEqualTo(versions);
  }

  private Path fetched(ModelReference reference) {
    made++;
    Path target = folder.resolve("fetched-" + made);
    models.fetch(models.resolve(reference), target);
    return target;
  }

  private BuiltFrom builtFrom(ModelReference reference) {
    return BuiltFrom.read(fetched(reference)).orElseThrow();
  }

  private List<String> suggested(String agent) {
    engine.reload(fetched(PRODUCTION));
    return suggestedBy(engine, agent);
  }

  private static List<String> suggestedBy(SuggestionEngine one, String agent) {
    try (EngineSession session =
        one.open(TypedFeedback.CONTEXT, Desk.ofAgent(Optional.of(agent)))) {
      return session.suggest("", 20).stream().map(Suggestion::text).toList();
    }
  }

  private static SuggestionEngine load(Path model) {
    return SuggestionEngine.load(model, new EngineOptions(TestDevice.compute(Precision.FP32)));
  }

  private Manifest manifest(int version) {
    return models.describe(new ModelVersion("acme", version)).manifest();
  }

  @Test
  void aTextOfThreeConversationsIsInTheNextVersionOfTheSameWeights() {
    type(FRIDAY, "a-1", "a-1", "a-2");
    type(HOWDY, "a-1", "a-1", "a-1");
    assertThat(suggested("a-9")).contains(KNOWN).doesNotContain(FRIDAY);
    AliasMove move = build(withoutLibrary()).move().orElseThrow();
    assertThat(move.kind()).isEqualTo(AliasMove.Kind.BUILD);
    assertThat(move.to()).isEqualTo(2);
    assertThat(move.by()).isEqualTo("ann");
    assertThat(move.why())
        .contains("no library, 2 typed texts, 0 agents and 0 conversations forgotten");
    assertThat(manifest(2).weightsDigest()).isEqualTo(manifest(1).weightsDigest());
    assertThat(manifest(2).files(FileKind.WEIGHTS)).isEqualTo(manifest(1).files(FileKind.WEIGHTS));
    assertThat(manifest(2).builtOn()).contains(1);
    assertThat(suggested("a-9")).contains(KNOWN, FRIDAY).doesNotContain(HOWDY);
    assertThat(suggested("a-1")).contains(FRIDAY, HOWDY);
    try (SuggestionEngine another = load(fetched(PRODUCTION))) {
      assertThat(suggestedBy(another, "t-0")).contains(KNOWN, FRIDAY, TRAINED);
    }
    assertThat(builtFrom(PRODUCTION).typedReplies()).isEqualTo(6);
    assertThat(models.verify("acme").problems()).isEmpty();
  }

  @Test
  void whereNothingDiffersNothingIsPublished() {
    type(FRIDAY, "a-1", "a-1", "a-2");
    promoteLibrary(ENTRY);
    SourceReader sources = withLibrary();
    built(sources);
    assertNothingDiffers(sources);
    builder = builder("another machine");
    assertNothingDiffers(withLibrary());
    type(MONDAY, "a-1", "a-2");
    assertNothingDiffers(sources);
    promoteLibrary(ENTRY);
    assertThat(built(sources).number()).as("built from another library").isEqualTo(3);
  }

  @Test
  void aForgottenAgentIsInNoFileOfTheNextVersion() throws IOException {
    type(HOWDY, "t-0", "t-0", "t-0");
    type(FRIDAY, "a-1", "a-1", "t-0");
    built(withoutLibrary());
    assertThat(suggested("t-0")).contains(TRAINED, HOWDY, FRIDAY);
    List<String> traces =
        List.of("Howdy", "Good day", hash("t-0"), word("Good"), wording(TRAINED), wording(HOWDY));
    String before = contents(PRODUCTION);
    assertThat(before).contains(traces);
    Forgotten all = builder.forget(PRODUCTION, Set.of("t-0"), Set.of());
    assertThat(all.agents()).contains(hash("t-0"));
    built(withoutLibrary());
    assertThat(suggested("t-0")).contains(KNOWN).doesNotContain(TRAINED, HOWDY, FRIDAY);
    assertThat(contents(PRODUCTION)).contains("Hello").doesNotContain(traces);
    assertThat(Forgotten.read(fetched(PRODUCTION)).agents()).contains(hash("t-0"));
    assertThat(builtFrom(PRODUCTION).forgottenAgents()).isEqualTo(1);
    assertNothingDiffers(withoutLibrary());
  }

  @Test
  void aForgottenConversationLeavesWithWhatItAloneMadeATextForAll() {
    type(HOWDY, "a-1", "a-1", "a-1");
    built(withoutLibrary());
    assertThat(suggested("t-0")).contains(TRAINED);
    builder.forget(PRODUCTION, Set.of(), Set.of("c-1"));
    built(withoutLibrary());
    assertThat(suggested("t-0")).doesNotContain(TRAINED);
    assertThat(suggested("a-1")).contains(HOWDY);
  }

  private static String word(String word) {
    return Sha256.brief(SALT + "word" + word);
  }

  private static String wording(String text) {
    return Sha256.brief(SALT + "wording" + TextNorm.wording(text));
  }

  /** All files but the one that says who is forgotten. */
  private String contents(ModelReference reference) throws IOException {
    Path version = fetched(reference);
    StringBuilder all = new StringBuilder();
    for (ManifestFile file : Manifest.read(version).files()) {
      if (!file.path().equals(Forgotten.FILE)) {
        all.append(Files.readString(version.resolve(file.path()), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aTrainingThatBeganBeforeAnEditOfTheLibraryDoesNotUndoIt() {
    promoteLibrary(ENTRY);
    built(withLibrary());
    type(FRIDAY, "a-1", "a-1", "a-2");
    ModelVersion second = models.publish("acme", trained.resolve("second")); // which took its time
    promoteLibrary(NEWER_ENTRY, "there");
    ModelVersion renewed = builder.renewed(second, PRODUCTION, NOW);
    models.promote(renewed, "production", NO_REASON);
    assertThat(renewed).isNotEqualTo(second);
    assertThat(manifest(renewed.number()).weightsDigest())
        .isEqualTo(manifest(second.number()).weightsDigest())
        .isNotEqualTo(manifest(1).weightsDigest());
    assertThat(manifest(renewed.number()).builtOn()).contains(second.number());
    assertThat(suggested("a-9")).contains("second", NEWER_ENTRY).doesNotContain(ENTRY, KNOWN);
    built(withLibrary());
    assertThat(suggested("a-9")).as("what the version had not read").contains(FRIDAY);
  }

  @Test
  void whereNothingWasBuiltAPromotionTakesTheVersionItself() {
    promoteLibrary(ENTRY);
    ModelVersion second = models.publish("acme", trained.resolve("second"));
    assertThat(builder.renewed(second, PRODUCTION, NOW)).isEqualTo(second);
    assertThat(builder.renewed(second, new ModelAlias("acme", "canary"), NOW)).isEqualTo(second);
    assertThat(folder.resolve("cache")).as("nothing is downloaded for that").doesNotExist();
  }

  private void rollBack() {
    models.rollback(
        PRODUCTION, Optional.empty(), NO_REASON, one -> builder.restricted(one, PRODUCTION));
  }

  @Test
  void aRollbackRestoresAllButWhatWasForgottenOrForbiddenSinceAndHolds() {
    promoteLibrary(ENTRY);
    type(FRIDAY, "a-1", "a-1", "a-2");
    type(MONDAY, "a-1", "a-1", "a-2");
    built(withLibrary());
    assertThat(suggested("t-0")).contains(KNOWN, FRIDAY, MONDAY, TRAINED, ENTRY);
    ModelVersion second = models.publish("acme", trained.resolve("second"));
    models.promote(builder.renewed(second, PRODUCTION, NOW), "production", NO_REASON);
    promoteLibrary(NEWER_ENTRY, "on Monday");
    builder.forget(PRODUCTION, Set.of("t-0"), Set.of());
    feedback.delete();
    built(withLibrary());
    assertThat(suggested("t-0")).contains("second", NEWER_ENTRY).doesNotContain(FRIDAY, TRAINED);
    rollBack();
    assertThat(suggested("t-0"))
        .contains(KNOWN, FRIDAY, ENTRY)
        .doesNotContain(MONDAY, TRAINED, NEWER_ENTRY, "second");
    assertThat(manifest(models.resolve(PRODUCTION).number()).builtOn()).contains(1);
    assertThat(models.held(PRODUCTION)).isPresent();

    type(TUESDAY, "a-1", "a-1", "a-2");
    assertNothingDiffers(withLibrary());
    promoteLibrary(NEWER_ENTRY, "on Monday", "on Friday");
    built(withLibrary());
    assertThat(suggested("a-9")).contains(KNOWN, ENTRY).doesNotContain(FRIDAY, TUESDAY);
    assertThat(models.held(PRODUCTION)).as("still").isPresent();
    assertNothingDiffers(withLibrary());

    models.promote(models.resolve(PRODUCTION), "production", NO_REASON);
    built(withLibrary());
    assertThat(suggested("a-9")).contains(NEWER_ENTRY, TUESDAY).doesNotContain(FRIDAY, ENTRY);
    assertThat(models.verify("acme").problems()).isEmpty();
  }

  @Test
  void aRollbackReturnsToTheVersionItselfWhereNothingWasForgottenOrForbidden() {
    promoteLibrary(ENTRY);
    type(FRIDAY, "a-1", "a-1", "a-2");
    ModelVersion first = built(withLibrary());
    ModelVersion second = models.publish("acme", trained.resolve("second"));
    models.promote(builder.renewed(second, PRODUCTION, NOW), "production", NO_REASON);
    promoteLibrary(NEWER_ENTRY);
    built(withLibrary());
    List<ModelVersion> versions = models.versions("acme");
    rollBack();
    assertThat(models.resolve(PRODUCTION)).isEqualTo(first);
    assertNothingDiffers(withLibrary());
    assertThat(models.versions("acme")).isEqualTo(versions);
    models.promote(models.resolve(PRODUCTION), "production", NO_REASON);
    built(withLibrary());
    assertThat(suggested("a-9")).contains(FRIDAY, NEWER_ENTRY);
  }

  @Test
  void theOtherVersionOfARunningExperimentIsBuiltToo() throws InterruptedException {
    ModelVersion second = models.publish("acme", trained.resolve("second"));
    Experiments experiments = new Experiments(store, Actor.named("ann"));
    List<Arm> arms = List.of(new Arm("a", 0.5, 1, true), new Arm("b", 0.5, second.number(), true));
    Experiments.Current running =
        experiments.start(
            "two",
            now -> new Experiment("two", "acme", arms, 100, now, Optional.empty()),
            NO_REASON);
    ModelAlias other = Experiments.other(running.experiment());
    promoteLibrary(ENTRY, "second");
    builder.build(PRODUCTION, withLibrary());
    for (ModelReference arm : List.of(PRODUCTION, other)) {
      assertThat(models.readText(models.resolve(arm), AnswerLibraryFile.FILE)).contains("second");
    }
    assertThat(manifest(models.resolve(other).number()).builtOn()).contains(second.number());
    GcReport kept =
        models.collectGarbage("acme", new GcOptions(0, Duration.ZERO, Duration.ZERO, false));
    assertThat(kept.kept().keySet()).contains(models.resolve(other).number());
    var _ = experiments.stop(running, NO_REASON);
    promoteLibrary(NEWER_ENTRY);
    builder.build(PRODUCTION, withLibrary());
    assertThat(builtFrom(PRODUCTION).library()).hasToString("Optional[replies@2]");
    assertThat(builtFrom(other).library()).hasToString("Optional[replies@1]");
  }

  /** The library came into use after the version was served. */
  @Test
  void aRollbackToAVersionWithoutLibraryForbidsWhatTheLibraryOfTodayForbids() {
    ModelVersion second = models.publish("acme", trained.resolve("second"));
    models.promote(second, "production", NO_REASON);
    promoteLibrary(ENTRY, "hello there");
    built(withLibrary());
    rollBack();
    assertThat(manifest(models.resolve(PRODUCTION).number()).builtOn()).contains(1);
    assertThat(suggested("a-9")).contains("first").doesNotContain(KNOWN, ENTRY);
  }

  @Test
  void whileAnAliasIsHeldOneAgentAfterTheOtherMayBeForgotten() {
    type(FRIDAY, "a-1", "a-1", "a-2");
    type(HOWDY, "a-2", "a-2", "a-2");
    built(withoutLibrary());
    models.promote(models.publish("acme", trained.resolve("second")), "production", NO_REASON);
    rollBack();
    assertThat(suggested("a-2")).contains(FRIDAY, HOWDY);
    builder.forget(PRODUCTION, Set.of("a-1"), Set.of());
    built(withoutLibrary());
    assertThat(suggested("a-2")).contains(HOWDY).doesNotContain(FRIDAY);
    builder.forget(PRODUCTION, Set.of("a-2"), Set.of());
    built(withoutLibrary());
    assertThat(suggested("a-2")).contains(KNOWN).doesNotContain(FRIDAY, HOWDY);
  }
}
