package dev.repartee.infra.terraform;

import dev.repartee.infra.terraform.HclToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the structure of HCL 2: blocks and attributes. Expressions stay tokens; of their grammar
 * only brackets are checked. The real parser of it runs in {@code infra/lint-terraform}.
 */
final class HclParser {

  private final String file;
  private final List<HclToken> tokens;
  private int at;

  private HclParser(String file, List<HclToken> tokens) {
    this.file = file;
    this.tokens = tokens;
  }

  /** The blocks of a file. */
  static List<HclBlock> parse(String file, String text) {
    HclParser parser = new HclParser(file, HclLexer.tokens(file, text));
    HclBlock body = parser.body(1, "file", List.of(), false);
    if (!body.attributes().isEmpty()) {
      throw new HclException(
          file, 1, "'" + body.attributes().keySet().iterator().next() + "' stands in no block");
    }
    return body.blocks();
  }

  private HclBlock body(int line, String type, List<String> labels, boolean braced) {
    Map<String, List<HclToken>> attributes = new LinkedHashMap<>();
    List<HclBlock> blocks = new ArrayList<>();
    while (true) {
      HclToken token = take();
      if (token.kind() == Kind.NEWLINE) {
        continue;
      }
      if (braced ? token.is("}") : token.kind() == Kind.END) {
        return new HclBlock(file, line, type, labels, attributes, blocks);
      }
      if (token.kind() != Kind.NAME) {
        throw unexpected(token, "a name" + (braced ? " or } of " + type : ""));
      }
      if (peek().is("=")) {
        take();
        if (attributes.put(token.text(), expression(token)) != null) {
          throw new HclException(file, token.line(), "'" + token.text() + "' is given twice");
        }
      } else {
        blocks.add(block(token));
      }
    }
  }

  private HclBlock block(HclToken type) {
    List<String> labels = new ArrayList<>();
    while (peek().kind() == Kind.STRING || peek().kind() == Kind.NAME) {
      labels.add(take().text());
    }
    HclToken open = take();
    if (!open.is("{")) {
      throw unexpected(open, "= or { after '" + type.text() + "'");
    }
    return body(type.line(), type.text(), labels, true);
  }

  /** All up to the end of the line, lines within brackets included. */
  private List<HclToken> expression(HclToken name) {
    List<HclToken> expression = new ArrayList<>();
    List<String> open = new ArrayList<>();
    while (!(open.isEmpty() && (peek().kind() == Kind.NEWLINE || peek().is("}")))) {
      HclToken token = take();
      if (token.kind() == Kind.END) {
        break;
      }
      expression.add(token);
      int closing = token.kind() == Kind.SYMBOL ? "}])".indexOf(token.text()) : -1;
      if (token.is("{") || token.is("[") || token.is("(")) {
        open.add(token.text());
      } else if (closing >= 0 && (open.isEmpty() || "{[(".indexOf(open.removeLast()) != closing)) {
        throw unexpected(token, "its opening bracket in '" + name.text() + "'");
      }
    }
    if (expression.isEmpty() || !open.isEmpty()) {
      throw new HclException(file, name.line(), "the value of '" + name.text() + "' is not whole");
    }
    return expression;
  }

  private HclToken peek() {
    return at < tokens.size() ? tokens.get(at) : end();
  }

  private HclToken end() {
    return HclToken.of(Kind.END, "end of file", tokens.isEmpty() ? 1 : tokens.getLast().line());
  }

  private HclToken take() {
    HclToken token = peek();
    at++;
    return token;
  }

  private HclException unexpected(HclToken token, String wanted) {
    return new HclException(
        file, token.line(), "'" + token.text() + "' stands where " + wanted + " was expected");
  }
}
