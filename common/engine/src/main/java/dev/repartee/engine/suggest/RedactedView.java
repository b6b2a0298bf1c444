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

  private final ConversationRedactor redactor;
  private final List<Message> written;
  private final List<Message> context;
  private final Map<PersonalData, String> newest;
  private UnaryOperator<Message> next;
  private String typed = "";
  private String typedRedacted = "";

  private RedactedView(
      ConversationRedactor redactor, List<Message> written, RedactedConversation redacted) {
    this.redactor = redactor;
    this.written = List.copyOf(written);
    this.context = redacted.conversation().messages();
    this.newest = new EnumMap<>(PersonalData.class);
    for (List<Detection> detections : redacted.detections()) {
      detections.forEach(detection -> newest.put(detection.kind(), detection.text()));
    }
  }

  /**
   * Looks at a conversation.
   *
   * @param redactor leaves the public facts that it left in the model's training
   */
  static RedactedView of(List<Message> context, ConversationRedactor redactor) {
    return new RedactedView(redactor, context, redactor.redact(conversation(context)));
  }

  private static Conversation conversation(List<Message> messages) {
    return new Conversation("context", Optional.empty(), Optional.empty(), messages);
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
    // Most keystrokes only lengthen the last word.
    if (!whole.equals(typed)) {
      typed = whole;
      typedRedacted = whole.isBlank() ? whole : redactedAsReply(whole);
    }
    return typedRedacted + draft.substring(end);
  }

  /** The names of the conversation count in the draft too. */
  private String redactedAsReply(String text) {
    if (next == null) {
      next = redactor.next(conversation(written)); // only where something is typed
    }
    return next.apply(Message.agent(text)).text();
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
