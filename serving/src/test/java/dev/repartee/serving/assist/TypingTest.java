package dev.repartee.serving.assist;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Clock;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.AssistPage.Kind;
import dev.repartee.serving.assist.AssistPage.Look;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Chromium;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * An agent of some speed against a service of some speed, with the browser's clock set by the test.
 */
@Tag("slow")
@Timeout(120)
class TypingTest {

  /**
   * The service knows how a phrase ends once four of its letters are typed; before that it is wrong
   * at every second letter. The agent writes with uneven gaps, pauses before some words, and takes
   * what is right and stood for 300 ms.
   */
  private static final String SETTING =
      """
      const PHRASES = ['Hello Ann, ', 'thank you for ', 'contacting us ', 'about your order. ', 'I am sorry that ',
        'it has not ', 'arrived on Monday. ', 'The parcel left ', 'our depot yesterday ', 'and should be ',
        'with you by ', 'tomorrow evening.'];
      const TEXT = PHRASES.join('');
      const asked = [];
      const pending = new Set();
      let most = 0;
      function offer(draft) {
        let start = 0;
        const phrase = PHRASES.find((one) => draft.length < (start += one.length)) ?? '';
        const typed = draft.length - start + phrase.length;
        const rest = phrase.slice(typed);
        return typed >= 4 ? rest.trimEnd() : typed % 2 === 1 ? `${rest.slice(0, 2)}xyz` : '';
      }
      assist.fetch = (url, { body, signal }) => new Promise((resolve, reject) => {
        const { draft } = JSON.parse(body);
        asked.push(draft);
        pending.add(signal);
        most = Math.max(most, pending.size);
        const text = offer(draft);
        const suggestions = text === '' ? [] : [{ kind: 'completion', id: null, text, score: 0.9 }];
        const model = { name: 'a', version: '1' };
        const timer = setTimeout(() => {
          pending.delete(signal);
          resolve(new Response(JSON.stringify({ suggestions, complete: false, model })));
        }, window.answersAfter ?? 0);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          pending.delete(signal);
          reject(signal.reason);
        });
      });
      const pause = (ms) => new Promise((done) => setTimeout(done, ms));
      const grey = () => assist.shadowRoot.querySelector('.ghost').textContent;
      window.write = async (gap, answersAfter) => {
        window.answersAfter = answersAfter;
        let seed = 7;
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        const before = asked.length;
        let [keys, shown, taken, whole, since] = [0, 0, 0, null, 0];
        const look = () => {
          const now = grey() === '' ? null : reply.value + grey();
          if (now !== whole) {
            shown += now === null ? 0 : 1;
            whole = now;
            since = performance.now();
          }
        };
        new MutationObserver(look).observe(assist.shadowRoot, { childList: true, characterData: true, subtree: true });
        reply.focus();
        while (reply.value !== TEXT) {
          const rests = reply.value.endsWith(' ') && random() < 0.3 ? 500 + 700 * random() : 0;
          await pause(rests + gap * (0.6 + 0.8 * random()));
          keys += 1;
          look();
          if (whole !== null && TEXT.startsWith(whole) && performance.now() - since >= 300) {
            taken += 1;
            reply.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true }));
          } else {
            document.execCommand('insertText', false, TEXT[reply.value.length]);
          }
        }
        await pause(2000);
        const requests = asked.slice(before);
        window.wrote = { keys, shown, taken, requests: requests.length, drafts: new Set(requests).size, most };
      };
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService service;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    service = AssistPage.service(folder);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
      chromium.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "60, 20, 8, 105",
    "60, 150, 7, 60",
    "60, 600, 1, 20",
    "120, 20, 11, 105",
    "120, 150, 11, 100",
    "120, 600, 6, 45",
    "240, 20, 11, 105",
    "240, 150, 11, 105",
    "240, 600, 10, 60",
    "400, 20, 11, 105",
    "400, 150, 11, 105",
    "400, 600, 11, 80"
  })
  void offersComeInTime(int gap, int answersAfter, int taken, int requestsPer100Keys) {
    try (AssistPage desk =
        new AssistPage(chromium.browser(), service, Look.plain(Kind.TEXTAREA), SETTING)) {
      desk.page.clock().install(new Clock.InstallOptions().setTime(0));
      desk.page.clock().pauseAt(60_000);
      desk.page.evaluate(
          "([gap, after]) => { window.write(gap, after); }", List.of(gap, answersAfter));
      while (desk.page.evaluate("() => window.wrote === undefined").equals(true)) {
        desk.page.clock().runFor(5000);
      }
      JsonNode wrote =
          Json.COMPACT.readTree((String) desk.page.evaluate("() => JSON.stringify(window.wrote)"));
      String all = wrote.toString();
      int requests = wrote.path("requests").asInt();
      assertThat(wrote.path("taken").asInt()).as(all).isGreaterThanOrEqualTo(taken);
      assertThat(100.0 * requests / wrote.path("keys").asInt())
          .as(all)
          .isLessThanOrEqualTo(requestsPer100Keys);
      assertThat(wrote.path("drafts").asInt()).as("one request for a draft").isEqualTo(requests);
      assertThat(wrote.path("most").asInt()).as("at a time").isEqualTo(1);
    }
  }
}
