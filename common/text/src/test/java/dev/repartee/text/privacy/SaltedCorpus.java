package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Conversations into which personal data of every kind of {@link Salt} was planted, between
 * messages that hold none. Knows what was planted where, so that a test can count what was missed
 * and what was touched without need. The same seed gives the same conversations.
 *
 * @param conversations in each of which some messages hold one planted item and others none
 * @param planted all items, in order of conversation and message
 */
public record SaltedCorpus(List<Conversation> conversations, List<Planted> planted) {

  /** The kinds of personal data that are planted. */
  public enum Salt {
    NAME,
    EMAIL,
    PHONE,
    URL,
    CARD,
    ACCOUNT,
    ORDER,
    TICKET,
    DATE,
    TIME,
    MONEY,
    ADDRESS
  }

  private static final List<Salt> KINDS = List.of(Salt.values());
  private static final int MESSAGES = 10;

  /** The sentences around values, by their kind, and others; a bar marks where the value stands. */
  private static final Map<String, List<String>> SENTENCES = SaltedLanguage.lists("en");

  private static final List<String> ENDS = List.of("", "\n", "\nThanks", "\n\nCheers!");

  /**
   * One planted item.
   *
   * @param conversation index in {@link #conversations}
   * @param message index in the conversation's messages
   * @param start where the value begins in the message's text
   */
  public record Planted(int conversation, int message, Salt kind, String value, int start) {}

  /**
   * What stands before and after a value.
   *
   * @param cued whether the words around it tell that a name stands there, so that it may be one
   *     that no list knows
   */
  record Carrier(String before, String after, boolean cued) {

    private static Carrier of(String sentence, boolean cued) {
      int bar = sentence.indexOf('|');
      return new Carrier(sentence.substring(0, bar), sentence.substring(bar + 1), cued);
    }
  }

  /** The sentences for values of a kind. */
  static List<Carrier> carriers(Salt kind) {
    return Stream.concat(
            SENTENCES.getOrDefault(kind + " cued", List.of()).stream()
                .map(sentence -> Carrier.of(sentence, true)),
            SENTENCES.get(kind.name()).stream().map(sentence -> Carrier.of(sentence, false)))
        .toList();
  }

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
          messages.add(new Message(role, values.pick(SENTENCES.get("clean"))));
        }
      }
      String id = "salted-" + conversations.size();
      conversations.add(new Conversation(id, Optional.empty(), Optional.empty(), messages));
    }
    return new SaltedCorpus(conversations, planted);
  }

  private static Planting plant(Salt kind, SaltValues values, Random random) {
    Carrier carrier = values.pick(carriers(kind));
    String value = values.of(kind, carrier.cued());
    String before = carrier.before();
    String after = carrier.after();
    switch (random.nextInt(10)) {
      case 0 -> before = before.toLowerCase(Locale.ROOT);
      case 1 -> before = values.pick(SENTENCES.get("leads")) + " " + before;
      case 2 -> after = after + " " + values.pick(SENTENCES.get("tails"));
      case 3 -> {
        before = values.pick(SENTENCES.get("leads")) + "\n" + before;
        after = after + values.pick(ENDS);
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

  /** Whether every letter and digit from {@code start} to {@code end} was replaced. */
  static boolean isGone(String text, int start, int end, List<Detection> found) {
    return IntStream.range(start, end)
        .filter(at -> Character.isLetterOrDigit(text.charAt(at)))
        .allMatch(at -> found.stream().anyMatch(one -> one.start() <= at && at < one.end()));
  }
}
