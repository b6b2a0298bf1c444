package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real engine whose memory holds a phrasing that agent a-3 alone uses. */
@Timeout(60)
class AgentsTest {

  private static final String ALL = "Hello there";
  private static final String OWN = "Howdy, partner!";

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void learn() throws IOException {
    model = folder.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers(ALL));
    TinyModel.rememberOwn(model, "a-3", OWN);
  }

  private static ServingEngine load(Path folder) {
    return SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)));
  }

  private RunningService serve() {
    return RunningService.serving(model, AgentsTest::load, "--trust-agent-id");
  }

  private static List<String> suggestions(RunningService service, String agent) {
    return service.texts(
        """
        {"messages": [{"role": "customer", "text": "is the order here?"}], "limit": 20,
         "conversation_id": "c"%s}
        """
            .formatted(agent));
  }

  private static String agent(String id) {
    return ", \"agent_id\": \"%s\"".formatted(id);
  }

  @Test
  void anAgentsOwnPhrasingIsSuggestedToThemAlone() {
    try (RunningService service = serve()) {
      for (int i = 0; i < 2; i++) { // the second time from open sessions
        for (String own : List.of(agent("a-3"), agent(" a-3\\t"))) {
          assertThat(suggestions(service, own)).contains(ALL, OWN);
        }
        for (String other : List.of(agent("a-4"), agent("A-3"), ", \"agent_id\": null", "")) {
          assertThat(suggestions(service, other)).as(other).contains(ALL).doesNotContain(OWN);
        }
      }
    }
  }

  @Test
  void whoIsNotTrustedToNameTheAgentGetsNobodysOwn() {
    try (RunningService service = RunningService.serving(model, AgentsTest::load)) {
      for (String any : List.of(agent("a-3"), agent("a-4"), "")) {
        assertThat(suggestions(service, any)).as(any).contains(ALL).doesNotContain(OWN);
      }
    }
  }

  /** Nothing tells which agent declined, so the others keep the offer. */
  @Test
  void withoutAConversationIdNoDeclinedOfferOutlastsItsRequest() {
    try (RunningService service = serve()) {
      String typed = agent("a-3") + ", \"draft\": \"How\", \"operating_point\": \"eager\"";
      String declined = typed + ", \"declined\": true";
      String noId = ", \"conversation_id\": null";
      List<String> offered = suggestions(service, typed + noId);
      assertThat(offered).contains("dy, partner!");
      suggestions(service, declined + noId);
      assertThat(suggestions(service, typed + noId)).isEqualTo(offered);

      assertThat(suggestions(service, typed)).contains("dy, partner!");
      assertThat(suggestions(service, declined)).doesNotContain("dy, partner!");
      assertThat(suggestions(service, typed)).doesNotContain("dy, partner!");
      String other = ", \"conversation_id\": \"d\"";
      assertThat(suggestions(service, typed + other)).as("its own").contains("dy, partner!");
    }
  }
}
