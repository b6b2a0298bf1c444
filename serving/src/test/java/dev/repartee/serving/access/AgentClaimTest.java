package dev.repartee.serving.access;

import static dev.repartee.serving.RunningService.json;
import static dev.repartee.serving.RunningService.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.access.Access.AgentRule;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agent a-3 has a phrasing of their own; nobody else may read it, however they ask. */
@Timeout(60)
class AgentClaimTest {

  private static final String OWN = "Howdy, partner!";
  private static final String KEY = "0123456789abcdef0123";
  private static final String CLAIM = "employee";

  @TempDir private static Path model;
  private static RSAKey rsa;

  @TempDir private Path folder;
  private TestIssuer issuer;

  @BeforeAll
  static void learn() throws IOException, JOSEException {
    rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    TinyModel.rememberOwn(model, "a-3", OWN);
  }

  @BeforeEach
  void start() {
    issuer = new TestIssuer(rsa);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  private RunningService serving(AgentRule rule) throws IOException {
    return RunningService.serving(
        model,
        path -> SuggestionEngine.load(path, new EngineOptions(TestDevice.compute(Precision.FP32))),
        access(rule));
  }

  private Access access(AgentRule rule) throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "desk: " + KEY);
    return new Access(Optional.of(ApiKeys.read(keys)), Optional.of(issuer.verifier()), rule);
  }

  private String token(Object employee) {
    return TestIssuer.sign(rsa, JWSAlgorithm.RS256, issuer.claims().claim(CLAIM, employee).build());
  }

  private static HttpResponse<String> post(
      RunningService service, String path, String credential, String body) {
    return service.post(path, body, "Authorization", "Bearer " + credential);
  }

  private static HttpResponse<String> ask(
      RunningService service, String credential, Optional<String> agent) {
    String body =
        "{\"messages\": [{\"role\": \"customer\", \"text\": \"is the order here?\"}], \"limit\": 20%s}"
            .formatted(agent.map(", \"agent_id\": \"%s\""::formatted).orElse(""));
    return post(service, "/v1/suggestions", credential, body);
  }

  private static HttpResponse<String> feedback(
      RunningService service, String credential, String agent) {
    return post(
        service,
        "/v1/feedback",
        credential,
        """
        {"id": "f-%s", "conversation_id": "c", "agent_id": "%s", "shown": [], "action": "dismissed",
         "model": {"name": "acme", "version": "7"}, "final_text": "Hi", "characters_typed": 2}
        """
            .formatted(agent, agent));
  }

  private static void assertForbidden(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(json(response).path("field").asString()).isEqualTo("agent_id");
    // The id of the request has any hexadecimal digits.
    assertThat(json(response).path("detail").asString()).doesNotContain("a-3", OWN);
  }

  @Test
  void theClaimIsTheAgentAndNoOtherIsAnswered() throws IOException {
    try (RunningService service = serving(new AgentRule(Optional.of(CLAIM), false))) {
      assertThat(texts(ask(service, token("a-3"), Optional.empty()))).contains(OWN);
      assertThat(texts(ask(service, token("a-3"), Optional.of("a-3")))).contains(OWN);
      assertThat(texts(ask(service, token("a-4"), Optional.empty()))).doesNotContain(OWN);
      assertForbidden(ask(service, token("a-4"), Optional.of("a-3")));
      assertForbidden(feedback(service, token("a-4"), "a-3"));
      assertThat(feedback(service, token("a-4"), "a-4").statusCode()).isEqualTo(202);
    }
  }

  @Test
  void aTokenThatNamesNobodyMayNotNameSomebody() throws IOException {
    try (RunningService service = serving(new AgentRule(Optional.of(CLAIM), true))) {
      for (Object nobody : new Object[] {null, " ", List.of("a-3"), 3.5, "x".repeat(201)}) {
        assertThat(texts(ask(service, token(nobody), Optional.empty()))).doesNotContain(OWN);
        assertForbidden(ask(service, token(nobody), Optional.of("a-3")));
      }
      assertThat(ask(service, token(17), Optional.of("17")).statusCode()).isEqualTo(200);
    }
  }

  /** Which of both counts does not depend on whether the other one is right. */
  @Test
  void aKeyInItsOwnHeaderWinsOverATokenAlsoWhenItIsWrong() throws IOException {
    try (RunningService service = serving(new AgentRule(Optional.of(CLAIM), false))) {
      for (String key : List.of(KEY, "another-key-0123456789")) {
        String[] both = {"Authorization", "Bearer " + token("a-3"), "X-API-Key", key};
        assertThat(service.get("/v1/model", both).statusCode())
            .isEqualTo(key.equals(KEY) ? 200 : 401);
      }
    }
  }

  @Test
  void aKeyNamesAgentsOnlyWhereItIsTrusted() throws IOException {
    try (RunningService service = serving(new AgentRule(Optional.of(CLAIM), false))) {
      assertThat(texts(ask(service, KEY, Optional.of("a-3")))).doesNotContain(OWN);
    }
    try (RunningService service = serving(AgentRule.NONE)) {
      assertThat(texts(ask(service, KEY, Optional.of("a-3")))).doesNotContain(OWN);
      assertThat(texts(ask(service, token("a-3"), Optional.of("a-3")))).doesNotContain(OWN);
    }
    try (RunningService service = serving(new AgentRule(Optional.empty(), true))) {
      assertThat(texts(ask(service, KEY, Optional.of("a-3")))).contains(OWN);
      assertThat(texts(ask(service, KEY, Optional.of("a-4")))).doesNotContain(OWN);
      assertThat(texts(ask(service, token("a-4"), Optional.of("a-3")))).contains(OWN);
    }
  }
}
