package dev.repartee.clustering.extract;

import static dev.repartee.text.privacy.PublicFacts.NONE;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.LocalCounting;
import dev.repartee.clustering.review.ReviewFile;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.clustering.review.ReviewMemory;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Decision.Kind;
import dev.repartee.text.answers.PublicFile;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.PublicFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code extract}: finds the answers that agents give most often. */
@Command(
    name = "repartee extract",
    footer = {"  repartee extract --conversations train.jsonl.gz --output runs/answers"},
    mixinStandardHelpOptions = true,
    description = "Finds the answers that agents give most often in conversations.")
public final class ExtractCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(ExtractCommand.class);

  private static final int FEWEST_AGENTS = 2;

  /** Where no agent is known: as many as the memory asks for. */
  private static final int FEWEST_CONVERSATIONS = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations as JSON Lines or CSV, plain or .gz; may be repeated.")
  private List<Path> conversations = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for answers.json, review.csv and public.csv.")
  private Path output;

  @Option(
      names = "--min-agents",
      paramLabel = "N",
      description =
          "Agents who must have used an answer (conversations, where agents are unknown). Default:"
              + " 2; 3 where no agent is known")
  private Optional<Integer> minAgents = Optional.empty();

  @Option(
      names = "--min-count",
      defaultValue = "3",
      paramLabel = "N",
      description = "Messages in which an answer must have been used.")
  private long minCount;

  @Option(
      names = "--max-answers",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Most answers: only the most used are taken.")
  private int maxAnswers;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "The same seed gives the same answers.")
  private long seed;

  @Option(
      names = "--test",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Other conversations, to measure the coverage of the answers on; may be repeated.")
  private List<Path> heldOut = List.of();

  @Option(
      names = "--engine",
      defaultValue = LocalCounting.NAME,
      paramLabel = "NAME",
      description = "Where messages are counted: local or spark; the result is the same.")
  private String engine;

  @Option(
      names = "--public-facts",
      arity = "1",
      defaultValue = "true",
      paramLabel = "true|false",
      showDefaultValue = Visibility.ALWAYS,
      description =
          "Values that many conversations share, such as opening times, stay readable; public.csv"
              + " lists them.")
  private boolean publicFacts;

  @Option(
      names = "--previous",
      paramLabel = "DIR",
      description =
          "Folder of the last extraction, whose review.csv, review-state.json and public.csv are"
              + " followed;"
              + " default: the output folder.")
  private Path previous;

  @Mixin private Output printed;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    AnswerBounds given = bounds(FEWEST_AGENTS); // what is wrong with it is said at once
    CountingEngine counting = CountingEngine.named(engine);
    // Before the long steps, since people make mistakes in it.
    Map<Path, String> decided = decisionHashes();
    PublicFacts struck = publicFacts ? PublicFile.struck(decisions(PublicFile.NAME)) : NONE;
    ReviewInput review = review().without(struck);
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> progress =
        step -> {
          if (log.isInfoEnabled()) { // not with --quiet
            err.println("extract: " + step);
            err.flush();
          }
        };
    CorpusTally corpus = counted(counting, struck, progress);
    // Two conversations may be of one agent: what only one says is not for all.
    AnswerBounds bounds = corpus.knownAgents() > 0 ? given : bounds(FEWEST_CONVERSATIONS);
    Extraction extraction = Extraction.run(corpus, bounds, review, seed, progress);
    Optional<Coverage> coverage = heldOutCoverage(extraction, counting, progress);
    // Before anything is written, since the next review replaces the files.
    checkNotSavedSince(decided);
    write(extraction, struck);
    if (extraction.review().answers().isEmpty()) {
      err.println(hint(extraction, bounds));
      err.flush();
    }
    printed.print(
        Summary.json(extraction, coverage, Duration.ofNanos(System.nanoTime() - start)),
        text(extraction));
    return 0;
  }

  private List<String> text(Extraction extraction) {
    Coverage coverage = extraction.coverage();
    Map<Kind, Integer> decided = extraction.review().changes().decisions();
    return List.of(
        "%d answers of %d agent messages in %d conversations"
            .formatted(
                extraction.review().answers().size(),
                extraction.corpus().agentMessages(),
                extraction.corpus().conversations()),
        String.format(
            Locale.ROOT,
            "they are %.1f%% of the messages, the 50 most used %.1f%%",
            100 * coverage.of(Integer.MAX_VALUE).messages(),
            100 * coverage.of(50).messages()),
        decided.isEmpty()
            ? "nobody has decided about any of them yet"
            : "decisions of people that hold: "
                + decided.entrySet().stream()
                    .map(kind -> kind.getValue() + " " + kind.getKey().word())
                    .collect(Collectors.joining(", ")),
        "answers  " + output.resolve("answers.json"),
        "review   " + output.resolve(ReviewFile.NAME),
        Output.NEXT
            + (decided.isEmpty()
                ? "repartee answers review " + output
                : "repartee recipe --answers %s ..., or once more: repartee answers review %s"
                    .formatted(output.resolve("answers.json"), output)));
  }

  private ReviewInput review() {
    if (previous != null && !Files.exists(previous.resolve(ReviewMemory.NAME))) {
      throw new UserException(
          previous.resolve(ReviewMemory.NAME)
              + ": no such file; name the output folder of an earlier extraction with --previous");
    }
    if (previous != null
        && !previous.toAbsolutePath().normalize().equals(output.toAbsolutePath().normalize())
        && Files.exists(output.resolve(ReviewFile.NAME))) {
      throw new UserException(
          output.resolve(ReviewFile.NAME)
              + " would be overwritten, with what people decided in it: leave out --previous to"
              + " follow it, or name another --output");
    }
    return ReviewInput.load(decisions(ReviewFile.NAME), decisions(ReviewMemory.NAME));
  }

  /** The file of this name that the last extraction left. */
  private Path decisions(String name) {
    return (previous == null ? output : previous).resolve(name);
  }

  /** Which values stay is known only when all conversations were read, so they are read twice. */
  private CorpusTally counted(
      CountingEngine counting, PublicFacts struck, Consumer<String> progress) {
    PublicFacts facts = NONE;
    if (publicFacts) {
      progress.accept("public values");
      facts = counting.countValues(conversations, progress).facts().without(struck);
    }
    return counting.count(conversations, facts, progress);
  }

  private AnswerBounds bounds(int fewest) {
    try {
      return new AnswerBounds(minAgents.orElse(fewest), minCount, maxAnswers);
    } catch (IllegalArgumentException e) {
      throw new UserException(UserException.Kind.WRONG_USAGE, "--" + e.getMessage(), e);
    }
  }

  /** By file in which people decide, the hash of its content; empty if there is no such file. */
  private Map<Path, String> decisionHashes() {
    Map<Path, String> hashes = new LinkedHashMap<>();
    for (String name : List.of(ReviewFile.NAME, PublicFile.NAME)) {
      Path file = decisions(name);
      try {
        hashes.put(file, Files.exists(file) ? Sha256.of(file) : "");
      } catch (IOException e) {
        throw new UserException(file + ": cannot be read: " + e, e);
      }
    }
    return hashes;
  }

  private void checkNotSavedSince(Map<Path, String> decided) {
    decisionHashes()
        .forEach(
            (file, hash) -> {
              if (!hash.equals(decided.get(file))) {
                throw new UserException(
                    file
                        + ": was saved while the extraction ran, so nothing was written; run the"
                        + " command once more to apply what was decided");
              }
            });
  }

  private void write(Extraction extraction, PublicFacts struck) {
    AnswerSetFile.write(output.resolve("answers.json"), extraction.answers());
    // The state goes first. If the review is not written, the state's decisions apply; a review
    // without its state would not recognise all clusters.
    extraction.review().memory().write(output.resolve(ReviewMemory.NAME));
    ReviewFile.write(
        output.resolve(ReviewFile.NAME),
        extraction.review().rows(),
        extraction.corpus().agentMessages());
    if (publicFacts) {
      PublicFile.write(output.resolve(PublicFile.NAME), extraction.corpus().facts(), struck);
    }
  }

  private Optional<Coverage> heldOutCoverage(
      Extraction extraction, CountingEngine counting, Consumer<String> progress) {
    if (heldOut.isEmpty()) {
      return Optional.empty();
    }
    progress.accept("coverage of held-out conversations");
    return Optional.of(
        Coverage.ofHeldOut(
            extraction.review().answers(),
            counting.count(heldOut, extraction.corpus().facts(), progress)));
  }

  private static String hint(Extraction extraction, AnswerBounds bounds) {
    return "warning: no answer was used in %d messages by %d agents; there are %d messages by %d agents (unknown in %d conversations), so try a lower --min-agents or --min-count"
        .formatted(
            bounds.minCount(),
            bounds.minAgents(),
            extraction.corpus().agentMessages(),
            extraction.corpus().knownAgents(),
            extraction.corpus().agentUnknown());
  }
}
