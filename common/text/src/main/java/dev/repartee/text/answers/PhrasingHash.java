package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.io.Sha256;
import java.util.regex.Pattern;

/**
 * Stands for a phrasing that must not be shown: the first 16 hex digits of the SHA-256 of its
 * {@link TextNorm#mask}. It can recognise the phrasing. It does not protect a text that somebody
 * can guess.
 */
public final class PhrasingHash {

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");

  private PhrasingHash() {}

  /** The hash of {@code text} and of all texts that count as the same phrasing. */
  public static String of(String text) {
    return ofKey(TextNorm.mask(text));
  }

  /** The hash of a masked phrasing. */
  public static String ofKey(String key) {
    return Sha256.brief(key);
  }

  /** Whether {@code text} has the form of a hash. */
  public static boolean isHash(String text) {
    return FORM.matcher(text).matches();
  }
}
