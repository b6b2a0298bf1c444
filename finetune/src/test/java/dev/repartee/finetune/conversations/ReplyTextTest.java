package dev.repartee.finetune.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.repartee.finetune.conversations.ImportCommand.Count;
import dev.repartee.finetune.conversations.ImportCommand.Counts;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationCollector.ExportedMessage;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplyTextTest {

  private final ConversationCollector collector = new ConversationCollector();
  private int messages;

  private void say(String id, Speaker speaker, String text, String... replyTo) {
    Map<Column, String> values = new HashMap<>(Map.of(Column.DOMAIN, "acme"));
    for (String answered : replyTo) {
      values.put(Column.REPLY_TO, answered);
    }
    Optional<Instant> time = Optional.of(Instant.EPOCH.plusSeconds(messages++));
    collector.add(new ExportedMessage("csv", id, speaker, time, text, values), "role");
  }

  private Counts clean() {
    Counts counts = new Counts();
    ReplyText.clean(collector, counts);
    return counts;
  }

  private List<String> texts(String id) {
    return conversation(id).messages().stream().map(Message::text).toList();
  }

  private Conversation conversation(String id) {
    return collector.conversations(false).filter(one -> one.id().equals(id)).findFirst().get();
  }

  @Test
  void aNameThatSignsInThreeConversationsIsTheAgent() {
    for (int n = 0; n < 3; n++) {
      say("c" + n, Speaker.CUSTOMER, "@acme @bank_uk Where is it?");
      say("c" + n, Speaker.AGENT, "@{number} Please write to us: https://a.com/help *MS");
    }
    say("other", Speaker.AGENT, "We ship today. ^Lisi");
    say("anna", Speaker.AGENT, "Thanks, Anna");
    say("once", Speaker.AGENT, "It is here. Anna");
    Counts counts = clean();
    assertThat(texts("c0"))
        .containsExactly("Where is it?", "Please write to us: https://a.com/help");
    assertThat(conversation("c0").agentId()).contains("acme:MS");
    assertThat(texts("other")).containsExactly("We ship today. ^Lisi");
    assertThat(texts("anna")).containsExactly("Thanks, Anna");
    assertThat(texts("once")).containsExactly("It is here. Anna");
    assertThat(counts.of(Count.HANDLES)).isEqualTo(6);
    assertThat(counts.of(Count.SIGN_OFFS)).isEqualTo(3);
  }

  @Test
  void aSignBehindWhichMostNamesStandSignsForRareOnes() {
    for (int n = 0; n < 10; n++) {
      say("c" + n, Speaker.AGENT, "We ship today. ^" + (n % 2 == 0 ? "JR" : "Shivangi"));
    }
    say("rare", Speaker.AGENT, "Write to us https://a.com/help ^Lisi");
    say("word", Speaker.AGENT, "Is it in the app or on the web - and");
    clean();
    assertThat(texts("rare")).containsExactly("Write to us https://a.com/help");
    assertThat(conversation("rare").agentId()).contains("acme:Lisi");
    assertThat(texts("word")).containsExactly("Is it in the app or on the web - and");
  }

  @Test
  void partsOfOneAgentBecomeOneMessage() {
    for (int n = 0; n < 3; n++) {
      say("c" + n, Speaker.AGENT, "First do this (1/2)");
      say("c" + n, Speaker.AGENT, "and then that. 2/2");
    }
    say("hours", Speaker.AGENT, "We are here 24/7");
    clean();
    assertThat(texts("c1")).containsExactly("First do this and then that.");
    assertThat(texts("hours")).containsExactly("We are here 24/7");
  }

  @Test
  void messagesThatAnswerOneAnotherAreAConversationOfTheCustomerWhoBegan() {
    say("1", Speaker.AGENT, "News for all of you");
    say("2", Speaker.CUSTOMER, "And for me?", "1");
    say("3", Speaker.CUSTOMER, "What is new?", "1");
    say("4", Speaker.AGENT, "For you, too.", "2");
    say("5", Speaker.CUSTOMER, "Thanks", "4");
    say("6", Speaker.AGENT, "An answer to what nobody exported", "0");
    say("7", Speaker.CUSTOMER, "I answer myself", "7");
    collector.thread();
    assertThat(texts("2")).containsExactly("And for me?", "For you, too.", "Thanks");
    assertThat(texts("3")).containsExactly("What is new?");
    assertThat(texts("1")).containsExactly("News for all of you");
    assertThat(texts("0")).hasSize(1);
    assertThat(texts("7")).hasSize(1);
  }

  /** Each message was compared with all of the first file. */
  @Test
  void aLongConversationInTwoFilesTakesTimeInItsLengthOnly() {
    for (int n = 0; n < 100_000; n++) {
      say("0", Speaker.CUSTOMER, "Message " + n);
    }
    collector.nextFile();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (int n = 50_000; n < 150_000; n++) {
            messages = n;
            say("0", Speaker.CUSTOMER, "Message " + n);
          }
        });
    assertThat(collector.repeated()).isEqualTo(50_000);
    assertThat(texts("0")).hasSize(150_000);
  }

  @Test
  void aLongThreadIsOneConversationInNoTime() {
    say("0", Speaker.CUSTOMER, "Hello?");
    for (int n = 1; n < 50_000; n++) {
      say("" + n, n % 2 == 0 ? Speaker.CUSTOMER : Speaker.AGENT, "Message " + n, "" + (n - 1));
    }
    collector.thread();
    assertThat(texts("0")).hasSize(50_000);
  }
}
