package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.HeldOutCoverage;
import dev.repartee.clustering.corpus.AgentMessage;
import dev.repartee.clustering.corpus.CountingEngine;
import dev.repartee.clustering.corpus.CountingEngines;
import dev.repartee.clustering.corpus.LocalCounting;
import dev.repartee.clustering.corpus.MessageStream;
import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSetFile;
import dev.repartee.common.io.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code extract}: finds the answers that agents give most often. */
@Command(
    name = "extract",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    description = "Finds the answers that agents give most often in conversations.")
public final class ExtractCommand implements Callable<Integer> {

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
      description = "Folder for answers.json and report.html.")
  private Path output;

  @Option(
      names = "--min-agents",
      defaultValue = "2",
      paramLabel = "N",
      description =
          "Different agents who must have used an answer (conversations, where agents are"
              + " unknown).")
  private int minAgents;

  @Option(
      names = "--min-count",
      defaultValue = "3",
      paramLabel = "N",
      description = "Messages that must have used an answer.")
  private long minCount;

  @Option(
      names = "--max-answers",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Take the most used answers only.")
  private int maxAnswers;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "The same seed gives the same answers.")
  private long seed;

  @Option(
      names = "--assignments",
      paramLabel = "FILE",
      description = "Also write the cluster of every agent message, as JSON Lines or .csv.")
  private Path assignments;

  @Option(
      names = "--held-out",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Other conversations, on which the coverage of the answers is measured; may be repeated.")
  private List<Path> heldOut = List.of();

  @Option(
      names = "--engine",
      defaultValue = LocalCounting.NAME,
      paramLabel = "NAME",
      description = "Where messages are counted: local or spark; the result is the same.")
  private String engine;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    AnswerBounds bounds = bounds();
    CountingEngine counting = CountingEngines.named(engine);
    PrintWriter err = spec.commandLine().getErr();
    Consumer<String> progress =
        step -> {
          err.println("extract: " + step);
          err.flush();
        };
    Extraction extraction =
        Extraction.run(counting.count(conversations, progress), bounds, seed, progress);
    write(extraction);
    if (extraction.answers().size() == 0) {
      err.println(hint(extraction, bounds));
      err.flush();
    }
    Optional<HeldOutCoverage> coverage = heldOutCoverage(extraction, progress);
    PrintWriter out = spec.commandLine().getOut();
    out.println(Summary.json(extraction, coverage, Duration.ofNanos(System.nanoTime() - start)));
    out.flush();
    return 0;
  }

  private AnswerBounds bounds() {
    try {
      return new AnswerBounds(minAgents, minCount, maxAnswers);
    } catch (IllegalArgumentException e) {
      throw new UserException(UserException.Kind.WRONG_USAGE, "--" + e.getMessage(), e);
    }
  }

  private void write(Extraction extraction) {
    AnswerSetFile.write(output.resolve("answers.json"), extraction.answers());
    try {
      AtomicFile.writeString(output.resolve("report.html"), extraction.report());
      if (assignments != null) {
        try (Stream<AgentMessage> messages = MessageStream.of(conversations)) {
          new AssignmentsFile(extraction.texts(), extraction.clusters())
              .write(assignments, messages);
        }
      }
    } catch (IOException e) {
      throw new UserException("cannot write the extraction's files: " + e, e);
    }
  }

  private Optional<HeldOutCoverage> heldOutCoverage(
      Extraction extraction, Consumer<String> progress) {
    if (heldOut.isEmpty()) {
      return Optional.empty();
    }
    progress.accept("coverage of held-out conversations");
    try (Stream<AgentMessage> messages = MessageStream.of(heldOut)) {
      return Optional.of(HeldOutCoverage.of(extraction.answers().answers(), messages.iterator()));
    }
  }

  private static String hint(Extraction extraction, AnswerBounds bounds) {
    return "warning: no answer was used in %d messages by %d agents; there are %d messages by %d"
            .formatted(
                bounds.minCount(),
                bounds.minAgents(),
                extraction.corpus().agentMessages(),
                extraction.corpus().speakers())
        + " agents, so try a lower --min-agents or --min-count";
  }
}
