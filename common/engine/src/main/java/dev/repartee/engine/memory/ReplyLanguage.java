package dev.repartee.engine.memory;

import dev.repartee.text.StopWords;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps suggestions to one language: the one that the desk asks for, or else the one that the agent
 * types, or else the conversation's. Only what is clearly in another language is left out. Where no
 * language is clear, or the one that was asked for is none that {@link StopWords} knows, nothing
 * is.
 */
public final class ReplyLanguage {

  /** Of the latest messages: conversations may change their language. */
  private static final int MOST_CHARACTERS = 1000;

  private static final Set<String> WITH_CHINESE_CHARACTERS = Set.of("zh", "ja");

  private final Optional<String> asked;
  private final Optional<String> spoken;

  /**
   * @param context as the model reads it, so that names count as no words
   */
  public ReplyLanguage(Desk desk, List<Message> context) {
    this.asked = desk.language();
    this.spoken = asked.isPresent() ? asked.filter(StopWords::knows) : spoken(context);
  }

  private static Optional<String> spoken(List<Message> context) {
    StringBuilder latest = new StringBuilder();
    for (Message message : context.reversed()) {
      if (latest.length() >= MOST_CHARACTERS) {
        break;
      }
      String text = message.text();
      latest.append(text, 0, Math.min(text.length(), MOST_CHARACTERS)).append('\n');
    }
    return StopWords.language(latest.toString());
  }

  /** The language that is asked for, or else the conversation's; empty while it is not clear. */
  public Optional<String> wanted() {
    return asked.or(() -> spoken);
  }

  /** Whether a whole reply may be suggested. */
  public boolean allows(String template) {
    return spoken.isEmpty() || mayBe(spoken.get(), StopWords.count(template));
  }

  /** Whether a text is in the wanted language, or in none that is clear. */
  private static boolean mayBe(String wanted, StopWords.Tally text) {
    return text.language().filter(language -> !language.equals(wanted)).isEmpty();
  }

  /** What may follow one draft. */
  public final class After {
    private final String lastWord;
    private final StopWords.Tally before;
    private final Optional<String> wanted;

    private After(String draft) {
      int cut = Words.lastWord(draft);
      this.lastWord = draft.substring(cut);
      this.before = StopWords.count(draft.substring(0, cut));
      this.wanted = asked.isPresent() ? spoken : before.language().or(this::byScript);
    }

    /** A word's first letters may be a word of another language, but their script stays. */
    private Optional<String> byScript() {
      Optional<String> script = StopWords.ofScript(lastWord);
      return script.equals(Optional.of("zh"))
          ? spoken.filter(WITH_CHINESE_CHARACTERS::contains)
          : script.or(() -> spoken);
    }

    /** The language that is asked for, or else the draft's, or else the conversation's. */
    public Optional<String> wanted() {
      return asked.or(() -> wanted);
    }

    /** Whether a continuation may be offered: neither it nor all of the draft may be other. */
    public boolean allows(String template) {
      if (wanted.isEmpty()) {
        return true;
      }
      StopWords.Tally added = StopWords.count(lastWord + template);
      return mayBe(wanted.get(), added) && mayBe(wanted.get(), before.plus(added));
    }
  }

  /** What may follow a draft. */
  public After after(String draft) {
    return new After(draft);
  }
}
