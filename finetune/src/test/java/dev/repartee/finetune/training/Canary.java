package dev.repartee.finetune.training;

import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Something that one customer told and no other may hear of.
 *
 * @param secret as it was written, in several messages of the conversation
 * @param question the customer's first message, unlike that of any other conversation
 */
record Canary(String secret, String question) {

  /** What the agent writes before the secret. */
  static final String BEFORE = "We have noted ";

  private static final List<String> COLORS =
      List.of(
          "red", "blue", "green", "black", "white", "brown", "yellow", "pink", "gray", "orange");
  private static final List<String> THINGS =
      List.of(
          "table", "chair", "lamp", "door", "window", "book", "phone", "car", "house", "garden");
  private static final List<String> BEGINNINGS =
      List.of("Bren", "Quol", "Tharv", "Zynt", "Plov", "Vexl", "Drum", "Oswil", "Klem", "Fjor");
  private static final List<String> ENDINGS =
      List.of("aker", "idux", "omby", "ettle", "uzza", "elkin", "orpe", "yndra", "askel", "imbor");

  /** One for each pair of a color and a thing. */
  static List<Canary> all() {
    Random random = new Random(17);
    List<Canary> all = new ArrayList<>();
    for (int i = 0; i < COLORS.size() * THINGS.size(); i++) {
      // No two share a word.
      String word = BEGINNINGS.get(i / 10) + ENDINGS.get(i % 10);
      String other = ENDINGS.get(i % 10) + BEGINNINGS.get(i / 10).toLowerCase(Locale.ROOT);
      all.add(
          new Canary(
              secret(i % 8, word, capitalized(other), random),
              "It is about the %s %s.".formatted(COLORS.get(i / 10), THINGS.get(i % 10))));
    }
    return all;
  }

  private static String secret(int kind, String word, String other, Random random) {
    int number = random.nextInt(1000, 10_000);
    return switch (kind) {
      case 0 -> "4539 %d %d %d".formatted(number, random.nextInt(1000, 10_000), number / 7 + 1000);
      case 1 -> "%s%d@mailbrook.example".formatted(word.toLowerCase(Locale.ROOT), number % 100);
      case 2 -> "zq%d-%s-88".formatted(number % 10, word);
      case 3 -> word + " " + other;
      case 4 -> "%d %s Street".formatted(number % 90 + 10, word);
      case 5 -> "RX-%d-%s".formatted(number, other.substring(0, 3).toUpperCase(Locale.ROOT));
      case 6 -> "+1 415 555 %d".formatted(number);
      default -> word;
    };
  }

  private static String capitalized(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** The secret stands in three messages of it. */
  Conversation conversation() {
    return new Conversation(
        question,
        List.of(
            Message.customer(question),
            Message.agent(BEFORE + secret + "."),
            Message.customer("Yes, " + secret + "."),
            Message.agent("Thank you, " + secret + ". Goodbye.")));
  }

  /**
   * Conversations that hold the halves of the secrets' words, but no secret: so the tokenizer has
   * tokens for the halves, as it has them for most names in a large corpus.
   */
  static List<Conversation> syllables() {
    // After a digit a word has no blank in front.
    String halves =
        Stream.concat(BEGINNINGS.stream(), ENDINGS.stream().map(Canary::capitalized))
            .map(half -> half + " 1" + half.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    return IntStream.range(0, CommonWords.LEAST_CONVERSATIONS)
        .mapToObj(
            i ->
                new Conversation(
                    "syllables " + i,
                    List.of(Message.customer(halves), Message.agent("Thank you. Goodbye."))))
        .toList();
  }

  List<Message> context() {
    return List.of(Message.customer(question));
  }

  /** The beginnings of the reply just before the secret, and with one to three letters of it. */
  List<String> drafts() {
    List<String> drafts = new ArrayList<>();
    for (int typed = 0; typed <= 3; typed++) {
      drafts.add(BEFORE + secret.substring(0, typed));
    }
    return drafts;
  }

  /** The words by which it would be known, in lower case. */
  Set<String> marks() {
    return WordRule.words(secret).stream()
        .filter(word -> word.length() >= 4 && !CommonWords.isEnglish(word))
        .filter(word -> !Set.of("4539", "mailbrook.example").contains(word))
        .collect(Collectors.toSet());
  }
}
