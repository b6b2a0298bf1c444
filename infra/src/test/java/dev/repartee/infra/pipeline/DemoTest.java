package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
          // All that the agents continue so. For the samples calibration chooses counted words
          // alone, which do not always know that a parcel has an order number.
          "In the middle of a sentence",
          List.of(
              "Could you please give me your order number?",
              "Could you please give me your booking reference?",
              "Could you please give me the email address on your account?"),
          "Where nothing fits, nothing is shown",
          List.of());

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
  }
}
