package dev.repartee.lab.transcript;

import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.lab.transcript.Transcript.Effort;
import dev.repartee.lab.transcript.Transcript.Reply;
import dev.repartee.lab.transcript.Transcript.Saved;
import dev.repartee.lab.transcript.Transcript.Shown;
import dev.repartee.lab.transcript.Transcript.Situation;
import dev.repartee.lab.transcript.Transcript.Turn;
import dev.repartee.lab.transcript.Transcript.Typed;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message.MessageJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Prints a {@link Transcript} for people. Where lines can be drawn again, replies are typed. */
final class TranscriptText {

  private static final String ROLE = "%-10s";
  private static final String COUNTER = "%6s %6s %8s   ";
  private static final String NO_COUNTER = COUNTER.formatted("", "", "");
  private static final String GREEN = "\u001b[32m";
  private static final String GREY = "\u001b[90m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final String LINE_START = "\r\u001b[K";

  /** A key's times that a text stands before it is taken, so that it can be read. */
  private static final int LOOK = 24;

  private final PrintWriter out;
  private final int width;
  private final boolean colours;
  private final Duration key;

  /**
   * @param width columns of the terminal
   * @param colours else what was taken stands in brackets
   * @param key time for a key on the screen; zero to print whole lines only
   */
  TranscriptText(PrintWriter out, int width, boolean colours, Duration key) {
    this.out = out;
    this.width = width;
    this.colours = colours;
    this.key = key;
  }

  void print(Transcript transcript) {
    print(transcript.situations());
    print(transcript.conversation());
    print(transcript.conversations());
  }

  void print(List<Situation> situations) {
    for (Situation situation : situations) {
      out.println();
      out.println(strong(situation.name()));
      for (MessageJson said : situation.messages()) {
        row("  ", said.role(), said.text());
      }
      boolean completed = situation.suggestions().stream().anyMatch(Shown::isCompletion);
      if (!situation.draft().isEmpty() && !completed) {
        row("  ", "draft", situation.draft());
      }
      for (Shown shown : situation.suggestions()) {
        boolean completes = shown.isCompletion();
        row(
            "  ",
            completes ? "draft" : "suggested",
            "%s%s  (%.0f%% likely)"
                .formatted(
                    completes ? situation.draft() : "", mark(shown.text()), 100 * shown.score()));
      }
      if (situation.suggestions().isEmpty()) {
        row("  ", "suggested", "(nothing)");
      }
    }
    out.flush();
  }

  void print(Typed conversation) {
    out.println();
    out.println(strong("A conversation that the model has not seen, typed as its agent typed it"));
    out.println();
    out.println(COUNTER.formatted("keys", "saved", "time").stripTrailing());
    Effort before = Effort.NONE;
    for (Turn turn : conversation.turns()) {
      if (turn.reply().isEmpty()) {
        row(NO_COUNTER, turn.role(), turn.text());
        continue;
      }
      Reply reply = turn.reply().get();
      if (key.isPositive()) {
        type(reply);
      }
      before = before.plus(reply.effort());
      row(counter(before), turn.role(), marked(turn.text(), reply));
    }
    out.println();
    Effort all = conversation.effort();
    out.printf(
        Locale.ROOT,
        "%d keys instead of %d, and %.0f s instead of %.0f s. %s marks what one key took: %d of the"
            + " %d texts shown.%n",
        all.keys(),
        all.characters(),
        all.seconds(),
        all.secondsByHand(),
        mark(colours ? "Green" : "..."),
        all.taken(),
        all.shown());
    out.flush();
  }

  void print(Saved saved) {
    out.println();
    out.printf(
        Locale.ROOT,
        "On %d conversations that the model has not seen (%,d replies of %,d characters):%n",
        saved.conversations(),
        saved.replies(),
        saved.characters());
    out.println(
        "  " + strong(String.format(Locale.ROOT, "%.0f%% of the typing saved", saved.keysSaved())));
    out.printf(
        Locale.ROOT,
        "  %s, reading what is shown included (95%% confidence: %.0f%% to %.0f%%)%n",
        strong(String.format(Locale.ROOT, "%.0f%% of the time saved", saved.timeSaved())),
        saved.timeSavedCi95().low(),
        saved.timeSavedCi95().high());
    out.printf(
        Locale.ROOT,
        "  95%% of the keys answered within %.0f ms by the model, without the network%n",
        saved.answer().p95Ms());
    out.flush();
  }

  private static String counter(Effort effort) {
    return COUNTER.formatted(
        effort.keys(),
        effort.characters() - effort.keys(),
        String.format(Locale.ROOT, "%.1f s", effort.seconds()));
  }

  /** The reply with marks around what was taken. */
  private String marked(String text, Reply reply) {
    if (reply.suggestionTaken()) {
      return mark(text);
    }
    StringBuilder marked = new StringBuilder();
    for (Step step : reply.steps()) {
      marked.append(step.typed());
      step.offer().map(Offered::taken).map(this::mark).ifPresent(marked::append);
    }
    return marked.toString();
  }

  /** Draws a line again and again, as the reply grows in it. */
  private void type(Reply reply) {
    String written = "";
    String standing = reply.suggestions().isEmpty() ? "" : reply.suggestions().getFirst();
    if (!standing.isEmpty()) {
      draw(written, standing, LOOK);
    }
    for (Step step : reply.steps()) {
      for (int codePoint : step.typed().codePoints().toArray()) {
        String typed = Character.toString(codePoint);
        boolean stands = standing.startsWith(typed) && !written.isEmpty();
        standing = stands ? standing.substring(typed.length()) : "";
        written += typed;
        draw(written, standing, 1);
      }
      if (step.offer().isPresent()) {
        Offered offer = step.offer().get();
        standing = offer.text();
        draw(written, standing, offer.taken().isEmpty() ? 2 : LOOK);
        if (!offer.taken().isEmpty()) {
          written += offer.taken();
          standing = "";
          draw(written, standing, 2);
        }
      }
    }
    out.print(LINE_START);
  }

  private void draw(String written, String standing, int keys) {
    String head = NO_COUNTER + ROLE.formatted("agent");
    int room = width - head.length() - 1;
    // A line that is too long for the terminal would be drawn below itself: its end is shown.
    String left = TextNorm.ending(written, room);
    String right = TextNorm.beginning(standing, room - left.length());
    out.print(LINE_START + head + left + GREY + right + PLAIN);
    out.flush();
    pause(keys);
  }

  private void pause(int keys) {
    try {
      Thread.sleep(key.multipliedBy(keys));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints a message behind its role, broken at blanks into lines that fit. */
  private void row(String before, String role, String text) {
    String head = before + ROLE.formatted(role);
    StringBuilder line = new StringBuilder(head);
    int used = 0;
    for (String word : text.split(" ", -1)) {
      int length = word.replace(GREEN, "").replace(PLAIN, "").length();
      if (used > 0 && head.length() + used + length > width) {
        out.println(line);
        line = new StringBuilder(" ".repeat(head.length()));
        used = 0;
      }
      line.append(used > 0 ? " " : "").append(word);
      used += length + 1;
    }
    out.println(line);
    out.flush();
  }

  private String mark(String taken) {
    if (taken.isEmpty()) {
      return "";
    }
    return colours ? GREEN + taken + PLAIN : "[" + taken + "]";
  }

  private String strong(String text) {
    return colours ? BOLD + text + PLAIN : text;
  }
}
