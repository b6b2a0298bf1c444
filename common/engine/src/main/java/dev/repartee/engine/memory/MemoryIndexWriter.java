package dev.repartee.engine.memory;

import dev.repartee.engine.memory.MemoryIndex.Entry;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.StagingFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnByteVectorField;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/**
 * Writes a {@link MemoryIndex}: one segment, whose documents are the entries in their order.
 *
 * <p>Below {@value #EXACT_BELOW} entries it keeps the hidden states as floats, which a search
 * compares one by one. From there on it keeps a byte per number and a graph of neighbours (HNSW,
 * Malkov and Yashunin 2016). The graph is built once, at the end, from files.
 */
public final class MemoryIndexWriter {

  /** From this many entries on neighbours by hidden state are approximate. */
  public static final int EXACT_BELOW = 50_000;

  /** Neighbours of each node of the graph; the lowest layer has twice as many. */
  private static final int CONNECTIONS = 16;

  /** Candidates that are compared when a node is added to the graph. */
  private static final int BEAM = 100;

  /** What is buffered in memory before it is written to a part, in MB. */
  private static final int BUFFER_MB = 128;

  /** Hands over entries, in their order; as often as it is asked, always the same. */
  @FunctionalInterface
  public interface Entries {
    void forEach(Consumer<Entry> consumer);
  }

  /** Hashes and their frequencies, as Lucene reads the words of a text. */
  private static final class HashStream extends TokenStream {
    private final BytesTermAttribute bytes = addAttribute(BytesTermAttribute.class);
    private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
    private ContextTerms.Side terms;
    private int next;

    void read(ContextTerms.Side side) {
      terms = side;
      next = 0;
    }

    @Override
    public boolean incrementToken() {
      if (next == terms.hashes().length) {
        return false;
      }
      clearAttributes();
      bytes.setBytesRef(MemoryIndex.bytes(terms.hashes()[next]));
      frequency.setTermFrequency(terms.counts()[next++]);
      return true;
    }
  }

  private static final FieldType WORDS = new FieldType();

  static {
    MemoryIndex.quietLucene();
    WORDS.setTokenized(true);
    WORDS.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    WORDS.freeze();
  }

  private final float[] mean;
  private final boolean exact;
  private final HashStream customer = new HashStream();
  private final HashStream agent = new HashStream();

  private MemoryIndexWriter(float[] mean, boolean exact) {
    this.mean = mean;
    this.exact = exact;
  }

  /**
   * Writes {@code entries} to {@code folder}, which is new.
   *
   * @param count of the entries
   * @param mean subtracted from the hidden states of entries and of searches
   * @throws IllegalArgumentException when there are not {@code count} entries, or a state has
   *     another width than the mean
   */
  public static void write(Path folder, int count, float[] mean, Entries entries)
      throws IOException {
    write(folder, count, mean, entries, count < EXACT_BELOW);
  }

  static void write(Path folder, int count, float[] mean, Entries entries, boolean exact)
      throws IOException {
    Path parts = folder.resolve("parts");
    try (Directory first = MemoryIndex.directory(parts);
        Directory to = MemoryIndex.directory(folder)) {
      write(first, to, count, mean, entries, exact);
    } finally {
      Folders.delete(parts);
    }
  }

  /**
   * Writes an index on the heap; from {@value #EXACT_BELOW} entries on in a temporary folder, which
   * closing the index deletes.
   */
  public static MemoryIndex temporary(int count, float[] mean, Entries entries) {
    try {
      if (count >= EXACT_BELOW) {
        StagingFolder staged = StagingFolder.temporary("memory");
        write(staged.path(), count, mean, entries);
        return MemoryIndex.openTemporary(staged);
      }
      try (Directory parts = new ByteBuffersDirectory()) {
        Directory to = new ByteBuffersDirectory();
        write(parts, to, count, mean, entries, true);
        return MemoryIndex.of(to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(
      Directory parts, Directory to, int count, float[] mean, Entries entries, boolean exact)
      throws IOException {
    MemoryIndexWriter writer = new MemoryIndexWriter(mean, exact);
    writer.writeParts(parts, count, entries);
    writer.join(parts, to);
  }

  /** Writes each time as many entries as the buffer holds, in order and without a graph. */
  private void writeParts(Directory directory, int count, Entries entries) throws IOException {
    IndexWriterConfig config = config(withoutGraph()).setMergePolicy(NoMergePolicy.INSTANCE);
    try (IndexWriter index = new IndexWriter(directory, config)) {
      entries.forEach(entry -> add(index, entry));
      int written = index.getDocStats().numDocs;
      if (written != count) {
        throw new IllegalArgumentException(
            "an index should hold %d entries but got %d".formatted(count, written));
      }
    }
  }

  private void add(IndexWriter index, Entry entry) {
    try {
      index.addDocument(document(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes one segment of the parts, and the graph. */
  private void join(Directory parts, Directory to) throws IOException {
    int cores = Runtime.getRuntime().availableProcessors();
    try (ExecutorService workers = Executors.newFixedThreadPool(cores);
        DirectoryReader reader = DirectoryReader.open(parts);
        IndexWriter index =
            new IndexWriter(to, config(exact ? withoutGraph() : withGraph(cores, workers)))) {
      CodecReader[] readers =
          reader.leaves().stream().map(LeafReaderContext::reader).toArray(CodecReader[]::new);
      index.addIndexes(readers);
      index.setLiveCommitData(Map.of(MemoryIndex.MEAN, text(mean)).entrySet());
    }
  }

  private static IndexWriterConfig config(KnnVectorsFormat vectors) {
    TieredMergePolicy oneFile = new TieredMergePolicy();
    oneFile.setNoCFSRatio(1);
    return new IndexWriterConfig(null)
        .setMergePolicy(oneFile)
        .setSimilarity(MemoryIndex.BM25)
        .setRAMBufferSizeMB(BUFFER_MB)
        .setMergeScheduler(new SerialMergeScheduler())
        .setCodec(
            new Lucene104Codec() {
              @Override
              public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return vectors;
              }
            });
  }

  private static KnnVectorsFormat withoutGraph() {
    return new Lucene99HnswVectorsFormat(CONNECTIONS, BEAM, 1, null, Integer.MAX_VALUE);
  }

  private static KnnVectorsFormat withGraph(int cores, ExecutorService workers) {
    return new Lucene99HnswVectorsFormat(CONNECTIONS, BEAM, cores, cores == 1 ? null : workers, 0);
  }

  private Document document(Entry entry) {
    Document document = new Document();
    boolean read = entry.state().length > 0;
    if (read && entry.state().length != mean.length) {
      throw new IllegalArgumentException(
          "a hidden state has %d numbers and the mean %d"
              .formatted(entry.state().length, mean.length));
    }
    if (read && exact) {
      document.add(
          new KnnFloatVectorField(
              MemoryIndex.HIDDEN, entry.state(), VectorSimilarityFunction.DOT_PRODUCT));
    } else if (read) {
      document.add(
          new KnnByteVectorField(
              MemoryIndex.HIDDEN,
              MemoryIndex.quantized(entry.state()),
              VectorSimilarityFunction.COSINE));
    }
    customer.read(entry.terms().customer());
    document.add(new Field(MemoryIndex.CUSTOMER, customer, WORDS));
    agent.read(entry.terms().agent());
    document.add(new Field(MemoryIndex.AGENT_SIDE, agent, WORDS));
    document.add(new NumericDocValuesField(MemoryIndex.REPLY, entry.reply()));
    document.add(new NumericDocValuesField(MemoryIndex.AGENT, entry.agent()));
    document.add(new NumericDocValuesField(MemoryIndex.QUEUE, entry.queue()));
    document.add(new NumericDocValuesField(MemoryIndex.CONVERSATION, entry.conversation()));
    document.add(new NumericDocValuesField(MemoryIndex.KEY, entry.key()));
    document.add(new BinaryDocValuesField(MemoryIndex.WORDS, words(entry.words())));
    return document;
  }

  private static BytesRef words(int[] words) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * words.length);
    bytes.asIntBuffer().put(words);
    return new BytesRef(bytes.array());
  }

  private static String text(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
