package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.ImportCommand.Count;
import dev.repartee.finetune.conversations.ImportCommand.Counts;
import dev.repartee.text.TextNorm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.Evaluator;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.Selector;

/**
 * What a person wrote in a message: text instead of HTML, without the mails that it quotes and
 * without its signature. A text that has none of these stays as it is. The time grows with the
 * length only.
 */
public final class MessageText {

  /** Tags; {@code a < b} and an address in angle brackets are none. */
  private static final String TAGS =
      "</?(?:a|b|blockquote|body|br|d[dlt]|div|em|font|h[1-6]|hr|html|i|img|li|ol|p|pre|span|strong|table|tbody|td|th|tr|u|ul)(?:\\s[^<>]*)?/?>";

  private static final Pattern TAG = Pattern.compile(TAGS, Pattern.CASE_INSENSITIVE);

  /** Tags and entities. */
  private static final Pattern HTML =
      Pattern.compile(
          TAGS
              + "|&(?:nbsp|amp|quot|apos|lt|gt|#\\d{2,6}|#x[0-9a-f]{2,5}|[aeiou](?:uml|acute|grave|circ)|szlig|euro);",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern BLOCK_TAG =
      Pattern.compile(
          "<(?:blockquote|br|dl|div|h[1-6]|hr|html|li|p|pre|table|td|tr|ul)\\b",
          Pattern.CASE_INSENSITIVE);

  /** What mail programs put around the mails that an answer quotes. */
  private static final Evaluator QUOTES =
      Selector.evaluatorOf(
          "blockquote, .gmail_quote, .gmail_quote_container, .moz-cite-prefix, .yahoo_quoted,"
              + " .protonmail_quote, .zendesk_quoted, div[type=cite], div#divRplyFwdMsg");

  /** What Outlook puts before the mails that an answer quotes. */
  private static final Evaluator QUOTES_FOLLOW =
      Selector.evaluatorOf("div#divRplyFwdMsg, div#appendonsend");

  private static final Evaluator SIGNATURES =
      Selector.evaluatorOf(
          ".gmail_signature, .gmail_signature_prefix, [data-signature], div.signature,"
              + " div#Signature, .moz-signature, div.js-signatureMarker, span.js-signatureMarker");

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

  /** What forums set over a quotation: a display name, and a word for "said". */
  private static final String SAID =
      "(?iu:(?:[^\\s>]\\S{0,59}[ \u00a0]){1,5}(?:said|wrote|schrieb|sagte|a écrit|a dit|escribió|dijo"
          + "|ha scritto|ha detto|schreef|zei|escreveu|disse|skrev|sa|sade|kirjoitti|sanoi|napsal\\(?a?\\)?"
          + "|řekl\\(?a?\\)?|napisał\\(?a?\\)?|powiedział\\(?a?\\)?|написал\\(?а?\\)?|сказал\\(?а?\\)?|说|說)[ ]?:?)";

  private static final Pattern HEADING = Pattern.compile(SAID);

  /** Nodes without text between a heading and its quotation. */
  private static final int MOST_BLANKS = 4;

  private static final Pattern HEADING_OF_LINES =
      Pattern.compile("(?m)^[ \\t]*" + SAID + "[ \\t]*\\R(?:[ \\t]*\\R)?(?=[ \\t]*>)");

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

  private static final Set<String> BLOCKS =
      Set.of(
          """
          address article blockquote div dd dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li
          ol p pre section table tr ul\
          """
              .split("\\s+", -1));

  /** A longer target only counts who follows it, as do the parameters and senders below. */
  private static final int LONGEST_TARGET = 200;

  private static final Pattern WEB = Pattern.compile("(?i)https?://[^\\s\\p{Cntrl}]+");

  private static final Pattern CAMPAIGN =
      Pattern.compile(
          "(?i)(?<=[?&])(?:utm_\\w+|gclid|fbclid|mc_[ce]id|mkt_tok|_hsenc|_hsmi)=[^&#]*(?:&|(?=#|$))");

  private static final Pattern COUNTED =
      Pattern.compile(
          "(?i)https?://(?:(?:clicks?|track(?:ing)?|trk)\\d*\\..*"
              + "|[^/]*\\.(?:list-manage\\.com|safelinks\\.protection\\.outlook\\.com)/.*"
              + "|[^/]*/(?:ls|wf|track)/click.*)");

  /** Nobody types more; what follows is a log or an attack. */
  private static final int MOST_CHARACTERS = 1_000_000;

  /** Rows that are named. */
  private static final int MOST_NAMED = 10;

  private final Counts counts;
  private final List<String> longest = new ArrayList<>();

  /**
   * @param counts gets what is changed
   */
  MessageText(Counts counts) {
    this.counts = counts;
  }

  /** How a text is written. */
  enum Kind {
    PLAIN,
    HTML,
    /** HTML if it has tags or entities. */
    EITHER
  }

  /**
   * What a person wrote in {@code whole}.
   *
   * @param place file and row, to name them if the text is too long
   */
  String read(String whole, Kind kind, String place) {
    String raw = TextNorm.beginning(whole, MOST_CHARACTERS);
    if (raw.length() < whole.length()) {
      counts.add(Count.TOO_LONG, 1);
      if (longest.size() < MOST_NAMED) {
        longest.add(place);
      }
    }
    String text = raw;
    if (kind == Kind.HTML || (kind == Kind.EITHER && TAG.matcher(raw).find())) {
      text = ofHtml(raw);
      counts.addIf(!text.equals(raw), Count.HTML);
    } else if (kind == Kind.EITHER && isHtml(raw)) {
      text = Parser.unescapeEntities(raw, false).replace('\u00a0', ' ');
      counts.addIf(!text.equals(raw), Count.ENTITIES);
    }
    return text.indexOf('\n') < 0 ? text : withoutSignature(withoutQuotes(text));
  }

  /** Whether a text has tags or entities of HTML. */
  static boolean isHtml(String text) {
    return (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) && HTML.matcher(text).find();
  }

  private String ofHtml(String raw) {
    boolean lines = !BLOCK_TAG.matcher(raw).find();
    Cut cut = new Cut();
    Document document = Jsoup.parseBodyFragment(lines ? raw.replace("\n", "<br>") : raw);
    document.select("blockquote").forEach(MessageText::cutHeadingOf);
    document.select("p:has(> a[href^='#'])").forEach(MessageText::cutHeading); // links to a post
    String text = of(document, cut);
    counts.addIf(cut.quote, Count.QUOTES);
    counts.addIf(cut.signature, Count.SIGNATURES);
    return text;
  }

  private static void cutHeadingOf(Element quote) {
    Node before = quote.previousSibling();
    for (int i = 0; i < MOST_BLANKS && before != null && textOf(before).isEmpty(); i++) {
      before = before.previousSibling();
    }
    if (before != null) {
      cutHeading(before);
    }
  }

  /** Takes away what names the person quoted. A mail's heading stays: all below it is cut, too. */
  private static void cutHeading(Node node) {
    String text = textOf(node);
    if (HEADING.matcher(text).matches() && !QUOTE_BEGINS.matcher(text).find()) {
      node.remove();
    }
  }

  private static String textOf(Node node) {
    return switch (node) {
      case Element element -> element.text().strip();
      case TextNode text -> text.text().strip();
      default -> "";
    };
  }

  /** Finds the quotes and signatures of a message, of which each kind counts once. */
  private static final class Cut implements Predicate<Node> {
    private Optional<Node> quoting = Optional.empty(); // all that is left in it is quoted
    private boolean quote;
    private boolean signature;

    @Override
    public boolean test(Node node) {
      boolean follows = quoting.isPresent() && quoting.get().equals(node.parent());
      if (matches(QUOTES_FOLLOW, node)) {
        quoting = Optional.ofNullable(node.parent());
      }
      if (follows || matches(QUOTES, node)) {
        quote |= hasText(node);
        return true;
      }
      if (matches(SIGNATURES, node)) {
        signature |= hasText(node);
        return true;
      }
      return false;
    }

    private static boolean matches(Evaluator selector, Node node) {
      return node instanceof Element element && selector.matches(element, element);
    }

    private static boolean hasText(Node node) {
      return node instanceof Element element
          ? element.hasText()
          : node instanceof TextNode text && !text.isBlank();
    }
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
    kept = HEADING_OF_LINES.matcher(kept).replaceAll("");
    if (kept.length() < text.length() || quotesLines(kept)) {
      kept = QUOTED_LINE.matcher(kept).replaceAll("");
    }
    if (kept.length() == text.length()) {
      return text;
    }
    counts.add(Count.QUOTES, 1);
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
    counts.add(Count.SIGNATURES, 1);
    return text.substring(0, begin.start()).strip();
  }

  /** The first rows of which only a million characters are read. */
  List<String> longest() {
    return longest;
  }

  // HTML

  /**
   * The text of a body with the line ends that a browser would show, and no blank line twice.
   *
   * @param leftOut asked for each node that is not within one that is left out, in order
   */
  public static String of(Document document, Predicate<Node> leftOut) {
    StringBuilder text = new StringBuilder();
    document.body().filter(new Lines(text, leftOut));
    List<String> lines = new ArrayList<>();
    for (String line : text.toString().split("\n", -1)) {
      String stripped = line.replace('\u00a0', ' ').strip();
      if (!stripped.isEmpty() || (!lines.isEmpty() && !lines.getLast().isEmpty())) {
        lines.add(stripped);
      }
    }
    return String.join("\n", lines).strip();
  }

  /** Appends text with the line ends that a browser would show. */
  private static final class Lines implements NodeFilter {

    private final StringBuilder out;
    private final Predicate<Node> leftOut;
    private final Deque<Integer> links = new ArrayDeque<>(); // where their texts begin
    private int preformatted; // elements around the node

    Lines(StringBuilder out, Predicate<Node> leftOut) {
      this.out = out;
      this.leftOut = leftOut;
    }

    @Override
    public FilterResult head(Node node, int depth) {
      if (leftOut.test(node)) {
        return FilterResult.SKIP_ENTIRELY;
      }
      if (node instanceof TextNode text) {
        boolean kept = preformatted > 0;
        String words = kept ? text.getWholeText() : text.text();
        boolean atStart = out.isEmpty() || out.charAt(out.length() - 1) == '\n';
        out.append(atStart && !kept ? words.stripLeading() : words);
      } else if (node instanceof Element element) {
        return begin(element);
      }
      return FilterResult.CONTINUE;
    }

    private FilterResult begin(Element element) {
      switch (element.normalName()) {
        case "script", "style", "title" -> {
          return FilterResult.SKIP_ENTIRELY;
        }
        case "br" -> out.append('\n');
        case "td", "th" -> out.append(element.previousElementSibling() == null ? "" : " ");
        case "a" -> links.push(out.length());
        case String name when BLOCKS.contains(name) -> startLine();
        default -> {}
      }
      preformatted += element.nameIs("pre") ? 1 : 0;
      out.append(element.nameIs("li") ? "- " : "");
      return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
      if (node instanceof Element element) {
        switch (element.normalName()) {
          case "a" -> endLink(links.pop(), target(element.attr("href")));
          case String name when BLOCKS.contains(name) -> startLine();
          default -> {}
        }
        preformatted -= element.nameIs("pre") ? 1 : 0;
        out.append(element.nameIs("p") ? "\n" : "");
      }
      return FilterResult.CONTINUE;
    }

    private void startLine() {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
        out.append('\n');
      }
    }

    /** Puts the target behind the text of a link, unless that shows it or is an image. */
    private void endLink(int start, String target) {
      int end = out.length();
      while (end > start && Character.isWhitespace(out.charAt(end - 1))) {
        end--;
      }
      if (end > start
          && !target.isEmpty()
          && !address(out.substring(start, end)).contains(address(target))) {
        out.insert(end, " (" + target + ")");
      }
    }
  }

  /** What a reader may follow; empty for other targets, and for those that count readers. */
  private static String target(String href) {
    String target = CAMPAIGN.matcher(href.strip()).replaceAll("").replaceFirst("[?&](?=#|$)", "");
    boolean kept =
        target.length() <= LONGEST_TARGET
            && WEB.matcher(target).matches()
            && !COUNTED.matcher(target).matches();
    return kept ? target : "";
  }

  /** As people write it. */
  private static String address(String link) {
    return link.toLowerCase(Locale.ROOT)
        .replaceAll("https?://(?:www\\.)?", "")
        .replaceFirst("/$", "");
  }
}
