package dev.repartee.clustering.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.clustering.count.CountingEngine;
import dev.repartee.clustering.count.CountingEngineContract;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkCountingTest extends CountingEngineContract {

  private static final int PART = 2_000;

  @Override
  protected CountingEngine engine() {
    return CountingEngine.named("spark");
  }

  @Test
  @Tag("slow")
  @Override
  @SuppressWarnings("JUnitMethodInvoked") // the same test, in another run
  protected void countsTheSamples() {
    super.countsTheSamples();
  }

  @Test
  @Tag("slow")
  @Override
  @SuppressWarnings("JUnitMethodInvoked")
  protected void countsTheValuesOfTheSamples() {
    super.countsTheValuesOfTheSamples();
  }

  private void assertRefused(Path file, String why) {
    assertThatThrownBy(() -> engine().count(List.of(file), PublicFacts.NONE, 2, step -> {}))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "gs://bucket/chats/a.jsonl, gs://bucket/chats/a.jsonl",
    "s3a://bucket/a.jsonl, s3a://bucket/a.jsonl",
    "hdfs:/chats/a.jsonl, hdfs:/chats/a.jsonl",
    "/chats/a.jsonl, /chats/a.jsonl",
    "chats/a.jsonl, chats/a.jsonl"
  })
  void objectStoresKeepTheirBuckets(String given, String expected) {
    assertThat(SparkCounting.InputFile.hadoopPath(Path.of(given))).hasToString(expected);
  }

  @Test
  void csvIsRefused() throws IOException {
    assertRefused(Files.writeString(folder.resolve("c.csv"), "x"), "use --engine local");
  }

  @Test
  void gzipIsKnownByItsName() throws IOException {
    Path named = folder.resolve("c.jsonl.gz");
    ConversationWriter.write(named, ConversationReader.readAll(samples().subList(2, 3)));
    assertRefused(
        Files.move(named, folder.resolve("c.jsonl")), "rename it so that it ends with .gz");
  }

  @Test
  @Tag("slow")
  void countsRealConversations() {
    Path all = SharedData.assume("data/sgd.train.jsonl.gz");
    List<Conversation> part;
    try (Stream<Conversation> conversations = ConversationReader.stream(all)) {
      part = conversations.limit(PART).toList();
    }
    Path file = folder.resolve("part.jsonl.gz");
    ConversationWriter.write(file, part);
    assertThat(engine().count(List.of(file), PublicFacts.NONE, 2, step -> {}))
        .isEqualTo(counted(part));
  }
}
