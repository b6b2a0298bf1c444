package dev.repartee.clustering.count;

import dev.repartee.text.StopWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * Identifies the language of a text by character n-grams, with Apache OpenNLP and its model of 103
 * languages. The model is loaded once, at first use, which takes half a second and 40 MB.
 * Thread-safe.
 */
public final class Languages {

  /** ISO 639's code for a language that could not be identified. */
  public static final String UNDETERMINED = "und";

  private static final String MODEL = "/langdetect-183.bin";

  /** Longer samples add no accuracy, and the time is proportional to the length. */
  private static final int MOST_CHARACTERS = 300;

  private static final int FEWEST_LETTERS = 20;

  /**
   * The least ratio of the two highest probabilities. The model's probabilities are close to each
   * other for a short text, so a bound on the highest alone would say little.
   */
  private static final double LEAST_LEAD = 1.15;

  private static final Pattern PLACEHOLDER_OR_DIGIT = Pattern.compile("\\{[\\w-]++}|\\p{Nd}++");

  /** Codes of two letters by their code of three letters. */
  private static final Map<String, String> SHORT_CODES =
      Arrays.stream(Locale.getISOLanguages())
          .collect(
              Collectors.toUnmodifiableMap(
                  code -> Locale.of(code).getISO3Language(), Function.identity(), (a, b) -> a));

  /**
   * The code of the language of {@code text}: two letters if ISO 639 has such a code, else three;
   * {@value #UNDETERMINED} if there are few letters or two languages are about equally likely.
   * Reads the first {@value #MOST_CHARACTERS} characters without placeholders and digits.
   */
  public String of(String text) {
    StringBuilder sample = new StringBuilder();
    append(sample, text);
    String letters = sample.substring(0, Math.min(sample.length(), MOST_CHARACTERS));
    if (letters.codePoints().filter(Character::isLetter).count() < FEWEST_LETTERS) {
      return UNDETERMINED;
    }
    Language[] likely = new LanguageDetectorME(Model.LOADED).predictLanguages(letters);
    return likely[0].getConfidence() < LEAST_LEAD * likely[1].getConfidence()
        ? UNDETERMINED
        : SHORT_CODES.getOrDefault(
            likely[0].getLang(), StopWords.primaryTag(likely[0].getLang()).orElseThrow());
  }

  /** The known language with the highest count, the first by code among equal ones. */
  public static Optional<String> most(SortedMap<String, Long> counts) {
    Optional<String> most = Optional.empty();
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      boolean known = !count.getKey().equals(UNDETERMINED);
      if (known && (most.isEmpty() || count.getValue() > counts.get(most.get()))) {
        most = Optional.of(count.getKey());
      }
    }
    return most;
  }

  /** Appends the relevant part of {@code text} while {@code sample} is too short. */
  static void append(StringBuilder sample, String text) {
    if (sample.length() < MOST_CHARACTERS) {
      // Twice the length, since placeholders and digits are removed.
      String start = text.substring(0, Math.min(text.length(), 2 * MOST_CHARACTERS));
      sample.append(PLACEHOLDER_OR_DIGIT.matcher(start).replaceAll("")).append('\n');
    }
  }

  /** The model, which the JVM loads when it is first used. It never changes. */
  private static final class Model {

    static final LanguageDetectorModel LOADED = load();

    private static LanguageDetectorModel load() {
      try (InputStream in = Languages.class.getResourceAsStream(MODEL)) {
        if (in == null) {
          throw new IllegalStateException(
              MODEL + " is not on the class path; add opennlp-models-langdetect");
        }
        return new LanguageDetectorModel(in);
      } catch (IOException e) {
        throw new UncheckedIOException(MODEL + " cannot be read", e);
      }
    }
  }
}
