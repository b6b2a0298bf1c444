package dev.repartee.finetune.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Costs of made-up agents, who differ in how fast they type and in how long they think. */
class CostFitTest {

  private static final double ACCEPT = 3.2;
  private static final double READ = 0.8;
  private static final double READ_REPLY = 2.4;

  @TempDir private Path folder;

  /**
   * Feedback of agents for whom a suggestion costs as above.
   *
   * @param agents none for feedback that does not tell them apart
   */
  private void feedback(int agents, int replies, boolean named) {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < replies; i++) {
      int agent = i % agents;
      double key = 150 + 12 * agent;
      int typed = 5 + random.nextInt(80);
      int completions = random.nextInt(6);
      int answers = random.nextInt(4);
      int taken = random.nextInt(1 + completions);
      double think = (1500 + 100 * agent) * Math.exp(0.5 * random.nextGaussian());
      double work = key * (typed + ACCEPT * taken + READ * completions + READ_REPLY * answers);
      long begin = Math.round(think);
      long end = begin + Math.round(work);
      List<Map<String, ?>> actions = new ArrayList<>();
      actions.addAll(Collections.nCopies(answers, displayed("answer", 0)));
      actions.add(
          Map.of("action", "typed", "at_ms", begin, "for_ms", end - begin, "characters", typed));
      actions.addAll(Collections.nCopies(completions, displayed("completion", end)));
      actions.addAll(Collections.nCopies(taken, Map.of("action", "completed", "at_ms", end)));
      actions.add(Map.of("action", "sent", "at_ms", end));
      String id = named ? "h-" + agent : "";
      lines.add(
          Replies.typed("f-" + i, "c-" + i / 5, id, "q", "x".repeat(typed), 0)
              .replaceFirst(
                  "\"actions\":.*",
                  "\"actions\":" + Json.COMPACT.writeValueAsString(actions) + "}}"));
    }
    Replies.store(folder.resolve("store"), 0, "1-a", lines);
  }

  private static Map<String, ?> displayed(String kind, long at) {
    return Map.of("action", "displayed", "at_ms", at, "for_ms", 9, "kind", kind);
  }

  private CommandRun fit(String... more) {
    return CommandRun.of(
        new Main(), "report", "--fit-costs", "--feedback", folder.resolve("store"), more);
  }

  private static void assertWithin(JsonNode cost, double known) {
    assertThat(known)
        .as(cost.toString())
        .isBetween(cost.at("/ci95/low").asDouble(), cost.at("/ci95/high").asDouble());
    assertThat(cost.path("enough").asBoolean()).isTrue();
    assertThat(cost.path("keystrokes").asDouble()).isNotIn(1.5, 2.0);
  }

  @Test
  void knownCostsAreFoundWithinTheirIntervals() {
    feedback(12, 3000, true);
    Path output = folder.resolve("costs");
    CommandRun run = fit("--output", output.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertWithin(run.json().path("accept"), ACCEPT);
    assertWithin(run.json().path("read"), READ);
    assertWithin(run.json().path("read_reply"), READ_REPLY);
    assertThat(run.json().path("key_ms").asDouble()).isBetween(200.0, 232.0);
    assertThat(run.json().at("/by_agent/agents").asInt()).isEqualTo(12);
    Rule net = Costs.read(output.resolve("costs.json")).rules().getFirst();
    assertThat(net.name()).isEqualTo("net_costs");
    assertThat(net.accept()).isEqualTo(run.json().at("/accept/keystrokes").asDouble());
    assertThat(net.readReply()).isEqualTo(run.json().at("/read_reply/keystrokes").asDouble());
  }

  @Test
  void aWideIntervalIsTooLittleDataAndTheBorrowedCostStays() {
    feedback(12, 400, false);
    CommandRun run = fit("--no-json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("agents who are not told apart")
        .contains("too little data, 1.5 is assumed")
        .contains("Next: ");
  }

  @Test
  void fewRepliesAreRefused() {
    feedback(3, 150, true);
    CommandRun run = fit();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("150 replies").contains("200 and more");
    CommandRun wrong = fit("--answers", "desk");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("--fit-costs reads --feedback URI");
  }
}
