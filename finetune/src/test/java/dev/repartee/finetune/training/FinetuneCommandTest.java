package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.GoldenModel;
import dev.repartee.finetune.testing.TinyBase;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command from conversations to a model that the other commands take. */
class FinetuneCommandTest {

  private static final String ANSWER = "Let me check that for you.";
  private static final String[] LONG = {"--max-tokens", "513", "--batch-tokens", "1024"};
  private static final String[] SMALL_BATCH = {"--max-tokens", "64", "--batch-tokens", "63"};
  private static final Message REPLY = Message.agent(ANSWER);

  /** Without it the conversations would be too short to be known again. */
  private static final String STORY =
      "Hi it is me we are to go by six or so and I am to be at it if it is ok";

  @TempDir private Path folder;
  private Path base;
  private Path conversations;
  private Path answers;

  @BeforeEach
  void writeData() throws IOException {
    base = TinyBase.write(folder.resolve("base"));
    conversations = write("train", 0, 24);
    answers = folder.resolve("answers.json");
    Answer answer = new Answer("a-1", ANSWER, 24, 3, List.of(new Phrasing(ANSWER, 24)));
    Answer other = new Answer("a-2", "Goodbye.", 30, 3, List.of(new Phrasing("Goodbye.", 30)));
    PublicFacts facts =
        PublicFacts.of(List.of(new Fact(PersonalData.TIME, "8 pm", 24, 3), Fact.term("Quillmail")));
    AnswerSetFile.write(answers, new AnswerSet(List.of(answer, other), facts));
  }

  private Path write(String name, int from, int to) {
    Path file = folder.resolve(name + ".jsonl");
    ConversationWriter.write(
        file,
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    new Conversation(
                        "c-" + i,
                        Optional.of("a-" + i % 3),
                        Optional.empty(),
                        List.of(Message.customer(story(i) + ". Where is order " + i + "?"), REPLY)))
            .toList());
    return file;
  }

  /** In another order for each customer: equal ones would be copies. */
  private static String story(int number) {
    List<String> words = new ArrayList<>(List.of(STORY.split(" ")));
    Collections.shuffle(words, new Random(number));
    return String.join(" ", words);
  }

  private CommandRun finetune(Path output, String... more) {
    List<String> args = new ArrayList<>(List.of("finetune"));
    args.addAll(List.of("--conversations", conversations.toString()));
    args.addAll(List.of("--answers", answers.toString(), "--output", output.toString()));
    args.addAll(List.of("--learning-rate", "3e-3"));
    // Without these each run measures the machine first.
    if (!List.of(more).contains("--precision")) {
      args.addAll(List.of("--precision", "fp32"));
    }
    if (!List.of(more).contains("--lanes")) {
      args.addAll(List.of("--lanes", "1"));
    }
    if (!List.of(more).contains("--max-tokens")) {
      args.addAll(List.of("--max-tokens", "64", "--batch-tokens", "72"));
    }
    args.addAll(List.of(more));
    return CommandRun.of(new Main(), args);
  }

  @Test
  void learnsTheAnswerAndEveryOtherCommandTakesTheModel() throws IOException {
    Path run = folder.resolve("run");
    String store = folder.resolve("registry").toString();
    String[] options = {
      "--base", base.toString(), "--epochs", "6", "--max-tokens", "128", "--batch-tokens", "128"
    };
    CommandRun trained = finetune(run, with(options, "--store", store));
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.json().path("validation_loss").asDouble()).isLessThan(2);

    Path model = run.resolve("model");
    Manifest.read(model).verify(model);
    // Serving leaves readable what training left.
    assertThat(model.resolve("answers.json")).hasSameTextualContentAs(answers);
    Path question = folder.resolve("question.json");
    Files.writeString(
        question,
        "{\"id\":\"q\",\"messages\":[{\"role\":\"customer\",\"text\":\"Where is order 77?\"}]}");
    CommandRun suggested =
        run("suggest", "--model", model, "--conversations", question, "--draft", "Let me ch");
    assertThat(suggested.out()).contains("eck that for you");
    CommandRun answered = run("suggest", "--model", model, "--conversations", question);
    assertThat(answered.json().path("suggestions").path(0).path("text").asString())
        .isEqualTo(ANSWER);
    assertMeasuresOnlyWhatIsNew(model);
    assertThat(trained.err()).contains("has no trained-on.bin, so its training data is not known");
    byte[] keys = Files.readAllBytes(model.resolve(ConversationKeys.FILE));
    assertThat(keys).as("five of 24 are set aside").hasSize(19 * Long.BYTES);
    assertFetchedIsTheSame(model);
    assertSaltIsThatOf(store, model);
    // Also when the run goes on without it.
    Folders.delete(model);
    assertThat(finetune(run, with(options, "--resume")).exitCode()).isZero();
    assertThat(model.resolve(ConversationKeys.FILE)).hasBinaryContent(keys);
    assertSaltIsThatOf(store, model);
    assertBf16AgreesWithFp32(model);
  }

  /** What they write comes last, after all the work. */
  @Test
  void anOutputThatCannotBeWrittenIsRefusedAtOnce() {
    String refusal = conversations + " is not a folder that you may write to";
    Path output = conversations.resolve("run");
    assertThat(run("evaluate", "--model=m", "--conversations=none", "--output=" + output).err())
        .contains(refusal);
  }

  private void assertMeasuresOnlyWhatIsNew(Path model) {
    CommandRun refused = run("evaluate", "--model", model, "--conversations", conversations);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "train.jsonl: 19 of its conversations are in the training data of "
                + model
                + ", such as 'c-");
    assertThat(
            run("evaluate", "--calibrate", "--model", model, "--conversations", conversations)
                .err())
        .contains("must be new to the model");
    Path others = write("others", 100, 108);
    CommandRun measured = run("evaluate", "--model", model, "--conversations", others);
    assertThat(measured.json().path("rules").path("net").path("saved").asDouble())
        .isGreaterThan(50);
    assertThat(measured.json().path("proposable").path("lost_to_words").isNumber()).isTrue();
  }

  @Test
  void validatesOnNothingThatTheBaseWasTrainedOn() throws IOException {
    Path run = folder.resolve("run");
    Path others = write("others", 100, 103);
    keysOf(conversations).with(keysOf(others)).write(base);
    String[] options = {"--base", base.toString(), "--max-steps", "1"};
    CommandRun refused = finetune(run, with(options, "--validation", others.toString()));
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("others.jsonl: 3 of its conversations are in the training data of --base " + base)
        .contains("such as 'c-100'; what is", "split --new-to");
    assertThat(run.resolve("run.json")).doesNotExist();
    CommandRun trained = finetune(run, options);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("5 of the conversations that are set aside");
    ConversationKeys keys = ConversationKeys.read(run.resolve("model")).orElseThrow();
    assertThat(ConversationReader.readAll(List.of(conversations, others)))
        .as("its own and those of its base")
        .allMatch(keys::contains);
  }

  @Test
  void trainingGoesOnFromACalibratedModel() throws IOException {
    Path trial = folder.resolve("trial");
    assertThat(finetune(trial, "--base", "random:tiny", "--max-steps", "1").exitCode()).isZero();
    Path model = trial.resolve("model");
    Path run = folder.resolve("run");
    String[] options = {"--base", model.toString(), "--max-steps", "1", "--keep-calibration"};
    CommandRun refused = finetune(run, options);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--base " + model + " is not calibrated");
    assertThat(run.resolve("run.json")).doesNotExist();
    TinyModel.showsAll().write(model);
    ModelCard.read(model).withInt8(true).write(model);
    Manifest.of(model).write(model);
    CommandRun trained = finetune(run, options);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).as("read before, as is known").doesNotContain("set aside");
    assertThat(trained.json().path("training_seconds").asDouble()).isPositive();
    ModelCard card = ModelCard.read(run.resolve("model"));
    assertThat(Calibration.read(run.resolve("model"))).isEqualTo(TinyModel.showsAll());
    assertThat(card.int8Allowed()).isTrue();
    assertThat(card.redacted()).as("its own").isTrue();
    assertThat(card.provenance().dataSha256().keySet())
        .anyMatch(key -> key.endsWith("calibration.json"));
  }

  private static ConversationKeys keysOf(Path file) {
    return ConversationKeys.of(ConversationReader.readAll(List.of(file)).stream());
  }

  private static String[] with(String[] options, String... more) {
    return Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static void assertSaltIsThatOf(String uri, Path model) throws IOException {
    try (ObjectStore store = ObjectStores.open(uri)) {
      String salt = AgentSalt.find(store).orElseThrow();
      JsonNode memory = Json.COMPACT.readTree(Files.readString(model.resolve("memory.json")));
      assertThat(memory.at("/salts/agents").asString()).isEqualTo(salt);
      assertThat(memory.path("agents")).hasSize(3);
    }
  }

  /** The most probable next token of at least 98% of the positions of a conversation. */
  private static void assertBf16AgreesWithFp32(Path model) {
    int[] ids;
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(model)) {
      PromptFormat format = new PromptFormat(tokenizer);
      ids =
          IntStream.range(0, 8)
              .mapToObj(i -> List.of(Message.customer("Where is order " + i + "?"), REPLY))
              .flatMapToInt(pair -> pair.stream().flatMapToInt(m -> IntStream.of(format.encode(m))))
              .toArray();
    }
    int[] exact = mostProbable(model, Precision.FP32, ids);
    int[] rounded = mostProbable(model, Precision.BF16, ids);
    long same = IntStream.range(0, ids.length).filter(i -> exact[i] == rounded[i]).count();
    assertThat(same).isGreaterThanOrEqualTo((long) Math.ceil(0.98 * ids.length));
  }

  private static int[] mostProbable(Path folder, Precision precision, int[] ids) {
    try (Gpt2 model = TestDevice.load(folder, precision);
        KvCache cache = model.newCache(ids.length)) {
      return model.step(cache, ids, ids.length).stream()
          .mapToInt(
              logits ->
                  IntStream.range(0, logits.length)
                      .reduce(0, (best, i) -> logits[i] > logits[best] ? i : best))
          .toArray();
    }
  }

  private static CommandRun run(Object... args) {
    return CommandRun.of(new Main(), args);
  }

  private void assertFetchedIsTheSame(Path model) throws IOException {
    Path fetched = folder.resolve("fetched");
    try (ObjectStore store = ObjectStores.open(folder.resolve("registry").toString())) {
      ModelRegistry registry = new ModelRegistry(store);
      ModelVersion version = registry.publish("acme", model);
      registry.fetch(version, fetched);
    }
    try (Stream<Path> files = Files.walk(model)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(7);
      for (Path file : all) {
        assertThat(fetched.resolve(model.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  @Tag("slow")
  @Test
  void theSameSeedGivesTheSameBytesAndATrainedModelCanBeABase() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    for (Path run : List.of(first, second)) {
      CommandRun trained =
          finetune(run, "--base", "random:tiny", "--max-steps", "2", "--seed", "5", "--lanes", "2");
      assertThat(trained.exitCode()).as(trained.err()).isZero();
    }
    assertThat(second.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(first.resolve("model/model.safetensors"));
    Path more = folder.resolve("more");
    Path words = first.resolve("model").resolve(CommonWords.FILE);
    assertThat(Files.readAllLines(words)).contains("order", "check").doesNotContain("17");
    Files.writeString(words, Files.readAllLines(words).getFirst() + "\nquorvex\n");
    Manifest.of(words.getParent()).write(words.getParent());
    CommandRun continued =
        finetune(more, "--base", first.resolve("model").toString(), "--max-steps", "2");
    assertThat(continued.exitCode()).as(continued.err()).isZero();
    assertThat(Files.readAllLines(more.resolve("model").resolve(CommonWords.FILE)))
        .as("its own words and those that its base learned")
        .contains("order", "quorvex");
  }

  @Test
  void aResumedRunKeepsTheVocabularyThatItLearned() throws IOException {
    Path run = folder.resolve("run");
    String[] options = {"--base", "random:tiny", "--max-steps", "1", "--seed", "5"};
    CommandRun trained = finetune(run, options);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(trained.err()).as("random weights have read nothing").doesNotContain("--base");
    // Another version might learn another vocabulary from the same conversations.
    Path vocabulary = run.resolve("data").resolve(Gpt2Tokenizer.FILE);
    Files.writeString(vocabulary, Files.readString(vocabulary) + "\n");
    Folders.delete(run.resolve("model"));
    CommandRun resumed = finetune(run, with(options, "--resume"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(run.resolve("model").resolve(Gpt2Tokenizer.FILE)).hasSameBinaryContentAs(vocabulary);
  }

  @Test
  void wrongInputIsNamed() {
    assertFails(2, "--precision int8 is for running a model", "random:tiny", "--precision", "int8");
    assertFails(1, "--device cuda:99: ", "random:tiny", "--device", "cuda:99");
    assertFails(2, "'tpu' is unknown", "random:tiny", "--device", "tpu");
    assertFails(2, "--base random:huge is unknown; sizes are gpt2, small, tiny", "random:huge");
    assertFails(1, "nowhere: no such folder; give", "nowhere");
    assertFails(1, "no such folder; did you mean 'support-14m'?", "support14m");
    assertFails(2, "--epochs must be at least 1 but is 0", "random:tiny", "--epochs", "0");
    assertFails(2, "epoch", "random:tiny", "--epoch", "3");
    assertFails(2, "must be at most the model's n_positions, 512", "random:tiny", LONG);
    assertFails(2, "--batch-tokens must be at least --max-tokens", "random:tiny", SMALL_BATCH);
  }

  @Test
  void aMisspelledBaseDoesNotWaitForTheBenchmark() {
    for (String base : List.of("random:huge", "nowhere", "acme@production")) {
      CommandRun failed = finetune(folder.resolve("failed"), "--base", base, "--precision", "auto");
      assertThat(failed.exitCode()).as(failed.err()).isPositive();
      assertThat(failed.err()).contains("--base").doesNotContain("precision: ");
    }
    assertThat(finetune(folder.resolve("run"), with(LONG, "--base", "random:tiny")).err())
        .as("says otherwise which it took")
        .contains("precision: FP32");
  }

  @Test
  void aTokenizerOfAnotherModelIsNamed() throws IOException {
    Path golden = GoldenModel.copyTo(folder.resolve("golden")).folder();
    try (Gpt2Tokenizer standard = StandardVocabulary.tokenizer()) {
      standard.write(golden);
    }
    assertFails(1, "tokenizer.json has ids up to 50256 but", golden.toString());
  }

  private void assertFails(int code, String message, String base, String... more) {
    List<String> args = new ArrayList<>(List.of("--base", base));
    args.addAll(List.of(more));
    CommandRun failed = finetune(folder.resolve("failed"), args.toArray(String[]::new));
    assertThat(failed.err()).contains(message);
    assertThat(failed.exitCode()).isEqualTo(code);
    assertThat(folder.resolve("failed/model")).doesNotExist();
  }
}
