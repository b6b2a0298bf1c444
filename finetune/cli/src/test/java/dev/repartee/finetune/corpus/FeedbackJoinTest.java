package dev.repartee.finetune.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.corpus.ReplyUse.How;
import dev.repartee.finetune.corpus.ReplyUse.Reply;
import dev.repartee.finetune.corpus.ReplyUse.Span;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What feedback says about transcripts. */
class FeedbackJoinTest {

  private static final String PARCEL = "Your parcel is on its way.";

  @TempDir private Path folder;

  private final List<String> records = new ArrayList<>();

  /** A record of a reply, which arrives after those before it. */
  private void record(
      String conversation, String action, String shown, String text, String... actions) {
    String events =
        actions.length == 0
            ? ""
            : ",\"events\":{\"actions\":[%s]}".formatted(String.join(",", actions));
    boolean answer = shown.endsWith("!");
    String suggestion = answer ? shown.substring(0, shown.length() - 1) : shown;
    records.add(
        """
        {"id":"r-%d","time":"2026-03-02T10:%02d:00.000Z","model":{"name":"acme","version":"7"},\
        "conversation_id":"%s","shown":[{"kind":"%s","text":"%s"}],"action":"%s","accepted":%s,\
        "final_text":"%s","characters_typed":5,"final_characters":%d,"saved":0%s}"""
            .formatted(
                records.size(),
                records.size(),
                conversation,
                answer ? "answer" : "completion",
                suggestion,
                action,
                action.equals("dismissed") ? "null" : "0",
                text,
                text.codePointCount(0, text.length()),
                events));
  }

  private static String action(String what, int characters) {
    return "{\"action\":\"%s\",\"at_ms\":0,\"characters\":%d}".formatted(what, characters);
  }

  private static Conversation conversation(String id, String... replies) {
    List<Message> messages = new ArrayList<>();
    for (String reply : replies) {
      messages.add(Message.customer("Where is it?"));
      messages.add(Message.agent(reply));
    }
    return new Conversation(id, Optional.empty(), Optional.empty(), messages);
  }

  private Path file(Conversation... conversations) {
    Path file = folder.resolve("told.jsonl");
    ConversationWriter.write(file, List.of(conversations));
    Replies.store(folder.resolve("store"), 0, "1-a", records);
    return file;
  }

  private ReplyUse join(UnaryOperator<Conversation> preparation, Conversation... conversations) {
    return FeedbackJoin.read(
        folder.resolve("store").toString(), List.of(file(conversations)), preparation);
  }

  @Test
  void eventsTellWhatWasTypedAndWhatWasAccepted() {
    record("c", "dismissed", "No!", PARCEL, action("displayed", 2), action("typed", 26));
    record(
        "c",
        "accepted",
        " parcel is",
        PARCEL,
        action("typed", 4),
        action("completed", 10),
        action("displayed", 9),
        action("typed", 3),
        action("completed", 9),
        action("sent", 26));
    record("c", "accepted", PARCEL + "!", PARCEL, action("typed", 3), action("chosen", 26));
    record(
        "c",
        "edited",
        PARCEL + "!",
        "Your order is on its way.",
        action("chosen", 26),
        action("edited", 5));

    ReplyUse use =
        join(
            UnaryOperator.identity(),
            conversation("c", PARCEL, PARCEL, PARCEL, "Your order is on its way."));

    assertThat(use.conversations().get("c"))
        .containsExactly(
            new Reply(1, How.TYPED, true, List.of()),
            new Reply(3, How.COMPLETED, false, List.of(new Span(4, 14), new Span(17, 26))),
            new Reply(5, How.ACCEPTED, false, List.of(new Span(0, 26))),
            new Reply(7, How.EDITED, true, List.of()));
    assertThat(use.counts())
        .containsEntry("replies", 4L)
        .containsEntry("replies_typed", 1L)
        .containsEntry("replies_completed", 1L)
        .containsEntry("replies_not_learned_as_answers", 2L)
        .containsEntry("characters_accepted", 45L);
  }

  /** Without events, or where they do not add up, the suggestion that was taken tells. */
  @Test
  void aSuggestionTellsWhereEventsDoNot() {
    record("c", "accepted", " is on", PARCEL);
    record(
        "c",
        "accepted",
        " its way.",
        PARCEL,
        action("typed", 9),
        action("edited", 3),
        action("completed", 9));
    record("c", "accepted", PARCEL + "!", PARCEL);

    ReplyUse use = join(UnaryOperator.identity(), conversation("c", PARCEL, PARCEL, PARCEL));

    assertThat(use.conversations().get("c"))
        .containsExactly(
            new Reply(1, How.COMPLETED, true, List.of(new Span(11, 17))),
            new Reply(3, How.COMPLETED, true, List.of(new Span(17, 26))),
            new Reply(5, How.ACCEPTED, false, List.of(new Span(0, 26))));
  }

  /** A placeholder stands for what was said; the parts around it move with it. */
  @Test
  void partsMoveWithPlaceholders() {
    String said = "Write to ann.lee@example.com today, please.";
    // As the service stored it.
    record(
        "c",
        "accepted",
        " today, please.",
        "Write to {email} today, please.",
        action("typed", 28),
        action("completed", 15));
    ConversationRedactor redactor = new ConversationRedactor();

    ReplyUse use = join(one -> redactor.redact(one).conversation(), conversation("c", said));

    int from = "Write to {email}".length();
    assertThat(use.conversations().get("c"))
        .containsExactly(new Reply(1, How.COMPLETED, true, List.of(new Span(from, from + 15))));
  }

  @Test
  void onlyPunctuationMayFollowAPlaceholder() {
    record("c", "dismissed", "No!", "Thank you, {name}!");
    records.set(0, records.get(0).replaceFirst("final_characters\":\\d+", "final_characters\":15"));

    ReplyUse use = join(UnaryOperator.identity(), conversation("c", "Thank you, Ann!"));

    assertThat(use.conversations().get("c")).extracting(Reply::how).containsExactly(How.TYPED);
  }

  /** Its name was found in the feedback, and the transcript has it. */
  @Test
  void placeholdersStandForWhatTheTranscriptSays() {
    String said = "Thank you, Ann! Bye.";
    record("c", "dismissed", "No!", "{number}"); // which fits any text, but not in its length
    record("c", "dismissed", "No!", "Thank you, {name}! Bye.");
    records.set(1, records.get(1).replaceFirst("final_characters\":\\d+", "final_characters\":20"));

    ReplyUse use = join(UnaryOperator.identity(), conversation("c", said));

    assertThat(use.conversations().get("c")).extracting(Reply::how).containsExactly(How.TYPED);
    assertThat(use.counts()).containsEntry("records_unmatched", 1L);
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
  void manyPlaceholdersAreMatchedInLinearTime() {
    String numbers = "4815162 ".repeat(100);
    String sent = "Your orders are " + numbers + "Please store them.";
    String text = "Your orders are " + "{order_number} ".repeat(100) + "Please store them.";
    record("c", "dismissed", "No!", text);
    records.set(
        0,
        records
            .get(0)
            .replaceFirst("final_characters\":\\d+", "final_characters\":" + sent.length()));

    ReplyUse use =
        join(
            UnaryOperator.identity(),
            conversation("c", "Your orders are " + numbers + "Please print them.", sent));

    assertThat(use.conversations().get("c")).extracting(Reply::message).containsExactly(3);
  }

  @Test
  void partsFitAsARegularExpressionWould() {
    Random random = new Random(1);
    int fits = 0;
    for (int i = 0; i < 20_000; i++) {
      List<String> parts =
          Stream.generate(() -> letters(random, 3)).limit(1 + random.nextInt(4)).toList();
      String text = letters(random, 10);
      boolean expected =
          Pattern.matches(
              parts.stream().map(Pattern::quote).collect(Collectors.joining(".*")), text);
      assertThat(FeedbackJoin.fits(parts, text)).as("%s in %s", parts, text).isEqualTo(expected);
      fits += expected ? 1 : 0;
    }
    assertThat(fits).isBetween(1000, 19_000);
  }

  private static String letters(Random random, int most) {
    return random
        .ints(random.nextInt(most), 'a', 'c')
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void whatFitsNothingIsCounted() {
    record("c", "dismissed", "No!", "Something that nobody sent.");
    record("c", "dismissed", "No!", "Second.");
    record("c", "dismissed", "No!", "First."); // it came late
    record("gone", "dismissed", "No!", "First.");
    records.add("no feedback");
    records.add("null");

    ReplyUse use =
        join(
            UnaryOperator.identity(),
            conversation("c", "First.", "Second.", "Third."),
            conversation("d", "First."));

    assertThat(use.counts())
        .containsEntry("conversations", 2L)
        .containsEntry("conversations_without_feedback", 1L)
        .containsEntry("conversations_without_transcript", 1L)
        .containsEntry("records_unmatched", 1L)
        .containsEntry("replies_typed", 2L)
        .containsEntry("replies_without_feedback", 2L)
        .containsEntry("unreadable_lines", 2L);
  }

  /** What extract reads then. */
  @Test
  void joinWritesTranscriptsThatLearnFromAgentsOnly() {
    record("c", "accepted", PARCEL + "!", PARCEL);
    record("c", "dismissed", "No!", "Second.");
    Path file = file(conversation("c", PARCEL, "Second."));

    CommandRun run =
        CommandRun.of(
            new Main(),
            "feedback",
            "join",
            "--feedback=" + folder.resolve("store"),
            "--conversations=" + file,
            "--output=" + folder.resolve("joined"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("replies_accepted").asInt()).isOne();
    Conversation joined =
        ConversationReader.readAll(
                List.of(folder.resolve("joined").resolve("conversations.jsonl.gz")))
            .getFirst();
    assertThat(joined.agentTexts()).containsExactly("Second.");
    assertThat(joined.messages()).hasSize(4);
  }
}
