package dev.repartee.clustering.corpus;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the agents wrote.
 *
 * @param conversations how many conversations were read
 * @param messages every agent message, in order
 * @param texts what they say, each text once, in the order of first use
 */
public record Corpus(int conversations, List<AgentMessage> messages, List<DistinctText> texts) {

  public Corpus {
    messages = List.copyOf(messages);
    texts = List.copyOf(texts);
  }

  /** How many agents (conversations, where agents are unknown) wrote something. */
  public int speakerCount() {
    Set<String> speakers = new HashSet<>();
    texts.forEach(text -> speakers.addAll(text.speakers()));
    return speakers.size();
  }

  /** How many messages say nothing. */
  public long blankMessages() {
    return messages.stream().filter(AgentMessage::isBlank).count();
  }

  /** The length of all messages, in UTF-16 units. */
  public long characters() {
    return texts.stream().mapToLong(DistinctText::characters).sum();
  }
}
