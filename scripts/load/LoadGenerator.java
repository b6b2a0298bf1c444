import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Agents who type at a service, over HTTP. Open-loop: a request is sent when it is due, whether or
 * not those before it were answered, and its latency counts from when it was due, so that a slow
 * service cannot slow down the load that shows its slowness.
 */
public final class LoadGenerator {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The environment variable with the API key to send, where the service wants one. */
  private static final String KEY = "REPARTEE_API_KEY";

  private static final double GOLDEN_RATIO = 0.6180339887498949;

  private final Options options;
  private final Connections connections;
  private final ExecutorService people = Executors.newCachedThreadPool();
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final Map<Kind, Samples> samples = new EnumMap<>(Kind.class);
  private final Samples sendLag;
  private final Timeline timeline = new Timeline();
  private final long began = System.nanoTime();
  private final long countsFrom;
  private final long ends;

  private LoadGenerator(Options options) {
    this.options = options;
    this.connections =
        new Connections(
            options.url(), "/v1/suggestions", System.getenv().getOrDefault(KEY, ""), PATIENCE);
    for (Kind kind : Kind.values()) {
      samples.put(kind, new Samples(options.mostRequests()));
    }
    this.sendLag = new Samples(options.mostRequests());
    this.countsFrom = began + options.warmUp().toNanos();
    this.ends = countsFrom + options.measured().toNanos();
  }

  /** Runs with the options of {@link Options}. */
  public static void main(String[] args) throws InterruptedException, IOException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(2);
      return;
    }
    LoadGenerator generator = new LoadGenerator(options);
    Report report = generator.run();
    if (!options.timeline().isEmpty()) {
      Files.writeString(Path.of(options.timeline()), generator.timeline.csv());
    }
    System.err.print(report.table());
    System.out.println(report.json());
    System.exit(0);
  }

  private Report run() throws InterruptedException {
    Watch service = new Watch(options.pid());
    for (int agent = 0; agent < options.agents(); agent++) {
      int number = agent;
      people.execute(() -> work(number));
    }
    sleepUntil(countsFrom);
    Duration before = service.cpu();
    sleepUntil(ends);
    Duration used = service.cpu().minus(before);
    long residentMb = service.residentMb();
    people.close();
    requests.shutdown();
    if (!requests.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      System.err.println("remark: some requests were never answered, and are not counted");
    }
    Map<Kind, Samples.Figures> figures = new EnumMap<>(Kind.class);
    samples.forEach((kind, of) -> figures.put(kind, of.figures()));
    return new Report(
        options,
        figures,
        sendLag.figures(),
        (double) used.toNanos() / options.measured().toNanos(),
        residentMb,
        service.peakMb());
  }

  /**
   * The working day of one agent. They start within the warm-up, at multiples of the golden ratio:
   * starts at equal distances fall on the same moments between two keys, where 20 agents then sent
   * all their keystrokes at once.
   */
  private void work(int number) {
    Agent agent = new Agent(number, options.operatingPoint());
    long stagger = Math.min(options.warmUp().toNanos(), options.message().toNanos());
    long due = began + (long) (stagger * (number * GOLDEN_RATIO % 1));
    long nextMessage = due;
    while (due < ends) {
      sleepUntil(due);
      Agent.Question question;
      if (due >= nextMessage) {
        question = agent.message();
        nextMessage += options.message().toNanos();
      } else {
        question = agent.keystroke();
      }
      long dueNow = due;
      // On a thread of its own: a newer keystroke does not wait for the older.
      requests.execute(() -> ask(question, dueNow));
      due += options.keystroke().toNanos();
    }
  }

  private void ask(Agent.Question question, long due) {
    boolean counts = due >= countsFrom;
    Samples kind = samples.get(question.kind());
    if (counts) {
      sendLag.answered(System.nanoTime() - due);
    }
    try {
      int status = connections.post(question.body(), question.conversation());
      timeline.add(question.kind(), status == 429);
      long took = System.nanoTime() - due;
      if (counts) {
        switch (status) {
          case 200 -> kind.answered(took);
          case 409 -> {
            kind.superseded();
            if (!options.wants().equals("shed")) {
              kind.answered(took); // too slow for its agent, which the percentiles must show
            }
          }
          case 429 -> kind.refused();
          default -> kind.failed("status " + status);
        }
      }
    } catch (IOException e) {
      timeline.add(question.kind(), false);
      if (counts) {
        kind.failed(e.toString());
      }
    }
  }

  /** The requests that ended in each second, by kind. */
  private static final class Timeline {
    private final SortedMap<Long, Map<Kind, int[]>> seconds = new TreeMap<>();

    synchronized void add(Kind kind, boolean refused) {
      int[] counts =
          seconds
              .computeIfAbsent(Instant.now().getEpochSecond(), _ -> new EnumMap<>(Kind.class))
              .computeIfAbsent(kind, _ -> new int[2]);
      counts[0]++;
      counts[1] += refused ? 1 : 0;
    }

    /** A line for each: second since 1970, kind, requests, refused. */
    synchronized String csv() {
      StringBuilder lines = new StringBuilder();
      seconds.forEach(
          (second, kinds) ->
              kinds.forEach(
                  (kind, counts) ->
                      lines.append("%d,%s,%d,%d%n".formatted(second, kind, counts[0], counts[1]))));
      return lines.toString();
    }
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
