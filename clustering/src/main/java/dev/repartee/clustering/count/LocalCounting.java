package dev.repartee.clustering.count;

import dev.repartee.text.Threads;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.privacy.Findings;
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

  /** Findings of later conversations are not kept: those are searched once more. */
  private static final long MOST_KEPT_BYTES = 256L << 20;

  private final int threads;
  private final int chunk;

  /** What {@link #countValues} found in each conversation, in order, for {@link #count}. */
  private final List<Findings> found = new ArrayList<>();

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
    try (Stream<Conversation> conversations = ConversationReader.stream(files)) {
      return count(conversations.iterator(), facts, progress);
    } finally {
      found.clear();
    }
  }

  @Override
  public PublicFacts.Counter countValues(List<Path> files, Consumer<String> progress) {
    PublicFacts.Counter all = new PublicFacts.Counter();
    ConversationCounter.Shared shared = new ConversationCounter.Shared();
    long[] bytes = {0};
    found.clear();
    try (Stream<Conversation> conversations = ConversationReader.stream(files)) {
      inChunks(
          conversations.iterator(),
          (first, some) -> {
            PublicFacts.Counter values = new PublicFacts.Counter();
            ConversationCounter counter = new ConversationCounter(shared, PublicFacts.NONE);
            List<Findings> ofChunk =
                some.stream()
                    .map(conversation -> counter.countValues(conversation, values))
                    .toList();
            return new Values(values, ofChunk);
          },
          chunk -> {
            all.merge(chunk.values());
            for (Findings one : chunk.found()) {
              bytes[0] += one.size();
              if (bytes[0] <= MOST_KEPT_BYTES) {
                found.add(one);
              }
            }
          });
    }
    return all;
  }

  /** What is counted of a chunk. */
  private record Values(PublicFacts.Counter values, List<Findings> found) {}

  /** Counts {@code conversations}, whose ids must differ. */
  public CorpusTally count(
      Iterator<Conversation> conversations, PublicFacts facts, Consumer<String> progress) {
    CorpusTally all = new CorpusTally(facts);
    ConversationCounter.Shared shared = new ConversationCounter.Shared();
    long[] reported = {0};
    inChunks(
        conversations,
        (first, some) -> counted(first, some, shared, facts),
        tally -> {
          all.merge(tally);
          if (all.conversations() >= reported[0] + REPORT_EVERY) {
            reported[0] = all.conversations();
            progress.accept("%,d conversations counted".formatted(reported[0]));
          }
        });
    return all;
  }

  /** Counts a chunk, given the number of its first conversation. */
  private interface ChunkCount<T> {
    T of(int first, List<Conversation> some);
  }

  /** Counts chunks on several threads, and merges the results on this one. */
  private <T> void inChunks(
      Iterator<Conversation> conversations, ChunkCount<T> count, Consumer<T> merge) {
    Queue<CompletableFuture<T>> running = new ArrayDeque<>();
    int next = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      while (conversations.hasNext()) {
        List<Conversation> some = nextChunk(conversations);
        int first = next;
        next += some.size();
        running.add(CompletableFuture.supplyAsync(() -> count.of(first, some), pool));
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

  private CorpusTally counted(
      int first, List<Conversation> some, ConversationCounter.Shared shared, PublicFacts facts) {
    CorpusTally tally = new CorpusTally();
    ConversationCounter counter = new ConversationCounter(shared, facts);
    for (int i = 0; i < some.size(); i++) {
      if (first + i < found.size()) {
        counter.count(some.get(i), found.get(first + i), tally);
      } else {
        counter.count(some.get(i), tally);
      }
    }
    return tally;
  }
}
