package dev.repartee.finetune.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.memory.Memory;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ForgetCommandTest {

  @TempDir private Path folder;

  private CommandRun forget(String... args) {
    return CommandRun.of(new Main(), "forget", "--feedback", folder, args);
  }

  private String stored() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder.resolve("feedback"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Test
  void conversationsAndAgentsAreForgottenAndSaid() throws IOException {
    String hash;
    try (ObjectStore store = new LocalObjectStore(folder)) {
      hash = Memory.pseudonym(AgentSalt.findOrMake(store), "a-3");
    }
    Replies.store(
        folder,
        0,
        "1-a",
        List.of(
            Replies.typed("f-1", "c-1", "", "q", "Hello", 1),
            Replies.typed("f-2", "c-2", hash, "q", "Hello", 1),
            Replies.typed("f-3", "c-3", "other", "q", "Hello", 1)));
    CommandRun would = forget("--conversation", "c-1", "--agent", "a-3", "--dry-run", "--no-json");
    assertThat(would.out()).contains("dry run: true", "  records: 2", "  conversations: 2");
    assertThat(stored()).contains("f-1", "f-2", "f-3");
    CommandRun run = forget("--conversation", "c-1", "--agent", "a-3", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode forgotten = run.json().path("forgotten");
    assertThat(forgotten.path("records").asInt()).isEqualTo(2);
    assertThat(forgotten.at("/objects/0/object").asString())
        .isEqualTo("feedback/acme/2026/03/02/1-a.jsonl");
    assertThat(forgotten.at("/objects/0/left").asInt()).isOne();
    assertThat(stored()).contains("f-3").doesNotContain("f-1", "f-2");
  }

  @Test
  void whatATokenWithTheAgentsIdSentIsForgotten() throws IOException {
    String line = Replies.typed("f-1", "c-1", "", "q", "Hello", 1);
    String caller = Sha256.brief(Sha256.brief("a-3")); // as serve stores it
    Replies.store(
        folder,
        0,
        "1-a",
        List.of(line.replace("{\"id\"", "{\"caller\":\"" + caller + "\",\"id\"")));
    CommandRun run = forget("--agent", "a-3", "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().at("/forgotten/records").asInt()).isOne();
    assertThat(stored()).doesNotContain("f-1");
  }

  @Test
  void whatIsTooOldIsDeletedByTheDay() throws IOException {
    Replies.store(folder, 0, "1-a", List.of(Replies.typed("f-1", "c-1", "", "q", "Hello", 1)));
    Replies.store(folder, 90_000, "1-b", List.of(Replies.typed("f-2", "c", "", "q", "Hello", 1)));
    CommandRun run = forget("--keep", "90d", "--no-json");
    assertThat(run.out()).contains("expired:", "objects: 1");
    assertThat(stored()).contains("f-2").doesNotContain("f-1");
  }

  @Test
  void wrongUsageIsExplained() {
    assertThat(forget().err()).contains("--conversation ID, --agent ID or --keep TIME");
    assertThat(forget("--keep", "12h").err()).contains("--keep must be at least 1d");
    assertThat(forget("--rebuild", "acme@live").err()).contains("whom acme@live must forget");
    assertThat(forget("--rebuild=acme@1", "--agent=a-3").err())
        .contains("--rebuild must be an alias");
    CommandRun unknown = forget("--agent", "a-3");
    assertThat(unknown.exitCode()).isOne();
    assertThat(unknown.err()).contains("no salt of agents' ids");
  }
}
