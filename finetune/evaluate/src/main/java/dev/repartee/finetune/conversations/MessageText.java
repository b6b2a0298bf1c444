package dev.repartee.finetune.conversations;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.Parser;

/**
 * What a person wrote in a message: text instead of HTML, without the mails that it quotes and
 * without its signature. A text that has none of these stays as it is. Counts what it changed.
 */
final class MessageText {

  /** Tags; {@code a < b} and an address in angle brackets are none. */
  private static final String TAGS =
      "</?(?:a|b|blockquote|body|br|div|em|font|h[1-6]|html|i|img|li|ol|p|pre|span|strong|table|tbody|td|th|tr|u|ul)(?:\\s[^<>]*)?/?>";

  private static final Pattern TAG = Pattern.compile(TAGS, Pattern.CASE_INSENSITIVE);

  /** Tags and entities. */
  private static final Pattern HTML =
      Pattern.compile(
          TAGS
              + "|&(?:nbsp|amp|quot|apos|lt|gt|#\\d{2,6}|#x[0-9a-f]{2,5}|[aeiou](?:uml|acute|grave|circ)|szlig|euro);",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BLOCK_TAG =
      Pattern.compile(
          "<(?:blockquote|br|div|h[1-6]|html|li|p|pre|table|td|tr|ul)\\b",
          Pattern.CASE_INSENSITIVE);

  /** What mail programs put around the mails that an answer quotes. */
  private static final String QUOTES =
      "blockquote, .gmail_quote, .gmail_quote_container, .moz-cite-prefix, .yahoo_quoted,"
          + " .protonmail_quote, .zendesk_quoted, div[type=cite], div#divRplyFwdMsg,"
          + " div#divRplyFwdMsg ~ *, div#appendonsend ~ *";

  private static final String SIGNATURES =
      ".gmail_signature, .gmail_signature_prefix, [data-signature], div.signature, div#Signature,"
          + " .moz-signature, div.js-signatureMarker, span.js-signatureMarker";

  /** The line with which mail programs begin the mail that is answered. */
  private static final Pattern QUOTE_BEGINS =
      Pattern.compile(
          """
          (?mxi)^[\\ \\t>]*(?:
            -{2,}\\ ?(?:original\\ message|urspr.ngliche\\ nachricht|message\\ d.origine|mensaje\\ original
              |messaggio\\ originale|oorspronkelijk\\ bericht|mensagem\\ original|forwarded\\ message)\\ ?-{2,}
            | \\#\\#-\\ .{5,80}\\ -\\#\\#
            | (?:on|am|le|el|il|op|em|den|w\\ dniu)\\ [^\\n]{6,160}?(?:\\n[^\\n]{1,80}?)?
              \\ ?(?:wrote|schrieb[^\\n:]{0,80}|a\\ .crit|escribi.|ha\\ scritto|schreef[^\\n:]{0,80}|escreveu|skrev[^\\n:]{0,80}|napisa.\\(?a?\\)?)\\ ?:
            | (?:from|von|de|da|van)\\ ?:[^\\n]{3,200}\\n(?:[^\\n]{0,200}\\n){0,2}?
              [\\ \\t>]*(?:sent|date|gesendet|datum|envoy.|enviado|fecha|inviato|data|verzonden)\\ ?:[^\\n]*
          )[\\ \\t]*$\
          """);

  private static final Pattern QUOTED_LINE = Pattern.compile("(?m)^[ \\t]*>.*(?:\\R|$)");

  /** The line before a signature (RFC 3676), and what phones add. */
  private static final Pattern SIGNATURE_BEGINS =
      Pattern.compile(
          """
          (?mxi)^(?: --\\ ?
            | (?:sent|get)\\ (?:from|outlook|via)\\ [^\\n]{3,60}
            | (?:von\\ meinem\\ [^\\n]{3,30}\\ gesendet|envoy.\\ (?:de|depuis)\\ mon\\ [^\\n]{3,30}|enviado\\ (?:desde|do)\\ (?:mi|meu)\\ [^\\n]{3,30}
              |inviato\\ da(?:l\\ mio)?\\ [^\\n]{3,30}|verzonden\\ (?:vanaf|met)\\ [^\\n]{3,30})
          )\\r?$\
          """);

  private long html;
  private long quotes;
  private long signatures;

  /** How a text is written. */
  enum Kind {
    PLAIN,
    HTML,
    /** HTML if it has tags or entities. */
    EITHER
  }

  /** What a person wrote in {@code raw}. */
  String read(String raw, Kind kind) {
    String text = raw;
    if (kind == Kind.HTML || (kind == Kind.EITHER && isHtml(raw))) {
      text = kind == Kind.HTML || TAG.matcher(raw).find() ? ofHtml(raw) : ofEntities(raw);
      html += text.equals(raw) ? 0 : 1;
    }
    return text.indexOf('\n') < 0 ? text : withoutSignature(withoutQuotes(text));
  }

  /** Whether a text has tags or entities of HTML. */
  static boolean isHtml(String text) {
    return (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) && HTML.matcher(text).find();
  }

  private static String ofEntities(String raw) {
    return Parser.unescapeEntities(raw, false).replace('\u00a0', ' ');
  }

  private String ofHtml(String raw) {
    boolean lines = !BLOCK_TAG.matcher(raw).find();
    Document document = Jsoup.parseBodyFragment(lines ? raw.replace("\n", "<br>") : raw);
    document.select("head, style, script, title").remove();
    quotes += removed(document, QUOTES);
    signatures += removed(document, SIGNATURES);
    return HtmlText.of(document);
  }

  /** One, however many parts a message has. */
  private static int removed(Document document, String selector) {
    List<Element> found = document.select(selector);
    boolean any = found.stream().anyMatch(element -> !element.text().isBlank());
    found.forEach(Node::remove);
    return any ? 1 : 0;
  }

  /** Whoever answers below a quote keeps what they wrote; whoever answers above, too. */
  private String withoutQuotes(String text) {
    String kept = text;
    Matcher begin = QUOTE_BEGINS.matcher(kept);
    if (begin.find()) {
      String before = kept.substring(0, begin.start());
      kept =
          before.isBlank()
              ? QUOTED_LINE.matcher(kept.substring(begin.end())).replaceAll("")
              : before;
    }
    if (kept.length() < text.length() || quotesLines(kept)) {
      kept = QUOTED_LINE.matcher(kept).replaceAll("");
    }
    if (kept.length() == text.length()) {
      return text;
    }
    quotes++;
    return kept.strip();
  }

  /** Two lines at least: one that begins with an arrow may be anything. */
  private static boolean quotesLines(String text) {
    return QUOTED_LINE.matcher(text).results().limit(2).count() == 2;
  }

  private String withoutSignature(String text) {
    Matcher begin = SIGNATURE_BEGINS.matcher(text);
    if (!begin.find() || text.substring(0, begin.start()).isBlank()) {
      return text;
    }
    signatures++;
    return text.substring(0, begin.start()).strip();
  }

  /** Messages whose HTML became text. */
  long html() {
    return html;
  }

  /** Messages that quoted others. */
  long quotes() {
    return quotes;
  }

  /** Messages whose signature was marked as one. */
  long signatures() {
    return signatures;
  }
}
