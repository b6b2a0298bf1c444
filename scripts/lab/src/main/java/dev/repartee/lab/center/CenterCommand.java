package dev.repartee.lab.center;

import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.finetune.evaluate.ServiceClient;
import dev.repartee.finetune.metric.TestSample;
import dev.repartee.lab.center.SimulatedCenter.Lived;
import dev.repartee.lab.center.SimulatedCenter.Result;
import dev.repartee.lab.center.SimulatedCenter.Settings;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A simulated contact center; {@code scripts/center} runs it. */
@Command(
    name = "simulate-center",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = {
      "Simulated agents write known conversations with a running service, over HTTP, and send it"
          + " feedback with events.",
      "Times in the feedback are simulated: they do not depend on --speed."
    },
    footer = {
      "  scripts/center --service http://localhost:8080 --conversations scripts/samples/test.jsonl"
    })
public final class CenterCommand implements Callable<Integer> {

  static final String LIVED = "conversations.jsonl.gz";
  static final String RESULT = "center.json";

  @Option(
      names = "--service",
      required = true,
      paramLabel = "URL",
      description = "The running service. Its API key comes from REPARTEE_API_KEY.")
  private String service;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "What customers say, and what agents want to say: JSON Lines or CSV.")
  private List<Path> conversations;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most conversations: a fixed sample by their ids.")
  private Optional<Integer> limit;

  @Option(
      names = "--repeat",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "How often all conversations take place; from the second time on as ID.2 and so on.")
  private int repeat;

  @Option(
      names = "--agents",
      defaultValue = "20",
      paramLabel = "N",
      description = "Agents at work at once; hundreds are possible.")
  private int agents;

  @Option(
      names = "--sway",
      defaultValue = "0.3",
      paramLabel = "SHARE",
      description =
          "How often agents send a suggested reply that has at least 60%% of its words in common"
              + " with theirs, half of the times after a change.")
  private double sway;

  @Option(
      names = "--speed",
      defaultValue = "0",
      paramLabel = "X",
      description = "How many times faster than real agents; 0: nobody waits.")
  private double speed;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed of agents and of what they do. Feedback of the same seed is stored once.")
  private long seed;

  @Option(
      names = "--operating-point",
      defaultValue = "calm",
      paramLabel = "eager|calm",
      description = "How readily texts are shown.")
  private OperatingPoint operatingPoint;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Folder for "
              + LIVED
              + ", the conversations with what was sent, and "
              + RESULT
              + ", the result with the figures of each.")
  private Optional<Path> output;

  @Mixin private Output printed;

  @Override
  public Integer call() {
    if (repeat < 1) {
      throw UserException.usage("--repeat must be at least 1 but is " + repeat);
    }
    Settings settings = new Settings(agents, seed, sway, speed, operatingPoint);
    List<Conversation> all =
        repeated(TestSample.of(ConversationReader.readAll(conversations), limit));
    List<Lived> lived;
    try (ServiceClient client = new ServiceClient(service);
        ProgressLine line = new ProgressLine("center", "conversations")) {
      AtomicInteger done = new AtomicInteger();
      lived =
          new SimulatedCenter(client, settings)
              .live(all, () -> line.stepTo(done.incrementAndGet(), all.size()));
    }
    Result result = Result.of(lived);
    output.ifPresent(
        folder -> {
          ConversationWriter.write(folder.resolve(LIVED), lived.stream().map(Lived::conversation));
          AtomicFile.writeResult(
              folder.resolve(RESULT), Json.PRETTY.writeValueAsString(result) + "\n");
        });
    printed.print(result.inAll(), "");
    return 0;
  }

  private List<Conversation> repeated(List<Conversation> once) {
    List<Conversation> all = new ArrayList<>(once);
    for (int time = 2; time <= repeat; time++) {
      String suffix = "." + time;
      once.forEach(one -> all.add(one.withId(one.id() + suffix)));
    }
    return all;
  }
}
