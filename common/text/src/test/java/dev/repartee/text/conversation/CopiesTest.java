package dev.repartee.text.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A conversation counts once, however often it was exported. */
class CopiesTest {

  private static final List<String> SAID =
      List.of(
          "Good morning, I forgot the passphrase of the old safe in our shop in Kiel",
          "No problem, the passphrase of that safe is violet anchor maple thunder",
          "Great, it opens again, now I can go on with the stocktaking of this year",
          "Glad to hear that, please write it down and keep it in a place of its own");

  private static final String MACRO =
      "You find it under settings, then account, then security. Choose a new one there, confirm it"
          + " by the link in our mail, and sign in again on each of your devices.";

  private final List<String> told = new ArrayList<>();

  private static Conversation conversation(String id, List<String> texts) {
    return new Conversation(
        id,
        Optional.of("agent of " + id),
        Optional.empty(),
        IntStream.range(0, texts.size())
            .mapToObj(i -> new Message(i % 2 == 0 ? Role.CUSTOMER : Role.AGENT, texts.get(i)))
            .toList());
  }

  /** Of seven variants of one conversation under ids from c-0 to c-6. */
  private Set<String> copies(Function<Integer, List<String>> variant) {
    return copies(IntStream.range(0, 7).mapToObj(i -> conversation("c-" + i, variant.apply(i))));
  }

  private Set<String> copies(Stream<Conversation> conversations) {
    return Copies.in(conversations, told::add);
  }

  private static List<String> with(int at, String text) {
    List<String> changed = new ArrayList<>(SAID);
    changed.set(at, text);
    return changed;
  }

  @Test
  void ofSevenEqualOnesTheFirstCountsAlsoWithOtherCaseAndBlanks() {
    assertThat(copies(_ -> SAID)).hasSize(6).doesNotContain("c-0");
    assertThat(told).containsExactly("6 conversations are copies of others or parts of them");
    assertThat(
            copies(
                i ->
                    SAID.stream()
                        .map(text -> i % 2 == 0 ? text.toUpperCase(Locale.ROOT) : text + " !\n")
                        .toList()))
        .hasSize(6);
  }

  @Test
  void ofChangedExtendedAndCutOnesTheLongestCounts() {
    assertThat(copies(i -> with(i % 4, SAID.get(i % 4).replaceFirst(" the ", " " + i + "th "))))
        .as("a word changed in each")
        .hasSize(6);
    assertThat(copies(i -> with(0, SAID.getFirst().replace("Kiel", "{name}" + i))))
        .as("redacted")
        .hasSize(6);
    assertThat(
            copies(
                i ->
                    Stream.concat(
                            SAID.stream(), Stream.of("Thanks, this is all that I need today " + i))
                        .toList()))
        .as("a message more in each")
        .hasSize(6);
    assertThat(copies(i -> i == 4 ? SAID : i % 2 == 0 ? SAID.subList(0, 3) : SAID.subList(2, 4)))
        .as("parts")
        .hasSize(6)
        .doesNotContain("c-4");
  }

  @Test
  void aShortQuestionOfOneCustomerIsACopyWhereAllIsTheSame() {
    assertThat(copies(_ -> List.of("Anna moved out, which pass phrase has her router now?", MACRO)))
        .hasSize(6);
  }

  @Test
  void whatManyCustomersHaveIsNoCopy() {
    assertThat(copies(_ -> List.of("How do I change my password?", MACRO))).isEmpty();
    assertThat(
            copies(
                i ->
                    List.of(
                        words(i),
                        MACRO,
                        words(i + 10) + ", it works, thanks",
                        "You are welcome. Is there anything else that I can do for you today?")))
        .as("templates behind other words")
        .isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void manyOfOneCenterAreTheSameTwice() {
    List<Conversation> many =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    conversation(
                        "c-" + i,
                        List.of(words(i / 2 + 1), MACRO, words(-i / 2 - 1), SAID.getLast())))
            .toList();
    assertThat(copies(many.stream())).hasSize(1_500).doesNotContain("c-0").contains("c-1");
  }

  private static String words(int seed) {
    return IntStream.range(0, 12)
        .mapToObj(i -> "word" + seed + "of" + i)
        .collect(Collectors.joining(" "));
  }
}
