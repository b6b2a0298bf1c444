package dev.repartee.finetune.models;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.Forgotten;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every file of a version, damaged in many ways: it is read, or refused in one line that names it,
 * soon and with little memory. Nothing else may come of a file of a stranger.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedFilesTest {

  private static final int FEW = 6;
  private static final int MANY = 2_000;

  /** Of so many mutations one is read by a whole engine, which takes long. */
  private static final int SAMPLE = 40;

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long MOST_BYTES = 1 << 30;

  private static final List<Message> CONTEXT =
      List.of(Message.customer("is the order on the way?"));
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1000000000",
          "2147483647",
          "-2147483648",
          "9223372036854775807",
          "99999999999999999999",
          "1e999",
          "1e-999",
          "0.5",
          "1e999999999");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"x\"",
          "\"../x\"",
          "[]",
          "{}",
          "[null]",
          "{\"a\": null}",
          "[".repeat(100_000),
          "[".repeat(400) + "]".repeat(400));
  private static final int[] LENGTHS = {0x7fffffff, -1, 0x80000000, 0, 1 << 30};
  private static final String PLACE = "\"placeholder-of-a-mutation\"";

  @FunctionalInterface
  private interface Reader {
    void read(Path folder) throws IOException;
  }

  private Path folder;
  private SuggestionEngine engine;
  private final Map<String, Reader> readers = new TreeMap<>();

  @BeforeAll
  void writeVersion(@TempDir Path temporary) throws IOException {
    Path intact = temporary.resolve("intact");
    AnswerSet answers = TinyModel.answers("Your order is on the way.", "You are welcome!");
    Gpt2Config config = TinyModel.writeThatShowsAll(intact, answers);
    TinyModel.rememberOwn(intact, "agent-7", "Your order is in the house.", "salt");
    Random random = new Random(3);
    float[] rows = new float[3 * config.width()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) random.nextGaussian();
    }
    new AnswerHead(rows, new float[3]).write(intact, answers);
    Calibration.NONE.write(intact);
    AnswerLibraryFile.write(
        intact.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(
            List.of(new AnswerLibrary.Entry("hours", "You can order on the name of a customer.")),
            List.of("house of cards")));
    Forgotten.of(Set.of("0123456789abcdef"), Set.of("fedcba9876543210")).write(intact);
    Files.writeString(
        intact.resolve("shortlist.json"),
        IntStream.range(0, config.vocabulary()).boxed().toList().toString());
    List<Conversation> conversations =
        IntStream.range(0, 4)
            .mapToObj(
                n ->
                    new Conversation(
                        "c-" + n,
                        List.of(
                            CONTEXT.getFirst(),
                            Message.agent("Your order is on the way, it is number " + n))))
            .toList();
    CommonWords.Counter words = new CommonWords.Counter();
    conversations.forEach(words::add);
    words.common().write(intact);
    ConversationKeys.of(conversations.stream()).write(intact);
    Files.writeString(
        intact.resolve(BuiltFrom.FILE), Json.PRETTY.writeValueAsString(BuiltFrom.NOTHING));
    engine = SuggestionEngine.load(intact, new EngineOptions(Compute.cpu(Precision.FP32)));
    GoldenPrompt.record(engine).write(intact);
    Manifest.of(intact).write(intact);
    folder = temporary.resolve("damaged");
    List<String> files = files(intact);
    for (String file : files) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(intact.resolve(file), folder.resolve(file));
    }

    for (String file : List.of("config.json", "model.safetensors", "shortlist.json")) {
      readers.put(file, DamagedFilesTest::load);
    }
    readers.put("tokenizer.json", DamagedFilesTest::encode);
    readers.put("words.txt", CommonWords::read);
    readers.put("trained-on.bin", ConversationKeys::read);
    readers.put("repartee.json", ModelCard::read);
    readers.put("golden.json", GoldenPrompt::read);
    readers.put("knowledge.json", BuiltFrom::read);
    readers.put("manifest.json", at -> Manifest.read(at).verify(at));
    files.forEach(file -> readers.putIfAbsent(file, this::know));
  }

  private static List<String> files(Path of) throws IOException {
    try (Stream<Path> files = Files.walk(of)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> of.relativize(file).toString())
          .toList();
    }
  }

  @AfterAll
  void close() {
    engine.close();
  }

  private static void encode(Path at) {
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(at)) {
      tokenizer.decode(tokenizer.encode("Your order is on the way, \u00e9\u20ac."));
    }
  }

  /** Reads what a version knows, and suggests by it. */
  private void know(Path at) {
    engine.reload(at);
    suggest(engine);
  }

  private static void load(Path at) {
    try (SuggestionEngine whole =
        SuggestionEngine.load(at, new EngineOptions(Compute.cpu(Precision.INT8)))) {
      suggest(whole);
    }
  }

  private static void suggest(SuggestionEngine engine) {
    try (ReplySession session = engine.open(CONTEXT, Desk.ofAgent(Optional.of("agent-7")))) {
      for (String draft : List.of("", "You", "Your order ")) {
        session.suggest(draft, 3);
      }
    }
  }

  @Test
  @Timeout(60)
  void aDamagedFileIsReadOrRefused() throws IOException {
    damage(FEW);
  }

  @Test
  @Tag("slow")
  @Timeout(7200)
  void aFileDamagedInTwoThousandWaysIsReadOrRefused() throws IOException {
    damage(MANY);
  }

  private void damage(int mutations) throws IOException {
    Map<String, String> failures = new TreeMap<>(); // one of a kind
    for (Map.Entry<String, Reader> reader : readers.entrySet()) {
      Path file = folder.resolve(reader.getKey());
      byte[] intact = Files.readAllBytes(file);
      long started = System.nanoTime();
      int refused = 0;
      for (int seed = 0; seed < mutations; seed++) {
        write(file, mutated(reader.getKey(), intact, new Random(seed)));
        boolean whole = seed % SAMPLE == 1;
        Optional<String> failure = failure(whole ? DamagedFilesTest::load : reader.getValue());
        if (failure.isPresent() && failure.get().equals(REFUSED)) {
          refused++;
        } else if (failure.isPresent()) {
          failures.putIfAbsent(
              reader.getKey() + ": " + failure.get(),
              "mutation " + seed + (whole ? ", whole" : ""));
        }
      }
      write(file, intact);
      System.out.printf(
          "%s: %d of %d refused in %.1f s%n",
          reader.getKey(), refused, mutations, (System.nanoTime() - started) / 1e9);
    }
    assertThat(failures).isEmpty();
  }

  private static final String REFUSED = "";

  /** What went wrong; {@link #REFUSED} where the file was refused as it should be. */
  private Optional<String> failure(Reader reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = threads.getCurrentThreadAllocatedBytes();
    long started = System.nanoTime();
    Optional<String> failure = Optional.empty();
    try {
      reader.read(folder);
    } catch (UserException e) {
      boolean named =
          e.getMessage().contains(folder.toString()) && e.getMessage().lines().count() == 1;
      failure =
          Optional.of(named ? REFUSED : "does not name a file in one line: " + e.getMessage());
    } catch (Throwable e) {
      failure =
          Optional.of(
              e
                  + Arrays.stream(e.getStackTrace())
                      .filter(frame -> frame.getClassName().startsWith("dev.repartee"))
                      .limit(3)
                      .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                      .reduce("", String::concat));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    if (took.compareTo(LONGEST) > 0) {
      return Optional.of("took longer than " + LONGEST);
    }
    return threads.getCurrentThreadAllocatedBytes() - bytes > MOST_BYTES
        ? Optional.of("took more than " + MOST_BYTES + " bytes")
        : failure;
  }

  /** A new file: others may be mapped or linked. */
  private static void write(Path file, byte[] content) throws IOException {
    Files.delete(file);
    Files.write(file, content);
  }

  private static byte[] mutated(String name, byte[] intact, Random random) {
    boolean json = name.endsWith(".json");
    boolean tensors = name.endsWith(".safetensors");
    if ((json && random.nextInt(3) > 0) || (tensors && random.nextBoolean())) {
      return tensors ? withHeader(intact, random) : otherJson(intact, random);
    }
    byte[] bytes = intact.clone();
    // Most of what decides stands at the beginning.
    int most = random.nextBoolean() ? Math.min(bytes.length, 256) : bytes.length;
    int at = most == 0 ? 0 : random.nextInt(most);
    switch (random.nextInt(6)) {
      case 0 -> {
        for (int n = random.nextInt(8); n >= 0; n--) {
          bytes[random.nextInt(most)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> bytes = Arrays.copyOf(bytes, at);
      case 2 -> bytes = joined(bytes, at, randomBytes(random), at);
      case 3 -> bytes = joined(bytes, at, new byte[0], at + random.nextInt(bytes.length - at));
      case 4 -> bytes = joined(bytes, at, Arrays.copyOfRange(bytes, at / 2, at), at);
      default -> {
        ByteBuffer length = ByteBuffer.allocate(random.nextBoolean() ? 4 : 8);
        length.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        while (length.hasRemaining()) {
          length.putInt(LENGTHS[random.nextInt(LENGTHS.length)]);
        }
        int where = random.nextBoolean() ? at / 4 * 4 : at;
        System.arraycopy(
            length.array(), 0, bytes, where, Math.min(length.capacity(), bytes.length - where));
      }
    }
    return bytes;
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(64)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(byte[] bytes, int begin, byte[] between, int rest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, begin);
    out.writeBytes(between);
    out.write(bytes, rest, bytes.length - rest);
    return out.toByteArray();
  }

  /** The same tensors with another header of the right length. */
  private static byte[] withHeader(byte[] intact, Random random) {
    int length = (int) ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = otherJson(Arrays.copyOfRange(intact, 8, 8 + length), random);
    ByteBuffer whole =
        ByteBuffer.allocate(intact.length - length + header.length).order(ByteOrder.LITTLE_ENDIAN);
    whole.putLong(header.length).put(header).put(intact, 8 + length, intact.length - 8 - length);
    return whole.array();
  }

  /** The same document with another value in one place, without it, or with one that is doubled. */
  private static byte[] otherJson(byte[] intact, Random random) {
    JsonNode root;
    try {
      root = Json.COMPACT.readTree(intact);
    } catch (JacksonException e) {
      throw new AssertionError(new String(intact, ISO_8859_1), e);
    }
    List<Runnable> changes = new ArrayList<>();
    JsonNode placeholder = Json.COMPACT.readTree(PLACE);
    collect(root, placeholder, random, changes);
    changes.get(random.nextInt(changes.size())).run();
    List<String> values = random.nextBoolean() ? NUMBERS : VALUES;
    String value = values.get(random.nextInt(values.size()));
    boolean whole = random.nextInt(50) == 0; // in place of the document
    return (whole ? value : Json.COMPACT.writeValueAsString(root).replace(PLACE, value))
        .getBytes(UTF_8);
  }

  private static void collect(
      JsonNode node, JsonNode placeholder, Random random, List<Runnable> changes) {
    if (node instanceof ObjectNode object) {
      for (String name : object.propertyNames()) {
        changes.add(() -> object.set(name, placeholder));
        changes.add(
            random.nextBoolean() ? () -> object.set(name, placeholder) : () -> object.remove(name));
        collect(object.get(name), placeholder, random, changes);
      }
    } else if (node instanceof ArrayNode array) {
      changes.add(() -> array.add(placeholder));
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        changes.add(() -> array.set(at, placeholder));
        changes.add(() -> array.insert(at, array.get(at)));
        collect(array.get(i), placeholder, random, changes);
      }
    }
  }
}
