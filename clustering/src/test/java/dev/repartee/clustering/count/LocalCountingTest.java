package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.PublicFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalCountingTest extends CountingEngineContract {

  @Override
  protected CountingEngine engine() {
    return CountingEngine.named("local");
  }

  @Test
  void threadsAndChunksDoNotShow() {
    List<Conversation> conversations = RandomConversations.of("c", 200, 3);
    CorpusTally expected = counted(conversations);
    for (int threads : new int[] {1, 2, 7}) {
      assertThat(
              new LocalCounting(threads, 2 * threads + 1)
                  .count(conversations::stream, PublicFacts.NONE, 2, step -> {}))
          .isEqualTo(expected);
    }
  }

  @Test
  void enginesThatAreMissingSayHowToGetThem() {
    assertThatThrownBy(() -> CountingEngine.named("spark"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("scripts/repartee extract --engine spark");
    assertThatThrownBy(() -> CountingEngine.named("abacus"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("local or spark");
  }
}
