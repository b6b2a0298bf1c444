package dev.repartee.text.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The committed samples are what the generator writes, and as varied as its README says. */
@Tag("slow")
class SampleFilesTest {

  private static final Path FOLDER = Repository.file("scripts/samples");
  private static final int MAX_BYTES = 900 * 1024;
  private static final double MAX_SHARE_OF_ONE_SENTENCE = 0.04;
  private static final double MIN_DISTINCT = 0.35;
  private static final Pattern LEFTOVER = Pattern.compile("[{}<|#]| {2}|\\?\\.| ,");

  private final List<Conversation> conversations =
      new SampleConversations(SampleFiles.SEED).generate(SampleFiles.CONVERSATIONS);

  private final List<String> agentTexts =
      conversations.stream().flatMap(Conversation::agentTexts).toList();

  @Test
  void committedFilesEqualWhatTheGeneratorWrites() throws IOException {
    for (Map.Entry<String, String> file : SampleFiles.contents().entrySet()) {
      assertEquals(
          file.getValue(),
          Files.readString(FOLDER.resolve(file.getKey())),
          file.getKey() + " differs: write it again as scripts/samples/README.md says");
    }
  }

  @Test
  void filesStaySmall() {
    int bytes =
        SampleFiles.contents().values().stream()
            .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    assertTrue(bytes < MAX_BYTES, "the samples have " + bytes + " bytes, allowed " + MAX_BYTES);
  }

  @Test
  void manyAgentsTalkInFourDomains() {
    Set<String> agents =
        conversations.stream().map(c -> c.agentId().orElseThrow()).collect(Collectors.toSet());
    Set<String> domains =
        conversations.stream().map(c -> c.domain().orElseThrow()).collect(Collectors.toSet());
    assertTrue(conversations.size() >= 420, conversations.size() + " conversations");
    assertTrue(agents.size() >= 25, agents.size() + " agents");
    assertEquals(Set.copyOf(SampleConversations.DOMAINS), domains);
  }

  @Test
  void noSentenceIsHeardAllTheTimeAndMuchIsSaidOnce() {
    Map<String, Long> counts =
        agentTexts.stream()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    Map.Entry<String, Long> commonest =
        counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    double share = (double) commonest.getValue() / agentTexts.size();
    double distinct = (double) counts.size() / agentTexts.size();
    assertTrue(share < MAX_SHARE_OF_ONE_SENTENCE, commonest + " has a share of " + share);
    assertTrue(distinct > MIN_DISTINCT, distinct + " of the agents' messages are distinct");
  }

  @Test
  void splitsShareNoConversation() {
    Set<String> seen = new HashSet<>();
    Collection<String> files = SampleFiles.contents().values();
    files.forEach(
        text ->
            text.lines()
                .map(line -> line.substring(0, line.indexOf(',')))
                .forEach(id -> assertTrue(seen.add(id), id + " stands twice")));
    assertEquals(conversations.size(), seen.size());
  }

  @Test
  void nothingOfTheTemplatesIsLeftOver() {
    conversations.stream()
        .flatMap(conversation -> conversation.messages().stream())
        .forEach(
            message ->
                assertTrue(
                    !message.text().isBlank() && !LEFTOVER.matcher(message.text()).find(),
                    message.text()));
  }
}
