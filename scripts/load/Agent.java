import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One agent at work, who answers the customers of real conversations with the replies that were
 * given there. Each step is a key, an offer that is taken, or a reply that is sent. An offer is
 * taken when all of it is right, it has at least four characters and it ends at a word's end; a
 * whole reply when it is the right one except for case and punctuation. For several threads.
 */
final class Agent {

  /** Between two keys within a word, in the middle; and before the first key of a word. */
  private static final double KEY_MS = 220;

  private static final double WORD_MS = 320;

  /** Of the logarithm of the time between two keys. */
  private static final double DEVIATION = 0.45;

  /** Every how many words the agent pauses before the next, and by how much at most. */
  private static final int PAUSES = 8;

  private static final int PAUSE_MS = 1000;

  /** Before a reply the agent reads and thinks for one to two of these. */
  private static final int THINK_MS = 1000;

  private static final int SHORTEST_OFFER = 4;

  /** A request: its kind, its conversation, the draft, the body, and whether it counts. */
  record Question(Kind kind, String conversation, String draft, String body, boolean counts) {}

  /**
   * What was written, in characters, and what was shown meanwhile.
   *
   * @param written typed and taken
   * @param taken of which were taken
   * @param takes offers and whole replies that were taken
   * @param shown offers that were not there a key ago, and whole replies
   */
  record Writing(int written, int taken, int takes, int shown) {

    Writing plus(Writing more) {
      return new Writing(
          written + more.written, taken + more.taken, takes + more.takes, shown + more.shown);
    }

    /** Share of keys saved: a take costs two of them, and reading a text one and a half. */
    double saved() {
      return written == 0 ? 0 : (taken - 2 * takes - 1.5 * shown) / written;
    }
  }

  private final String name;
  private final String operatingPoint;
  private final List<List<Json.Text>> conversations;
  private final SplittableRandom random;

  private final List<String> messages = new ArrayList<>();
  private List<Json.Text> conversation = List.of();
  private int begun;
  private int next;
  private String reply = "";
  private int typed;

  private Question asked;
  private List<String> replies = List.of(); // those that are shown, folded
  private String offer = ""; // what it makes of the draft, without blanks at its end
  private Writing writing = new Writing(0, 0, 0, 0);

  /** {@code name} must differ from agent to agent and run to run: conversations are named by it. */
  Agent(String name, int seed, String operatingPoint, List<List<Json.Text>> conversations) {
    this.name = name;
    this.operatingPoint = operatingPoint;
    this.conversations = conversations;
    this.random = new SplittableRandom(seed);
  }

  /** Does the next thing, by what is shown now. */
  synchronized Question step(boolean counts) {
    if (typed == reply.length()) {
      goOn();
    } else {
      write(counts);
    }
    String draft = reply.substring(0, typed);
    String id = name + "-" + begun;
    String body =
        "{\"conversation_id\":\"%s\",\"messages\":[%s],\"draft\":%s,\"limit\":3,\"operating_point\":\"%s\"}"
            .formatted(id, String.join(",", messages), Json.quoted(draft), operatingPoint);
    asked = new Question(Kind.of(draft), id, draft, body, counts);
    return asked;
  }

  /** Until the next step. */
  synchronized Duration pause() {
    boolean word = typed == 0 || reply.charAt(typed - 1) == ' ';
    double ms = (word ? WORD_MS : KEY_MS) * Math.exp(DEVIATION * random.nextGaussian());
    if (typed == 0) {
      ms = THINK_MS + random.nextInt(THINK_MS);
    } else if (word && random.nextInt(PAUSES) == 0) {
      ms += random.nextInt(PAUSE_MS);
    }
    return Duration.ofNanos((long) (ms * 1e6));
  }

  /** Sends the reply and reads what the customer writes, up to the next reply. */
  private void goOn() {
    if (!reply.isEmpty()) {
      add("agent", reply);
    }
    reply = "";
    while (reply.isEmpty()) {
      if (next == conversation.size()) {
        conversation = conversations.get(random.nextInt(conversations.size()));
        begun++;
        next = 0;
        messages.clear();
      }
      Json.Text message = conversation.get(next++);
      if (message.of().equals("agent")) {
        reply = message.text();
      } else {
        add("customer", message.text());
      }
    }
    typed = 0;
    offer = "";
    replies = List.of();
  }

  private void add(String role, String text) {
    messages.add("{\"role\":\"" + role + "\",\"text\":" + Json.quoted(text) + "}");
  }

  private void write(boolean counts) {
    int before = typed;
    boolean takes = true;
    if (replies.contains(folded(reply))) {
      typed = reply.length();
    } else if (isOfferRight()) {
      typed = offer.length();
    } else {
      typed = reply.offsetByCodePoints(typed, 1);
      takes = false;
    }
    int more = typed - before;
    count(counts, new Writing(more, takes ? more : 0, takes ? 1 : 0, 0));
    replies = List.of();
    offer = takes ? "" : offer;
  }

  private boolean isOfferRight() {
    int end = offer.length();
    return end - typed >= SHORTEST_OFFER
        && reply.regionMatches(true, 0, offer, 0, end)
        && (end == reply.length()
            || !Character.isLetterOrDigit(reply.charAt(end - 1))
            || !Character.isLetterOrDigit(reply.charAt(end)));
  }

  /**
   * Suggestions have come.
   *
   * @return whether they are for the draft that is there; otherwise they are not looked at
   */
  synchronized boolean sees(Question question, List<Json.Text> suggestions) {
    if (question != asked) {
      return false;
    }
    if (typed == 0) {
      replies =
          suggestions.stream()
              .filter(one -> one.of().equals("answer"))
              .map(one -> folded(one.text()))
              .toList();
      count(question.counts(), new Writing(0, 0, 0, replies.size()));
      return true;
    }
    String before = offer;
    offer =
        suggestions.stream()
            .filter(one -> one.of().equals("completion"))
            .findFirst()
            .map(one -> (question.draft() + one.text()).stripTrailing())
            .orElse("");
    if (!offer.isEmpty() && !offer.equalsIgnoreCase(before)) {
      count(question.counts(), new Writing(0, 0, 0, 1));
    }
    return true;
  }

  private void count(boolean counts, Writing more) {
    writing = counts ? writing.plus(more) : writing;
  }

  synchronized Writing writing() {
    return writing;
  }

  private static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("['\u2019]", "")
        .replaceAll("[^\\p{L}\\p{N}]+", " ")
        .strip();
  }
}
