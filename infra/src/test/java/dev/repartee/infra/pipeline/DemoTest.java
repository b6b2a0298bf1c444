package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * {@code scripts/repartee demo} as a newcomer runs it: what it shows is what the samples' agents
 * write there, whatever the seed.
 */
@Tag("slow")
class DemoTest {

  private static final Duration AT_MOST = Duration.ofMinutes(15);

  /**
   * For each situation the beginnings of all replies that fit: of the whole reply, or of the draft
   * and its continuation. What is shown must be one of them, or the beginning of one.
   */
  private static final Map<String, List<String>> FITTING =
      Map.of(
          "Before the first key, for an agent who is known",
          List.of(
              "Which reservation is it? I just need the reference.",
              "Could you please give me your booking reference?",
              "What is your booking reference?",
              "What's your booking reference?",
              "May I have the booking reference, please?",
              "Do you have the booking reference at hand? It starts with H.",
              "Can you send me the reference from your confirmation?",
              "Please tell me your booking reference so that I can find your stay.",
              "Could I get your reservation number, please?"),
          "After a few letters",
          List.of("I'm sorry to hear that. Let me look into this for you."),
          "In the middle of a sentence",
          List.of("Could you please give me your order number?"),
          "Where nothing fits, nothing is shown",
          List.of());

  /**
   * Drafts that replies of two queues continue, each with two questions: queue, question, and one
   * of what the offer must then hold.
   */
  private static final List<String> FORKS =
      """
      Could you please g|delivery|Where is my parcel?|order number|hotel|I need to change my booking.|booking reference,email
      Could I g|delivery|Where is my parcel?|order number|billing|Why is my bill so high this month?|account number
      Can you s|hotel|I would like to cancel my reservation.|reference|delivery|Where is my order?|order number
      Can you send me the |hotel|I would like to cancel my reservation.|reference|delivery|My parcel has not arrived.|order number
      What's your |delivery|My parcel has not arrived.|order number|internet|My internet is very slow.|account number
      What is your |hotel|I want to change the dates of my stay.|booking|internet|My internet does not work.|account number
      Do you have the |delivery|Where is my order?|order number|hotel|I have to cancel my booking.|booking reference
      May I have |billing|I was charged twice this month.|account number|delivery|My parcel has not arrived.|order number
      Which |hotel|I want to cancel my reservation.|reservation|delivery|My parcel has not arrived.|order
      Can you |internet|My internet is very slow.|account number|hotel|I want to cancel my reservation.|reference
      Could I get |internet|My internet is down.|account number|hotel|I want to change my reservation.|reservation number
      Could I get your |billing|I was charged twice this month.|account number|hotel|I want to change my reservation.|reservation number
      I just need |delivery|Where is my parcel?|order number|hotel|I have to change my booking.|reference
      Please t|hotel|I want to change my reservation.|booking reference|internet|My internet is down.|account number,reset button
      What's |delivery|Where is my parcel?|order number|billing|Why is my bill higher this month?|account number
      Do you |delivery|Where is my parcel?|order number|hotel|I want to cancel my booking.|booking reference
      Could you please |billing|Why is my bill so high this month?|account number|delivery|Where is my parcel?|order number
      Could you |internet|My internet is down.|account number|delivery|Where is my order?|order number
      May I |internet|My internet is down.|account number|delivery|Where is my order?|order number
      May I have the |delivery|Where is my order?|order number|hotel|I want to cancel my booking.|booking reference
      """
          .lines()
          .toList();

  @TempDir private Path folder;

  private ProgramRun demo(String... more) throws IOException, InterruptedException {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
    List<String> command =
        new ArrayList<>(
            List.of(Repository.file("scripts/repartee").toString(), "demo", "--output", "run"));
    command.addAll(List.of(more));
    return ProgramRun.of(folder, Map.of(), command, AT_MOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void everySuggestionFits(String seed) throws IOException, InterruptedException {
    ProgramRun run = demo("--seed", seed);
    assertThat(run.exitCode()).as(run.errors()).isZero();
    JsonNode transcript = Json.COMPACT.readTree(run.output());
    int shown = 0;
    for (JsonNode situation : transcript.path("situations")) {
      String name = situation.path("name").asString();
      assertThat(FITTING).containsKey(name);
      for (JsonNode suggestion : situation.path("suggestions")) {
        boolean completes = suggestion.path("kind").asString().equals("completion");
        String reply =
            (completes ? situation.path("draft").asString() : "")
                + suggestion.path("text").asString();
        assertThat(FITTING.get(name)).as(name).anyMatch(fitting -> fitting.startsWith(reply));
        shown++;
      }
    }
    assertThat(shown).isGreaterThanOrEqualTo(2);
    assertThat(transcript.at("/conversation/turns").size()).isGreaterThan(5);
    assertThat(transcript.at("/conversations/time_saved_ci95/low").asDouble()).isPositive();
    assertThat(transcript.at("/conversations/keys_saved").asDouble())
        .isGreaterThan(transcript.at("/conversations/time_saved").asDouble());
    try (SuggestionEngine engine =
        SuggestionEngine.load(
            folder.resolve("run/finetune/model"), new EngineOptions(Compute.cpu(Precision.FP32)))) {
      assertThat(FORKS.stream().filter(fork -> followsBoth(engine, fork.split("\\|"))))
          .as("drafts whose offer follows the question")
          .hasSizeGreaterThanOrEqualTo(15);
    }
  }

  private static boolean followsBoth(SuggestionEngine engine, String... fork) {
    return follows(engine, fork[0], fork[1], fork[2], fork[3])
        && follows(engine, fork[0], fork[4], fork[5], fork[6]);
  }

  private static boolean follows(
      SuggestionEngine engine, String draft, String queue, String question, String asked) {
    Desk desk = new Desk(Optional.empty(), Optional.of(queue), Optional.empty(), Map.of());
    try (ReplySession session = engine.open(List.of(Message.customer(question)), desk)) {
      String offer = session.complete(draft).map(Suggestion::text).orElse("");
      return Stream.of(asked.split(",")).anyMatch((draft + offer)::contains);
    }
  }
}
