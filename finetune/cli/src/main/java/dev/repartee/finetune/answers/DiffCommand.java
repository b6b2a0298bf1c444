package dev.repartee.finetune.answers;

import dev.repartee.finetune.feedback.FeedbackUse;
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
import java.util.ArrayList;
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
      "Shows what distinguishes two libraries, and what to look at in the newer one: near duplicates,"
          + " personal data, entries that cannot be offered.",
      "Each is a folder with library.json, NAME@NUMBER or NAME@ALIAS."
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "OLD", description = "Folder, NAME@NUMBER or NAME@ALIAS.")
  private String from;

  @Parameters(index = "1", paramLabel = "NEW", description = "The newer one.")
  private String to;

  @Option(
      names = "--feedback",
      paramLabel = "URI",
      description =
          "The store that keeps agents' feedback; names the entries of both that none of it used.")
  private Optional<String> feedback = Optional.empty();

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
    Optional<FeedbackUse> used = feedback.map(FeedbackUse::read);
    LibraryDiff diff = LibraryDiff.of(older, newer, used, now);
    if (measuring != null) {
      List<Conversation> stored = ConversationReader.readAll(measuring.conversations);
      LocalModel model = source.locate(measuring.model);
      diff =
          diff.with(
              LibraryEffect.measure(
                  model,
                  engine.options(model.folder()),
                  older,
                  newer,
                  stored,
                  measuring.limit,
                  now));
    }
    List<String> lines = new ArrayList<>(diff.lines(older, newer));
    used.ifPresent(use -> lines.add("read %d records of feedback".formatted(use.records())));
    output.print(diff, lines);
    return 0;
  }
}
