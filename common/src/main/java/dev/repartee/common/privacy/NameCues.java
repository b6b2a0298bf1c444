package dev.repartee.common.privacy;

import dev.repartee.common.privacy.NameShape.Trust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The words before a name that tell that one follows. */
final class NameCues {

  /**
   * A cue.
   *
   * @param words its words, in order
   * @param gap what may stand between the cue and the name
   */
  record Cue(List<String> words, Trust trust, Evidence evidence, Pattern gap) {}

  private static final Pattern BLANK = Pattern.compile(" {1,3}[\"'(*]?");
  private static final Pattern LOOSE = Pattern.compile(" {0,2}[:=-]?[ \"'(*]{0,3}");
  private static final Pattern SIGN = Pattern.compile(" ?[:=-] {0,3}[\"'(*]?");
  private static final Pattern GREETING = Pattern.compile(" {0,2},?[ \"*]{0,2}|,? {0,2}\\R?");
  private static final Pattern COMMA = Pattern.compile("[,!.] {0,2}");
  private static final Pattern CLOSING =
      Pattern.compile("[ ,.!-]{0,4}(?:\\R[ ~-]{0,3}){1,3}|[,.!] {1,3}|, ?| {1,2}- ?");

  private static final Map<String, List<Cue>> BY_LAST_WORD = new HashMap<>();

  static {
    add(
        Trust.SURE,
        Evidence.SELF,
        LOOSE,
        "my name is",
        "my names",
        "my name's",
        "my full name is",
        "my first name is",
        "my last name is",
        "my surname is",
        "my name",
        "call me",
        "i go by",
        "i am called",
        "me llamo",
        "mein name ist",
        "ich heiße",
        "je m'appelle",
        "mi nombre es",
        "name here is");
    add(
        Trust.SURE,
        Evidence.GIVEN,
        LOOSE,
        "the name is",
        "the names",
        "the name's",
        "name is",
        "name was",
        "name's",
        "name will be",
        "full name",
        "name to",
        "first name",
        "last name",
        "surname",
        "surname is",
        "family name",
        "family name is",
        "given name",
        "maiden name",
        "middle name",
        "customer name",
        "guest name",
        "passenger name",
        "names are",
        "under the name",
        "under the name of",
        "in the name of",
        "in the name",
        "under name",
        "name of",
        "account holder",
        "account holder is",
        "cardholder",
        "card holder",
        "holder name",
        "booked under",
        "reservation under",
        "booking under",
        "registered to",
        "registered under",
        "account under",
        "order under",
        "name on the account is",
        "name on the card is",
        "name on it is",
        "name on the reservation is",
        "made out to");
    add(
        Trust.SURE,
        Evidence.GIVEN,
        SIGN,
        "name",
        "customer",
        "client",
        "passenger",
        "guest",
        "patient",
        "recipient",
        "contact",
        "attn",
        "attention",
        "to",
        "from",
        "caller",
        "signed",
        "agent");
    add(
        Trust.SURE,
        Evidence.MENTIONED,
        LOOSE,
        "his name is",
        "her name is",
        "their name is",
        "by the name of",
        "agent's name is",
        "agent named",
        "someone named",
        "somebody named",
        "named",
        "on behalf of",
        "behalf of");
    add(
        Trust.LIKELY,
        Evidence.SELF,
        BLANK,
        "i am",
        "i'm",
        "im",
        "this is",
        "here is",
        "here's",
        "is this",
        "signed");
    add(
        Trust.SURE,
        Evidence.SELF,
        BLANK,
        "you are chatting with",
        "you are now chatting with",
        "you're chatting with",
        "you are speaking with",
        "you're speaking with",
        "you're now chatting with",
        "you are speaking to",
        "you are now speaking with",
        "you are talking to",
        "you are connected to",
        "you are now connected to",
        "you are connected with",
        "you are now connected with",
        "you have reached",
        "you've reached");
    add(
        Trust.LIKELY,
        Evidence.ADDRESSED,
        BLANK,
        "am i speaking with",
        "am i speaking to",
        "am i chatting with",
        "am i talking to",
        "have i reached",
        "speaking with you",
        "nice to meet you",
        "are you");
    for (String verb :
        List.of(
            "speaking",
            "speak",
            "spoke",
            "spoken",
            "talking",
            "talk",
            "talked",
            "chatting",
            "chatted",
            "chat",
            "connected",
            "connecting",
            "transferred",
            "dealing",
            "dealt")) {
      add(Trust.LIKELY, Evidence.MENTIONED, BLANK, verb + " with", verb + " to");
    }
    add(
        Trust.LIKELY,
        Evidence.MENTIONED,
        BLANK,
        "assisted by",
        "helped by",
        "served by",
        "contacted by",
        "called by",
        "signed by",
        "received by",
        "handled by",
        "assigned to",
        "addressed to",
        "attn",
        "attention",
        "c o",
        "care of",
        "ask",
        "asked",
        "tell",
        "ask for",
        "asked for",
        "asking for",
        "colleague",
        "representative",
        "technician",
        "manager",
        "supervisor",
        "operator",
        "advisor",
        "adviser",
        "agent",
        "rep",
        "driver",
        "husband",
        "wife",
        "son",
        "daughter",
        "brother",
        "sister",
        "mother",
        "father",
        "mom",
        "mum",
        "dad",
        "friend",
        "partner",
        "roommate",
        "boss",
        "girlfriend",
        "boyfriend",
        "fiancé",
        "fiance",
        "cousin",
        "uncle",
        "aunt",
        "neighbor",
        "neighbour",
        "coworker",
        "co-worker",
        "landlord",
        "assistant",
        "secretary",
        "stylist",
        "therapist",
        "dentist",
        "message from",
        "email from",
        "call from",
        "host is",
        "host's name is",
        "hosted by",
        "met",
        "told",
        "emailed",
        "texted",
        "phoned");
    add(
        Trust.GREETED,
        Evidence.ADDRESSED,
        GREETING,
        "hi",
        "hello",
        "hey",
        "hiya",
        "dear",
        "heya",
        "hallo",
        "hola",
        "greetings",
        "good morning",
        "good afternoon",
        "good evening",
        "good day",
        "morning",
        "hi there",
        "hello there",
        "hey there",
        "welcome",
        "welcome back",
        "hi dear");
    add(
        Trust.GREETED,
        Evidence.ADDRESSED,
        BLANK,
        "thanks",
        "thank you",
        "many thanks",
        "thanks so much",
        "thank you so much",
        "thank you very much",
        "thanks a lot",
        "thx",
        "bye",
        "goodbye",
        "good bye",
        "sorry");
    add(
        Trust.LIKELY,
        Evidence.ADDRESSED,
        COMMA,
        "thanks",
        "thank you",
        "sorry",
        "ok",
        "okay",
        "sure",
        "great",
        "perfect",
        "bye",
        "goodbye",
        "problem",
        "congratulations",
        "yes",
        "no",
        "welcome",
        "course",
        "absolutely",
        "certainly",
        "you",
        "day",
        "understood",
        "alright",
        "morning",
        "evening",
        "afternoon");
    add(
        Trust.LIKELY,
        Evidence.SIGNED,
        CLOSING,
        "thanks",
        "thank you",
        "many thanks",
        "thanks again",
        "thank you again",
        "thx",
        "advance",
        "cheers",
        "much",
        "bye",
        "later",
        "wait",
        "help",
        "day");
    add(
        Trust.GREETED,
        Evidence.SELF,
        CLOSING,
        "regards",
        "best",
        "sincerely",
        "wishes",
        "yours",
        "yours truly",
        "truly",
        "faithfully",
        "cordially",
        "respectfully",
        "warmly",
        "love",
        "xoxo",
        "care",
        "rgds",
        "br",
        "mfg",
        "grüße",
        "cordialement",
        "saludos",
        "respects");
    add(
        Trust.GREETED,
        Evidence.SELF,
        BLANK,
        "regards",
        "sincerely",
        "best wishes",
        "kind regards",
        "sincerely yours",
        "yours truly");
  }

  private NameCues() {}

  private static void add(Trust trust, Evidence evidence, Pattern gap, String... phrases) {
    for (String phrase : phrases) {
      List<String> words = List.of(phrase.split(" "));
      BY_LAST_WORD
          .computeIfAbsent(words.getLast(), unseen -> new ArrayList<>())
          .add(new Cue(words, trust, evidence, gap));
    }
  }

  /** The cues whose words stand right before word {@code i}, with a gap that fits. */
  static List<Cue> before(Words words, int i) {
    List<Cue> cues = BY_LAST_WORD.get(words.text(i - 1));
    if (i == 0 || cues == null) {
      return List.of();
    }
    String gap = words.gapBefore(i);
    return cues.stream()
        .filter(cue -> stands(cue, words, i) && cue.gap().matcher(gap).matches())
        .toList();
  }

  private static boolean stands(Cue cue, Words words, int i) {
    int first = i - cue.words().size();
    for (int k = first; k < i - 1; k++) {
      if (!words.text(k).equals(cue.words().get(k - first))) {
        return false;
      }
    }
    return first >= 0;
  }

  /** The most trusted of {@code cues}, of equal ones the longest. */
  static Optional<Cue> best(List<Cue> cues) {
    Cue best = null;
    for (Cue cue : cues) {
      if (best == null
          || cue.trust().compareTo(best.trust()) < 0
          || (cue.trust() == best.trust() && cue.words().size() > best.words().size())) {
        best = cue;
      }
    }
    return Optional.ofNullable(best);
  }
}
