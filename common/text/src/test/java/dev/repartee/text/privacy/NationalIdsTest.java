package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers that documentation gives as examples, and the same with a wrong check digit. */
class NationalIdsTest {

  @ParameterizedTest
  @CsvSource({
    "NL, 111222333, 111222334",
    "BE, 85.07.30-033.28, 85.07.30-033.29",
    "DE, 86095742719, 86095742718",
    "DE, 15 070649 C 10 3, 15 070649 C 10 4",
    "FR, 2 55 08 14 168 025 38, 2 55 08 14 168 025 39",
    "ES, 12345678Z, 12345678A",
    "ES, X1234567L, X1234567M",
    "IT, RSSMRA85T10A562S, RSSMRA85T10A562T",
    "PT, 123456789, 123456788",
    "BR, 529.982.247-25, 529.982.247-26",
    "JP, 123456789018, 123456789017",
    "CN, 11010519491231002X, 110105194912310021",
    "PL, 44051401359, 44051401358",
    "SE, 811228-9874, 811228-9875",
    "DK, 211062-5629, 331062-5629",
  })
  void aCheckDigitTellsAnIdFromOtherNumbers(String region, String id, String other) {
    assertThat(found(region, "x " + id + ", y")).containsExactly(id);
    assertThat(found(region, "x " + other + ", y")).isEmpty();
  }

  private static List<String> found(String region, String text) {
    FoldedText folded = FoldedText.of(text, List.of());
    Spans spans = new Spans();
    RuleTable.stages(
            Set.of(region), list -> List.of(), name -> PatternRule.onlyIf(NationalIds.check(name)))
        .stream()
        .flatMap(List::stream)
        .flatMap(detector -> detector.rules().stream())
        .forEach(rule -> rule.find(PersonalData.ACCOUNT, folded, spans));
    return spans.withoutOverlaps().stream()
        .map(span -> text.substring(span.start(), span.end()))
        .toList();
  }
}
