package dev.repartee.finetune.corpus;

import dev.repartee.finetune.corpus.ReplyUse.How;
import dev.repartee.finetune.corpus.ReplyUse.Reply;
import dev.repartee.finetune.corpus.ReplyUse.Span;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Action;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins feedback with transcripts: by the conversation's id, and in it by the text of the reply, in
 * order. What was typed and what was accepted follows from the events; where there are none, or
 * where the agent deleted something, from the suggestion that was taken.
 */
public final class FeedbackJoin {

  private static final Logger log = LoggerFactory.getLogger(FeedbackJoin.class);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{[a-z_]+\\}");

  /** Times differ by milliseconds, and services by seconds. */
  private static final Comparator<FeedbackRecord> BY_TIME =
      Comparator.comparing(FeedbackRecord::time).thenComparing(FeedbackRecord::key);

  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final SortedMap<String, List<Reply>> used = new TreeMap<>();

  private FeedbackJoin() {
    for (How how : How.values()) {
      counts.put("replies_" + how.id(), 0L);
    }
  }

  /** The records of the conversations that matter. */
  private static final class Records implements FeedbackReader.Counter {
    private final Set<String> wanted;
    private final Map<String, List<FeedbackRecord>> byConversation = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private long unreadable;

    Records(Set<String> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void add(FeedbackRecord reply, LocalDate day) {
      if (wanted.contains(reply.conversationId())) {
        byConversation.computeIfAbsent(reply.conversationId(), _ -> new ArrayList<>()).add(reply);
      } else {
        unknown.add(reply.conversationId());
      }
    }

    @Override
    public void addUnreadable() {
      unreadable++;
    }

    void merge(Records other) {
      other.byConversation.forEach(
          (id, replies) ->
              byConversation.computeIfAbsent(id, _ -> new ArrayList<>()).addAll(replies));
      unknown.addAll(other.unknown);
      unreadable += other.unreadable;
    }
  }

  /**
   * What the feedback of a store says about the conversations in these files.
   *
   * @param uri the store
   * @param preparation what is done to each conversation before it is trained on
   */
  public static ReplyUse read(
      String uri, List<Path> files, UnaryOperator<Conversation> preparation) {
    Set<String> ids = new HashSet<>();
    try (Stream<Conversation> conversations = ConversationReader.stream(files)) {
      conversations.forEach(conversation -> ids.add(conversation.id()));
    }
    Records records = new Records(ids);
    try (ObjectStore store = ObjectStores.open(uri)) {
      new FeedbackReader(store, Runtime.getRuntime().availableProcessors())
          .read(LocalDate.MIN, LocalDate.MAX, () -> new Records(ids), records::merge);
    }
    FeedbackJoin join = new FeedbackJoin();
    try (Stream<Conversation> conversations = ConversationReader.stream(files)) {
      conversations.forEach(
          conversation ->
              join.add(
                  conversation,
                  preparation,
                  records.byConversation.getOrDefault(conversation.id(), List.of())));
    }
    join.counts.put("conversations_without_transcript", (long) records.unknown.size());
    join.counts.put("unreadable_lines", records.unreadable);
    ReplyUse use = new ReplyUse(join.counts, join.used);
    join.say(uri);
    return use;
  }

  private void say(String uri) {
    log.info(
        "{}: of {} replies {} were typed, {} with completions, {} accepted whole, {} edited, {} have no feedback",
        uri,
        count("replies"),
        count("replies_typed"),
        count("replies_completed"),
        count("replies_accepted"),
        count("replies_edited"),
        count("replies_without_feedback"));
    if (count("records_unmatched") + count("conversations_without_transcript") > 0) {
      log.warn(
          "{}: {} records fit no reply of their conversation, and {} conversations are in none of the files; nothing is learned from these",
          uri,
          count("records_unmatched"),
          count("conversations_without_transcript"));
    }
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  private void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  private void add(
      Conversation conversation,
      UnaryOperator<Conversation> preparation,
      List<FeedbackRecord> records) {
    count("conversations", 1);
    count("conversations_without_feedback", records.isEmpty() ? 1 : 0);
    List<Message> said = conversation.messages();
    long learned = said.stream().filter(Message::isLearned).count();
    count("replies", learned);
    if (records.isEmpty()) {
      count("replies_without_feedback", learned);
      return;
    }
    List<Message> prepared = preparation.apply(conversation).messages();
    FeedbackRecord[] of = new FeedbackRecord[said.size()];
    int next = 0;
    for (FeedbackRecord record : records.stream().sorted(BY_TIME).toList()) {
      int found = find(record, said, prepared, of, next);
      if (found < 0) {
        found = find(record, said, prepared, of, 0); // it came late
      }
      if (found < 0) {
        count("records_unmatched", 1);
      } else {
        of[found] = record;
        next = found + 1;
      }
    }
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i < of.length; i++) {
      if (of[i] != null) {
        replies.add(reply(of[i], i, said.get(i).text(), prepared.get(i).text()));
      } else if (said.get(i).isLearned()) {
        count("replies_without_feedback", 1);
      }
    }
    used.put(conversation.id(), replies);
  }

  /** The first free reply with the record's text; -1 where there is none. */
  private static int find(
      FeedbackRecord record,
      List<Message> said,
      List<Message> prepared,
      FeedbackRecord[] taken,
      int from) {
    // Feedback is redacted reply by reply, a transcript as a whole or not yet: placeholders differ.
    String text = bare(record.finalText());
    List<String> parts = parts(record.finalText());
    for (int i = from; i < taken.length; i++) {
      if (taken[i] == null && said.get(i).isLearned()) {
        String one = said.get(i).text().strip();
        boolean sent =
            one.codePointCount(0, one.length()) == record.finalCharacters()
                && fits(parts, TextNorm.norm(one));
        if (sent || text.equals(bare(one)) || text.equals(bare(prepared.get(i).text()))) {
          return i;
        }
      }
    }
    return -1;
  }

  /** What is between the placeholders. */
  static List<String> parts(String text) {
    return Arrays.stream(PLACEHOLDER.split(text, -1))
        .map(part -> hasWord(part) ? TextNorm.norm(part) : "")
        .toList();
  }

  /**
   * Whether a text has these parts in this order, with anything between them. A regular expression
   * would try every division of the text, so its time would grow with a power of their number.
   */
  static boolean fits(List<String> parts, String text) {
    String first = parts.getFirst();
    if (parts.size() == 1) {
      return text.equals(first);
    }
    int at = first.length();
    int end = text.length() - parts.getLast().length();
    if (at > end || !text.startsWith(first) || !text.endsWith(parts.getLast())) {
      return false;
    }
    for (String part : parts.subList(1, parts.size() - 1)) {
      int found = text.indexOf(part, at);
      if (found < 0) {
        return false;
      }
      at = found + part.length();
    }
    return at <= end;
  }

  /** Punctuation alone keeps itself when it is normalised, but not in a whole text. */
  private static boolean hasWord(String text) {
    return text.codePoints().anyMatch(TextNorm::isLetterOrNumber);
  }

  private static String bare(String text) {
    return TextNorm.norm(PLACEHOLDER.matcher(text).replaceAll(" "));
  }

  private Reply reply(FeedbackRecord record, int message, String said, String prepared) {
    boolean[] accepted = accepted(record, said);
    int theirs = number(accepted);
    How how = how(record, theirs, accepted.length);
    count("replies_" + how.id(), 1);
    if (how != How.EDITED) {
      count("characters_accepted", theirs);
    }
    count("characters", accepted.length);
    boolean learned =
        switch (how) {
          case TYPED -> true;
          case COMPLETED -> 2 * theirs <= accepted.length;
          case ACCEPTED -> false;
          case EDITED -> record.byHand();
        };
    count("replies_not_learned_as_answers", learned ? 0 : 1);
    return new Reply(
        message,
        how,
        learned,
        how == How.EDITED ? List.of() : spans(moved(accepted, said, prepared)));
  }

  private static How how(FeedbackRecord record, int theirs, int characters) {
    if (record.edited()) {
      return How.EDITED;
    }
    if (theirs == 0) {
      return How.TYPED;
    }
    return theirs == characters ? How.ACCEPTED : How.COMPLETED;
  }

  /** Of the characters that the model wrote. */
  private static int number(boolean[] accepted) {
    int number = 0;
    for (boolean one : accepted) {
      number += one ? 1 : 0;
    }
    return number;
  }

  /** Which characters of the reply, in code points, the model wrote. */
  static boolean[] accepted(FeedbackRecord record, String said) {
    int length = said.codePointCount(0, said.length());
    return record
        .events()
        .flatMap(events -> byEvents(events, length))
        .orElseGet(() -> bySuggestion(record, said, length));
  }

  /** Empty where the actions do not add up to the reply: something was deleted, or left out. */
  private static Optional<boolean[]> byEvents(ReplyEvents events, int length) {
    boolean[] accepted = new boolean[length];
    int at = 0;
    for (Action action : events.actions()) {
      int characters = action.characters().orElse(0);
      boolean inserts =
          switch (action.action()) {
            case TYPED, PASTED, CHOSEN, COMPLETED -> true;
            default -> false;
          };
      if (action.action() == What.EDITED || (inserts && action.removed().orElse(0) > 0)) {
        return Optional.empty();
      }
      if (inserts) {
        at = action.action() == What.CHOSEN ? 0 : at; // a whole reply replaces the draft
        if (at + characters > length) {
          return Optional.empty();
        }
        boolean theirs = action.action() == What.CHOSEN || action.action() == What.COMPLETED;
        Arrays.fill(accepted, at, at + characters, theirs);
        at += characters;
      }
    }
    return at == length ? Optional.of(accepted) : Optional.empty();
  }

  private static boolean[] bySuggestion(FeedbackRecord record, String said, int length) {
    boolean[] accepted = new boolean[length];
    record
        .used()
        .ifPresent(
            suggestion -> {
              if (suggestion.kind().equals("answer")) {
                Arrays.fill(accepted, true);
                return;
              }
              String text = suggestion.text();
              int at = said.indexOf(text);
              if (at >= 0 && !text.isEmpty()) {
                int from = said.codePointCount(0, at);
                Arrays.fill(accepted, from, from + text.codePointCount(0, text.length()), true);
              }
            });
    return accepted;
  }

  /** The same for the prepared text, in which placeholders stand for parts of what was said. */
  static boolean[] moved(boolean[] accepted, String said, String prepared) {
    if (said.equals(prepared)) {
      return accepted;
    }
    boolean[] moved = new boolean[prepared.codePointCount(0, prepared.length())];
    Matcher placeholder = PLACEHOLDER.matcher(prepared);
    int from = 0; // in the prepared text, in UTF-16 units, as below
    int before = 0; // in what was said
    while (true) {
      boolean found = placeholder.find();
      String kept = prepared.substring(from, found ? placeholder.start() : prepared.length());
      int at = found || kept.isEmpty() ? said.indexOf(kept, before) : said.length() - kept.length();
      if (at < before || !said.startsWith(kept, at)) {
        // It was changed in another way: what most of it is, all of it is.
        Arrays.fill(moved, 2 * number(accepted) > accepted.length);
        return moved;
      }
      int target = prepared.codePointCount(0, from);
      int source = said.codePointCount(0, at);
      for (int i = 0; i < kept.codePointCount(0, kept.length()); i++) {
        moved[target + i] = accepted[source + i];
      }
      if (!found) {
        return moved;
      }
      before = at + kept.length();
      // A placeholder is whose its first character was.
      int start = prepared.codePointCount(0, placeholder.start());
      int end = prepared.codePointCount(0, placeholder.end());
      int first = said.codePointCount(0, before);
      Arrays.fill(moved, start, end, first < accepted.length && accepted[first]);
      from = placeholder.end();
    }
  }

  private static List<Span> spans(boolean[] accepted) {
    List<Span> spans = new ArrayList<>();
    int from = 0;
    while (from < accepted.length) {
      int to = from;
      while (to < accepted.length && accepted[to]) {
        to++;
      }
      if (to > from) {
        spans.add(new Span(from, to));
      }
      from = to + 1;
    }
    return spans;
  }
}
