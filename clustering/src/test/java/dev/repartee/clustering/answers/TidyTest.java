package dev.repartee.clustering.answers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TidyTest {

  private static final Map<String, Long> USES =
      Map.of("successfully", 9L, "successfuly", 4L, "booking", 9L, "bookings", 3L, "anything", 50L);

  private final Tidy tidy = new Tidy(word -> USES.getOrDefault(word, 0L));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "it was successfuly booked | It was successfully booked",
        "anythign else? | Anything else?",
        "is there anyhting i can do | Is there anything I can do",
        "Two bookings | Two bookings",
        "ask Anythign of lucca | Ask Anythign of lucca",
        "mail {customer_name} at anythign@example.org | Mail {customer_name} at anythign@example.org",
        "iPhone or i.e. this | iPhone or i.e. this",
        "see anythign.example.org | See anythign.example.org",
      })
  void mendsPlainSlipsAndNothingElse(String typed, String expected) {
    assertThat(tidy.tidy(typed, Optional.of("en"))).isEqualTo(expected);
  }

  @Test
  void otherLanguagesOnlyGetACapital() {
    assertThat(tidy.tidy("anythign i", Optional.of("de"))).isEqualTo("Anythign i");
    assertThat(tidy.tidy("здравствуйте", Optional.empty())).isEqualTo("Здравствуйте");
  }

  @Test
  void blanksAreSingle() {
    assertThat(Tidy.oneLine(" a \r\n\t b\u00a0\u00a0c ")).isEqualTo("a b c");
  }
}
