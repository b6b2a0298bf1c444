package dev.repartee.text.samples;

import dev.repartee.text.samples.Phrasebook.Pool;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** A customer's way of writing, drawn anew for each conversation. */
final class CustomerVoice {

  /** People seldom repeat themselves, but where a pool has one line they must. */
  private static final int NEW_WORDS_TRIES = 8;

  private final Mood mood;
  private final Facts facts;
  private final Random random;
  private final Set<String> said = new HashSet<>();
  private final boolean lower;
  private final boolean plain;
  private final boolean careless;
  private final boolean shouts;

  CustomerVoice(Mood mood, Facts facts, Random random) {
    this.mood = mood;
    this.facts = facts;
    this.random = random;
    lower = random.nextInt(100) < (mood == Mood.TERSE ? 65 : 35);
    plain = lower || random.nextInt(100) < 25;
    careless = random.nextInt(100) < 22;
    shouts = mood == Mood.ANNOYED && random.nextInt(100) < 7;
  }

  Mood mood() {
    return mood;
  }

  /** One of the phrasings of the pool, filled in and spelled as this customer does. */
  String say(Pool pool) {
    List<String> lines = pool.lines();
    String template = lines.get(random.nextInt(lines.size()));
    for (int tries = 0; tries < NEW_WORDS_TRIES && said.contains(template); tries++) {
      template = lines.get(random.nextInt(lines.size()));
    }
    said.add(template);
    return spell(facts.fillAndTell(Wording.choose(template, random)));
  }

  private String spell(String text) {
    String spelled = lower ? Wording.lowerCase(text) : text;
    if (plain) {
      spelled = Wording.withoutFinalStop(spelled);
    }
    if (careless && random.nextInt(4) == 0) {
      spelled = Wording.slip(spelled, random);
    }
    if (careless && lower) {
      spelled = spelled.replace("'", "");
    }
    return shouts ? spelled.toUpperCase(Locale.ROOT) : spelled;
  }

  /** What a customer is like on the day. */
  enum Mood {
    CALM,
    FRIENDLY,
    ANNOYED,
    TERSE,
    CHATTY;

    /** Draws a mood; people are annoyed more often when something went wrong. */
    static Mood draw(boolean problem, Random random) {
      int where = random.nextInt(100);
      int annoyed = problem ? 24 : 4;
      if (where < annoyed) {
        return ANNOYED;
      }
      if (where < annoyed + 16) {
        return TERSE;
      }
      if (where < annoyed + 34) {
        return FRIENDLY;
      }
      return where < annoyed + 44 ? CHATTY : CALM;
    }

    /** The name in the phrase files. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
