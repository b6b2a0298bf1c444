package dev.repartee.finetune.conversations;

import java.util.ArrayList;
import java.util.List;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** HTML as text. */
public final class HtmlText {

  private static final String BLOCKS =
      "address, article, blockquote, div, dd, dl, dt, figure, footer, form, h1, h2, h3, h4, h5, h6,"
          + " header, hr, li, ol, p, pre, section, table, tr, ul";

  private HtmlText() {}

  /** The text of a body with the line ends that a browser would show, and no blank line twice. */
  public static String of(Document document) {
    StringBuilder text = new StringBuilder();
    document.body().traverse(new Lines(text));
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
  private record Lines(StringBuilder out) implements NodeVisitor {

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode text) {
        boolean kept = text.parent() != null && text.parent().closest("pre") != null;
        String words = kept ? text.getWholeText() : text.text();
        boolean atStart = out.isEmpty() || out.charAt(out.length() - 1) == '\n';
        out.append(atStart && !kept ? words.stripLeading() : words);
      } else if (node instanceof Element element) {
        if (element.nameIs("br")) {
          out.append('\n');
        } else if (element.is(BLOCKS)) {
          startLine();
        } else if (element.is("td, th") && element.elementSiblingIndex() > 0) {
          out.append(' ');
        }
        if (element.nameIs("li")) {
          out.append("- ");
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (node instanceof Element element && element.is(BLOCKS)) {
        startLine();
        if (element.nameIs("p")) {
          out.append('\n');
        }
      }
    }

    private void startLine() {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
        out.append('\n');
      }
    }
  }
}
