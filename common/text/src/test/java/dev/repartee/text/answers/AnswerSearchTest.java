package dev.repartee.text.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSearch.Filter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class AnswerSearchTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static Entry titled(String id, String title, String text) {
    return new Entry(
        id,
        Optional.of(title),
        text,
        Optional.of("Billing & payment"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Entry bound(String id, String queue, String language, String owner) {
    return new Entry(
        id,
        Optional.empty(),
        "Text of " + id,
        Optional.empty(),
        Optional.ofNullable(queue),
        Optional.ofNullable(language),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(owner));
  }

  private static final AnswerSearch SEARCH =
      new AnswerSearch(
          new AnswerLibrary(
              List.of(
                  titled("e-1", "Order refunded", "Your order is refunded in 5 days."),
                  titled("e-2", "Refund policy", "We refund within 14 days."),
                  titled("e-3", "Gru\u00df", "Sch\u00f6ne Gr\u00fc\u00dfe!"),
                  titled("e-4", "Offer", "You get 50% off.")),
              List.of("50 % OFF")));

  private static List<String> find(AnswerSearch search, String query, Filter filter) {
    return search.find(query, filter, entry -> 0, 10).stream().map(Entry::id).toList();
  }

  private static List<String> find(String query) {
    return find(SEARCH, query, at(NOW));
  }

  @Test
  void everyWordOfTheQueryBeginsAWord() {
    assertThat(find("ref")).containsExactly("e-2", "e-1"); // e-2 begins with it
    assertThat(find("REFUND, days!")).containsExactly("e-1", "e-2");
    assertThat(find("refund order")).containsExactly("e-1");
    assertThat(find("efund")).isEmpty();
    assertThat(find("payment pol")).containsExactly("e-2");
    assertThat(find("e 3")).containsExactly("e-3");
    assertThat(find("schone gr")).containsExactly("e-3");
    assertThat(find("Sch\u00f6n")).containsExactly("e-3");
    assertThat(find("?!")).isEmpty();
  }

  @Test
  void scriptsWithoutBlanksAreFoundByTheirLetters() {
    AnswerSearch search =
        new AnswerSearch(
            new AnswerLibrary(
                List.of(new Entry("a", "\u6211\u4eec\u4f1a\u9000\u6b3e")), List.of()));
    assertThat(find(search, "\u9000\u6b3e", at(NOW))).containsExactly("a");
    assertThat(find(search, "\u6298", at(NOW))).isEmpty();
  }

  @Test
  void nothingTypedFindsAllButWhatMustNeverBeSaid() {
    assertThat(find(" ")).containsExactly("e-1", "e-2", "e-3");
    assertThat(find("offer")).isEmpty();
  }

  @Test
  void theLikeliestComesFirstAmongThoseThatBegin() {
    ToDoubleFunction<Entry> likelihood = entry -> entry.id().equals("e-1") ? 0.9 : 0.1;
    assertThat(SEARCH.find("", at(NOW), likelihood, 2))
        .extracting(Entry::id)
        .containsExactly("e-1", "e-2");
    assertThat(SEARCH.find("order", at(NOW), entry -> -1, 1)).hasSize(1);
    assertThat(SEARCH.find("refund", at(NOW), likelihood, 5))
        .extracting(Entry::id)
        .containsExactly("e-2", "e-1");
    assertThatThrownBy(() -> SEARCH.find("", at(NOW), likelihood, 0))
        .hasMessage("limit must be at least 1 but is 0");
  }

  @Test
  void queueLanguageAndOwnerBound() {
    AnswerSearch search =
        new AnswerSearch(
            new AnswerLibrary(
                List.of(
                    bound("all", null, null, null),
                    bound("billing", "billing", null, null),
                    bound("german", null, "de", null),
                    bound("ann", null, null, "ann")),
                List.of()));
    assertThat(find(search, "", at(NOW))).containsExactly("all", "billing", "german");
    assertThat(find(search, "", filter("sales", null, null))).containsExactly("all", "german");
    assertThat(find(search, "", filter("billing", "en-GB", null)))
        .containsExactly("all", "billing");
    assertThat(find(search, "", filter(null, "de-AT", "ann")))
        .containsExactly("all", "billing", "german", "ann");
    assertThat(find(search, "ann", filter(null, null, "bob"))).isEmpty();
    assertThat(find(search, "ann", filter(null, null, "ann"))).containsExactly("ann");
  }

  private static Filter filter(String queue, String language, String agent) {
    return new Filter(
        NOW,
        Optional.ofNullable(queue),
        Optional.ofNullable(language),
        Optional.empty(),
        Optional.ofNullable(agent));
  }

  @Test
  void anAnswerInSeveralLanguagesIsFoundOnceAndInTheConversationsWhereThatIsKnown() {
    Entry english = new Entry("refund", "We refund it.").in("en", "We refund it.");
    Entry dutch = english.in("nl", "Wij betalen het terug.");
    AnswerSearch search =
        new AnswerSearch(
            new AnswerLibrary(
                List.of(english, dutch, new Entry("other", "We are here.")), List.of()));
    assertThat(search.find("", at(NOW), entry -> 0, 10))
        .extracting(Entry::text)
        .containsExactly("We refund it.", "We are here.");
    assertThat(search.find("", spoken(NOW, Optional.of("nl")), entry -> 0, 10))
        .extracting(Entry::text)
        .containsExactly("Wij betalen het terug.", "We are here.");
    assertThat(search.find("", spoken(NOW, Optional.of("fr")), entry -> 0, 1))
        .containsExactly(english);
    assertThat(search.find("betalen", spoken(NOW, Optional.of("en")), entry -> 0, 10))
        .containsExactly(dutch); // nothing else has the word
    assertThat(search.find("", filter(null, "nl", null), entry -> 0, 10))
        .extracting(Entry::id, Entry::text)
        .containsExactly(tuple("refund", "Wij betalen het terug."), tuple("other", "We are here."));
    assertThat(search.find("", filter(null, "de", null), entry -> 0, 10))
        .extracting(Entry::id)
        .containsExactly("other");
  }

  @Test
  void whatIsNotValidIsNotFound() {
    Entry entry =
        new Entry(
            "a",
            Optional.empty(),
            "text",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(NOW),
            Optional.of(NOW.plusSeconds(60)),
            Optional.empty());
    AnswerSearch search = new AnswerSearch(new AnswerLibrary(List.of(entry), List.of()));
    assertThat(find(search, "", at(NOW.minusSeconds(1)))).isEmpty();
    assertThat(find(search, "", at(NOW))).containsExactly("a");
    assertThat(find(search, "", at(NOW.plusSeconds(60)))).isEmpty();
  }

  private static Filter at(Instant now) {
    return spoken(now, Optional.empty());
  }

  private static Filter spoken(Instant now, Optional<String> language) {
    return new Filter(now, Optional.empty(), Optional.empty(), language, Optional.empty());
  }
}
