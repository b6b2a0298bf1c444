package dev.repartee.clustering.count;

import dev.repartee.text.Threads;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Copies;
import dev.repartee.text.privacy.PublicFacts;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Counts on the cores of this machine. Only a few chunks of conversations are in memory at a time;
 * what grows with the data is a count for each different passage.
 */
public final class LocalCounting implements CountingEngine {

  /** This engine's name on the command line. */
  public static final String NAME = "local";

  private static final int CHUNK = 128;

  private final int threads;
  private final int chunk;

  /** The values are counted first, then all: what the first reading redacted, the second knows. */
  private final ConversationCounter.Shared shared = new ConversationCounter.Shared();

  private final Map<List<Path>, Set<String>> copies = new HashMap<>(); // in files; ids

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
  public CorpusTally count(
      List<Path> files, PublicFacts facts, int minAgents, Consumer<String> progress) {
    return count(() -> reading(files, progress), facts, minAgents, progress);
  }

  /**
   * Counts conversations, whose ids must differ.
   *
   * @param reading reads all of them
   */
  public CorpusTally count(
      Supplier<Stream<Conversation>> reading,
      PublicFacts facts,
      int minAgents,
      Consumer<String> progress) {
    Repeats repeats = new Repeats(minAgents);
    inChunks(
        reading.get(),
        facts,
        () -> new Repeats(minAgents),
        ConversationCounter::countRepeats,
        repeats::merge);
    progress.accept("counting what repeats");
    CorpusTally all = new CorpusTally(facts, repeats.withoutRare());
    inChunks(
        reading.get(),
        facts,
        () -> new CorpusTally(PublicFacts.NONE, repeats),
        ConversationCounter::count,
        all::merge);
    return all;
  }

  @Override
  public PublicFacts.Counter countValues(
      List<Path> files, PublicFacts terms, Consumer<String> progress) {
    PublicFacts.Counter all = new PublicFacts.Counter();
    inChunks(
        reading(files, progress),
        terms,
        PublicFacts.Counter::new,
        ConversationCounter::countValues,
        all::merge);
    return all;
  }

  private Stream<Conversation> reading(List<Path> files, Consumer<String> progress) {
    Set<String> left = copies.computeIfAbsent(files, all -> Copies.in(all, progress));
    return ConversationReader.stream(files).filter(one -> !left.contains(one.id()));
  }

  /** Adds a conversation to counts. */
  private interface Adding<T> {
    void add(ConversationCounter counter, Conversation conversation, T counts);
  }

  /** Counts chunks on several threads, and merges the results on this one. */
  private <T> void inChunks(
      Stream<Conversation> conversations,
      PublicFacts facts,
      Supplier<T> empty,
      Adding<T> adding,
      Consumer<T> merge) {
    Queue<CompletableFuture<T>> running = new ArrayDeque<>();
    try (conversations;
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      Iterator<Conversation> left = conversations.iterator();
      while (left.hasNext()) {
        List<Conversation> some = nextChunk(left);
        running.add(
            CompletableFuture.supplyAsync(
                () -> {
                  T counts = empty.get();
                  ConversationCounter counter = new ConversationCounter(shared, facts);
                  some.forEach(conversation -> adding.add(counter, conversation, counts));
                  return counts;
                },
                pool));
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
}
