package dev.repartee.clustering.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.privacy.PublicFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every counting engine must do: count as one thread would, and fail as the reader does. */
public abstract class CountingEngineContract {

  @TempDir protected Path folder;

  /** The engine under test. */
  protected abstract CountingEngine engine();

  private CorpusTally count(List<Path> files) {
    return engine().count(files, PublicFacts.NONE, 2, step -> {});
  }

  /** Counts one conversation after the other. */
  protected static CorpusTally counted(List<Conversation> conversations) {
    ConversationCounter counter =
        new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);
    Repeats repeats = new Repeats(2);
    conversations.forEach(conversation -> counter.countRepeats(conversation, repeats));
    CorpusTally corpus = new CorpusTally(PublicFacts.NONE, repeats);
    conversations.forEach(conversation -> counter.count(conversation, corpus));
    return corpus;
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static String line(String id) {
    return "{\"id\":\"%s\",\"messages\":[{\"role\":\"agent\",\"text\":\"Hello \u00e4\"}]}\n"
        .formatted(id);
  }

  /** Fails in the very words of the reader. */
  private void assertRefused(Path... files) {
    Throwable expected = catchThrowable(() -> ConversationReader.readAll(List.of(files)));
    assertThat(expected).isInstanceOf(UserException.class);
    assertThatThrownBy(() -> count(List.of(files)))
        .isInstanceOf(UserException.class)
        .hasMessage(expected.getMessage());
  }

  /** The bundled sample conversations. */
  protected static List<Path> samples() {
    Path samples =
        Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
            .map(parent -> parent.resolve("scripts/samples"))
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow();
    return Stream.of("train", "valid", "test").map(s -> samples.resolve(s + ".jsonl")).toList();
  }

  @Test
  protected void countsTheSamples() {
    CorpusTally corpus = count(samples());
    assertThat(corpus).isEqualTo(counted(ConversationReader.readAll(samples())));
    assertThat(corpus.conversations()).isEqualTo(640);
    assertThat(corpus.texts()).hasSizeGreaterThan(500);
  }

  @Test
  protected void countsTheValuesOfTheSamples() {
    PublicFacts.Counter values = engine().countValues(samples(), PublicFacts.NONE, step -> {});
    PublicFacts.Counter expected = new PublicFacts.Counter();
    ConversationCounter counter =
        new ConversationCounter(new ConversationCounter.Shared(), PublicFacts.NONE);
    ConversationReader.readAll(samples()).forEach(one -> counter.countValues(one, expected));
    assertThat(values).usingRecursiveComparison().isEqualTo(expected);
    PublicFacts facts = values.facts();
    assertThat(facts.isEmpty()).isFalse();
    PublicFacts named = engine().count(samples(), facts, 2, step -> {}).facts();
    assertThat(named.facts())
        .hasSameSizeAs(facts.facts())
        .noneMatch(fact -> fact.value().isEmpty());
  }

  @Test
  protected void aCopyCountsOnce() throws IOException {
    List<Conversation> once = ConversationReader.readAll(samples());
    List<Conversation> copies =
        once.stream()
            .filter(one -> one.messages().size() > 20)
            .map(one -> new Conversation("copy of " + one.id(), one.messages()))
            .toList();
    assertThat(copies).hasSizeGreaterThan(10);
    Path file = folder.resolve("copies.jsonl.gz");
    ConversationWriter.write(file, copies);
    List<Path> files = Stream.concat(samples().stream(), Stream.of(file)).toList();
    List<String> told = new ArrayList<>();
    CorpusTally corpus = engine().count(files, PublicFacts.NONE, 2, told::add);
    assertThat(corpus).isEqualTo(counted(once));
    assertThat(told)
        .contains(copies.size() + " conversations are copies of others or parts of them");
  }

  @Test
  void countsSeveralFilesOfAllForms() throws IOException {
    List<Conversation> plain = RandomConversations.of("p", 100, 1);
    List<Conversation> compressed = RandomConversations.of("z", 100, 2);
    ConversationWriter.write(folder.resolve("p.jsonl"), plain);
    ConversationWriter.write(folder.resolve("z.jsonl.gz"), compressed);
    Path odd = file("odd name.jsonl", "\uFEFF" + line("bom") + " \n\r\n" + line("x").strip());
    List<Path> files = List.of(folder.resolve("p.jsonl"), folder.resolve("z.jsonl.gz"), odd);
    List<Conversation> all = new ArrayList<>(plain);
    all.addAll(compressed);
    all.addAll(ConversationReader.readAll(List.of(odd)));
    assertThat(count(files)).isEqualTo(counted(all)).isEqualTo(count(files.reversed()));
  }

  @Test
  void badLinesAreToldWithFileAndLine() throws IOException {
    String bad = "{\"id\":\"b\",\"messages\":[{\"role\":\"bot\",\"text\":\"\"}]}\n";
    Path one = file("one.jsonl", line("a") + bad + "[]\n" + line("b") + line("b") + "{\n");
    Path many = file("many.jsonl", line("m").repeat(1_000));
    Path invalid =
        Files.write(
            folder.resolve("latin1.jsonl"), line("l").getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(one);
    assertRefused(many);
    assertRefused(file("good.jsonl", line("g")), invalid, one);
  }

  @Test
  void idsUsedTwiceAreRefused() throws IOException {
    Path first = file("1.jsonl", line("a") + line("b"));
    assertRefused(file("2.jsonl", line("c") + line("b") + "nonsense\n"), first);
    assertRefused(first, file("3.jsonl", line("c") + line("b") + "nonsense\n"));
    assertRefused(first, file("4.jsonl", "nonsense\n" + line("b")));
  }

  @Test
  void filesThatHoldNothingAreRefused() throws IOException {
    Path good = file("good.jsonl", line("a"));
    assertRefused(good, folder.resolve("nowhere.jsonl"));
    assertRefused(good, file("empty.jsonl", ""));
    assertRefused(good, file("blank.jsonl", "\n\n"));
    assertRefused(good, folder);
    assertRefused(good, file("plain.jsonl.gz", line("b")));
  }

  @Test
  void gzipThatEndsEarlyIsRefused() throws IOException {
    Path whole = folder.resolve("whole.jsonl.gz");
    ConversationWriter.write(whole, RandomConversations.of("c", 500, 1));
    byte[] bytes = Files.readAllBytes(whole);
    assertRefused(
        Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(bytes, bytes.length / 2)));
  }
}
