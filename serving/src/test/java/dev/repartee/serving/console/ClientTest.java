package dev.repartee.serving.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Chromium;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The client alone, in a browser, with a fetch that answers as a test says. */
@Tag("slow")
@Timeout(120)
class ClientTest {

  /**
   * {@code answers} holds [status, headers, body] or an error's name for each request, {@code
   * calls} what was requested.
   */
  private static final String SETTING =
      """
      async () => {
        const { ReparteeClient } = await import('/repartee-client.js');
        const calls = [];
        let answers = [];
        const fetch = async (url, request) => {
          calls.push({ url: url.href, headers: request.headers, signal: request.signal,
            body: request.body && JSON.parse(request.body), at: performance.now() });
          const next = answers.shift() ?? [200, {}, { suggestions: [], answers: [], findings: [] }];
          if (typeof next === 'string') throw new TypeError(next);
          const [status, headers, body] = next;
          return new Response(body === null ? null : JSON.stringify(body), { status, headers });
        };
        const refused = [];
        const getToken = (token) => {
          refused.push(token);
          return `t${refused.length}`;
        };
        const client = new ReparteeClient({ url: 'http://there/api', getToken, fetch });
        const ask = (draft) => client.suggest({ conversationId: 'c', agentId: 'a-3', messages: [], draft, limit: 2,
          operatingPoint: 'calm' });
        const problem = (error) => ({ name: error.name, status: error.status, detail: error.detail,
          field: error.field, retryAfterMs: error.retryAfterMs });
        SCRIPT
      }
      """;

  private static Chromium chromium;
  private static RunningService service;
  private static ConsolePage console;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    service = RunningService.unready();
    console = ConsolePage.blank(chromium.browser(), 800, 600, ColorScheme.LIGHT);
    console.page.navigate(service.url("/icon.svg").toString());
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      console.close();
      service.close();
      chromium.close();
    }
  }

  private static JsonNode run(String script) {
    Page page = console.page;
    return Json.COMPACT.readTree(
        Json.COMPACT.writeValueAsString(page.evaluate(SETTING.replace("SCRIPT", script))));
  }

  @Test
  void saysWhatTheDeskKnows() {
    JsonNode told =
        run(
            """
            await ask('He');
            await client.answers({ q: 'refu', limit: 8, queue: 'billing', language: 'de-AT',
              metadata: { order_number: '7' }, messages: [{ role: 'customer', text: 'Hi' }] });
            await client.check({ draft: 'Hi', conversationId: 'c', metadata: { order_number: '7' },
              messages: [{ role: 'customer', text: 'Hi' }] });
            return calls;
            """);
    assertThat(told.at("/0/url").asString()).isEqualTo("http://there/api/v1/suggestions");
    assertThat(told.at("/0/headers/Authorization").asString()).isEqualTo("Bearer t1");
    assertThat(told.at("/0/body").toString())
        .isEqualTo(
            "{\"conversation_id\":\"c\",\"agent_id\":\"a-3\",\"messages\":[],\"draft\":\"He\","
                + "\"limit\":2,\"operating_point\":\"calm\"}");
    assertThat(told.at("/1/url").asString()).isEqualTo("http://there/api/v1/answers");
    assertThat(told.at("/1/body").toString())
        .isEqualTo(
            "{\"q\":\"refu\",\"limit\":8,\"queue\":\"billing\",\"language\":\"de-AT\","
                + "\"metadata\":{\"order_number\":\"7\"},"
                + "\"messages\":[{\"role\":\"customer\",\"text\":\"Hi\"}]}");
    assertThat(told.at("/2/url").asString()).isEqualTo("http://there/api/v1/check");
    assertThat(told.at("/2/body").toString())
        .isEqualTo(
            "{\"draft\":\"Hi\",\"conversation_id\":\"c\",\"metadata\":{\"order_number\":\"7\"},"
                + "\"messages\":[{\"role\":\"customer\",\"text\":\"Hi\"}]}");
  }

  /** A load balancer can keep a conversation at one instance, and does not learn its id. */
  @Test
  void namesTheConversationByAHashInAHeader() {
    JsonNode told =
        run(
            """
            for (const conversationId of ['foobar', 'Größe', '1149', '', undefined]) {
              await client.suggest({ conversationId, messages: [], draft: '' });
            }
            await client.answers({ conversationId: 'foobar', q: 'refu' });
            answers = ['offline', [202, {}, null]];
            await client.feedback({ conversationId: 'foobar', model: { name: 'acme', version: '7' }, shown: [],
              action: 'dismissed', finalText: 'Hi', charactersTyped: 2 });
            await client.model();
            return calls.map(({ headers }) => headers['Repartee-Conversation'] ?? '-');
            """);
    assertThat(told.toString())
        .isEqualTo(
            "[\"bf9cf968\",\"48b3427a\",\"00253920\",\"-\",\"-\","
                + "\"bf9cf968\",\"bf9cf968\",\"bf9cf968\",\"-\"]");
  }

  @Test
  void asksForAnotherTokenOnceWhereOneIsRefused() {
    JsonNode told =
        run(
            """
            const no = [401, {}, { status: 401, detail: 'expired' }];
            answers = [no];
            await ask('H');
            await ask('He');
            answers = [no, no];
            const error = await ask('Hel').catch(problem);
            return { refused, error, sent: calls.map((call) => call.headers.Authorization) };
            """);
    assertThat(told.path("sent").toString())
        .isEqualTo("[\"Bearer t1\",\"Bearer t2\",\"Bearer t2\",\"Bearer t2\",\"Bearer t3\"]");
    assertThat(told.path("refused").toString()).isEqualTo("[null,\"t1\",\"t2\"]");
    assertThat(told.at("/error/status").asInt()).isEqualTo(401);
  }

  /**
   * Texts with characters of two bytes and with escapes, and more messages than a request holds.
   */
  @Test
  void sendsTheLatestMessagesThatFit() {
    JsonNode told =
        run(
            """
            const said = (count, text) => Array.from({ length: count },
              (_, i) => ({ role: 'customer', text: `${i} ${text}` }));
            const size = (body) => new TextEncoder().encode(JSON.stringify(body)).length;
            for (const messages of [said(60, 'é"'.repeat(2000)), said(700, 'hi'), said(2, 'hi'), []]) {
              await client.suggest({ conversationId: 'c', messages, draft: 'é'.repeat(4000) });
            }
            return calls.map(({ body }) => ({ count: body.messages.length, size: size(body),
              last: body.messages.at(-1)?.text.split(' ')[0] ?? '' }));
            """);
    assertThat(told.at("/0/size").asInt()).isBetween(JsonBody.MAX_BYTES - 8100, JsonBody.MAX_BYTES);
    assertThat(told.at("/0/last").asString()).isEqualTo("59");
    assertThat(told.at("/1/count").asInt()).isEqualTo(500);
    assertThat(told.at("/1/last").asString()).isEqualTo("699");
    assertThat(told.at("/2/count").asInt()).isEqualTo(2);
    assertThat(told.at("/3/count").asInt()).isZero();
  }

  @Test
  void sendsTheEndOfAMessageThatIsTooLong() {
    JsonNode told =
        run(
            """
            const messages = [{ role: 'customer', text: `🙂${'é'.repeat(7998)}.` }];
            await client.suggest({ conversationId: 'c', messages, draft: '' });
            const { text } = calls[0].body.messages[0];
            return { sent: text.length, end: text.at(-1), had: messages[0].text.length };
            """);
    assertThat(told.path("sent").asInt()).as("no half of a character").isEqualTo(7999);
    assertThat(told.path("end").asString()).isEqualTo(".");
    assertThat(told.path("had").asInt()).isEqualTo(8001);
  }

  @Test
  void saysHowLongTheServiceAsksToWait() {
    JsonNode error =
        run(
            """
            answers = [[429, { 'Retry-After': '7' }, { status: 429, detail: 'busy' }]];
            return ask('H').catch(problem);
            """);
    assertThat(error.toString())
        .isEqualTo(
            "{\"name\":\"ReparteeError\",\"status\":429,\"detail\":\"busy\",\"field\":null,"
                + "\"retryAfterMs\":7000}");
  }

  @Test
  void errorsSayWhatIsWrong() {
    JsonNode told =
        run(
            """
            answers = [[400, {}, { status: 400, detail: 'limit must be', field: 'limit' }],
              [502, {}, null], 'offline'];
            return [await ask('H').catch(problem), await ask('H').catch(problem),
              await ask('H').catch(problem)];
            """);
    assertThat(told.at("/0/field").asString()).isEqualTo("limit");
    assertThat(told.at("/0/detail").asString()).isEqualTo("limit must be");
    assertThat(told.at("/1/status").asInt()).isEqualTo(502);
    assertThat(told.at("/2/status").asInt()).isZero();
    assertThat(told.at("/2/detail").asString()).isEqualTo("the service cannot be reached");
  }

  @Test
  void feedbackIsSentAgainUnderItsId() {
    JsonNode told =
        run(
            """
            answers = ['offline', [202, {}, null]];
            const id = await client.feedback({ conversationId: 'c',
              model: { name: 'acme', version: '7' },
              shown: [{ kind: 'answer', id: 'a', text: 'Hello!', score: 0.5 }], action: 'edited',
              accepted: 0, finalText: 'Hello.', charactersTyped: 1 });
            return { id, bodies: calls.map((call) => call.body) };
            """);
    assertThat(told.path("bodies")).hasSize(2);
    assertThat(told.at("/bodies/1")).isEqualTo(told.at("/bodies/0"));
    assertThat(told.at("/bodies/0").toString())
        .isEqualTo(
            "{\"id\":\""
                + told.path("id").asString()
                + "\",\"conversation_id\":\"c\","
                + "\"model\":{\"name\":\"acme\",\"version\":\"7\"},"
                + "\"shown\":[{\"kind\":\"answer\",\"id\":\"a\",\"text\":\"Hello!\"}],"
                + "\"action\":\"edited\",\"accepted\":0,\"final_text\":\"Hello.\","
                + "\"characters_typed\":1}");
  }
}
