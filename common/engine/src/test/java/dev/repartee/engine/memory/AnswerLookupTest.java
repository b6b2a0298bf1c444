package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.memory.Wordings.AnswerLookup;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerLookupTest {

  private static final Answer HELLO =
      new Answer(
          "h",
          "Hello!",
          9,
          3,
          List.of(new Phrasing("Hello!", 5), new Phrasing("Hi there", 2)),
          AnswerUse.UNKNOWN,
          List.of(Phrasing.hash("Hello, this is Ann from desk 7")));
  private static final Answer WAIT =
      new Answer("w", "Please wait 5 minutes.", 4, 2, List.of(new Phrasing("hi, there!", 1)));
  private static final Answer LONG_WAIT =
      new Answer("l", "Please wait 30 minutes.", 3, 2, List.of());

  private final AnswerLookup lookup =
      new AnswerLookup(new AnswerSet(List.of(HELLO, WAIT, LONG_WAIT)));

  @Test
  void findsTextsAndPhrasingsWhateverTheirSpelling() {
    assertThat(lookup.positionOf("hello")).hasValue(0);
    assertThat(lookup.positionOf("please wait 5 minutes")).hasValue(1);
    assertThat(lookup.positionOf("Goodbye")).isEmpty();
  }

  @Test
  void earlierAnswerHasASharedPhrasing() {
    assertThat(lookup.positionOf("Hi there.")).hasValue(0);
  }

  @Test
  void numbersDecideWhereTheyCanAndAreLeftOutWhereTheyCannot() {
    assertThat(lookup.positionOf("Please wait 30 minutes")).hasValue(2);
    assertThat(lookup.positionOf("Please wait 12 minutes")).hasValue(1);
  }

  @Test
  void findsHiddenPhrasings() {
    assertThat(lookup.positionOf("hello this is Ann, from desk 12")).hasValue(0);
    assertThat(lookup.positionOf("Hello, this is Bob from desk 7")).isEmpty();
  }
}
