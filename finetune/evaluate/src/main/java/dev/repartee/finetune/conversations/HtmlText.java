package dev.repartee.finetune.conversations;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** HTML as text, in time that grows with its length only. */
public final class HtmlText {

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

  private HtmlText() {}

  /** The text of a body with the line ends that a browser would show, and no blank line twice. */
  public static String of(Document document) {
    return of(document, node -> false);
  }

  /**
   * The same without some nodes and what is in them.
   *
   * @param leftOut asked for each node that is not within one that is left out, in order
   */
  static String of(Document document, Predicate<Node> leftOut) {
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
