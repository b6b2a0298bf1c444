package dev.repartee.engine.suggest;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.RedactedConversation;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The model reads placeholders in place of personal data, as it was trained, and what it says with
 * placeholders is filled in from the same conversation: the newest value of a kind, as it was
 * written. Nothing from any other conversation can get in. Not for several threads.
 */
final class RedactedView implements ModelView {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]*}?");

  /**
   * The model reads a thousand tokens at most, some 5000 characters; the rest of these may hold the
   * names and values of the conversation. Redaction takes up to 20 microseconds a character.
   */
  static final int MOST_CHARACTERS = 32_000;

  private final List<Message> context;
  private final Map<PersonalData, String> newest;
  private final UnaryOperator<Message> next;
  private String typed = "";
  private String typedRedacted = "";

  private RedactedView(ConversationRedactor.Reading read) {
    RedactedConversation redacted = read.redacted();
    this.next = read.next();
    this.context = redacted.conversation().messages();
    this.newest = new EnumMap<>(PersonalData.class);
    for (List<Detection> detections : redacted.detections()) {
      detections.forEach(detection -> newest.put(detection.kind(), detection.text()));
    }
  }

  /**
   * Looks at the latest messages of a conversation, {@value #MOST_CHARACTERS} characters of them.
   *
   * @param redactor leaves the public facts that it left in the model's training
   */
  static RedactedView of(List<Message> context, ConversationRedactor redactor) {
    List<Message> latest = context.subList(firstRead(context), context.size());
    return new RedactedView(
        redactor.read(new Conversation("context", Optional.empty(), Optional.empty(), latest)));
  }

  /** The last message is always read. */
  private static int firstRead(List<Message> context) {
    int first = Math.max(0, context.size() - 1);
    int left = MOST_CHARACTERS - (context.isEmpty() ? 0 : context.get(first).text().length());
    while (first > 0 && left >= context.get(first - 1).text().length()) {
      first--;
      left -= context.get(first).text().length();
    }
    return first;
  }

  @Override
  public List<Message> context() {
    return context;
  }

  @Override
  public String draft(String draft) {
    int end = draft.length();
    while (end > 0 && !Character.isWhitespace(draft.charAt(end - 1))) {
      end--;
    }
    String whole = draft.substring(0, end);
    // Most keystrokes only lengthen the last word. The conversation's names count here too.
    if (!whole.equals(typed)) {
      typed = whole;
      typedRedacted = whole.isBlank() ? whole : next.apply(Message.agent(whole)).text();
    }
    return typedRedacted + draft.substring(end);
  }

  @Override
  public String fill(String text) {
    if (text.indexOf('{') < 0) {
      return text; // most texts
    }
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group()).orElse(found.group())));
  }

  @Override
  public Map<String, String> values(String word) {
    Map<String, String> values = new HashMap<>();
    newest.forEach(
        (kind, value) -> {
          if (value.length() > word.length()
              && value.regionMatches(true, 0, word, 0, word.length())) {
            values.put(kind.placeholder(), value);
          }
        });
    return values;
  }

  @Override
  public boolean isFilled(String text) {
    if (text.indexOf('{') < 0 && text.indexOf('}') < 0) {
      return true; // most texts
    }
    String rest = PLACEHOLDER.matcher(text).replaceAll("");
    // A brace without its other half is a part of a placeholder.
    return rest.indexOf('{') < 0
        && rest.indexOf('}') < 0
        && PLACEHOLDER.matcher(text).results().allMatch(found -> value(found.group()).isPresent());
  }

  private Optional<String> value(String placeholder) {
    return PersonalData.ofPlaceholder(placeholder).map(newest::get);
  }
}
