package dev.repartee.finetune.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.repartee.finetune.conversations.ImportCommand.Count;
import dev.repartee.finetune.conversations.ImportCommand.Counts;
import dev.repartee.finetune.conversations.MessageText.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person wrote stays; the work grows with the text's length, whatever is in it. */
class MessageTextTest {

  private static final List<String> PATTERNS =
      List.of(
          "a<br>",
          "<p>x</p>",
          "<p>x",
          "</p>",
          "<li>",
          "<ul><li>x</li></ul>",
          "<div>",
          "<pre>",
          "<pre>x</pre>",
          "<table><tr><td>",
          "<td><!--x-->",
          "<p><div>",
          "<font>x",
          "<b><i>",
          "<b>x<p>",
          "<a><b><i><u>",
          "<i>a<table>b",
          "<blockquote>",
          "<blockquote>x</blockquote>",
          "<i></i><blockquote></blockquote>",
          "<p>Ann said</p><blockquote>x</blockquote>",
          "<div>Ann said<blockquote></blockquote>",
          "<div class=gmail_quote>x",
          "<div id=appendonsend></div><p>x</p>",
          "<div id=divRplyFwdMsg>x</div>",
          "<a href=https://x.example/help>help</a> ",
          "<a href=https://x.example/h><table><td>",
          "<",
          "<a ",
          "<!--",
          "&",
          "\n",
          "> x\n",
          "x\n> y\n",
          " >\n",
          "On a b c d e f g h\n",
          "On schrieb schrieb schrieb schrieb schrieb schrieb schrieb schrieb schrieb schrieb\n",
          "On Mon, Ann Lee wrote:\n> y\n",
          "a b c d said\n> y\n",
          "a ",
          "From: xxxx\n",
          "-----Original Message-----\n",
          "-- \n",
          "Sent from x\n",
          "von meinem x gesendet\n");

  /** A cell of 40 KB took a minute: siblings were compared with all siblings before them. */
  @Test
  void aLongMessageTakesTimeInItsLengthOnly() {
    read(100_000, Duration.ofSeconds(10));
  }

  @Test
  @Tag("slow") // ten seconds and more
  void aMegabyteTakesTimeInItsLengthOnly() {
    read(1_000_000, Duration.ofSeconds(60));
  }

  private static void read(int characters, Duration longest) {
    for (String pattern : PATTERNS) {
      String text = pattern.repeat(characters / pattern.length());
      assertTimeoutPreemptively(
          longest,
          () -> text(text),
          () -> "'" + pattern + "', %,d characters".formatted(characters));
    }
  }

  private static String text(String raw) {
    return new MessageText(new Counts()).read(raw, Kind.EITHER, "x.csv:2");
  }

  @Test
  void moreThanAMillionCharactersAreCutAndTheRowIsNamed() {
    Counts counts = new Counts();
    MessageText texts = new MessageText(counts);
    String million = "a".repeat(1_000_000);
    assertThat(texts.read(million, Kind.PLAIN, "x.csv:2")).isEqualTo(million);
    assertThat(counts.of(Count.TOO_LONG)).isZero();
    assertThat(texts.read(million + "<br>", Kind.EITHER, "x.csv:3")).isEqualTo(million);
    assertThat(counts.of(Count.TOO_LONG)).isOne();
    assertThat(texts.longest()).containsExactly("x.csv:3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          See <a href="https://x.example/help">our help page</a>. | See our help page (https://x.example/help).
          <p>Read <a href="https://x.example/a"><b>this</b> </a>first</p> | Read this (https://x.example/a) first
          <a href="https://www.x.example/help/">x.example/help</a> | x.example/help
          <a href="https://x.example/help?utm_source=mail&id=4#top">here</a> | here (https://x.example/help?id=4#top)
          <a href="https://x.example/help?utm_source=mail">https://x.example/help</a> | https://x.example/help
          <a href="mailto:a@x.example">write</a> <a href="javascript:x()">to</a> <a href="">us</a> <a href="#a">now</a><br> | write to us now
          Hi <a href="https://x.example"><img src="https://x.example/logo.png"></a><br>there | Hi\\nthere
          <a href="https://click.x.example/f?u=4">here</a> <a href="https://u4.ct.sendgrid.net/ls/click?u=4">now</a> | here now
          """)
  void aLinkKeepsItsTargetWhereTheTextDoesNotShowIt(String html, String text) {
    assertThat(text(html)).isEqualTo(text.replace("\\n", "\n"));
  }

  /** Outlook's marker stands before the quoted mail, which is not in an element of its own. */
  @Test
  void whatFollowsOutlooksMarkerIsQuoted() {
    Counts counts = new Counts();
    MessageText texts = new MessageText(counts);
    String mail =
        "<div><div>Thanks!</div><div id=\"appendonsend\"></div><hr>"
            + "<div id=\"divRplyFwdMsg\"><b>From:</b> Ann</div>On Monday<div>It is broken</div></div>"
            + "<p>Bo</p>";
    assertThat(texts.read(mail, Kind.HTML, "")).isEqualTo("Thanks!\nBo");
    assertThat(counts.of(Count.QUOTES)).isOne();
  }

  /** Forums name in a line of its own who said what the answer quotes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <em><p>ann.lee <a href="#answer-1">said</a></p></em> <blockquote>It fails</blockquote> <p>Restart it</p> | Restart it
          <p>Ann Lee <a href="#question-1">a écrit</a></p><em> </em> <blockquote>A</blockquote><p>Ja</p><b>Bo schrieb:</b><blockquote>B</blockquote>Nein | Ja\\n\\nNein
          <em><p>ann.lee <a href="#answer-1">said</a></p></em>It fails &lt;/blockquote&gt; <p>Restart it</p> | It fails </blockquote>\\nRestart it
          <p>Ann Lee said</p><p>Restart it</p> | Ann Lee said\\n\\nRestart it
          <p>This is what the page of our help that you found said</p><blockquote>A</blockquote> | This is what the page of our help that you found said
          Hi\\n\\nAnn Lee said\\n> It fails\\n\\nRestart it | Hi\\n\\n\\nRestart it
          Ann Lee said:\\nRestart it | Ann Lee said:\\nRestart it
          """)
  void theHeadingOfAQuotationIsCutWithIt(String raw, String text) {
    assertThat(text(raw.replace("\\n", "\n"))).isEqualTo(text.replace("\\n", "\n"));
  }

  @Test
  void entitiesAloneAreNoHtml() {
    Counts counts = new Counts();
    MessageText texts = new MessageText(counts);
    assertThat(texts.read("A &amp; B, it&#39;s fine", Kind.EITHER, ""))
        .isEqualTo("A & B, it's fine");
    assertThat(counts.of(Count.HTML)).isZero();
    assertThat(counts.of(Count.ENTITIES)).isOne();
  }
}
