package dev.repartee.lab.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.search.ContextTerms;
import dev.repartee.engine.search.MemoryIndex;
import dev.repartee.engine.suggest.AnswerHead;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.KnowledgeSources;
import dev.repartee.engine.suggest.Memory;
import dev.repartee.engine.suggest.MemoryBuilder;
import dev.repartee.engine.suggest.MemoryFile;
import dev.repartee.engine.suggest.Shortlist;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TypedText;
import dev.repartee.engine.suggest.Wordings;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.DotProduct;
import dev.repartee.text.UserException;
import dev.repartee.text.WordRule;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times a memory of made-up replies; {@code scripts/bench-memory} runs it. */
@Command(
    name = "benchmark-memory",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Builds a memory of made-up replies, or times a service or a builder with it.")
public final class MemoryBenchmarkCommand implements Callable<Integer> {

  private static final String SALT = "salt";
  private static final int SHOWN = 3;
  private static final int NEIGHBOURS = 200;
  private static final int WORDED_ALIKE = 100;

  /** Messages that are timed, and those before that Java is compiled with. */
  private static final int MESSAGES = 300;

  private static final int WARM_UP = 100;

  /** Contexts whose exact neighbours are computed. */
  private static final int COMPARED = 20;

  private static final int LIBRARY = 200;
  private static final int NEVER = 20;
  private static final int TYPED = 100;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model whose memory it is, such as benchmark-model writes.")
  private Path model;

  @Option(
      names = "--entries",
      required = true,
      paramLabel = "N",
      description = "How many replies the memory holds.")
  private int entries;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Model folder with the memory: built if it does not exist, otherwise timed.")
  private Path output;

  @Option(
      names = "--next",
      description = "Times the next build: the memory with 100 texts that were typed since.")
  private boolean next;

  @Mixin private ComputeOptions compute;

  private final Map<String, Object> result = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (entries < 1) {
      throw UserException.usage("--entries must be at least 1 but is " + entries);
    }
    result.put("entries", entries);
    try {
      List<float[]> states = states();
      MadeUpReplies replies = new MadeUpReplies(entries, states);
      if (!Files.exists(output)) {
        build(replies, states.getFirst().length);
      } else if (next) {
        buildNext(replies);
      } else {
        serve(replies);
      }
    } catch (IOException e) {
      throw new UserException(
          "%s: %s; it takes 10 KB of disk for each reply while it is built".formatted(output, e),
          e);
    }
    System.out.println(Json.COMPACT.writeValueAsString(result));
    return 0;
  }

  /** Those of the model, which are kept beside the output. */
  private List<float[]> states() throws IOException {
    Path file = output.resolveSibling(output.getFileName() + ".states");
    if (!Files.exists(file)) {
      long began = System.nanoTime();
      List<float[]> states = MadeUpReplies.states(model);
      result.put("model_seconds", seconds(began));
      try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
        out.writeInt(states.size());
        for (float[] state : states) {
          out.writeInt(state.length);
          for (float value : state) {
            out.writeFloat(value);
          }
        }
      }
    }
    List<float[]> states = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      int count = in.readInt();
      for (int n = 0; n < count; n++) {
        float[] state = new float[in.readInt()];
        for (int c = 0; c < state.length; c++) {
          state[c] = in.readFloat();
        }
        states.add(state);
      }
    }
    return states;
  }

  private void build(MadeUpReplies replies, int width) throws IOException {
    ProcessMemory.trim();
    Files.writeString(Path.of("/proc/self/clear_refs"), "5"); // the peak counts from here on
    MemoryBuilder builder = new MemoryBuilder(width, SALT, new Wordings(new AnswerSet(List.of())));
    long made = 0;
    long cpu = cpu();
    long began = System.nanoTime();
    for (int c = 0; c * MadeUpReplies.OF_CONVERSATION < entries; c++) {
      long before = System.nanoTime();
      List<MemoryBuilder.AgentReply> given = replies.conversation(c);
      made += System.nanoTime() - before;
      builder.add(given, Optional.of("agent-" + replies.agent(c)), "c-" + c);
    }
    result.put("add_seconds", seconds(began + made));
    Memory memory = builder.build();
    result.put("built_after_seconds", seconds(began + made));
    link();
    MemoryFile.write(memory, output);
    result.put("build_seconds", seconds(began + made));
    result.put("build_cpu_seconds", (cpu() - cpu - made) / 1e9);
    result.put("build_peak_bytes", new ProcessMemory().peak().orElse(0));
    Memory.Size size = memory.size();
    result.put("agents", size.agents());
    result.put("texts_for_all", size.sharedTexts());
    result.put("texts_of_agents", size.ownTexts());
    AnswerLibraryFile.write(output.resolve(AnswerLibraryFile.FILE), library());
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(output)) {
      Shortlist.write(output, tokenizer, memory);
    }
    Manifest.of(output).write(output);
    result.put("memory_json_bytes", Files.size(output.resolve("memory.json")));
    result.put("index_bytes", size(output.resolve("memory/index")));
    result.put("followers_bytes", Files.size(output.resolve("memory/followers.bin")));
  }

  /** The model's files but for what the memory and a library have. */
  private void link() throws IOException {
    Files.createDirectories(output);
    Set<String> others =
        Set.of(Knowledge.ANSWERS_FILE, AnswerHead.FILE, "answer_head.json", Manifest.FILE);
    for (Path file : Folders.list(model)) {
      if (Files.isRegularFile(file) && !others.contains(file.getFileName().toString())) {
        Files.createLink(output.resolve(file.getFileName()), file);
      }
    }
  }

  private static AnswerLibrary library() {
    return new AnswerLibrary(
        IntStream.range(0, LIBRARY)
            .mapToObj(n -> new AnswerLibrary.Entry("e-" + n, MadeUpReplies.text(n, 10)))
            .toList(),
        IntStream.range(0, NEVER).mapToObj(n -> MadeUpReplies.text(n, 11)).toList());
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void serve(MadeUpReplies replies) throws IOException {
    EngineOptions options = new EngineOptions(compute.forInference(output));
    readFiles();
    long cpu = cpu();
    long began = System.nanoTime();
    Manifest.read(output).verify(output);
    result.put("verify_seconds", seconds(began));
    long verified = System.nanoTime();
    try (SuggestionEngine engine = SuggestionEngine.load(output, options)) {
      result.put("load_seconds", seconds(verified));
      message(engine, MadeUpReplies.context(-1), "agent-0").close();
      result.put("start_seconds", seconds(began));
      result.put("start_cpu_seconds", (cpu() - cpu) / 1e9);
      time(engine, replies);
      System.gc();
      ProcessMemory.trim();
      result.put("resident_bytes", new ProcessMemory().resident().orElse(0));
    }
    try (MemoryIndex index = MemoryIndex.open(output.resolve("memory/index"))) {
      search(replies, index);
      result.put("recall", recall(replies, index));
    }
  }

  private void readFiles() throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, OutputStream.nullOutputStream());
      }
    }
  }

  private void time(SuggestionEngine engine, MadeUpReplies replies) {
    Times messages = new Times("message");
    Times recalls = new Times("recall");
    for (int q = -WARM_UP; q < MESSAGES; q++) {
      List<Message> context = MadeUpReplies.context(-1000 - q);
      String agent = "agent-" + Math.floorMod(q, replies.agents());
      messages.start();
      try (EngineSession session = message(engine, context, agent)) {
        messages.end(q);
        recalls.start();
        var _ = session.entryLikelihoods();
        recalls.end(q);
      }
    }
    messages.put(result);
    recalls.put(result);
  }

  /**
   * How long something takes, and how long the processor works for it: on a busy machine only the
   * latter says something.
   */
  private static final class Times {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String what;
    private final long[] nanos = new long[MESSAGES];
    private final long[] cpu = new long[MESSAGES];
    private long start;
    private long cpuStart;

    Times(String what) {
      this.what = what;
    }

    void start() {
      cpuStart = THREADS.getCurrentThreadCpuTime();
      start = System.nanoTime();
    }

    /** Below 0 nothing counts. */
    void end(int number) {
      if (number >= 0) {
        nanos[number] = System.nanoTime() - start;
        cpu[number] = THREADS.getCurrentThreadCpuTime() - cpuStart;
      }
    }

    void put(Map<String, Object> result) {
      put(result, what, Timing.of(nanos));
      put(result, what + "_cpu", Timing.of(cpu));
    }

    private static void put(Map<String, Object> result, String name, Timing timing) {
      result.put(name + "_median_ms", timing.median());
      result.put(name + "_p95_ms", timing.p95());
    }
  }

  private static EngineSession message(SuggestionEngine engine, List<Message> context, String id) {
    EngineSession session = engine.open(context, Desk.ofAgent(Optional.of(id)));
    var _ = session.replies(SHOWN);
    return session;
  }

  private void search(MadeUpReplies replies, MemoryIndex index) {
    Times byHidden = new Times("by_hidden");
    Times byWords = new Times("by_words");
    for (int q = -WARM_UP; q < MESSAGES; q++) {
      float[] hidden = replies.hidden(-1000 - q);
      ContextTerms terms =
          ContextTerms.of(MadeUpReplies.context(-1000 - q), SALT, WordRule.UNICODE);
      byHidden.start();
      var _ = index.nearest(hidden, NEIGHBOURS);
      byHidden.end(q);
      byWords.start();
      var _ = index.alike(terms, WORDED_ALIKE);
      byWords.end(q);
    }
    byHidden.put(result);
    byWords.put(result);
  }

  /** The share of the exact neighbours by hidden state that the index finds. */
  private double recall(MadeUpReplies replies, MemoryIndex index) {
    record Near(int entry, double cosine) {}
    float[] mean = index.mean();
    List<float[]> queries = new ArrayList<>();
    List<PriorityQueue<Near>> nearest = new ArrayList<>();
    for (int q = 0; q < COMPARED; q++) {
      queries.add(MemoryIndex.centred(replies.hidden(-1000 - q), mean));
      nearest.add(new PriorityQueue<>(Comparator.comparingDouble(Near::cosine)));
    }
    for (int n = 0; n < entries; n++) {
      float[] state = MemoryIndex.centred(replies.hidden(n), mean);
      for (int q = 0; q < COMPARED; q++) {
        nearest.get(q).add(new Near(n, DotProduct.of(queries.get(q), state, 0)));
        if (nearest.get(q).size() > NEIGHBOURS) {
          nearest.get(q).remove();
        }
      }
    }
    double recalled = 0;
    for (int q = 0; q < COMPARED; q++) {
      Set<Integer> found =
          index.nearest(replies.hidden(-1000 - q), NEIGHBOURS).stream()
              .map(MemoryIndex.Hit::entry)
              .collect(Collectors.toSet());
      PriorityQueue<Near> exact = nearest.get(q);
      recalled +=
          (double) exact.stream().filter(one -> found.contains(one.entry())).count() / exact.size();
    }
    return recalled / COMPARED;
  }

  private void buildNext(MadeUpReplies replies) throws IOException {
    int width = Gpt2Config.read(output).width();
    long began = System.nanoTime();
    Knowledge before = Knowledge.read(output, width, false);
    result.put("read_seconds", seconds(began));
    KnowledgeSources sources =
        new KnowledgeSources(
            SALT,
            before.library(),
            Forgotten.NONE,
            IntStream.range(0, TYPED).mapToObj(MemoryBenchmarkCommand::typed).toList());
    Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    long cpu = cpu();
    began = System.nanoTime();
    Knowledge after =
        before
            .build(
                sources,
                (reply, memory) -> {
                  int n = -1 - reply.key().hashCode();
                  return Optional.of(memory.read(replies.hidden(n), reply.context()));
                })
            .knowledge();
    result.put("built_after_seconds", seconds(began));
    Path folder = output.resolveSibling(output.getFileName() + ".next");
    Files.createDirectories(folder);
    after.write(folder);
    result.put("next_seconds", seconds(began));
    result.put("next_cpu_seconds", (cpu() - cpu) / 1e9);
    result.put("replies", after.memory().size().replies());
    result.put("next_peak_bytes", new ProcessMemory().peak().orElse(0));
    Folders.delete(folder);
  }

  /** A text that two agents typed in three conversations. */
  private static TypedText typed(int n) {
    String text = MadeUpReplies.text(n, 12);
    return new TypedText(
        text,
        true,
        Set.of(),
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new TypedText.TypedReply(
                        "t-%d-%d".formatted(n, i),
                        Optional.of(Memory.pseudonym(SALT, "agent-" + i % 2)),
                        Memory.conversationHash(SALT, "t-%d-%d".formatted(n, i)),
                        MadeUpReplies.context(-100_000 - 3 * n - i),
                        text))
            .toList());
  }

  /** What this process used of the processor, in nanoseconds. */
  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
