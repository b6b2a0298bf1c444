package dev.repartee.lab.transcript;

import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.finetune.metric.Rule;
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
import java.util.ArrayList;
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

  /** A piece of a line. */
  private record Span(String text, boolean taken) {}

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
        row("  ", said.role(), List.of(new Span(said.text(), false)));
      }
      boolean completed = situation.suggestions().stream().anyMatch(Shown::isCompletion);
      if (!situation.draft().isEmpty() && !completed) {
        row("  ", "draft", List.of(new Span(situation.draft(), false)));
      }
      for (Shown shown : situation.suggestions()) {
        Span suggested = new Span(shown.text(), true);
        row(
            "  ",
            shown.isCompletion() ? "draft" : "suggested",
            shown.isCompletion()
                ? List.of(new Span(situation.draft(), false), suggested, percent(shown))
                : List.of(suggested, percent(shown)));
      }
      if (situation.suggestions().isEmpty()) {
        row("  ", "suggested", List.of(new Span("(nothing)", false)));
      }
    }
    out.flush();
  }

  private static Span percent(Shown shown) {
    return new Span("  (%.0f%% likely)".formatted(100 * shown.score()), false);
  }

  void print(Typed conversation) {
    out.println();
    out.println(strong("A conversation that the model has not seen, typed as its agent typed it"));
    out.println();
    out.println(COUNTER.formatted("keys", "saved", "time").stripTrailing());
    Effort before = Effort.NONE;
    for (Turn turn : conversation.turns()) {
      if (turn.reply().isEmpty()) {
        row(NO_COUNTER, turn.role(), List.of(new Span(turn.text(), false)));
        continue;
      }
      Reply reply = turn.reply().get();
      if (key.isPositive()) {
        type(before, reply);
      }
      before = before.plus(reply.effort());
      row(counter(before), turn.role(), spans(turn.text(), reply));
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

  private static List<Span> spans(String text, Reply reply) {
    if (reply.suggestionTaken()) {
      return List.of(new Span(text, true));
    }
    List<Span> spans = new ArrayList<>();
    for (Step step : reply.steps()) {
      spans.add(new Span(step.typed(), false));
      step.offer().ifPresent(offer -> spans.add(new Span(offer.taken(), true)));
    }
    return spans;
  }

  /** Draws a line again and again, as the reply grows in it. */
  private void type(Effort before, Reply reply) {
    String written = "";
    String standing = reply.suggestions().isEmpty() ? "" : reply.suggestions().getFirst();
    int keys = 0;
    double cost = Rule.NET.read() * reply.suggestions().size();
    if (!standing.isEmpty()) {
      draw(before, written, standing, keys, cost);
      pause(LOOK);
    }
    for (Step step : reply.steps()) {
      for (int codePoint : step.typed().codePoints().toArray()) {
        String typed = Character.toString(codePoint);
        standing =
            standing.startsWith(typed) && !written.isEmpty()
                ? standing.substring(typed.length())
                : "";
        written += typed;
        draw(before, written, standing, ++keys, ++cost);
        pause(1);
      }
      if (step.offer().isPresent()) {
        standing = step.offer().get().text();
        cost += Rule.NET.read();
        draw(before, written, standing, keys, cost);
        if (!step.offer().get().taken().isEmpty()) {
          pause(LOOK);
          written += step.offer().get().taken();
          standing = "";
          cost += Rule.NET.accept();
          draw(before, written, standing, ++keys, cost);
        }
        pause(2);
      }
    }
    out.print(LINE_START);
  }

  private void draw(Effort before, String written, String standing, int keys, double cost) {
    Effort now =
        before.plus(
            new Effort(
                written.codePointCount(0, written.length()),
                keys,
                0,
                0,
                cost * Transcript.KEY_SECONDS,
                0));
    String head = counter(now) + ROLE.formatted("agent");
    int room = width - head.length() - 1;
    // A line that is too long for the terminal would be drawn below itself: its end is shown.
    String left = TextNorm.ending(written, room);
    String right = TextNorm.beginning(standing, room - left.length());
    out.print(LINE_START + head + left + GREY + right + PLAIN);
    out.flush();
  }

  private void pause(int keys) {
    try {
      Thread.sleep(key.multipliedBy(keys));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void row(String before, String role, List<Span> spans) {
    String head = before + ROLE.formatted(role);
    List<List<Span>> lines = wrapped(spans, Math.max(1, width - head.length()));
    for (int i = 0; i < lines.size(); i++) {
      out.print(i == 0 ? head : " ".repeat(head.length()));
      for (Span span : lines.get(i)) {
        out.print(span.taken() ? mark(span.text()) : span.text());
      }
      out.println();
    }
    out.flush();
  }

  private String mark(String taken) {
    return colours ? GREEN + taken + PLAIN : "[" + taken + "]";
  }

  private String strong(String text) {
    return colours ? BOLD + text + PLAIN : text;
  }

  /** Lines of at most {@code room} characters, brackets not counted, broken at blanks. */
  private static List<List<Span>> wrapped(List<Span> spans, int room) {
    List<List<Span>> lines = new ArrayList<>();
    List<Span> line = new ArrayList<>();
    int used = 0;
    for (Span span : spans) {
      int start = 0;
      for (int end = next(span.text(), 0); start < span.text().length(); ) {
        String word = span.text().substring(start, end);
        if (used > 0 && used + word.stripTrailing().length() > room) {
          Span last = line.removeLast();
          line.add(new Span(last.text().stripTrailing(), last.taken()));
          lines.add(line);
          line = new ArrayList<>();
          used = 0;
        }
        line.add(new Span(word, span.taken()));
        used += word.length();
        start = end;
        end = next(span.text(), start);
      }
    }
    lines.add(line);
    return lines.stream().map(TranscriptText::joined).toList();
  }

  /** The end of the word that begins at {@code start}, with the blanks after it. */
  private static int next(String text, int start) {
    int blank = text.indexOf(' ', start == 0 && text.startsWith(" ") ? 1 : start);
    return blank < 0 ? text.length() : blank + 1;
  }

  /** Neighbours of one kind as one piece. */
  private static List<Span> joined(List<Span> words) {
    List<Span> pieces = new ArrayList<>();
    for (Span word : words) {
      if (!pieces.isEmpty() && pieces.getLast().taken() == word.taken()) {
        word = new Span(pieces.removeLast().text() + word.text(), word.taken());
      }
      if (!word.text().isEmpty()) {
        pieces.add(word);
      }
    }
    return pieces;
  }
}
