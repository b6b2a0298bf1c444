package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import java.util.regex.Pattern;

/**
 * The name of a model of the hub as a person writes it: {@code hf:OWNER/NAME}, {@code
 * hf:OWNER/NAME@REVISION}, or {@code gpt2} for short.
 *
 * @param revision a branch, a tag, or a full commit; {@code main} when none is given
 */
public record HubReference(String owner, String name, String revision) {

  private static final String PREFIX = "hf:";
  private static final String SHORT = "gpt2";
  private static final String SHORT_FOR = "hf:openai-community/gpt2";
  private static final String MAIN = "main";
  private static final String FORM =
      "must be hf:OWNER/NAME or hf:OWNER/NAME@REVISION, for example " + SHORT_FOR;

  /** The hub's own rule, which also makes names safe as folder names. */
  private static final Pattern NAME = Pattern.compile("(?!.*(--|\\.\\.))\\w[\\w.-]{0,95}");

  private static final Pattern REVISION = Pattern.compile("(?!.*\\.\\.)\\w[\\w./-]{0,200}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * @throws UserException (wrong usage) naming the part that the hub would not take
   */
  public HubReference {
    check("owner", owner, NAME);
    check("name", name, NAME);
    check("revision", revision, REVISION);
  }

  private static void check(String part, String value, Pattern rule) {
    if (!rule.matcher(value).matches()) {
      throw UserException.usage(
          "the %s '%s' of a hub model must match %s; the whole %s"
              .formatted(part, value, rule, FORM));
    }
  }

  /** Whether {@code text} names a model of the hub, rightly or wrongly. */
  public static boolean looksLike(String text) {
    return text.startsWith(PREFIX) || text.equals(SHORT);
  }

  /**
   * Parses {@code hf:OWNER/NAME[@REVISION]} or {@code gpt2}.
   *
   * @throws UserException (wrong usage) when it is neither
   */
  public static HubReference parse(String text) {
    String full = text.equals(SHORT) ? SHORT_FOR : text;
    int slash = full.indexOf('/');
    if (!full.startsWith(PREFIX) || slash < 0) {
      throw UserException.usage("'" + text + "' " + FORM);
    }
    int at = full.indexOf('@', slash);
    String owner = full.substring(PREFIX.length(), slash);
    return at < 0
        ? new HubReference(owner, full.substring(slash + 1), MAIN)
        : new HubReference(owner, full.substring(slash + 1, at), full.substring(at + 1));
  }

  /** {@code OWNER/NAME}. */
  String repository() {
    return owner + "/" + name;
  }

  /** Whether the revision is a full commit, whose files never change. */
  boolean isCommit() {
    return COMMIT.matcher(revision).matches();
  }

  /** As a person writes it. */
  @Override
  public String toString() {
    return PREFIX + repository() + (revision.equals(MAIN) ? "" : "@" + revision);
  }
}
