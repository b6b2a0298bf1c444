package dev.repartee.clustering.count;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads conversations a second time, to say of every agent message which text it is. */
public final class MessageStream {

  private MessageStream() {}

  /**
   * Every agent message of {@code files} in file order, read while the stream is consumed. Close
   * the stream.
   *
   * @throws dev.repartee.text.UserException as {@link CountingEngine#count} does
   */
  public static Stream<AgentMessage> of(List<Path> files) {
    return of(ConversationReader.stream(files));
  }

  /** Every agent message of {@code conversations}, in order. */
  public static Stream<AgentMessage> of(Stream<Conversation> conversations) {
    Redaction redaction = new Redaction();
    return conversations.flatMap(conversation -> messages(conversation, redaction).stream());
  }

  private static List<AgentMessage> messages(Conversation conversation, Redaction redaction) {
    List<String> texts = redaction.redact(conversation, new Counter());
    List<AgentMessage> messages = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (conversation.messages().get(i).isAgent()) {
        messages.add(new AgentMessage(conversation.id(), i, Occurrences.key(texts.get(i))));
      }
    }
    return messages;
  }
}
