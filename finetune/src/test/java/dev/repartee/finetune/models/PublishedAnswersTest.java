package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.answers.AnswersCommand;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries in the registry; what they share with models is tested there. */
class PublishedAnswersTest {

  @TempDir private Path folder;
  private String first;
  private String second;

  @BeforeEach
  void setUp() {
    first = library("first", "Refunds take 14 days.", "Hello!");
    second = library("second", "Refunds take 7 days.", "Please call us tomorrow.");
  }

  private String library(String name, String... texts) {
    List<Entry> entries = new ArrayList<>();
    for (String text : texts) {
      entries.add(new Entry("e-" + entries.size(), text));
    }
    AnswerLibraryFile.write(
        folder.resolve(name).resolve("library.json"), new AnswerLibrary(entries, List.of()));
    return folder.resolve(name).toString();
  }

  private CommandRun answers(Object... args) {
    if (args[0].equals("diff")) {
      return RegistryRun.of(new AnswersCommand(), folder, args);
    }
    Object[] named = args.clone();
    if (args.length > 1 && args[1].toString().startsWith("d")) {
      named[1] = "answers/" + args[1];
    }
    return RegistryRun.of(new ModelsCommand(), folder, named);
  }

  @Test
  void aLibraryGoesTheWayOfAModel() {
    assertThat(answers("list").err()).contains("there is no such folder");
    assertThat(answers("publish", "desk", "--library", first, "--alias", "production").out())
        .isEqualTo("published desk@1\ndesk@production is now desk@1\n");
    answers("publish", "desk", "--library", second);
    assertThat(answers("promote", "desk@2", "--alias", "production").out())
        .startsWith("desk@production is version 2\n");
    assertThat(answers("diff", "desk@1", "desk@2").out())
        .startsWith("desk@1 -> desk@2: 0 entries added, 0 removed, 2 changed");
    assertThat(answers("rollback", "desk", "--alias", "production", "--from", "2").out())
        .startsWith("desk@production is version 1\n");
    assertThat(answers("list", "desk").out().lines()).as("versions and moves").hasSize(2 + 3);
    assertThat(answers("verify").out())
        .isEqualTo("answers/desk: 2 versions are intact, 0 problems\n");
    assertThat(answers("list").out()).contains("answers/desk", "versions 1, 2  production=1");
    assertThat(answers("fetch", "desk@2", "--output", folder.resolve("f").toString()).exitCode())
        .isZero();
    assertThat(answers("gc", "--keep-last", "0", "--window", "0").out())
        .contains("kept      answers/desk@1  production", "in libraries/desk");
    assertThat(folder.resolve("store/models")).doesNotExist();
  }

  private CommandRun edit(String fetched, String text) {
    Path to = folder.resolve(fetched);
    if (!Files.exists(to)) {
      answers("fetch", "desk@production", "--output", to);
    }
    AnswerLibrary was = AnswerLibraryFile.read(to.resolve("library.json"));
    List<Entry> entries = new ArrayList<>(was.entries());
    entries.add(new Entry("e-" + text.hashCode(), text));
    AnswerLibraryFile.write(to.resolve("library.json"), new AnswerLibrary(entries, was.never()));
    return answers("publish", "desk", "--library", to, "--alias", "production");
  }

  @Test
  void whatWasFetchedCanBeEditedAndPublishedAgain() {
    answers("publish", "desk", "--library", first, "--alias", "production");
    assertThat(edit("ben", "Call us.").out())
        .contains("desk@production is now desk@2", "Next: repartee answers diff desk@1 desk@2");
    assertThat(edit("ben", "Write to us.").out()).contains("desk@production is now desk@3");
    assertThat(answers("diff", "desk@1", "desk@3").out()).contains("2 entries added, 0 removed");
    answers("publish", "desk", "--library", folder.resolve("ben"), "--alias", "candidate");
    assertThat(edit("ben", "Visit us.").out()).contains("desk@production is now desk@5");
  }

  @Test
  void aFetchedFolderDoesNotUndoWhatOthersPublishedSince() {
    answers("publish", "desk", "--library", first, "--alias", "production");
    answers("fetch", "desk@production", "--output", folder.resolve("carla"));
    edit("ben", "Call us.");
    CommandRun late = edit("carla", "Good bye.");
    assertThat(late.exitCode()).isOne();
    assertThat(late.err())
        .contains("desk@production is desk@2 now", "carla was fetched from an older version");
    assertThat(answers("list", "desk").out()).doesNotContain("desk@3");
    CommandRun knowing = answers("publish", "desk", "--library", folder.resolve("carla"));
    assertThat(knowing.out())
        .contains("published desk@3", "Next: repartee models promote answers/desk@3");
  }

  @Test
  void whatNobodyShouldBeShownIsHeldBack() {
    String personal = library("personal", "Hello!", "Call Ann on 0664 1234567.");
    answers("publish", "desk", "--library", first, "--alias", "production");
    answers("publish", "desk", "--library", personal);
    CommandRun held = answers("promote", "desk@2", "--alias", "production");
    assertThat(held.exitCode()).isEqualTo(3);
    assertThat(held.err()).contains("desk@2 holds personal data in", "nothing was moved");
    assertThat(answers("list").out()).contains("production=1");
    CommandRun silent = answers("promote", "desk@2", "--alias", "production", "--force");
    assertThat(silent.exitCode()).isEqualTo(2);
    assertThat(answers("publish", "desk", "--library", personal, "--force").err())
        .contains("--force needs --why");
    String why = "our own number";
    assertThat(
            answers("promote", "desk@2", "--alias", "production", "--force", "--why", why)
                .exitCode())
        .isZero();
    answers("publish", "desk", "--library", personal);
    assertThat(answers("promote", "desk@3", "--alias", "production").exitCode())
        .as("it was decided on before")
        .isZero();
  }

  @Test
  void gatesAreForModels() {
    answers("publish", "desk", "--library", first);
    CommandRun run = answers("promote", "desk@1", "--alias", "production", "--gates", "gates.yaml");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--gates are for models");
  }
}
