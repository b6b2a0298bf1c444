import java.util.ArrayList;
import java.util.List;

/**
 * The little JSON that agents need. The text read has no blanks between a name and its value, as in
 * the answers of the service and in the files of conversations.
 */
final class Json {

  private static final String ESCAPES = "nrtbf";
  private static final String ESCAPED = "\n\r\t\b\f";

  private Json() {}

  /** A message or a suggestion: who wrote it or what kind it is, and its text. */
  record Text(String of, String text) {}

  /** The texts of the objects whose first field is {@code "role"} or {@code "kind"}. */
  static List<Text> texts(String json, String first) {
    List<Text> texts = new ArrayList<>();
    String begin = "{\"" + first + "\":\"";
    String text = "\"text\":\"";
    for (int at = json.indexOf(begin); at >= 0; at = json.indexOf(begin, at)) {
      int of = at + begin.length();
      at = json.indexOf(text, of) + text.length();
      texts.add(new Text(string(json, of), string(json, at)));
    }
    return texts;
  }

  /** The string whose opening quote is before {@code at}. */
  static String string(String json, int at) {
    StringBuilder string = new StringBuilder();
    for (int i = at; json.charAt(i) != '"'; i++) {
      if (json.charAt(i) != '\\') {
        string.append(json.charAt(i));
        continue;
      }
      i++;
      int escape = ESCAPES.indexOf(json.charAt(i));
      if (json.charAt(i) == 'u') {
        string.append((char) Integer.parseInt(json, i + 1, i + 5, 16));
        i += 4;
      } else {
        string.append(escape < 0 ? json.charAt(i) : ESCAPED.charAt(escape));
      }
    }
    return string.toString();
  }

  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
