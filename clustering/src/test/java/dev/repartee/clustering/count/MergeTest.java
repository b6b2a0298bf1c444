package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.PublicFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeTest {

  private final ConversationCounter counter =
      new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);

  private Repeats repeats;

  private CorpusTally tallied(List<Conversation> conversations) {
    CorpusTally tallies = new CorpusTally(PublicFacts.NONE, repeats);
    conversations.forEach(conversation -> counter.count(conversation, tallies));
    return tallies;
  }

  /** What another machine sends. */
  private static CorpusTally sent(CorpusTally tallies) {
    CorpusTally received = SerializationUtils.clone(tallies.totals());
    tallies.texts().forEach(tally -> received.merge(SerializationUtils.clone(tally)));
    return received;
  }

  /** Splits at random, counts the parts, and merges random pairs until one is left. */
  private CorpusTally inAnyOrder(List<Conversation> conversations, Random random) {
    List<Conversation> shuffled = new ArrayList<>(conversations);
    Collections.shuffle(shuffled, random);
    List<CorpusTally> parts = new ArrayList<>();
    for (int start = 0, end; start < shuffled.size(); start = end) {
      end = Math.min(shuffled.size(), start + 1 + random.nextInt(60));
      parts.add(tallied(shuffled.subList(start, end)));
    }
    while (parts.size() > 1) {
      CorpusTally one = parts.remove(random.nextInt(parts.size()));
      CorpusTally other = parts.get(random.nextInt(parts.size()));
      other.merge(random.nextBoolean() ? sent(one) : one);
    }
    return parts.getFirst();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anySplitAndAnyOrderGiveTheSameCorpus(long seed) {
    List<Conversation> conversations = RandomConversations.of("c", 400, seed);
    repeats = new Repeats(2);
    conversations.forEach(conversation -> counter.countRepeats(conversation, repeats));
    CorpusTally expected = tallied(conversations);
    assertThat(expected.texts()).hasSizeGreaterThan(50);
    assertThat(expected.texts())
        .anyMatch(text -> text.contexts().size() == TextTally.MOST_CONTEXTS);
    assertThat(inAnyOrder(conversations, new Random(seed))).isEqualTo(expected);
  }

  @Test
  void talliesOfDifferentKeysDoNotMerge() {
    TextTally tally = new TextTally("hello");
    TextTally other = new TextTally("bye");
    assertThatThrownBy(() -> tally.merge(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'hello' but is 'bye'");
  }
}
