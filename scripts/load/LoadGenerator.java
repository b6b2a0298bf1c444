import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
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
  private final List<Agent> agents = new ArrayList<>();
  private final Connections connections;
  private final ExecutorService people = Executors.newCachedThreadPool();
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final Map<Kind, Samples> samples = new EnumMap<>(Kind.class);
  private final Samples sendLag = new Samples();
  private final long began = System.nanoTime();
  private final long countsFrom;
  private final long ends;

  private LoadGenerator(Options options, int many) {
    this.options = options;
    for (int number = 0; number < many; number++) {
      String name = "%s-%d-%d".formatted(options.name(), many, number);
      agents.add(new Agent(name, number, options.operatingPoint(), options.conversations()));
    }
    this.connections =
        new Connections(
            options.url(), "/v1/suggestions", System.getenv().getOrDefault(KEY, ""), PATIENCE);
    for (Kind kind : Kind.values()) {
      samples.put(kind, new Samples());
    }
    this.countsFrom = began + options.warmUp().toNanos();
    this.ends = countsFrom + options.measured().toNanos();
  }

  /** Runs with the options of {@link Options}; prints a line of JSON for each number of agents. */
  public static void main(String[] args) throws InterruptedException, IOException {
    Options options;
    try {
      options = Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(2);
      return;
    }
    System.err.print(Report.heading(options));
    for (int many : options.agents()) {
      Report report = new LoadGenerator(options, many).run();
      System.err.print(report.rows());
      System.out.println(report.json());
    }
    System.exit(0);
  }

  private Report run() throws InterruptedException {
    for (int number = 0; number < agents.size(); number++) {
      Agent agent = agents.get(number);
      // At multiples of the golden ratio, so that starts are spread evenly however many there are.
      double start = options.warmUp().toNanos() * (number * GOLDEN_RATIO % 1);
      people.execute(() -> work(agent, began + (long) start));
    }
    sleepUntil(countsFrom);
    Duration before = serviceCpu();
    sleepUntil(ends);
    double cores = (double) serviceCpu().minus(before).toNanos() / options.measured().toNanos();
    long residentMb = serviceMb();
    people.close();
    requests.shutdown();
    if (!requests.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      System.err.println("remark: some requests were never answered, and are not counted");
    }
    Agent.Writing writing =
        agents.stream().map(Agent::writing).reduce(Agent.Writing::plus).orElseThrow();
    return new Report(options, agents.size(), samples, writing, sendLag, cores, residentMb);
  }

  /** CPU time that the service has used so far; none where that is not known. */
  private Duration serviceCpu() {
    return ProcessHandle.of(options.pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** The service's resident memory; 0 where there is no /proc. */
  private long serviceMb() {
    try (Scanner status = new Scanner(Path.of("/proc/" + options.pid() + "/status"))) {
      return status.findWithinHorizon("VmRSS:\\s+", 0) == null ? 0 : status.nextLong() / 1000;
    } catch (IOException e) {
      return 0;
    }
  }

  /** The working day of one agent. */
  private void work(Agent agent, long start) {
    for (long due = start; due < ends; due += agent.pause().toNanos()) {
      sleepUntil(due);
      Agent.Question question = agent.step(due >= countsFrom);
      long dueNow = due;
      // On another thread: a newer keystroke does not wait for the older.
      requests.execute(() -> ask(agent, question, dueNow));
    }
  }

  private void ask(Agent agent, Agent.Question question, long due) {
    long lag = System.nanoTime() - due;
    int status = 0;
    String failure = "";
    boolean inTime = false;
    try {
      Connections.Answer answer = connections.post(question.body(), question.conversation());
      status = answer.status();
      failure = "status " + status;
      inTime =
          status == 200
              && agent.sees(question, Json.texts(answer.body(), "kind"))
              && answer.body().contains("\"complete\":true");
    } catch (IOException e) {
      failure = e.toString();
    }
    long took = System.nanoTime() - due;
    if (!question.counts()) {
      return;
    }
    sendLag.answered(lag, false);
    Samples kind = samples.get(question.kind());
    switch (status) {
      case 200 -> kind.answered(took, inTime);
      case 409 -> kind.superseded(took);
      case 429 -> kind.refused();
      default -> kind.failed(failure);
    }
  }

  private static void sleepUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
