package dev.repartee.text.privacy;

import dev.repartee.text.privacy.RedactedText.Detection;
import dev.repartee.text.privacy.RuleTable.Detector;
import dev.repartee.text.privacy.Spans.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Replaces personal data in a text by placeholders for its kind: names, e-mail and postal
 * addresses, links, phone, card and account numbers, references, dates, times, amounts of money,
 * and all other numbers of four digits or more. {@code docs/privacy.md} lists what is found and
 * what is not.
 *
 * <p>Rules run in stages. Each stage sees {@link FoldedWords#MASK} in place of what earlier stages
 * found. Of overlapping finds of a stage the longest is kept, then the kind that {@link
 * PersonalData} declares first. The stages are repeated until nothing more is found, so that
 * redacting a redacted text changes nothing. Placeholders in the text stay.
 *
 * <p>Thread-safe. A single text does not tell whose a name is, so all names become {@code {name}};
 * see {@link ConversationRedactor}.
 */
public final class Redactor {

  /** What has a clear form, then numbers of which less is known. Names follow after both. */
  static final List<List<Detector>> STAGES =
      RuleTable.stages(Set.of(""), list -> List.of(), RuleChecks::named);

  /** Bounds the work on hostile texts; all others are done after two or three rounds. */
  private static final int MOST_ROUNDS = 6;

  /** As {@link #MOST_ROUNDS}, for texts that are longer than anybody types. */
  private static final int MOST_LONG_ROUNDS = 3;

  private static final int LONG = 4_000;

  private static final int LONGEST_PLACEHOLDER =
      Stream.of(PersonalData.values())
          .mapToInt(kind -> kind.placeholder().length())
          .max()
          .orElseThrow();

  private final PublicFacts facts;

  public Redactor() {
    this(PublicFacts.NONE);
  }

  /** Leaves the terms of {@code facts}, but not the values that are public. */
  Redactor(PublicFacts facts) {
    this.facts = facts;
  }

  /** Replaces the personal data in {@code text}. */
  public RedactedText redact(String text) {
    return redact(text, NameDetector.Context.NONE.in(LanguageRules.ofText(text)));
  }

  /** Replaces the personal data in a message of which {@code names} are known. */
  RedactedText redact(String text, NameDetector.Context names) {
    List<Span> spans = placeholders(text);
    FoldedText folded = FoldedText.of(text, spans);
    FoldedText[] searched = new FoldedText[STAGES.size() + 1];
    boolean more = true;
    int most = text.length() > LONG ? MOST_LONG_ROUNDS : MOST_ROUNDS;
    for (int round = 0; more && round < most; round++) {
      more = false;
      for (int stage = 0; stage <= STAGES.size(); stage++) {
        // A term may be a part of a link or an address; one with digits would be a code before.
        if (round == 0 && (stage == 1 || stage == STAGES.size())) {
          List<Span> terms = facts.terms(folded, names.known(), stage == 1);
          if (!terms.isEmpty()) {
            spans = merge(spans, terms);
            folded = FoldedText.of(text, spans);
          }
        }
        if (searched[stage] == folded) {
          continue; // nothing was found since, nor in it
        }
        searched[stage] = folded;
        Spans found = new Spans();
        find(stage, folded, names, found);
        if (!found.isEmpty()) {
          spans = merge(spans, found.withoutOverlaps().stream().map(folded::inOriginal).toList());
          folded = FoldedText.of(text, spans);
          more = true;
        }
      }
    }
    return replace(text, spans);
  }

  /** Finds what belongs to a stage, by the rules for all texts and those of its language. */
  private static void find(int stage, FoldedText text, NameDetector.Context context, Spans found) {
    Optional<LanguageRules> rules = context.rules();
    boolean withoutBlanks = rules.flatMap(LanguageRules::names).isPresent();
    FoldedText parted = withoutBlanks ? text.withoutHan() : text;
    if (stage < STAGES.size()) {
      find(STAGES.get(stage), parted, found);
      rules.ifPresent(own -> find(own.stages().get(stage), text, found));
    } else {
      Lexicon lexicon = rules.map(LanguageRules::lexicon).orElseGet(Lexicon::shared);
      new NameDetector(parted, context, lexicon).find(found);
      rules.flatMap(LanguageRules::names).ifPresent(names -> names.find(text, context, found));
    }
  }

  private static void find(List<Detector> detectors, FoldedText text, Spans found) {
    long signs = text.signs();
    for (Detector detector : detectors) {
      for (PatternRule rule : detector.rules()) {
        if ((rule.signs() & signs) != 0) {
          rule.find(detector.kind(), text, found);
        }
      }
    }
  }

  private static List<Span> merge(List<Span> spans, List<Span> found) {
    List<Span> all = new ArrayList<>(spans);
    all.addAll(found);
    all.sort(Comparator.comparingInt(Span::start));
    return all;
  }

  private static List<Span> placeholders(String text) {
    List<Span> spans = new ArrayList<>();
    int open = text.indexOf('{');
    while (open >= 0) {
      int limit = Math.min(text.length(), open + LONGEST_PLACEHOLDER);
      int close = text.indexOf('}', open, limit);
      if (close >= 0 && PersonalData.ofPlaceholder(text.substring(open, close + 1)).isPresent()) {
        spans.add(new Span(Optional.empty(), open, close + 1));
      }
      open = text.indexOf('{', open + 1);
    }
    return spans;
  }

  private static RedactedText replace(String text, List<Span> spans) {
    List<Detection> detections = new ArrayList<>();
    for (Span span : spans) {
      span.kind()
          .ifPresent(
              kind ->
                  detections.add(
                      new Detection(
                          kind,
                          text.substring(span.start(), span.end()),
                          span.start(),
                          span.end())));
    }
    return replaced(text, detections);
  }

  /** {@code text} with placeholders for {@code detections}, which are in order. */
  static RedactedText replaced(String text, List<Detection> detections) {
    if (detections.isEmpty()) {
      return new RedactedText(text, List.of());
    }
    StringBuilder redacted = new StringBuilder(text.length());
    int position = 0;
    for (Detection found : detections) {
      redacted.append(text, position, found.start()).append(found.kind().placeholder());
      position = found.end();
    }
    return new RedactedText(redacted.append(text, position, text.length()).toString(), detections);
  }
}
