package dev.repartee.clustering.corpus;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.privacy.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one place where counting meets what replaces personal data. One for each thread. */
final class Redaction {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z]++}");

  private final Redactor redactor = new Redactor();

  /** The texts of all messages, in order, without personal data; adds to {@code placeholders}. */
  List<String> redact(Conversation conversation, Counter placeholders) {
    List<String> texts = new ArrayList<>(conversation.messages().size());
    for (Message message : conversation.messages()) {
      String redacted = redactor.redact(message.text());
      // The redactor returns the same text when it found nothing; what looks like a placeholder
      // was then written so.
      if (!redacted.equals(message.text())) {
        Matcher found = PLACEHOLDER.matcher(redacted);
        while (found.find()) {
          placeholders.add(found.group(), 1);
        }
      }
      texts.add(redacted);
    }
    return texts;
  }
}
