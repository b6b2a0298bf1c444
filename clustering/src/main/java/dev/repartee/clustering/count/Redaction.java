package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.RedactedConversation;
import java.util.List;

/** The one place where counting meets what replaces personal data. */
final class Redaction {

  private final ConversationRedactor redactor = new ConversationRedactor();

  /** The texts of all messages, in order, without personal data; adds to {@code placeholders}. */
  List<String> redact(Conversation conversation, Counter placeholders) {
    RedactedConversation redacted = redactor.redact(visible(conversation));
    redacted
        .findings()
        .forEach(found -> found.forEach(find -> placeholders.add(find.kind().placeholder(), 1)));
    return redacted.conversation().messages().stream().map(Message::text).toList();
  }

  /** Control characters would hide personal data, and reach what people look at. */
  private static Conversation visible(Conversation conversation) {
    return new Conversation(
        conversation.id(),
        conversation.agentId(),
        conversation.domain(),
        conversation.customerName(),
        conversation.agentName(),
        conversation.messages().stream()
            .map(message -> new Message(message.role(), TextNorm.visible(message.text())))
            .toList());
  }
}
