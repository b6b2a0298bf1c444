package dev.repartee.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The recipe does its steps in order, each once, and goes on after an interruption. */
class RecipeCommandTest {

  /**
   * Records its calls and leaves what the commands leave; fails at what the file {@code fail}
   * names.
   */
  private static final String RECORDING =
      """
      #!/bin/bash
      here=$(dirname "$0")
      case " $* " in *run/plan/*) calls=planned ;; *) calls=calls ;; esac
      echo "$*" >> "$here/$calls"
      for argument; do case $argument in
        --output=*) output=${argument#--output=} ;;
        --conversations=*) given=${argument#--conversations=} ;;
      esac; done
      case " $* " in *"$(cat "$here/fail")"*)
        mkdir -p "$output" && touch "$output/run.json"
        echo 'it is as it is' >&2; exit "$(cat "$here/code" 2>/dev/null || echo 3)" ;;
      esac
      case $1 in
        finetune) mkdir -p "$output/model"; echo "{\\"training_seconds\\": $(zcat -f ${given//,/ } | wc -l)}" ;;
        conversations) case $2 in
          import) mkdir -p "$output" && echo '{}' > "$output/conversations.jsonl.gz" ;;
          split) for side in train validation test; do gzip -c "$here/$side.jsonl" > "$output/$side.jsonl.gz"; done ;;
          check) echo '{"conversations": 3}' ;;
        esac ;;
        extract) mkdir -p "$output" && echo '{}' > "$output/answers.json"; echo '{}' ;;
        evaluate) echo '{"rules": {"net": {"saved": 31.5, "ci95": {"low": 30, "high": 33}}, "steady": {"saved": 24.5}},
          "suggestions": {"saved": 7.5},
          "verdict": {"decision": "'"$(cat "$here/decision")"'", "text": "so it is", "next": "do it"},
          "best_baseline": {"net": {"name": "words+knn", "saved": 24.5}}}' ;;
      esac
      """;

  private static final String NOTHING = "nothing fails";

  /** Long enough for a conversation to be known again. */
  private static final String REPLY =
      "Good morning! I looked it up: the parcel left our house in the north this morning and will"
          + " be with you tomorrow before noon, or on the day after it.";

  @TempDir private Path folder;
  private Path output;

  @BeforeEach
  void layOut() throws IOException {
    assumeThat(Files.isExecutable(Path.of("/bin/bash")))
        .as("the launcher needs /bin/bash (apt-get install bash)")
        .isTrue();
    output = folder.resolve("run");
    for (String split : List.of("train", "validation", "test", "large")) {
      write(split, split);
    }
    launcher(RECORDING);
    Files.writeString(folder.resolve("fail"), NOTHING);
    Files.writeString(folder.resolve("decision"), "publish");
  }

  private void write(String split, String... ids) {
    ConversationWriter.write(
        folder.resolve(split + ".jsonl"),
        Stream.of(ids)
            .map(
                id ->
                    new Conversation(
                        id, List.of(Message.customer("Hi, I am " + id), Message.agent(REPLY))))
            .toList());
  }

  private void launcher(String script) throws IOException {
    Path file = folder.resolve("repartee");
    Files.writeString(file, script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private CommandRun recipe(String... more) {
    return CommandRun.of(
        new RecipeCommand(Optional.of(folder.resolve("repartee"))),
        "--conversations=" + folder.resolve("train.jsonl"),
        "--validation=" + folder.resolve("validation.jsonl"),
        "--test=" + folder.resolve("test.jsonl"),
        "--output=" + output,
        more);
  }

  private List<String> calls() throws IOException {
    Path file = folder.resolve("calls");
    List<String> calls = Files.exists(file) ? Files.readAllLines(file) : List.of();
    Files.deleteIfExists(file);
    return calls;
  }

  @Test
  void stepsInTheirOrderWithFiguresAndTimes() throws IOException {
    CommandRun run = recipe("--pretrain=" + folder.resolve("large.jsonl"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> calls = calls();
    assertThat(calls)
        .extracting(call -> call.replaceFirst(" .*", ""))
        .containsExactly(
            "finetune", "extract", "finetune", "evaluate", "finetune", "evaluate", "evaluate");
    Path trial = output.resolve("trial/model");
    assertThat(calls.get(0))
        .contains("large.jsonl", "--base=support-14m", "--epochs=1", "--loss-on=all")
        .contains("--validation=" + folder.resolve("validation.jsonl"));
    assertThat(calls.get(2))
        .contains("--base=" + output.resolve("base/model"), "--answers=")
        .contains("--conversations=" + folder.resolve("train.jsonl") + " ")
        .contains("--validation=" + folder.resolve("validation.jsonl"))
        .doesNotContain("test.jsonl");
    assertThat(calls.get(3)).contains("--calibrate", "validation.jsonl", "--model=" + trial);
    assertThat(calls.get(4))
        .contains("--base=" + trial + " ", "--epochs=1 ", "--keep-calibration")
        .contains("train.jsonl," + folder.resolve("validation.jsonl"))
        .doesNotContain("--validation=");
    assertThat(calls.get(5))
        .contains("--operating-point=calm", "--train=", "test.jsonl")
        .contains("--model=" + output.resolve("tuned/model"));
    assertThat(calls.get(6)).contains("--operating-point=eager").doesNotContain("--train");
    assertThat(Json.COMPACT.readTree(Files.readString(output.resolve(RecipeCommand.RECORD))))
        .isEqualTo(run.json());
    assertThat(run.json().path("seconds").propertyNames())
        .containsExactly("base", "answers", "trial", "calibration", "tuned", "calm", "eager");
    assertThat(recipe("--pretrain=" + folder.resolve("large.jsonl")).json()).isEqualTo(run.json());
    assertThat(recipe("--pretrain=" + folder.resolve("large.jsonl"), "--no-json").out())
        .contains("net 31.5%, steady 24.5%\n", "tuned 0")
        .contains("model    " + output.resolve("tuned/model"))
        .contains("verdict  so it is\n", "Next: do it: repartee models publish NAME --model ");
    assertThat(calls()).as("all is done").isEmpty();
    JsonNode plan = run.json().path("plan");
    assertThat(plan.path("seconds").propertyNames())
        .containsExactly("base", "answers", "trial", "calibration", "tuned", "calm", "eager");
    assertThat(plan.path("epochs").asInt()).isEqualTo(5);
    assertThat(plan.path("left_out").asInt()).isZero();
    assertThat(planned()).as("every command but the second training, twice").hasSize(12);
    assertThat(output.resolve("plan")).doesNotExist();
  }

  private List<String> planned() throws IOException {
    return Files.readAllLines(folder.resolve("planned"));
  }

  @Test
  void aTimeTakesFewerEpochsThenTheNewestConversations() throws IOException {
    write("train", IntStream.range(0, 300).mapToObj(i -> "train" + i).toArray(String[]::new));
    String[] newest = {"--newest=250", "--epochs=2"};
    CommandRun run = recipe(newest);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("--epochs=2 --newest=250, so that 50 older conversations");
    assertThat(calls().get(1))
        .contains("--epochs=2 ", "--conversations=" + output.resolve("newest.jsonl.gz"));
    assertThat(ConversationReader.readAll(List.of(output.resolve("newest.jsonl.gz"))))
        .hasSize(250)
        .first()
        .matches(one -> one.id().equals("train50"));
    assertThat(recipe("--newest=200", "--epochs=2").err())
        .contains("was begun with other inputs: newest was 250 and is 200");

    output = folder.resolve("short/run");
    CommandRun refused = recipe("--time=30s");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--time is too short: with --epochs=1 --newest=200");
    assertThat(recipe("--time=1h").exitCode()).as("another time, before the plan").isZero();
    assertThat(recipe("--newest=0").err()).contains("must be at least 1");
  }

  @Test
  void whatFailsOnASampleEndsItBeforeTheFirstStep() throws IOException {
    Files.writeString(folder.resolve("fail"), "run/plan/small/answers");
    CommandRun run = recipe();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("answers failed on a sample of the data: it is as it is; see " + output);
    assertThat(calls()).isEmpty();
    Files.writeString(folder.resolve("fail"), NOTHING);
    assertThat(recipe().exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"too_little", "as_much", "do_not_publish", "too_few"})
  void nothingIsPublishedAgainstTheVerdict(String decision) throws IOException {
    Files.writeString(folder.resolve("decision"), decision);
    assertThat(recipe("--no-json").out()).endsWith("Next: do it\n").doesNotContain("publish NAME");
  }

  private CommandRun recipeOfExport(String... more) {
    return CommandRun.of(
        new RecipeCommand(Optional.of(folder.resolve("repartee"))),
        "--export=" + folder.resolve("desk.json"),
        "--output=" + output,
        more);
  }

  @Test
  void anExportIsImportedCheckedAndSplitFirst() throws IOException {
    Files.writeString(folder.resolve("desk.json"), "{}");
    Path options = Files.writeString(folder.resolve("import.yaml"), "roles: [Bot=skip]\n");
    Files.writeString(folder.resolve("fail"), "conversations split");
    assertThat(recipeOfExport("--export-config=" + options).exitCode()).isEqualTo(3);
    assertThat(calls()).hasSize(3);
    Files.writeString(folder.resolve("fail"), NOTHING);
    CommandRun run = recipeOfExport("--export-config=" + options);
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> calls = calls();
    Path data = output.resolve("data");
    assertThat(calls.get(0))
        .startsWith("conversations split")
        .contains("--conversations=" + data.resolve("conversations.jsonl.gz"));
    assertThat(calls.get(1))
        .startsWith("extract")
        .contains("--conversations=" + data.resolve("train.jsonl.gz"));
    assertThat(calls.getLast()).contains("--conversations=" + data.resolve("test.jsonl.gz"));
    assertThat(output.resolve("check.json")).content().contains("\"conversations\": 3");
    assertThat(run.json().path("seconds").propertyNames()).startsWith("import", "check", "split");
    Files.writeString(folder.resolve("desk.json"), "{ }");
    assertThat(recipeOfExport("--export-config=" + options).err())
        .contains("was begun with other inputs: export[0] desk.json was");
  }

  @Test
  void anExportTakesThePlaceOfTheThreeFiles() throws IOException {
    Files.writeString(folder.resolve("desk.json"), "{}");
    CommandRun both = recipe("--export=" + folder.resolve("desk.json"));
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("or --export alone");
    CommandRun none =
        CommandRun.of(
            new RecipeCommand(Optional.of(folder.resolve("repartee"))), "--output=" + output);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("needs --conversations, --validation and --test");
    assertThat(output).doesNotExist();
  }

  @Test
  void ownTermsAreHandedOn() throws IOException {
    Path terms = Files.writeString(folder.resolve("terms.txt"), "Quillmail\n");
    assertThat(recipe("--terms=" + terms).exitCode()).isZero();
    assertThat(calls())
        .filteredOn(call -> !call.startsWith("evaluate"))
        .hasSize(3)
        .allMatch(call -> call.contains("--terms=" + terms));
    Files.writeString(terms, "Maria\n");
    assertThat(recipe("--terms=" + terms).err()).contains("line 1: 'Maria' is a given name");
  }

  @Test
  void reviewedAnswersTakeThePlaceOfAnExtraction() throws IOException {
    Path reviewed = folder.resolve("reviewed.json");
    Files.writeString(reviewed, "{}");
    CommandRun run = recipe("--answers=" + reviewed);
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> calls = calls();
    assertThat(calls.getFirst()).startsWith("finetune").contains("--answers=" + reviewed);
    assertThat(calls).hasSize(5).noneMatch(call -> call.startsWith("extract"));
    Files.writeString(reviewed, "{ }");
    assertThat(recipe("--answers=" + reviewed).err())
        .contains("was begun with other inputs: answers[0] reviewed.json was");
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    Files.writeString(folder.resolve("fail"), "--output=" + output.resolve("tuned"));
    CommandRun stopped = recipe();
    assertThat(stopped.exitCode()).isEqualTo(3);
    assertThat(stopped.err()).contains("tuned ended with exit code 3", "continues from there");
    assertThat(calls()).hasSize(4);
    Files.writeString(folder.resolve("fail"), NOTHING);
    assertThat(recipe().exitCode()).isZero();
    assertThat(calls()).hasSize(3).first().asString().startsWith("finetune").endsWith("--resume");
  }

  /** The same command does not continue what was refused, and recipe has no --resume. */
  @Test
  void whatAStepRefusesIsBegunAgain() throws IOException {
    Files.writeString(folder.resolve("fail"), "--output=" + output.resolve("trial"));
    Files.writeString(folder.resolve("code"), "2");
    assertThat(recipe().err())
        .contains("trial ended with exit code 2", "or delete " + output)
        .doesNotContain("continues from there");
    Files.delete(output.resolve(RecipeCommand.RECORD));
    output = Files.writeString(folder.resolve("a file"), "").resolve("run");
    assertThat(recipe().err()).contains("a file is not a folder that you may write to");
  }

  @Test
  void aStoreIsHandedOn() throws IOException {
    assertThat(recipe("--store=models").exitCode()).isZero();
    assertThat(calls().stream().filter(call -> call.startsWith("finetune")))
        .hasSize(2)
        .allMatch(call -> call.endsWith("--store=models"));
  }

  @Test
  void anInputThatChangedIsRefusedByName() throws IOException {
    assertThat(recipe().exitCode()).isZero();
    write("validation", "others");
    CommandRun run = recipe("--base=random:tiny");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("base was support-14m and is random:tiny", "validation[0] validation.jsonl was ")
        .doesNotContain("conversations[0]")
        .contains("to begin again, another --output, or delete " + output);
    Files.delete(folder.resolve("test.jsonl"));
    assertThat(recipe().err()).contains("--test", "test.jsonl: no such readable file");
  }

  @Test
  void conversationsToTestOnMustBeNewToTheModel() throws IOException {
    String large = "--pretrain=" + folder.resolve("large.jsonl");
    write("large", "large", "test");
    CommandRun run = recipe(large);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("test.jsonl: 1 of its conversations are in", "such as 'test'");
    write("large", "large", "train");
    write("validation", "validation", "test");
    assertThat(recipe(large).err()).contains("validation.jsonl too");
    write("validation", "train");
    Path validation = folder.resolve("validation.jsonl");
    String others = Files.readString(validation).replace("Hi, I am", "This is");
    Files.writeString(validation, others);
    assertThat(recipe().err()).contains("conversation 'train' is also in " + folder);
    assertThat(output).as("nothing has begun").isEmptyDirectory();
    write("validation", "validation");
    assertThat(recipe(large).exitCode()).as("training may repeat").isZero();
  }

  @Test
  void conversationsToTestOnMustBeNewToTheBaseBeforeAnythingBegins() throws IOException {
    Path base = Files.createDirectories(folder.resolve("trained"));
    Files.writeString(base.resolve("config.json"), "{}");
    ConversationKeys.of(ConversationReader.readAll(List.of(folder.resolve("test.jsonl"))).stream())
        .write(base);
    CommandRun run = recipe("--base=" + base);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("test.jsonl: 1 of its conversations are in the training data of --base " + base);
    String store = folder.resolve("store").toString();
    try (ObjectStore open = ObjectStores.open(store)) {
      new ModelRegistry(open).publish("acme", base);
    }
    String[] published = {"--base=acme@1", "--store=" + store};
    assertThat(recipe(published).err()).contains("training data of --base acme@1, such as 'test'");
    assertThat(output).as("nothing has begun").isEmptyDirectory();
    write("test", "new");
    assertThat(recipe(published).exitCode()).isZero();
    assertThat(calls())
        .filteredOn(call -> call.startsWith("finetune"))
        .allMatch(call -> call.contains("--store=" + store));
  }

  @Test
  void aFolderOfSomethingElseAndAMissingLauncherAreRefused() throws IOException {
    Files.createDirectories(output);
    Files.writeString(output.resolve("notes.txt"), "mine");
    CommandRun run = recipe();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("holds something that no recipe wrote");
    CommandRun alone =
        CommandRun.of(
            new RecipeCommand(Optional.empty()),
            "--conversations=a",
            "--validation=b",
            "--test=c",
            "--output=d");
    assertThat(alone.exitCode()).isEqualTo(1);
    assertThat(alone.err()).contains("scripts/repartee recipe");
  }

  /** With the real commands; what extraction finds, in another module, lies there already. */
  @Test
  @Tag("slow")
  void theRealCommandsTakeTheseOptions() throws IOException {
    for (String split : List.of("train", "validation", "test")) {
      List<Conversation> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        all.add(
            new Conversation(
                split + i,
                Optional.of("agent"),
                Optional.empty(),
                List.of(
                    Message.customer("Where is my order?"),
                    Message.agent("Your order is on the way."))));
      }
      ConversationWriter.write(folder.resolve(split + ".jsonl"), all);
    }
    launcher(
        """
        #!/bin/bash
        if [ "$1" = extract ]; then
          mkdir -p "%s" && echo '{"format": 1, "answers": []}' > "%1$s/answers.json"
        else
          exec "%s" --enable-native-access=ALL-UNNAMED -cp "%s" %s "$@"
        fi
        """
            .formatted(
                output.resolve("answers"),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Main.class.getName()));
    CommandRun run = recipe("--base=random:tiny");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode calm = Json.COMPACT.readTree(Files.readString(output.resolve("calm.json")));
    assertThat(calm.at("/rules/net/saved").isNumber()).isTrue();
    assertThat(calm.at("/best_baseline/net/name").isString()).isTrue();
    assertThat(output.resolve("eager/report.html")).exists();
  }
}
