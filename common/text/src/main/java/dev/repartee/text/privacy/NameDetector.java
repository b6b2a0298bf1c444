package dev.repartee.text.privacy;

import dev.repartee.text.StopWords;
import dev.repartee.text.privacy.NameCues.Cue;
import dev.repartee.text.privacy.NameCues.Evidence;
import dev.repartee.text.privacy.NameCues.Trust;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the names of persons in a text, word by word: names with a title, beside a cue, known from
 * the conversation, at a place in the sentence where only names stand, and names of the lists.
 */
final class NameDetector {

  /**
   * What the conversation tells about the names in a text.
   *
   * @param asked whether the message before asked for the writer's name
   * @param known names to find wherever they stand, and whose they are
   * @param listener gets each name in lower case with the evidence for whose it is
   * @param rules those of the conversation's language, unless it is English or has none
   */
  record Context(
      boolean asked,
      KnownNames known,
      BiConsumer<String, Evidence> listener,
      Optional<LanguageRules> rules) {

    /** For a text without a conversation. */
    static final Context NONE =
        new Context(false, new KnownNames(), (name, evidence) -> {}, Optional.empty());

    /** This context with the rules of a language. */
    Context in(Optional<LanguageRules> others) {
      return new Context(asked, known, listener, others);
    }

    PersonalData kindOf(String name, Evidence evidence) {
      listener.accept(name, evidence);
      return known.kindOf(name).orElse(PersonalData.NAME);
    }
  }

  /** The names of a conversation word by word, and whose they are. */
  record KnownNames(Map<String, PersonalData> kinds) {

    private static final int SHORTEST = 2;

    private static final Set<UnicodeScript> NO_BLANKS =
        EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.HANGUL,
            UnicodeScript.THAI);

    KnownNames() {
      this(new HashMap<>());
    }

    /** Adds the words of {@code name}; a known word keeps its kind. */
    void add(String name, PersonalData kind) {
      wordsOf(name).forEach(word -> kinds.putIfAbsent(word, kind));
    }

    /**
     * A name that the conversation's metadata has, in lower case. Where it has capitals, everyday
     * words without one belong to no name: "M. et Mme Dupont", "Verein für Sport".
     */
    static String ofMetadata(String name) {
      String lower = FoldedText.lower(name);
      return lower.equals(name)
          ? lower
          : Stream.of(parts(name))
              .filter(
                  word -> !StopWords.isCommon(word) || !word.equals(word.toLowerCase(Locale.ROOT)))
              .map(FoldedText::lower)
              .collect(Collectors.joining(" "));
    }

    /** The words of {@code name} but titles, particles and initials. */
    static List<String> wordsOf(String name) {
      return Stream.of(parts(name))
          .filter(
              word ->
                  word.length() >= SHORTEST
                      && !Lexicon.TITLES.contains(word)
                      && !Lexicon.PARTICLES.contains(word))
          .toList();
    }

    private static String[] parts(String name) {
      return name.strip().split("[ .,]+");
    }

    boolean isEmpty() {
      return kinds.isEmpty();
    }

    /** Whether a word of them stands in {@code lower}, also within another word. */
    boolean mayStandIn(String lower) {
      return kinds.keySet().stream().anyMatch(lower::contains);
    }

    boolean contains(String word) {
      return kinds.containsKey(word);
    }

    /**
     * Finds the names that are written in scripts without blanks around each word: Korean particles
     * and Japanese or Chinese titles follow them at once.
     */
    void findWithinWords(CharSequence text, Spans found) {
      kinds.forEach(
          (name, kind) -> {
            if (NO_BLANKS.contains(UnicodeScript.of(name.codePointAt(0)))) {
              String lower = text.toString();
              for (int at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
                found.add(kind, at, at + name.length());
              }
            }
          });
    }

    /** Whose name shares a word with {@code name}: the customer's or agent's before others'. */
    Optional<PersonalData> kindOf(String name) {
      Optional<PersonalData> best = Optional.empty();
      for (String word : parts(name)) {
        PersonalData kind = kinds.get(word);
        if (kind != null && (best.isEmpty() || kind.compareTo(best.get()) < 0)) {
          best = Optional.of(kind);
        }
      }
      return best;
    }
  }

  /** A name from word {@code start} to word {@code end}, exclusive. */
  private record Name(int start, int end, Evidence evidence) {}

  private final FoldedText text;
  private final FoldedWords words;
  private final Context context;
  private final Lexicon lexicon;
  private final NameShape shape;

  NameDetector(FoldedText text, Context context, Lexicon lexicon) {
    this.text = text;
    this.context = context;
    this.lexicon = lexicon;
    words = text.words();
    shape = new NameShape(words, lexicon);
  }

  void find(Spans found) {
    int i = 0;
    while (i < words.size()) {
      Optional<Name> name = at(i);
      name.ifPresent(one -> add(one, found));
      i = name.map(Name::end).orElse(i + 1);
    }
    context.known().findWithinWords(text.lower(), found);
  }

  private void add(Name name, Spans found) {
    int start = words.start(name.start());
    int last = name.end() - 1;
    int end = words.end(last) - (shape.isPossessive(last) ? 2 : 0);
    boolean initialLast = last > name.start() && words.length(last) == 1;
    if (initialLast && words.after(last) == '.' && !words.endsLine(last)) {
      end++;
    }
    int first = name.start();
    while (first < last && lexicon.isOwnTitle(words.text(first))) {
      first++; // "meneer" is no name that the conversation knows from now on
    }
    String typed = text.lower().subSequence(words.start(first), end).toString();
    found.add(context.kindOf(typed, name.evidence()), start, end);
  }

  /** The longest name that begins with word {@code i}. */
  private Optional<Name> at(int i) {
    if (shape.isTitle(i)) {
      int end = shape.end(i, Trust.SURE);
      if (end > i) {
        return name(i, end, titleEvidence(i, end));
      }
    }
    return longer(longer(longer(cued(i), known(i)), placed(i)), listed(i));
  }

  private static Optional<Name> longer(Optional<Name> a, Optional<Name> b) {
    if (a.isEmpty() || b.isEmpty() || b.get().end() <= a.get().end()) {
      return a.or(() -> b);
    }
    boolean cued = a.get().evidence() != Evidence.LISTED;
    return cued && b.get().evidence() == Evidence.LISTED
        ? name(b.get().start(), b.get().end(), Evidence.MENTIONED)
        : b;
  }

  private static Optional<Name> name(int start, int end, Evidence evidence) {
    return Optional.of(new Name(start, end, evidence));
  }

  /** Whether punctuation or the end of the line follows word {@code i}. */
  private boolean isFollowedBy(String signs, int i) {
    return words.endsLine(i) || signs.indexOf(words.after(i)) >= 0;
  }

  // Names with a title.

  /** Titles by which people are addressed; a doctor in running text is somebody else. */
  private static final Set<String> CIVIL_TITLES = Lexicon.set("titles-of-address");

  private Evidence titleEvidence(int i, int end) {
    boolean greeted =
        lexicon.cues().before(words, i).stream().anyMatch(cue -> cue.trust() == Trust.GREETED);
    if (!CIVIL_TITLES.contains(words.text(i))) {
      return greeted ? Evidence.ADDRESSED : Evidence.MENTIONED;
    }
    boolean called = words.beginsSentence(i) && words.after(end - 1) == ',';
    boolean calledLast = words.gapBefore(i).contains(",") && words.endsLine(end - 1);
    return greeted || called || calledLast ? Evidence.ADDRESSED : Evidence.MENTIONED;
  }

  // Names beside a cue: introductions, greetings, closings, signatures, answers to a question.

  /** Words before "name is" that make it the name of somebody else. */
  private static final Set<String> OTHERS = Lexicon.set("others");

  private static final Set<String> SPEAKING_WORDS = Lexicon.set("speaking-words");
  private static final Set<String> JOINING_WORDS = Lexicon.set("joining-words");
  private static final Set<String> AFTER_SPEAKING = Lexicon.set("after-speaking");
  private static final Pattern DASH = Pattern.compile("[-~] {0,2}$");
  private static final Pattern ENDED = Pattern.compile("[.!?,\\n]");

  /** Words that may stand before the name in the answer to a question for it. */
  private static final Set<String> LEAD = Lexicon.set("answer-leads");

  private static final int LONGEST_LEAD = 5;

  private Optional<Name> cued(int i) {
    Optional<Name> best = Optional.empty();
    for (Cue cue : lexicon.cues().before(words, i)) {
      int end = Math.max(shape.end(i, cue.trust()), signatureEnd(cue, i));
      if (end > i && fits(cue, i, end) && !(end == i + 1 && isPrinted(cue, i))) {
        best = longer(best, name(i, end, evidence(cue, i, end)));
      }
    }
    return best.or(() -> answer(i)).or(() -> speaking(i)).or(() -> dashed(i));
  }

  private static final Pattern PROGRAM_LABEL = RuleTable.pattern("PROGRAM_LABEL");
  private static final Pattern PERSON_LABEL = RuleTable.pattern("PERSON_LABEL");

  /**
   * "Name: X Version: 2 OS: Y" of a program, and not in a form: there an order or a phone follows.
   */
  private boolean isPrinted(Cue cue, int i) {
    return cue.evidence() == Evidence.GIVEN
        && cue.words().size() == 1
        && !lexicon.mayBeName(shape.bare(i))
        && PROGRAM_LABEL.matcher(text.folded()).results().limit(2).count() == 2
        && !PERSON_LABEL.matcher(text.folded()).find();
  }

  /** "Edward Hills" alone in the line after "regards" is a name, whatever else "Hills" is. */
  private int signatureEnd(Cue cue, int i) {
    boolean signature =
        cue.evidence() == Evidence.SELF
            && words.gapBefore(i).indexOf('\n') >= 0
            && words.isCapital(i)
            && (lexicon.isGiven(words.text(i))
                || (lexicon.isUnsureGiven(words.text(i)) && isLikeSurname(i + 1)))
            && words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && words.endsLine(i + 1);
    return signature ? i + 2 : i;
  }

  /** A closing counts only at the end of a line; after "sure," a name must be called or known. */
  private boolean fits(Cue cue, int i, int end) {
    boolean closing =
        cue.evidence() == Evidence.SIGNED
            || (cue.evidence() == Evidence.SELF && cue.trust() == Trust.GREETED);
    if (closing) {
      boolean newLine = words.gapBefore(i).indexOf('\n') >= 0;
      return (words.endsLine(end - 1) || (newLine && cue.evidence() == Evidence.SELF))
          && (newLine || !isTypo(i));
    }
    return !isVague(cue)
        || lexicon.isGiven(shape.bare(i))
        || (isFollowedBy(",.!?", end - 1) && !isTypo(i));
  }

  /** "Sure, X": the reader is called X, or a sentence begins with X. */
  private static boolean isVague(Cue cue) {
    return cue.evidence() == Evidence.ADDRESSED && cue.trust() == Trust.LIKELY;
  }

  private boolean isTypo(int i) {
    String word = shape.bare(i);
    return word.length() >= NameShape.SHORTEST_TYPO
        && !lexicon.isGiven(word)
        && !lexicon.isUnsureGiven(word)
        && !lexicon.isSurname(word)
        && shape.isMistyped(word);
  }

  private Evidence evidence(Cue cue, int i, int end) {
    if (isSpeaking(end)) {
      return Evidence.SELF;
    }
    if (isVague(cue) && !isFollowedBy(",.!?", end - 1)) {
      return Evidence.LISTED;
    }
    if (cue.trust() == Trust.LISTED && cue.evidence() == Evidence.MENTIONED) {
      return Evidence.LISTED; // "with", "for" and the like stand before things, too
    }
    String before = words.text(i - cue.words().size() - 1);
    boolean others = OTHERS.contains(before) || before.endsWith("'s");
    return cue.evidence() == Evidence.GIVEN && others ? Evidence.MENTIONED : cue.evidence();
  }

  /** The name in an answer to a question for it: alone, or after words such as "sure, it's". */
  private Optional<Name> answer(int i) {
    if (!context.asked() || i > LONGEST_LEAD) {
      return Optional.empty();
    }
    for (int k = 0; k < i; k++) {
      if (!LEAD.contains(words.text(k))) {
        return Optional.empty();
      }
    }
    int end = isCommonThenName(i) ? i + 2 : shape.end(i, Trust.SURE);
    boolean closed =
        end > i
            && (isFollowedBy(",.;!/|(", end - 1)
                || words.text(end).equals("and")
                || lexicon.isGiven(shape.bare(i)));
    boolean typo = end == i + 1 && !words.isCapital(i) && isTypo(i);
    return closed && !typo ? name(i, end, Evidence.GIVEN) : Optional.empty();
  }

  /** "Jazz Vanova" in an answer is a name, although "jazz" is a word. */
  private boolean isCommonThenName(int i) {
    String word = words.text(i);
    return words.isCapital(i)
        && words.isJoined(i + 1)
        && words.isCapital(i + 1)
        && isFollowedBy(",.;!", i + 1)
        && !LEAD.contains(word)
        && !lexicon.isNoName(word)
        && !lexicon.isFunctionWord(word)
        && isLikeSurname(i + 1);
  }

  private boolean isLikeSurname(int i) {
    String word = words.text(i);
    return !lexicon.isVenue(word) && (lexicon.isSurname(word) || !lexicon.isCommon(word));
  }

  /** "Ben here", "Maria from billing speaking". */
  private Optional<Name> speaking(int i) {
    if ((words.signs() & Sign.NAME_TAIL.bit) == 0) {
      return Optional.empty();
    }
    if (words.isCapital(i) && lexicon.isUnsureGiven(words.text(i)) && isJoining(i + 1)) {
      return name(i, i + 1, Evidence.MENTIONED);
    }
    int end = shape.end(i, Trust.LIKELY);
    boolean begins = words.beginsSentence(i) || words.gapBefore(i).contains(",");
    return end > i && isSpeaking(end) && (begins || lexicon.isGiven(shape.bare(i)))
        ? name(i, end, Evidence.SELF)
        : Optional.empty();
  }

  private boolean isSpeaking(int end) {
    return words.isJoined(end)
        && ((SPEAKING_WORDS.contains(words.text(end))
                && (words.endsLine(end)
                    || words.after(end) != ' '
                    || AFTER_SPEAKING.contains(words.text(end + 1))))
            || isJoining(end));
  }

  /** "X has joined the chat". */
  private boolean isJoining(int end) {
    int verb = words.text(end).equals("has") ? end + 1 : end;
    return JOINING_WORDS.contains(words.text(verb))
        && (words.text(verb + 2).equals("chat") || words.text(verb + 2).equals("conversation"));
  }

  /** A dash and a name at the end of a text: a signature. */
  private Optional<Name> dashed(int i) {
    if (!words.isCapital(i) || !DASH.matcher(words.gapBefore(i)).find()) {
      return Optional.empty();
    }
    int end = shape.end(i, Trust.LIKELY);
    boolean last = end == words.size() && words.endsLine(end - 1);
    boolean ended = i == 0 || ENDED.matcher(words.gapBefore(i)).find();
    return end > i && last && (ended || lexicon.isGiven(shape.bare(i)))
        ? name(i, end, Evidence.SELF)
        : Optional.empty();
  }

  // Names that are known from elsewhere in the conversation.

  private Optional<Name> known(int i) {
    String word = shape.bare(i);
    if (!context.known().contains(word) || (lexicon.isCommon(word) && !isMarkedAsName(i))) {
      return Optional.empty();
    }
    int end = i + 1;
    while (words.isJoined(end)
        && context.known().contains(shape.bare(end))
        && !shape.isPossessive(end - 1)) {
      end++;
    }
    int shaped = words.isCapital(i) ? shape.end(i, Trust.LIKELY) : i;
    return name(i, Math.max(end, shaped), Evidence.LISTED);
  }

  /** Whether a capital that no sentence begins with, or punctuation, marks an everyday word. */
  private boolean isMarkedAsName(int i) {
    return words.isCapital(i) && (!words.beginsSentence(i) || isFollowedBy(",!?.'", i));
  }

  // Names by their place in the sentence: the reader is called between two commas, a line of a
  // transcript begins with the name, or it does what only people do.

  private static final Set<String> PERSONS_DO = Lexicon.set("persons-do");
  private static final Set<String> TEAM = Lexicon.set("before-teams");
  private static final Set<String> NAME_WORDS = Lexicon.set("words-for-name");
  private static final int SHORTEST_CALLED = 3;

  private Optional<Name> placed(int i) {
    if (isCalled(i)) {
      int end = shape.end(i, Trust.LIKELY);
      return end > i && isFollowedBy(",.!?", end - 1)
          ? name(i, end, Evidence.ADDRESSED)
          : Optional.empty();
    }
    if (!words.beginsSentence(i) || !(words.isCapital(i) || isLikely(i))) {
      return Optional.empty();
    }
    if (words.isCapital(i) && isNamesakeCalled(i)) {
      return name(i, i + 2, Evidence.ADDRESSED);
    }
    int sure = shape.end(i, Trust.SURE);
    if (sure > i && isOwn(sure)) {
      return name(i, sure, Evidence.SELF);
    }
    if (isLikely(i)) {
      int end = shape.end(i, Trust.LIKELY);
      if (end > i && (isWriter(i, end) || isActor(end))) {
        return name(i, end, Evidence.MENTIONED);
      }
    }
    return Optional.empty();
  }

  /** ", Duco, " and ", Duco!". In a list of places or works the word before has a capital. */
  private boolean isCalled(int i) {
    if (i == 0
        || !words.isAfterComma(i)
        || words.isCapital(i - 1)
        || Character.isDigit(words.before(i - 1))) {
      return false;
    }
    if (!words.isCapital(i)) {
      return lexicon.isGiven(words.text(i)) && !lexicon.isCommon(words.text(i));
    }
    return isLikely(i) && words.text(i).length() >= SHORTEST_CALLED && hasOneCapital(i);
  }

  /** "TravelDreamStays" is a firm. */
  private boolean hasOneCapital(int i) {
    return words.typed(i).substring(1).chars().noneMatch(Character::isUpperCase);
  }

  private boolean isLikely(int i) {
    String word = words.text(i);
    return (words.isCapital(i) || lexicon.isGiven(word))
        && (!lexicon.isCommon(word) || (words.isCapital(i) && lexicon.isGiven(word)));
  }

  /** "Will Fisher, I have found it". */
  private boolean isNamesakeCalled(int i) {
    return lexicon.isUnsureGiven(words.text(i))
        && words.isJoined(i + 1)
        && words.isCapital(i + 1)
        && !words.isUpper(i + 1)
        && words.after(i + 1) == ','
        && lexicon.isSurname(words.text(i + 1))
        && !lexicon.isNoName(words.text(i + 1));
  }

  /** "Angel is my first name". */
  private boolean isOwn(int end) {
    return words.text(end).equals("is")
        && words.text(end + 1).equals("my")
        && NAME_WORDS.contains(words.text(end + 2));
  }

  /** "Soraia: Let me have a look", "[Soraia] hello". */
  private boolean isWriter(int i, int end) {
    char after = words.after(end - 1);
    boolean bracketed = "[<".indexOf(words.before(i)) >= 0 && ">]".indexOf(after) >= 0;
    boolean line = after == ':' && words.gapBefore(i).isBlank() && lexicon.isGiven(words.text(i));
    return bracketed || line;
  }

  /** "Duco from your team", "Duco will call you", "Duco looks after your account". */
  private boolean isActor(int end) {
    return words.isJoined(end)
        && words.isJoined(end + 1)
        && ((words.text(end).equals("will") && PERSONS_DO.contains(words.text(end + 1)))
            || (words.text(end).equals("from") && TEAM.contains(words.text(end + 1)))
            || (words.text(end).equals("looks") && words.text(end + 1).equals("after")));
  }

  // Names of the lists in running text, where places and works bear names, too.

  private static final Set<String> PLACE_BEFORE = Lexicon.set("place-beginnings");

  /** How surnames of several languages begin or end, and hardly any other word. */
  private static final Pattern SURNAME_FORM =
      Pattern.compile(
          "(?:mc|o'|fitz)\\p{L}{3,}"
              + "|\\p{L}{3,}(?:ski|ska|czyk|wicz|enko|ović|ovic|opoulos|sson|dottir|shvili)");

  private static final Set<String> OBJECT = Lexicon.set("object-beginnings");

  private static final int LONGEST_ACRONYM = 4;

  private Optional<Name> listed(int i) {
    if (!words.isCapital(i)) {
      return isPairInSmallLetters(i) ? name(i, i + 2, Evidence.LISTED) : Optional.empty();
    }
    if (isSurnameFirst(i)) {
      return name(i, i + 2, Evidence.LISTED);
    }
    boolean given = isSureGiven(i);
    boolean unsure = isUnsureGivenWithSurname(i);
    if (!(given || unsure || isUnknownWithName(i)) || isPlace(i)) {
      return Optional.empty();
    }
    int end = Math.max(shape.end(i, Trust.LIKELY), unsure && !given ? i + 2 : i);
    boolean isThing = end == i + 1 && (isPartOfTitle(i) || isNumbered(i));
    return end == i || isThing || shape.isVenueAhead(end)
        ? Optional.empty()
        : name(i, end, Evidence.LISTED);
  }

  private boolean isSureGiven(int i) {
    String word = shape.bare(i);
    return lexicon.isGiven(word) && !shape.isEveryday(word);
  }

  /** "maria lopez". */
  private boolean isPairInSmallLetters(int i) {
    return isSureGiven(i)
        && !lexicon.isCommon(shape.bare(i))
        && words.isJoined(i + 1)
        && !words.isCapital(i + 1)
        && isPlainSurname(i + 1)
        && !lexicon.isVenue(words.text(i + 2));
  }

  /** "Hope Kowalczyk". */
  private boolean isUnsureGivenWithSurname(int i) {
    String word = shape.bare(i);
    return lexicon.isUnsureGiven(word)
        && !PLACE_BEFORE.contains(word)
        && isCapitalNext(i)
        && isPlainSurname(i + 1);
  }

  /** A word of no list before a surname, or before a given name. */
  private boolean isUnknownWithName(int i) {
    String word = shape.bare(i);
    return isCapitalNext(i)
        && !words.isUpper(i)
        && !lexicon.isCommon(word)
        && !PLACE_BEFORE.contains(word)
        && (isPlainSurname(i + 1) || lexicon.isGiven(shape.bare(i + 1)));
  }

  private boolean isCapitalNext(int i) {
    return words.isJoined(i + 1) && words.isCapital(i + 1);
  }

  private boolean isPlainSurname(int i) {
    String word = shape.bare(i);
    boolean surname = lexicon.isSurname(word) || SURNAME_FORM.matcher(word).matches();
    return surname && !lexicon.isCommon(word) && !lexicon.isVenue(word);
  }

  /** "Kowalczyk, Beata". */
  private boolean isSurnameFirst(int i) {
    return words.gapBefore(i + 1).equals(", ")
        && words.isCapital(i + 1)
        && isPlainSurname(i)
        && !lexicon.isGiven(words.text(i))
        && lexicon.isGiven(shape.bare(i + 1));
  }

  private boolean isPlace(int i) {
    return (words.isJoined(i) || words.gapBefore(i).equals(". "))
        && PLACE_BEFORE.contains(words.text(i - 1))
        && (words.isCapital(i - 1) || words.text(i - 1).length() > 2);
  }

  /** "Apollo 13": phone numbers are masked by now. */
  private boolean isNumbered(int i) {
    return words.after(i) == ' ' && Character.isDigit(words.secondAfter(i));
  }

  /** Whether the name is part of a title, a thing, an acronym, or a verb such as "Rob a bank". */
  private boolean isPartOfTitle(int i) {
    boolean acronym =
        words.isUpper(i)
            && words.length(i) <= LONGEST_ACRONYM
            && !words.isUpper(i - 1)
            && !words.isUpper(i + 1);
    boolean afterCapital =
        words.isJoined(i)
            && words.isCapital(i - 1)
            && !words.beginsSentence(i - 1)
            && !words.text(i - 1).equals("i")
            && !words.isUpper(i - 1);
    boolean beforeCapital =
        words.isJoined(i + 1)
            && words.isCapital(i + 1)
            && !words.isUpper(i + 1)
            && !words.text(i + 1).startsWith("i'")
            && !words.text(i + 1).equals("i");
    boolean verb =
        words.beginsSentence(i)
            && lexicon.isCommon(words.text(i))
            && words.isJoined(i + 1)
            && OBJECT.contains(words.text(i + 1));
    boolean thing =
        words.isJoined(i) && (words.text(i - 1).equals("a") || words.text(i - 1).equals("an"));
    return acronym || afterCapital || beforeCapital || thing || verb;
  }
}
