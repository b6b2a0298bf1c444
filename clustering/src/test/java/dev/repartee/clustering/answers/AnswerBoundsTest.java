package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerBoundsTest {

  @Test
  void everyCandidateIsEligibleOrNotForOneReason() {
    AnswerBounds bounds = new AnswerBounds(2, 2);
    assertThat(bounds.whyNot(true, true)).isEmpty();
    assertThat(bounds.whyNot(true, false))
        .contains("a greeting, a signature, code or a part of a sentence");
    assertThat(bounds.whyNot(false, false))
        .contains("worded alike in fewer than 3 conversations or by fewer than 2 agents");
  }

  @ParameterizedTest
  @CsvSource({
    "'Thanks!', true, true",
    "'Thanks!', false, false",
    "'Hi {customer_name}.', false, false",
    "'^JS', true, false",
    "'{url}', true, false",
    "'2/4', true, false",
    "'In the calendar', false, false",
    "'important; }', true, false",
    "'Windows {number}', true, false",
    "'Reset your NewAuth{number} settings on the server', true, false",
    "'See https://example.com/questions/{number} and follow the steps there', true, false",
    "'Your parcel {number} leaves our warehouse today', false, true",
    "'Open the folder {url} on your own machine', false, false",
    "'Your parcel {number} leaves our warehouse today', true, true",
    "'If you write to us again,', false, false",
    "'There are two ways to return it: 1.', false, false",
    "'We ship again from the week of May 1.', false, true",
    "'Are you getting a specific error message?', false, true"
  })
  void anAnswerSaysSomething(String text, boolean alone, boolean says) {
    assertThat(AnswerBounds.saysSomething(text, alone)).isEqualTo(says);
  }

  @Test
  void idsAreTheHashOfTheText() {
    assertThat(CandidateBuilder.id("hello")).isEqualTo("a-2cf24dba5f");
  }
}
