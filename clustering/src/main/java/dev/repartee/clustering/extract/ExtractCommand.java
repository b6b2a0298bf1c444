package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CorpusTally.Coverage;
import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.LocalCounting;
import dev.repartee.clustering.extract.Extraction.LeftOut;
import dev.repartee.clustering.review.ReviewFile;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.clustering.review.ReviewMemory;
import dev.repartee.clustering.review.ReviewResult.ReviewChanges;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Decision.Kind;
import dev.repartee.text.answers.PublicFile;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.ConversationsOption;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.Sharing;
import dev.repartee.text.privacy.TermsOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** The command {@code extract}: finds the answers that agents give most often. */
@Command(
    name = "repartee extract",
    footer = {"  repartee extract --conversations train.jsonl.gz --output runs/answers"},
    mixinStandardHelpOptions = true,
    description = "Finds the answers that agents give most often in conversations.")
public final class ExtractCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(ExtractCommand.class);

  /** Only the most used become answers. */
  private static final int MOST_ANSWERS = 1000;

  /** The same conversations give the same answers. */
  private static final long SEED = 1;

  @Spec private CommandSpec spec;

  @Mixin private ConversationsOption conversations = new ConversationsOption();
  @Mixin private TermsOption terms = new TermsOption();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for answers.json, review.csv and public.csv.")
  private Path output;

  @Option(
      names = "--min-agents",
      paramLabel = "N",
      defaultValue = "2",
      description = "Agents who must have used an answer, in three conversations or more.")
  private int minAgents;

  @Option(
      names = "--engine",
      defaultValue = LocalCounting.NAME,
      paramLabel = "NAME",
      description = "Where messages are counted: local or spark; the result is the same.")
  private String engine;

  @Mixin private Output printed;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    AnswerBounds bounds = bounds(); // what is wrong with them is said at once
    CountingEngine counting = CountingEngine.named(engine);
    Folders.requireWritable(output);
    // Before the long steps, since people make mistakes in it.
    Map<Path, String> decided = decisionHashes();
    PublicFacts struck = PublicFile.struck(output.resolve(PublicFile.NAME));
    PublicFacts own = terms.facts().without(struck);
    ReviewInput review =
        ReviewInput.load(output.resolve(ReviewFile.NAME), output.resolve(ReviewMemory.NAME))
            .without(struck);
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> progress =
        step -> {
          if (log.isInfoEnabled()) { // not with --quiet
            err.println("extract: " + step);
            err.flush();
          }
        };
    CorpusTally corpus = counted(counting, own, struck, progress);
    Extraction extraction = Extraction.run(corpus, bounds, review, SEED, progress);
    // Before anything is written, since the next review replaces the files.
    checkNotSavedSince(decided);
    write(extraction, struck);
    if (extraction.review().answers().isEmpty()) {
      err.println(hint(extraction, bounds));
      err.flush();
    }
    printed.print(json(extraction, Duration.ofNanos(System.nanoTime() - start)), text(extraction));
    return 0;
  }

  private List<String> text(Extraction extraction) {
    ReviewChanges changed = extraction.review().changes();
    Map<Kind, Integer> decided = changed.decisions();
    return List.of(
        "%d answers of %d agent messages in %d conversations"
            .formatted(
                extraction.review().answers().size(),
                extraction.corpus().agentMessages(),
                extraction.corpus().conversations()),
        String.format(
            Locale.ROOT,
            "each conversation has %.1f%% of its messages and %.1f%% of its characters in"
                + " common with others' answers",
            100 * extraction.coverage(Integer.MAX_VALUE).messages(),
            100 * extraction.coverage(Integer.MAX_VALUE).characters()),
        decided.isEmpty()
            ? "nobody has decided about any of them yet"
            : "decisions of people that hold: "
                + decided.entrySet().stream()
                    .map(kind -> kind.getValue() + " " + kind.getKey().word())
                    .collect(Collectors.joining(", "))
                + (changed.dropped().isEmpty()
                    ? ""
                    : "; wordings that too few conversations have now were dropped from "
                        + String.join(", ", changed.dropped().keySet())),
        "answers  " + output.resolve("answers.json"),
        "review   " + output.resolve(ReviewFile.NAME),
        Output.NEXT
            + (decided.isEmpty()
                ? "repartee answers review " + output
                : "repartee recipe --answers %s ..., or once more: repartee answers review %s"
                    .formatted(output.resolve("answers.json"), output)));
  }

  /** The figures, coverage as shares from 0 to 1. */
  private static ObjectNode json(Extraction extraction, Duration time) {
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("conversations", extraction.corpus().conversations());
    json.put("agents", extraction.corpus().knownAgents());
    json.put("agent_unknown", extraction.corpus().agentUnknown());
    json.put("agent_messages", extraction.corpus().agentMessages());
    json.put("distinct_texts", extraction.texts().size());
    json.put("clusters", extraction.clusters().size());
    json.put("noise_messages", extraction.noiseMessages());
    json.put("blank_messages", extraction.corpus().blankMessages());
    json.put("answers", extraction.review().answers().size());
    json.put("public_values", extraction.corpus().facts().facts().size());
    ObjectNode leftOut = json.putObject("left_out");
    for (LeftOut left : extraction.leftOut()) {
      leftOut
          .putObject(left.reason())
          .put("clusters", left.clusters())
          .put("messages", left.messages());
    }
    ObjectNode redactions = json.putObject("redactions");
    extraction.corpus().redactions().forEach(redactions::put);
    ReviewChanges changed = extraction.review().changes();
    ObjectNode changes = json.putObject("changes");
    changes.put("first_extraction", changed.first());
    changes.put("new", changed.added());
    changes.put("kept", changed.kept());
    changes.put("text_changed", changed.changed());
    changes.put("gone", changed.gone());
    ObjectNode decisions = changes.putObject("decisions");
    changed.decisions().forEach((kind, count) -> decisions.put(kind.word(), count));
    changes.put("decisions_waiting", changed.waiting());
    ObjectNode dropped = changes.putObject("wordings_dropped");
    changed.dropped().forEach(dropped::put);
    ObjectNode messages = json.putObject("coverage_of_messages");
    ObjectNode characters = json.putObject("coverage_of_characters");
    for (int top : new int[] {50, 200, 500, Integer.MAX_VALUE}) {
      String name = top == Integer.MAX_VALUE ? "all" : "top" + top;
      Coverage coverage = extraction.coverage(top);
      messages.put(name, rounded(coverage.messages()));
      characters.put(name, rounded(coverage.characters()));
    }
    json.put("seconds", Math.round(time.toMillis() / 100.0) / 10.0);
    return json;
  }

  private static double rounded(double share) {
    return Math.round(share * 10_000) / 10_000.0;
  }

  /** Which values stay is known only when all conversations were read, so they are read twice. */
  private CorpusTally counted(
      CountingEngine counting, PublicFacts own, PublicFacts struck, Consumer<String> progress) {
    progress.accept("public values");
    PublicFacts facts =
        counting
            .countValues(conversations.files(), own, progress)
            .facts()
            .without(struck)
            .with(own);
    return counting.count(conversations.files(), facts, minAgents, progress);
  }

  private AnswerBounds bounds() {
    try {
      return new AnswerBounds(minAgents, MOST_ANSWERS);
    } catch (IllegalArgumentException e) {
      throw new UserException(UserException.Kind.WRONG_USAGE, "--" + e.getMessage(), e);
    }
  }

  /** By file in which people decide, the hash of its content; empty if there is no such file. */
  private Map<Path, String> decisionHashes() {
    Map<Path, String> hashes = new LinkedHashMap<>();
    for (String name : List.of(ReviewFile.NAME, PublicFile.NAME)) {
      Path file = output.resolve(name);
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
        extraction.customerMessages(Math.max(2, minAgents)),
        extraction.corpus().agentMessages());
    PublicFile.write(output.resolve(PublicFile.NAME), extraction.corpus().facts(), struck);
  }

  private static String hint(Extraction extraction, AnswerBounds bounds) {
    return "warning: no answer was used in %d conversations by %d agents; there are %d messages by %d agents (unknown in %d conversations), so give more conversations, or try a lower --min-agents"
        .formatted(
            Sharing.CONVERSATIONS,
            bounds.minAgents(),
            extraction.corpus().agentMessages(),
            extraction.corpus().knownAgents(),
            extraction.corpus().agentUnknown());
  }
}
