package dev.repartee.serving.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.text.testing.Chromium;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * Makes {@code console.png} and {@code console.gif} of the README: an agent answers a customer on
 * the console of a running demo. Not a test of anything, so it only runs when it is asked for, by
 * {@code scripts/record-console}.
 */
class ConsoleRecording {

  private static final int WIDTH = 1000;
  private static final int HEIGHT = 700;
  private static final int KEY = 7; // hundredths of a second, as all times here
  private static final int READ = 90;
  private static final int LONG = 250;

  /** Until the service has answered and the page has drawn. */
  private static final int ANSWER_MILLIS = 400;

  private static final String[][] CONVERSATION = {
    {
      "Hi, my parcel has not arrived yet.", "I'm sorry to hear that. Let me look into this for you."
    },
    {"It's LS-44719, ordered last week.", "Please hold on while I check this for you."},
  };

  /** Who writes like that in the sample conversations, so that whole replies are suggested. */
  private static final String AGENT = "agent-04";

  private Gif gif = new Gif();
  private BufferedImage still; // the last draft with a continuation in grey
  private ConsolePage console;

  @Test
  void record() throws IOException {
    String service = System.getProperty("console.service");
    assumeTrue(service != null, "scripts/record-console runs this");
    Path images = Path.of(Objects.requireNonNull(System.getProperty("console.images")));
    try (Chromium chromium = Chromium.start()) {
      console = ConsolePage.blank(chromium.browser(), WIDTH, HEIGHT, ColorScheme.LIGHT);
      console.page.navigate(service + "/?agent=" + AGENT);
      assertThat(console.find("#state")).hasText("Ready");
      for (int t = 0; t < CONVERSATION.length; t++) {
        String[] turn = CONVERSATION[t];
        console.customerSays(turn[0]);
        pause();
        frame(READ);
        for (int i = 1; i < turn.length; i++) {
          write(turn[i]);
        }
        if (t == 0) { // whoever sees it begin sees what it is about
          gif = new Gif();
          frame(READ);
        }
      }
      gif.lastFor(LONG);
      console.close();
    }
    gif.write(images.resolve("console.gif"));
    ImageIO.write(still, "png", images.resolve("console.png").toFile());
  }

  /**
   * Types {@code reply} and takes what is right of the suggestions, as the simulated agent does.
   */
  private void write(String reply) throws IOException {
    for (int chip = 0; chip < console.find("#assist .chip").count(); chip++) {
      if (console.find("#assist .chip").nth(chip).innerText().endsWith(reply)) {
        frame(READ);
        console.page.keyboard().press("Alt+" + (chip + 1));
        send();
        return;
      }
    }
    for (int typed = 1; typed <= reply.length(); typed++) {
      console.draft().press(reply.substring(typed - 1, typed));
      pause();
      String rest = reply.substring(typed);
      String offer = Objects.requireNonNullElse(console.grey().textContent(), "");
      frame(KEY);
      if (!offer.isBlank() && rest.startsWith(offer)) {
        gif.lastFor(READ);
        still = gif.last();
        console.draft().press("Tab");
        pause();
        typed += offer.length();
        frame(KEY * 4);
      }
    }
    send();
  }

  private void send() throws IOException {
    frame(KEY * 4);
    console.draft().press("Enter");
    pause();
    frame(READ);
  }

  private void pause() {
    console.page.waitForTimeout(ANSWER_MILLIS);
  }

  private void frame(int hundredths) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(console.page.screenshot()));
    gif.add(image, hundredths);
  }
}
