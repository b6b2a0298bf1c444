package dev.repartee.clustering.corpus;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.data.TextNorm;
import dev.repartee.common.privacy.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers agent messages: personal data becomes placeholders before anything else, then messages
 * that say the same are counted together.
 */
public final class MessageCollector {

  private final Redactor redactor;
  private final List<AgentMessage> messages = new ArrayList<>();
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private final List<DistinctText> texts = new ArrayList<>();
  private int conversations;

  public MessageCollector(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Adds the agent's messages of {@code conversation}. */
  public void add(Conversation conversation) {
    conversations++;
    // The prefixes keep an agent and a conversation of the same name apart.
    String speaker =
        conversation.agentId().map(id -> "agent " + id).orElse("conversation " + conversation.id());
    List<Message> all = conversation.messages();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).isAgent()) {
        messages.add(new AgentMessage(conversation.id(), i, text(all.get(i).text(), speaker)));
      }
    }
  }

  private int text(String written, String speaker) {
    String spelling = TextNorm.strip(redactor.redact(written).text());
    if (spelling.isEmpty()) {
      return AgentMessage.BLANK;
    }
    int position = positions.computeIfAbsent(TextNorm.mask(spelling), this::newText);
    texts.get(position).add(spelling, speaker);
    return position;
  }

  private int newText(String key) {
    texts.add(new DistinctText(key));
    return texts.size() - 1;
  }

  /** What was gathered so far. */
  public Corpus corpus() {
    return new Corpus(conversations, messages, texts);
  }
}
