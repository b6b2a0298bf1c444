package dev.repartee.finetune.conversations;

import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationCollector.Row;
import dev.repartee.text.privacy.CommonWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of messages what posts and chats have beside their text: the handles in front, the
 * marks of parts such as "(1/2)", and the name with which an agent signs. A name that signs becomes
 * the message's author where none is known: of several agents who use one account it is all that
 * tells them apart.
 */
final class PostText {

  /** Conversations in which a name signs before it counts as one that signs. */
  private static final int LEAST_OF_NAME = 3;

  /** Conversations, and names, in which a sign stands before any name behind it signs. */
  private static final int LEAST_OF_SIGN = 10;

  private static final Pattern HANDLES =
      Pattern.compile("^(?:\\s*+\\.?@(?:\\{[a-z_]+\\}|[\\p{L}\\p{N}_]+[:,]?)(?=\\s))+\\s+");

  /** "^JK", "*MS", "-Becky", "/SQ", "~ Nick", maybe before the last link. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?<=[\\s\\p{Punct}])(?<sign>[\\^*/~\u2013\u2014-])\\s?"
              + "(?<name>\\p{Lu}[\\p{L}.'\u2019]{0,19}|\\p{Ll}{2,3})"
              + "(?<link>\\s+https?://\\S+)?\\s*$");

  /** A name behind the last sentence or link. */
  private static final Pattern NAME_BEHIND =
      Pattern.compile(
          "(?:(?<=[.!?])|(?<=://\\S{4,300}))\\s+(?<name>\\p{Lu}[\\p{L}'\u2019]{1,11})\\s*$");

  private static final Pattern PART =
      Pattern.compile("^\\s*\\(?([1-9])/([2-9])\\)?[:.]?\\s+|\\s+\\(?([1-9])/([2-9])\\)?\\s*$");

  /** Who signed a message, and what of it is left. */
  private record Signature(String sign, String name, String text) {

    static Optional<Signature> of(String text) {
      Matcher signed = SIGNED.matcher(text);
      if (signed.find() && isNoWord(signed.group("name"))) {
        String link = Optional.ofNullable(signed.group("link")).orElse("");
        String left = text.substring(0, signed.start()).stripTrailing() + link;
        return Optional.of(new Signature(signed.group("sign"), signed.group("name"), left));
      }
      Matcher behind = NAME_BEHIND.matcher(text);
      return behind.find() && !CommonWords.isEnglish(behind.group("name").toLowerCase(Locale.ROOT))
          ? Optional.of(new Signature("", behind.group("name"), text.substring(0, behind.start())))
          : Optional.empty();
    }

    /** In small letters, "- ok" is no name. */
    private static boolean isNoWord(String name) {
      return Character.isUpperCase(name.charAt(0)) || !CommonWords.isEnglish(name);
    }
  }

  /** What signs in a domain. */
  private record Key(Optional<String> domain, String sign, String name) {}

  /** What was found, in messages. */
  record Found(long handles, long signOffs, long parts) {
    static final Found NONE = new Found(0, 0, 0);
  }

  private final Map<Key, Integer> names = new HashMap<>(); // conversations by who signs
  private final Map<Key, Integer> signs = new HashMap<>(); // the same by sign, without a name
  private final Map<Key, Set<String>> namesOfSign = new HashMap<>();
  private final Map<Optional<String>, Integer> parts = new HashMap<>(); // conversations
  private long handles;
  private long signOffs;
  private long joined;

  private PostText() {}

  static boolean beginsWithHandle(String text) {
    return HANDLES.matcher(text).find();
  }

  static boolean isSigned(String text) {
    return Signature.of(withoutPart(text)).filter(one -> !one.sign().isEmpty()).isPresent();
  }

  /** Cleans all messages, and tells how many had what. */
  static Found clean(ConversationCollector conversations) {
    PostText posts = new PostText();
    conversations.rewrite(posts::withoutHandles);
    conversations.rewrite(posts::count);
    conversations.rewrite(posts::clean);
    return new Found(posts.handles, posts.signOffs, posts.joined);
  }

  private List<Row> withoutHandles(Optional<String> domain, List<Row> rows) {
    return rows.stream()
        .map(
            row -> {
              String text = HANDLES.matcher(row.message().text()).replaceFirst("");
              handles += text.equals(row.message().text()) || text.isBlank() ? 0 : 1;
              return text.isBlank() ? row : row.withText(text);
            })
        .toList();
  }

  private List<Row> count(Optional<String> domain, List<Row> rows) {
    Set<Key> seen = new HashSet<>();
    boolean hasPart = false;
    for (Row row : rows) {
      if (row.message().isLearned()) {
        String text = row.message().text();
        hasPart |= part(text).isPresent();
        Signature.of(withoutPart(text))
            .ifPresent(
                one -> {
                  Key sign = new Key(domain, one.sign(), "");
                  seen.add(new Key(domain, one.sign(), one.name()));
                  seen.add(sign);
                  namesOfSign.computeIfAbsent(sign, unseen -> new HashSet<>()).add(one.name());
                });
      }
    }
    seen.forEach(key -> (key.name().isEmpty() ? signs : names).merge(key, 1, Integer::sum));
    if (hasPart) {
      parts.merge(domain, 1, Integer::sum);
    }
    return rows;
  }

  private boolean signs(Optional<String> domain, Signature one) {
    Key sign = new Key(domain, one.sign(), "");
    return names.getOrDefault(new Key(domain, one.sign(), one.name()), 0) >= LEAST_OF_NAME
        || (!one.sign().isEmpty()
            && signs.getOrDefault(sign, 0) >= LEAST_OF_SIGN
            && namesOfSign.get(sign).size() >= LEAST_OF_NAME);
  }

  private List<Row> clean(Optional<String> domain, List<Row> rows) {
    boolean hasParts = parts.getOrDefault(domain, 0) >= LEAST_OF_NAME;
    List<Row> clean = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (!row.message().isLearned()) {
        clean.add(row);
        continue;
      }
      String text = row.message().text();
      boolean next = hasParts && i > 0 && isNextPart(rows.get(i - 1), row);
      Row unsigned = unsigned(domain, row.withText(hasParts ? withoutPart(text) : text));
      if (next) {
        joined++;
        Row before = clean.removeLast();
        clean.add(
            new Row(
                before.time(),
                before
                    .message()
                    .withText(before.message().text() + " " + unsigned.message().text()),
                before.author().or(unsigned::author)));
      } else {
        clean.add(unsigned);
      }
    }
    return clean;
  }

  private Row unsigned(Optional<String> domain, Row row) {
    Optional<Signature> signature =
        Signature.of(row.message().text())
            .filter(one -> !one.text().isBlank() && signs(domain, one));
    if (signature.isEmpty()) {
      return row;
    }
    signOffs++;
    String name = domain.map(queue -> queue + ":").orElse("") + signature.get().name();
    return new Row(
        row.time(),
        row.message().withText(signature.get().text()),
        row.author().or(() -> Optional.of(name)));
  }

  /** The number of the part that a text is, and of how many. */
  private record Part(int number, int of) {}

  private static Optional<Part> part(String text) {
    Matcher found = PART.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    int group = found.group(1) == null ? 3 : 1;
    Part part =
        new Part(Integer.parseInt(found.group(group)), Integer.parseInt(found.group(group + 1)));
    return Optional.of(part).filter(one -> one.number() <= one.of());
  }

  private static String withoutPart(String text) {
    String left = part(text).isPresent() ? PART.matcher(text).replaceFirst("") : text;
    return left.isBlank() ? text : left;
  }

  /** Whether the message before is the part before, of the same whole. */
  private static boolean isNextPart(Row last, Row row) {
    if (!last.message().isLearned()) {
      return false;
    }
    Optional<Part> before = part(last.message().text());
    return part(row.message().text())
        .filter(
            one ->
                before.isPresent()
                    && before.get().of() == one.of()
                    && before.get().number() + 1 == one.number())
        .isPresent();
  }
}
