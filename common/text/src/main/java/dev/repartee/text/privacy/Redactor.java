package dev.repartee.text.privacy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Replaces personal data in a text by placeholders that say what stood there: names, e-mail and
 * postal addresses, links, phone, card and account numbers, references, dates, times, amounts of
 * money, and all other numbers of four digits or more. What is found and what is not is listed in
 * {@code docs/privacy.md}.
 *
 * <p>Detectors run in stages, and each stage sees {@link FoldedText#MASK} in place of what earlier
 * ones found. Within a stage the longest of overlapping finds wins, then the kind that {@link
 * PersonalData} declares first. The stages are repeated until nothing more is found, so that
 * redacting a redacted text changes nothing. A placeholder in the text is left alone.
 *
 * <p>Thread-safe and cheap to make. Whose a name is takes a conversation to tell: here all names
 * become {@code {name}}; see {@link ConversationRedactor}.
 */
public final class Redactor {

  /** What has a form of its own, then numbers of which less is known. Names come after both. */
  private static final List<List<Detector>> STAGES =
      List.of(
          Stream.of(Emails.detectors(), Urls.detectors()).flatMap(List::stream).toList(),
          Stream.of(
                  Cards.detectors(),
                  Accounts.detectors(),
                  StreetAddresses.detectors(),
                  Addresses.detectors(),
                  Dates.detectors(),
                  Times.detectors(),
                  Money.detectors(),
                  References.detectors())
              .flatMap(List::stream)
              .toList(),
          Stream.of(AddressParts.detectors(), Phones.detectors()).flatMap(List::stream).toList(),
          Numbers.detectors());

  /** A bound for hostile texts: every other one is done after two or three rounds. */
  private static final int MOST_ROUNDS = 6;

  private static final int LONGEST_PLACEHOLDER =
      Stream.of(PersonalData.values())
          .mapToInt(kind -> kind.placeholder().length())
          .max()
          .orElseThrow();

  /** Replaces what is found in {@code text}. */
  public Redaction redact(String text) {
    return redact(text, NameJudge.STRANGER);
  }

  Redaction redact(String text, NameJudge judge) {
    List<Span> spans = placeholders(text);
    FoldedText folded = FoldedText.of(text, spans);
    boolean more = true;
    for (int round = 0; more && round < MOST_ROUNDS; round++) {
      more = false;
      for (int stage = 0; stage <= STAGES.size(); stage++) {
        Finds finds = new Finds();
        run(stage, folded, judge, finds);
        if (!finds.isEmpty()) {
          spans = merged(spans, folded, finds);
          folded = FoldedText.of(text, spans);
          more = true;
        }
      }
    }
    return replaced(text, spans);
  }

  private static void run(int stage, FoldedText text, NameJudge judge, Finds finds) {
    if (stage == STAGES.size()) {
      new NameDetector(text, judge).find(finds);
      return;
    }
    int signs = text.signs();
    for (Detector detector : STAGES.get(stage)) {
      if ((detector.signs() & signs) != 0) {
        detector.find(text, finds);
      }
    }
  }

  private static List<Span> merged(List<Span> spans, FoldedText folded, Finds finds) {
    List<Span> all = new ArrayList<>(spans);
    finds.resolved().forEach(find -> all.add(folded.inOriginal(find)));
    all.sort(Comparator.comparingInt(Span::start));
    return all;
  }

  private static List<Span> placeholders(String text) {
    List<Span> spans = new ArrayList<>();
    int open = text.indexOf('{');
    while (open >= 0) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        break;
      }
      if (close - open < LONGEST_PLACEHOLDER
          && PersonalData.ofPlaceholder(text.substring(open, close + 1)).isPresent()) {
        spans.add(new Span(Optional.empty(), open, close + 1));
      }
      open = text.indexOf('{', open + 1);
    }
    return spans;
  }

  private static Redaction replaced(String text, List<Span> spans) {
    StringBuilder redacted = new StringBuilder(text.length());
    List<Finding> findings = new ArrayList<>();
    int position = 0;
    for (Span span : spans) {
      if (span.kind().isPresent()) {
        PersonalData kind = span.kind().get();
        redacted.append(text, position, span.start()).append(kind.placeholder());
        findings.add(
            new Finding(kind, text.substring(span.start(), span.end()), span.start(), span.end()));
        position = span.end();
      }
    }
    if (findings.isEmpty()) {
      return new Redaction(text, List.of());
    }
    return new Redaction(redacted.append(text, position, text.length()).toString(), findings);
  }
}
