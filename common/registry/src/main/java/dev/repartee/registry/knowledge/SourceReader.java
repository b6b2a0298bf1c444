package dev.repartee.registry.knowledge;

import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.TypedText;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads what a model's knowledge is to be built from: the feedback in a store, an answer library in
 * its registry, and whom to forget. A library that did not change since is not read again. Not for
 * several threads.
 */
public final class SourceReader {

  /**
   * What to read.
   *
   * @param model whose feedback counts
   * @param library alias or version number of an answer library, where one is used
   * @param keep how long what was typed is used; zero: nothing that was typed is
   */
  public record Wanted(String model, Optional<ModelReference> library, Duration keep) {

    /** How long what agents type is used, unless somebody says it. */
    public static final Duration KEEP = Duration.ofDays(30);
  }

  /** What was read, and what of it a version says. */
  public record Read(Knowledge.Sources sources, BuiltFrom builtFrom) {}

  private record Library(VersionName version, AnswerLibrary library) {}

  private final Wanted wanted;
  private Optional<Library> last = Optional.empty();

  public SourceReader(Wanted wanted) {
    this.wanted = wanted;
  }

  /**
   * Reads it.
   *
   * @param feedback store of the feedback
   * @param registry store of the library; unused where none is wanted
   * @param salt of agents' and conversations' hashes
   * @throws UserException when the library cannot be read
   */
  public Read read(
      ObjectStore feedback,
      Optional<ObjectStore> registry,
      String salt,
      Forgotten forgotten,
      Instant now) {
    Optional<Library> library =
        wanted.library().map(named -> library(registry.orElseThrow(), named));
    List<TypedText> typed =
        wanted.keep().isZero()
            ? List.of()
            : new TypedTexts(
                    feedback, wanted.model(), now.minus(wanted.keep()), now, salt, forgotten)
                .read();
    Knowledge.Sources sources =
        new Knowledge.Sources(
            salt,
            library.map(one -> hashed(one.library(), salt)).orElse(AnswerLibrary.EMPTY),
            forgotten,
            typed);
    return new Read(
        sources,
        new BuiltFrom(
            library.map(Library::version),
            wanted.library().map(ModelReference::toString),
            wanted.keep(),
            typed.size(),
            typed.stream().mapToInt(one -> one.replies().size()).sum(),
            forgotten.agents().size(),
            forgotten.conversations().size(),
            digest(sources)));
  }

  /** Whose feedback counts. */
  String model() {
    return wanted.model();
  }

  /** The phrases that must not be said by the library as it is now. */
  List<String> never(ObjectStore registry) {
    return wanted
        .library()
        .map(named -> library(registry, named).library().never())
        .orElse(List.of());
  }

  /** Owners are no names in a version, as agents are none anywhere in it. */
  private static AnswerLibrary hashed(AnswerLibrary library, String salt) {
    return new AnswerLibrary(
        library.entries().stream()
            .map(
                one ->
                    new Entry(
                        one.id(),
                        one.title(),
                        one.text(),
                        one.folder(),
                        one.queue(),
                        one.language(),
                        one.validFrom(),
                        one.validUntil(),
                        one.owner().map(id -> Memory.pseudonym(salt, id))))
            .toList(),
        library.never());
  }

  private Library library(ObjectStore store, ModelReference named) {
    ModelRegistry libraries = new ModelRegistry(store, RegistryKind.LIBRARY, Actor.thisUser());
    ModelVersion version = libraries.resolve(named);
    VersionName name = new VersionName(version.model(), Integer.toString(version.number()));
    if (last.isEmpty() || !last.get().version().equals(name)) {
      String json = libraries.readText(version, AnswerLibraryFile.FILE);
      String source = version + "'s " + AnswerLibraryFile.FILE;
      last = Optional.of(new Library(name, AnswerLibraryFile.parse(json, source)));
    }
    return last.get();
  }

  /** One hash for all that counts of these: equal sources build equal knowledge. */
  private static String digest(Knowledge.Sources sources) {
    record Typed(String text, boolean all, SortedSet<String> agents, List<String> keys) {}
    record Used(
        AnswerLibrary library,
        SortedSet<String> agents,
        SortedSet<String> conversations,
        List<Typed> typed) {}
    Used used =
        new Used(
            sources.library(),
            sources.forgotten().agents(),
            sources.forgotten().conversations(),
            sources.typed().stream()
                .sorted(Comparator.comparing(TypedText::text))
                .map(
                    one ->
                        new Typed(
                            one.text(),
                            one.all(),
                            new TreeSet<>(one.agents()),
                            one.replies().stream().map(TypedText.TypedReply::key).toList()))
                .toList());
    return Sha256.of(Json.COMPACT.writeValueAsString(used));
  }
}
