package dev.repartee.infra.terraform;

import dev.repartee.infra.terraform.HclToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts HCL 2 into tokens: its strings with templates, heredocs and comments included. */
final class HclLexer {

  private static final Pattern SPACE =
      Pattern.compile("[ \\t\\r]+|(?:#|//)[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");
  private static final Pattern SYMBOL =
      Pattern.compile("\\.\\.\\.|==|!=|<=|>=|=>|&&|\\|\\||[{}\\[\\]().,:?=<>+*/%!-]");
  private static final Pattern HEREDOC = Pattern.compile("<<-?([\\p{L}_][\\p{L}\\p{N}_-]*)\\n");

  private final String file;
  private final String text;
  private int at;
  private int line;

  private HclLexer(String file, String text, int line) {
    this.file = file;
    this.text = text;
    this.line = line;
  }

  static List<HclToken> tokens(String file, String text) {
    return tokens(file, text, 1);
  }

  private static List<HclToken> tokens(String file, String text, int line) {
    HclLexer lexer = new HclLexer(file, text, line);
    List<HclToken> tokens = new ArrayList<>();
    for (HclToken token = lexer.next(); token.kind() != Kind.END; token = lexer.next()) {
      tokens.add(token);
    }
    return tokens;
  }

  private HclToken next() {
    while (take(SPACE) != null) {
      // Nothing that matters.
    }
    if (at == text.length()) {
      return HclToken.of(Kind.END, "", line);
    }
    int began = line;
    if (text.charAt(at) == '\n') {
      at++;
      line++;
      return HclToken.of(Kind.NEWLINE, "\n", began);
    }
    if (text.charAt(at) == '"') {
      at++;
      String inside = until('"');
      return new HclToken(Kind.STRING, inside, began, templates(inside, began));
    }
    Matcher heredoc = HEREDOC.matcher(text).region(at, text.length());
    if (heredoc.lookingAt()) {
      return heredoc(heredoc.group(1), heredoc.end(), began);
    }
    for (Kind kind : List.of(Kind.NAME, Kind.NUMBER, Kind.SYMBOL)) {
      String token = take(kind == Kind.NAME ? NAME : kind == Kind.NUMBER ? NUMBER : SYMBOL);
      if (token != null) {
        return HclToken.of(kind, token, began);
      }
    }
    throw new HclException(file, line, "unexpected '" + text.charAt(at) + "'");
  }

  private String take(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    line += (int) matcher.group().chars().filter(letter -> letter == '\n').count();
    return matcher.group();
  }

  /** Up to {@code end}, which a template's own strings and braces do not count as. */
  private String until(char end) {
    int began = at;
    int opened = line;
    while (at < text.length() && text.charAt(at) != end) {
      if (text.charAt(at) == '\n') {
        throw new HclException(file, opened, "a string that does not end on its line");
      }
      if (text.startsWith("\\", at) || text.startsWith("$${", at)) {
        at += 2;
      } else if (text.startsWith("${", at)) {
        skipTemplate();
      } else {
        at++;
      }
    }
    if (at >= text.length()) {
      throw new HclException(file, opened, "a string that does not end");
    }
    return text.substring(began, at++);
  }

  private void skipTemplate() {
    int opened = line;
    int depth = 1;
    at += 2;
    while (depth > 0) {
      if (at >= text.length()) {
        throw new HclException(file, opened, "a template ${ that does not end");
      }
      char letter = text.charAt(at++);
      if (letter == '"') {
        until('"');
      } else if (letter == '{') {
        depth++;
      } else if (letter == '}') {
        depth--;
      }
    }
  }

  private HclToken heredoc(String marker, int start, int began) {
    Matcher end =
        Pattern.compile("(?m)^[ \\t]*" + Pattern.quote(marker) + "[ \\t]*$").matcher(text);
    if (!end.find(start)) {
      throw new HclException(file, began, "a heredoc <<" + marker + " that does not end");
    }
    String content = text.substring(start, end.start());
    at = end.end();
    line += 1 + (int) content.chars().filter(letter -> letter == '\n').count();
    return new HclToken(Kind.STRING, content, began, templates(content, began));
  }

  private List<HclToken> templates(String string, int began) {
    List<HclToken> inside = new ArrayList<>();
    HclLexer lexer = new HclLexer(file, string, began);
    while (lexer.at < string.length()) {
      if (string.startsWith("$${", lexer.at) || string.startsWith("\\", lexer.at)) {
        lexer.at += 2;
      } else if (string.startsWith("${", lexer.at)) {
        int start = lexer.at + 2;
        lexer.skipTemplate();
        inside.addAll(tokens(file, string.substring(start, lexer.at - 1), began));
        inside.add(HclToken.of(Kind.SYMBOL, ",", began)); // two templates are not one expression
      } else {
        lexer.at++;
      }
    }
    return inside;
  }
}
