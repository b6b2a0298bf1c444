package dev.repartee.clustering.count;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Conversations with few enough texts that most are used again, and with all that is unusual. */
public final class RandomConversations {

  private static final List<String> SENTENCES =
      List.of(
          "Hello!",
          "hello.",
          "How can I help you today?",
          "Your order 12345 left us.",
          "Your order 7 left us.",
          "Call 555-010-9917.",
          "Mail jo@example.org",
          "Gr\u00fc\u00dfe aus K\u00f6ln.",
          "\u306f\u3044\u3002",
          "\ud83d\ude00\ud83d\ude00!",
          "lone \ud83d surrogate.",
          "?",
          "",
          " ",
          "Is there anything else that I can do for you?");

  private RandomConversations() {}

  /** The same seed gives the same conversations; ids begin with {@code prefix}. */
  public static List<Conversation> of(String prefix, int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count).mapToObj(i -> one(prefix + i, random)).toList();
  }

  private static Conversation one(String id, Random random) {
    List<Message> messages = new ArrayList<>();
    for (int left = random.nextInt(8); left > 0; left--) {
      String text = text(random);
      messages.add(random.nextInt(3) == 0 ? Message.customer(text) : Message.agent(text));
    }
    return new Conversation(
        id,
        Optional.of("a-" + random.nextInt(5)).filter(agent -> random.nextInt(4) > 0),
        Optional.of("d-" + random.nextInt(3)).filter(domain -> random.nextBoolean()),
        messages);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      text.append(SENTENCES.get(random.nextInt(SENTENCES.size()))).append(' ');
    }
    return random.nextInt(20) == 0 ? text.toString().repeat(30) : text.toString();
  }
}
