package dev.repartee.finetune.answers;

import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.LibraryOptions;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee answers diff}. */
@Command(
    name = "diff",
    footer = {"  repartee answers diff desk@production desk --store registry"},
    description = {
      "Shows what distinguishes two libraries, and what to look at in the newer one: near"
          + " duplicates, personal data, entries that cannot be offered.",
      "Each is a folder with library.json, NAME@NUMBER or NAME@ALIAS."
    },
    mixinStandardHelpOptions = true)
public final class LibraryDiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "OLD", description = "Folder, NAME@NUMBER or NAME@ALIAS.")
  private String from;

  @Parameters(index = "1", paramLabel = "NEW", description = "The newer one.")
  private String to;

  @ArgGroup(exclusive = false, heading = "Net time saved with each library%n")
  private Measuring measuring;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;
  @Mixin private Output output;

  /** What {@code --evaluate} needs. */
  private static final class Measuring {

    @Option(
        names = "--evaluate",
        required = true,
        description = "Measure the net time that the model saves with either library.")
    private boolean evaluate;

    @Option(
        names = "--model",
        required = true,
        paramLabel = "DIR|NAME@ALIAS",
        description = "The model that serves: a folder, or of the registry.")
    private String model;

    @Option(
        names = "--conversations",
        required = true,
        arity = "1..*",
        split = ",",
        paramLabel = "FILE",
        description =
            "Stored conversations that the model has not seen: JSON Lines or CSV, plain or gzip.")
    private List<Path> conversations;

    @Option(
        names = "--limit",
        paramLabel = "N",
        description = "How many conversations at most, a fixed sample by their ids.")
    private Optional<Integer> limit = Optional.empty();
  }

  @Override
  public Integer call() {
    if (measuring != null && !measuring.evaluate) {
      throw UserException.usage(
          "--model, --conversations and --limit belong to --evaluate; give it");
    }
    Instant now = Instant.now();
    NamedLibrary older = LibraryOptions.read(from, source.store());
    NamedLibrary newer = LibraryOptions.read(to, source.store());
    Optional<LibraryEffect> effect =
        Optional.ofNullable(measuring).map(what -> measure(what, older, newer, now));
    LibraryDiff diff = LibraryDiff.of(older, newer, effect, now);
    output.print(diff, diff.lines(older, newer));
    return 0;
  }

  private LibraryEffect measure(
      Measuring what, NamedLibrary older, NamedLibrary newer, Instant now) {
    List<Conversation> stored = ConversationReader.readAll(what.conversations);
    LocalModel local = source.locate(what.model);
    return LibraryEffect.measure(
        local, engine.options(local.folder()), older, newer, stored, what.limit, now);
  }
}
