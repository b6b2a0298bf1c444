package dev.repartee.clustering.count;

import dev.repartee.text.Threads;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Copies;
import dev.repartee.text.privacy.PublicFacts;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Counts on the cores of this machine. Only a few chunks of conversations are in memory at a time;
 * what grows with the data is one tally for each different text.
 */
public final class LocalCounting implements CountingEngine {

  /** This engine's name on the command line. */
  public static final String NAME = "local";

  private static final int CHUNK = 128;
  private static final long REPORT_EVERY = 100_000;

  private final int threads;
  private final int chunk;

  /** The values are counted first, then all: what the first reading redacted, the second knows. */
  private final ConversationCounter.Shared shared = new ConversationCounter.Shared();

  public LocalCounting() {
    this(Runtime.getRuntime().availableProcessors(), CHUNK);
  }

  /**
   * @param threads counting threads, besides the one that reads
   * @param chunk conversations that a thread takes at a time; the result does not depend on it
   */
  LocalCounting(int threads, int chunk) {
    if (threads < 1 || chunk < 1) {
      throw new IllegalArgumentException(
          "threads and chunk must be at least 1 but are %d and %d".formatted(threads, chunk));
    }
    this.threads = threads;
    this.chunk = chunk;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public CorpusTally count(List<Path> files, PublicFacts facts, Consumer<String> progress) {
    try (Stream<Conversation> conversations = Copies.without(files, progress)) {
      return count(conversations.iterator(), facts, progress);
    }
  }

  @Override
  public PublicFacts.Counter countValues(
      List<Path> files, PublicFacts terms, Consumer<String> progress) {
    PublicFacts.Counter all = new PublicFacts.Counter();
    try (Stream<Conversation> conversations = Copies.without(files, _ -> {})) {
      inChunks(
          conversations.iterator(),
          some -> {
            PublicFacts.Counter values = new PublicFacts.Counter();
            ConversationCounter counter = new ConversationCounter(shared, terms);
            some.forEach(conversation -> counter.countValues(conversation, values));
            return values;
          },
          all::merge);
    }
    return all;
  }

  /** Counts {@code conversations}, whose ids must differ. */
  public CorpusTally count(
      Iterator<Conversation> conversations, PublicFacts facts, Consumer<String> progress) {
    CorpusTally all = new CorpusTally(facts);
    long[] reported = {0};
    inChunks(
        conversations,
        some -> counted(some, facts),
        tally -> {
          all.merge(tally);
          if (all.conversations() >= reported[0] + REPORT_EVERY) {
            reported[0] = all.conversations();
            progress.accept("%,d conversations counted".formatted(reported[0]));
          }
        });
    return all;
  }

  /** Counts chunks on several threads, and merges the results on this one. */
  private <T> void inChunks(
      Iterator<Conversation> conversations,
      Function<List<Conversation>, T> count,
      Consumer<T> merge) {
    Queue<CompletableFuture<T>> running = new ArrayDeque<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      while (conversations.hasNext()) {
        List<Conversation> some = nextChunk(conversations);
        running.add(CompletableFuture.supplyAsync(() -> count.apply(some), pool));
        // One chunk more than threads, so that no thread waits for the reader.
        if (running.size() > threads + 1) {
          merge.accept(Threads.await(running.remove()));
        }
      }
      running.forEach(task -> merge.accept(Threads.await(task)));
    }
  }

  private List<Conversation> nextChunk(Iterator<Conversation> conversations) {
    List<Conversation> some = new ArrayList<>(chunk);
    while (some.size() < chunk && conversations.hasNext()) {
      some.add(conversations.next());
    }
    return some;
  }

  private CorpusTally counted(List<Conversation> some, PublicFacts facts) {
    CorpusTally tally = new CorpusTally();
    ConversationCounter counter = new ConversationCounter(shared, facts);
    some.forEach(conversation -> counter.count(conversation, tally));
    return tally;
  }
}
