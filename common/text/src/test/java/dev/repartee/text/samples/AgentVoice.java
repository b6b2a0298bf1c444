package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.samples.Phrasebook.Pool;
import java.util.List;
import java.util.Random;

/** An agent's way of writing: favourites in every pool, the team's standards, now and then new. */
final class AgentVoice {

  private static final double SECOND_FAVOURITE = 0.15;
  private static final double TEAM_STANDARD = 0.15;

  private final Profile profile;
  private final Facts facts;
  private final Random random;

  AgentVoice(Profile profile, Facts facts, Random random) {
    this.profile = profile;
    this.facts = facts;
    this.random = random;
  }

  /** One of the phrasings of the pool, filled in and spelled as this agent does. */
  String say(Pool pool) {
    List<String> lines =
        pool.lines().stream()
            .filter(line -> facts.isTold("name") || !line.contains("<name>"))
            .toList();
    String template = lines.get(choose(pool.key(), lines.size()));
    boolean asUsual = random.nextDouble() < profile.loyal() + SECOND_FAVOURITE;
    String text = Wording.choose(template, asUsual ? habit(template) : random);
    return spell(facts.fill(address(text)));
  }

  boolean joins() {
    return random.nextDouble() < profile.joins();
  }

  private int choose(String key, int size) {
    Random habit = habit(key);
    int first = habit.nextInt(size);
    int second = habit.nextInt(size);
    double where = random.nextDouble();
    if (where < profile.loyal()) {
      return first;
    }
    if (where < profile.loyal() + SECOND_FAVOURITE) {
      return second;
    }
    return where < profile.loyal() + SECOND_FAVOURITE + TEAM_STANDARD ? 0 : random.nextInt(size);
  }

  /** The same numbers each time this agent comes to the same phrase. */
  private Random habit(String key) {
    Random habit = new Random(31L * profile.id().hashCode() + key.hashCode());
    habit.nextInt();
    return habit;
  }

  /** "Thank you." becomes "Thank you, Maria." for those who like names. */
  private String address(String text) {
    boolean fits =
        facts.isTold("name")
            && text.startsWith("Thank")
            && text.indexOf('.') > 0
            && text.indexOf('.') < 30
            && !text.contains("<");
    if (!fits || random.nextDouble() >= profile.names()) {
      return text;
    }
    int stop = text.indexOf('.');
    return text.substring(0, stop) + ", <name>" + text.substring(stop);
  }

  private String spell(String text) {
    String spelled = profile.formal() ? Wording.withoutContractions(text) : text;
    if (profile.lower()) {
      spelled = Wording.withoutFinalStop(Wording.lowerCase(spelled));
    }
    if (random.nextDouble() < profile.typos()) {
      spelled = Wording.slip(spelled, random);
    }
    boolean friendly = text.endsWith("!") || text.startsWith("You're welcome");
    if (friendly && !profile.emoticon().isEmpty() && random.nextInt(3) > 0) {
      spelled = spelled + " " + profile.emoticon();
    }
    return spelled;
  }

  /**
   * An agent and how they write.
   *
   * @param id the agent's id in the data
   * @param name what they call themselves
   * @param domains where they work
   * @param busy how many conversations they get, relative to the others
   * @param loyal share of their sentences that are their own favourites
   * @param joins how often sentences go into one message rather than one each
   * @param names how often they address the customer by name
   * @param typos share of messages with a slip
   * @param formal whether they avoid contractions
   * @param lower whether they write in small letters
   * @param emoticon what they put behind friendly sentences, or empty
   */
  record Profile(
      String id,
      String name,
      List<String> domains,
      int busy,
      double loyal,
      double joins,
      double names,
      double typos,
      boolean formal,
      boolean lower,
      String emoticon) {

    Profile {
      requireNonNull(id, "id is null");
      requireNonNull(name, "name is null");
      domains = List.copyOf(domains);
      emoticon = emoticon == null ? "" : emoticon;
    }
  }
}
