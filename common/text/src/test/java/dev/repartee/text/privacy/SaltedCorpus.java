package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Conversations into which personal data of every kind of {@link Salt} was planted, between
 * messages that hold none. Knows what was planted where, so that a test can count what was missed
 * and what was touched without need. The same seed gives the same conversations.
 *
 * @param conversations in each of which some messages hold one planted item and others none
 * @param planted all items, in order of conversation and message
 */
public record SaltedCorpus(List<Conversation> conversations, List<Planted> planted) {

  private static final List<Salt> KINDS = List.of(Salt.values());
  private static final int MESSAGES = 10;

  /**
   * One planted item.
   *
   * @param conversation index in {@link #conversations}
   * @param message index in the conversation's messages
   * @param start where the value begins in the message's text
   */
  public record Planted(int conversation, int message, Salt kind, String value, int start) {}

  /** A value in its surroundings. */
  record Planting(String text, String value, int start) {}

  public SaltedCorpus {
    conversations = List.copyOf(conversations);
    planted = List.copyOf(planted);
  }

  /** A corpus with {@code items} planted items, the kinds in turn. */
  public static SaltedCorpus of(int items, long seed) {
    Random random = new Random(seed);
    SaltValues values = new SaltValues(random);
    List<Conversation> conversations = new ArrayList<>();
    List<Planted> planted = new ArrayList<>();
    while (planted.size() < items) {
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        Role role = random.nextInt(5) < 2 ? Role.AGENT : Role.CUSTOMER;
        if (random.nextBoolean() && planted.size() < items) {
          Salt kind = KINDS.get(planted.size() % KINDS.size());
          Planting planting = plant(kind, values, random);
          planted.add(
              new Planted(conversations.size(), i, kind, planting.value(), planting.start()));
          messages.add(new Message(role, planting.text()));
        } else {
          messages.add(new Message(role, values.pick(SaltCarriers.CLEAN)));
        }
      }
      String id = "salted-" + conversations.size();
      conversations.add(new Conversation(id, Optional.empty(), Optional.empty(), messages));
    }
    return new SaltedCorpus(conversations, planted);
  }

  private static Planting plant(Salt kind, SaltValues values, Random random) {
    SaltCarriers.Carrier carrier = values.pick(SaltCarriers.of(kind));
    String value = values.of(kind, carrier.cued());
    String before = carrier.before();
    String after = carrier.after();
    switch (random.nextInt(10)) {
      case 0 -> before = before.toLowerCase(Locale.ROOT);
      case 1 -> before = values.pick(SaltCarriers.LEADS) + " " + before;
      case 2 -> after = after + " " + values.pick(SaltCarriers.TAILS);
      case 3 -> {
        before = values.pick(SaltCarriers.LEADS) + "\n" + before;
        after = after + values.pick(SaltCarriers.ENDS);
      }
      default -> {}
    }
    return new Planting(before + value + after, value, before.length());
  }

  /** Whether message {@code message} of conversation {@code conversation} holds no planted item. */
  public boolean isClean(int conversation, int message) {
    return planted.stream()
        .noneMatch(item -> item.conversation() == conversation && item.message() == message);
  }
}
