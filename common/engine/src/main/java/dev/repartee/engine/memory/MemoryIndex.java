package dev.repartee.engine.memory;

import dev.repartee.text.DotProduct;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.StagingFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NoLockFactory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.SmallFloat;

/**
 * Finds the contexts that are most like another one, by the model's hidden state and by words. A
 * folder with a Lucene index, which {@link MemoryIndexWriter} wrote; it is memory-mapped and never
 * changes. It holds no text: words are salted hashes with their frequencies, without positions. For
 * several threads, without a lock.
 *
 * <p>What was typed since training stands in a second index, behind the other entries, so that a
 * build writes only that again; a search goes through both as if they were one.
 */
public final class MemoryIndex implements AutoCloseable {

  static final String HIDDEN = "hidden";
  static final String CUSTOMER = "customer";
  static final String AGENT_SIDE = "agent-side";
  static final String REPLY = "reply";
  static final String AGENT = "agent";
  static final String QUEUE = "queue";
  static final String CONVERSATION = "conversation";
  static final String KEY = "key";
  static final String WORDS = "words";

  /** Under this key the commit holds the mean. */
  static final String MEAN = "mean";

  /** Held, so that their levels stay. */
  private static final Logger LUCENE = Logger.getLogger("org.apache.lucene");

  private static final Logger VECTORS =
      Logger.getLogger("org.apache.lucene.internal.vectorization");

  static {
    quietLucene();
  }

  private static final float K1 = 2;
  private static final float B = 1;

  /**
   * The constants with the lowest loss of the right reply on STAR: terms gain by repetition for
   * longer than by default, and long contexts do not win by being long.
   */
  static final BM25Similarity BM25 = new BM25Similarity(K1, B);

  /** The rarest terms of a context count; Lucene refuses queries of over 1,024. */
  private static final int MOST_TERMS = 500;

  /** How many candidates a search in the graph keeps, for each neighbour that it returns. */
  private static final int CANDIDATES = 2;

  /**
   * A reply in its context.
   *
   * @param state the model's hidden state after the context, {@link #centred}; empty where the
   *     model did not read it, so that it is found by words alone
   * @param reply hash of its wording
   * @param agent the number of its agent, or a negative one
   * @param queue the number of its conversation's queue, or a negative one
   * @param conversation hash of its id
   * @param key hash by which a typed reply is known; 0 for those of training conversations
   * @param words numbers of the reply's words
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Entry(
      float[] state,
      ContextTerms terms,
      long reply,
      int agent,
      int queue,
      long conversation,
      long key,
      int[] words) {}

  /**
   * An entry found.
   *
   * @param entry its number, in the order in which the entries were written
   * @param similarity a cosine by hidden state; by words above 0 and at most 1
   * @param reply hash of its wording
   * @param agent the number of its agent, or a negative one
   * @param queue the number of its conversation's queue, or a negative one
   */
  public record Hit(int entry, double similarity, long reply, int agent, int queue) {}

  /**
   * Lucene reports which vector instructions it has, and warns where a command starts without them
   * on purpose (docs/adr/0027), in a format that is not the log's.
   */
  static void quietLucene() {
    LUCENE.setLevel(Level.WARNING);
    VECTORS.setLevel(Level.SEVERE);
  }

  /** Entries in a folder or on the heap; they go with the last index that has them. */
  private static final class Part {
    private final Directory directory;
    private final DirectoryReader reader;
    private final Runnable afterClose;
    private int indexes;

    Part(Directory directory, DirectoryReader reader, Runnable afterClose) {
      this.directory = directory;
      this.reader = reader;
      this.afterClose = afterClose;
    }

    synchronized void open() {
      indexes++;
    }

    synchronized void close() throws IOException {
      if (--indexes == 0) {
        reader.close();
        directory.close();
        afterClose.run();
      }
    }
  }

  /** In the folder of the trained entries, where something was typed. */
  private static final String TYPED = "typed";

  private final Part trained;
  private final Optional<Part> typed;
  private final IndexReader reader; // of both
  private final IndexSearcher searcher;
  private final float[] mean;

  private MemoryIndex(Part trained, Optional<Part> typed) throws IOException {
    this.trained = trained;
    this.typed = typed;
    this.reader =
        typed.isEmpty()
            ? trained.reader
            : new MultiReader(
                new IndexReader[] {trained.reader, typed.get().reader}, false); // parts do
    this.searcher = new IndexSearcher(reader);
    searcher.setSimilarity(BM25);
    searcher.setQueryCache(null); // hardly any query comes twice
    this.mean = floats(trained.reader.getIndexCommit().getUserData().get(MEAN));
    trained.open();
    typed.ifPresent(Part::open);
  }

  /**
   * Maps the index in {@code folder} and checks each file against its checksum.
   *
   * @throws UserException naming the file that is missing or damaged
   */
  public static MemoryIndex open(Path folder) {
    return open(folder, () -> {});
  }

  /** Opens a folder that goes when the index is closed or the process ends. */
  static MemoryIndex openTemporary(StagingFolder folder) {
    Thread atExit = new Thread(() -> delete(folder), "delete-index");
    Runtime.getRuntime().addShutdownHook(atExit);
    return open(
        folder.path(),
        () -> {
          delete(folder);
          try {
            Runtime.getRuntime().removeShutdownHook(atExit);
          } catch (IllegalStateException e) {
            // The process ends anyway.
          }
        });
  }

  private static void delete(StagingFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MemoryIndex open(Path folder, Runnable afterClose) {
    if (!Files.isDirectory(folder)) {
      throw new UserException(folder + " is missing; copy or download it again");
    }
    Optional<Part> typed = Optional.empty();
    MemoryIndex opened = null;
    try {
      Path second = folder.resolve(TYPED);
      typed = Files.isDirectory(second) ? Optional.of(part(second, () -> {})) : typed;
      opened = new MemoryIndex(part(folder, afterClose), typed);
      return opened;
    } catch (UserException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // of what a right checksum does not show
      throw new UserException(
          "%s is not a complete index: %s; copy or download it again"
              .formatted(folder, e.getMessage()),
          e);
    } finally {
      if (opened == null) {
        typed.ifPresent(part -> IOUtils.closeWhileHandlingException(part.reader, part.directory));
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // the result owns them
  private static Part part(Path folder, Runnable afterClose) throws IOException {
    Directory directory = directory(folder);
    try {
      for (String file : files(directory)) {
        check(directory, folder, file);
      }
      return new Part(directory, DirectoryReader.open(directory), afterClose);
    } catch (IOException | RuntimeException e) {
      IOUtils.closeWhileHandlingException(directory);
      throw e;
    }
  }

  /** Without folders, and what another program may have left there. */
  private static List<String> files(Directory directory) throws IOException {
    return Arrays.stream(directory.listAll())
        .filter(file -> file.startsWith("_") || file.startsWith("segments"))
        .toList();
  }

  private static void check(Directory directory, Path folder, String file) {
    try (IndexInput input = directory.openInput(file, IOContext.READONCE)) {
      CodecUtil.checksumEntireFile(input);
    } catch (IOException | RuntimeException e) {
      throw new UserException(
          "%s is damaged: %s; copy or download it again"
              .formatted(folder.resolve(file), e.getMessage()),
          e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // the result owns them
  static MemoryIndex of(Directory directory) throws IOException {
    return new MemoryIndex(
        new Part(directory, DirectoryReader.open(directory), () -> {}), Optional.empty());
  }

  /** Another index of the entries of training alone, which shares them. */
  public MemoryIndex trained() {
    return of(trained, Optional.empty());
  }

  /**
   * Another index of these trained entries, which shares them, and behind them those of {@code
   * others}, which have the same mean.
   */
  public MemoryIndex with(MemoryIndex others) {
    return of(trained, Optional.of(others.trained));
  }

  private static MemoryIndex of(Part trained, Optional<Part> typed) {
    try {
      return new MemoryIndex(trained, typed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes it into a new folder; files that lie on the same disk are linked, not copied. */
  public void copyTo(Path folder) throws IOException {
    copy(trained, folder);
    if (typed.isPresent()) {
      copy(typed.get(), Files.createDirectory(folder.resolve(TYPED)));
    }
  }

  private static void copy(Part part, Path folder) throws IOException {
    try (Directory to = directory(folder)) {
      List<String> files = files(part.directory);
      for (String file : files) {
        if (part.directory instanceof FSDirectory from) {
          Folders.linkOrCopy(from.getDirectory().resolve(file), folder.resolve(file));
        } else {
          to.copyFrom(part.directory, file, file, IOContext.DEFAULT);
        }
      }
      to.sync(files);
    }
  }

  /** The mean that is subtracted from hidden states. */
  public float[] mean() {
    return mean.clone();
  }

  /** How many entries there are. */
  public int size() {
    return reader.maxDoc();
  }

  /**
   * The {@code most} entries whose hidden states have the highest cosine with {@code hidden}, both
   * without the mean, in the order of their numbers. Of {@value MemoryIndexWriter#EXACT_BELOW}
   * entries and more it may miss some.
   */
  public List<Hit> nearest(float[] hidden, int most) {
    float[] centred = centred(hidden, mean);
    List<Hit> found = new ArrayList<>();
    try {
      for (LeafReaderContext leaf : reader.leaves()) {
        nearest(leaf, centred, most, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream()
        .sorted(Comparator.comparingDouble((Hit one) -> -one.similarity()))
        .limit(most)
        .sorted(Comparator.comparingInt(Hit::entry))
        .toList();
  }

  private static void nearest(LeafReaderContext leaf, float[] centred, int most, List<Hit> found)
      throws IOException {
    LeafReader entries = leaf.reader();
    FieldInfo field = entries.getFieldInfos().fieldInfo(HIDDEN);
    if (field == null) {
      return;
    }
    AcceptDocs all = AcceptDocs.fromLiveDocs(null, entries.maxDoc());
    TopDocs near;
    if (field.getVectorEncoding() == VectorEncoding.FLOAT32) {
      near = entries.searchNearestVectors(HIDDEN, centred, most, all, Integer.MAX_VALUE);
      scoreInOrder(near.scoreDocs, entries.getFloatVectorValues(HIDDEN), centred);
    } else {
      near =
          entries.searchNearestVectors(
              HIDDEN, quantized(centred), CANDIDATES * most, all, Integer.MAX_VALUE);
    }
    hits(leaf, List.of(near.scoreDocs), 0, score -> 2 * score - 1, found);
  }

  /** The last digits of a sum by vector instructions change when Java compiles it. */
  private static void scoreInOrder(ScoreDoc[] found, FloatVectorValues states, float[] centred)
      throws IOException {
    Arrays.sort(found, Comparator.comparingInt(one -> one.doc));
    KnnVectorValues.DocIndexIterator each = states.iterator();
    for (ScoreDoc one : found) {
      each.advance(one.doc);
      one.score = (float) (1 + DotProduct.of(centred, states.vectorValue(each.index()), 0)) / 2;
    }
  }

  /**
   * The {@code most} entries that are worded most alike, in the order of their numbers, without
   * those that share no term. Their similarity is the BM25 score (Robertson and Zaragoza 2009)
   * divided by that of an entry which is worded as the context.
   *
   * @param terms of the context, with the salt that the entries have
   */
  public List<Hit> alike(ContextTerms terms, int most) {
    try {
      List<WeighedTerm> weighed = new ArrayList<>();
      weigh(CUSTOMER, terms.customer(), weighed);
      weigh(AGENT_SIDE, terms.agent(), weighed);
      if (weighed.isEmpty()) {
        return List.of();
      }
      weighed.sort(Comparator.comparingDouble(WeighedTerm::inItself).reversed());
      List<WeighedTerm> heaviest = weighed.subList(0, Math.min(weighed.size(), MOST_TERMS));
      double inItself = heaviest.stream().mapToDouble(WeighedTerm::inItself).sum();
      BooleanQuery.Builder query = new BooleanQuery.Builder();
      for (WeighedTerm one : heaviest) {
        query.add(
            new BoostQuery(one.query(), (float) (one.count() / inItself)),
            BooleanClause.Occur.SHOULD);
      }
      TopDocs found = searcher.search(query.build(), new TopScoreDocCollectorManager(most, most));
      List<Hit> hits = new ArrayList<>();
      for (LeafReaderContext leaf : reader.leaves()) {
        int end = leaf.docBase + leaf.reader().maxDoc();
        List<ScoreDoc> ofLeaf =
            Arrays.stream(found.scoreDocs)
                .filter(one -> leaf.docBase <= one.doc && one.doc < end)
                .toList();
        hits(leaf, ofLeaf, leaf.docBase, score -> Math.min(1, score), hits);
      }
      return hits;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A term of a context.
   *
   * @param inItself what it adds to the score of an entry that is worded as the context
   */
  private record WeighedTerm(TermQuery query, int count, double inItself) {}

  private void weigh(String field, ContextTerms.Side side, List<WeighedTerm> weighed)
      throws IOException {
    CollectionStatistics all = searcher.collectionStatistics(field);
    if (all == null) {
      return;
    }
    // As the index has it, which keeps lengths above 40 in steps.
    int length = SmallFloat.byte4ToInt(SmallFloat.intToByte4(Arrays.stream(side.counts()).sum()));
    double average = (double) all.sumTotalTermFreq() / all.docCount();
    for (int i = 0; i < side.hashes().length; i++) {
      Term term = new Term(field, bytes(side.hashes()[i]));
      TermStates states = TermStates.build(searcher, term, true);
      if (states.docFreq() > 0) {
        int count = side.counts()[i];
        double rarity =
            Math.log(1 + (all.docCount() - states.docFreq() + 0.5) / (states.docFreq() + 0.5));
        double saturated = count / (count + K1 * (1 - B + B * length / average));
        weighed.add(
            new WeighedTerm(new TermQuery(term, states), count, count * rarity * saturated));
      }
    }
  }

  /**
   * @param first what the number of the first document is in {@code found}
   */
  private static void hits(
      LeafReaderContext leaf,
      List<ScoreDoc> found,
      int first,
      DoubleUnaryOperator similarity,
      List<Hit> hits)
      throws IOException {
    NumericDocValues reply = leaf.reader().getNumericDocValues(REPLY);
    NumericDocValues agent = leaf.reader().getNumericDocValues(AGENT);
    NumericDocValues queue = leaf.reader().getNumericDocValues(QUEUE);
    List<ScoreDoc> inOrder =
        found.stream().sorted(Comparator.comparingInt(one -> one.doc)).toList();
    for (ScoreDoc one : inOrder) {
      int document = one.doc - first;
      hits.add(
          new Hit(
              leaf.docBase + document,
              similarity.applyAsDouble(one.score),
              number(reply, document),
              (int) number(agent, document),
              (int) number(queue, document)));
    }
  }

  private static long number(NumericDocValues values, int entry) throws IOException {
    values.advanceExact(entry);
    return values.longValue();
  }

  /**
   * Reads all entries in their order, without their states and terms where these are not wanted.
   */
  public void forEach(boolean whole, Consumer<Entry> consumer) {
    forEachTrained(whole, consumer);
    forEachTyped(whole, consumer);
  }

  /** Reads those of training. */
  public void forEachTrained(boolean whole, Consumer<Entry> consumer) {
    forEach(trained, whole, consumer);
  }

  /** Reads those that were typed since. */
  public void forEachTyped(boolean whole, Consumer<Entry> consumer) {
    typed.ifPresent(part -> forEach(part, whole, consumer));
  }

  private void forEach(Part part, boolean whole, Consumer<Entry> consumer) {
    for (LeafReaderContext leaf : part.reader.leaves()) {
      forEach(leaf.reader(), whole, consumer);
    }
  }

  private void forEach(LeafReader leaf, boolean whole, Consumer<Entry> consumer) {
    try {
      NumericDocValues reply = leaf.getNumericDocValues(REPLY);
      NumericDocValues agent = leaf.getNumericDocValues(AGENT);
      NumericDocValues queue = leaf.getNumericDocValues(QUEUE);
      NumericDocValues conversation = leaf.getNumericDocValues(CONVERSATION);
      NumericDocValues key = leaf.getNumericDocValues(KEY);
      BinaryDocValues words = leaf.getBinaryDocValues(WORDS);
      IntFunction<float[]> states = whole ? states(leaf) : _ -> new float[0];
      List<ContextTerms.Side> customers = whole ? terms(leaf, CUSTOMER) : List.of();
      List<ContextTerms.Side> agents = whole ? terms(leaf, AGENT_SIDE) : List.of();
      for (int n = 0; n < leaf.maxDoc(); n++) {
        words.advanceExact(n);
        consumer.accept(
            new Entry(
                states.apply(n),
                whole ? new ContextTerms(customers.get(n), agents.get(n)) : ContextTerms.NONE,
                number(reply, n),
                (int) number(agent, n),
                (int) number(queue, n),
                number(conversation, n),
                number(key, n),
                ints(words.binaryValue())));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Vectors of bytes become floats of length 1 again. */
  private IntFunction<float[]> states(LeafReader leaf) throws IOException {
    FloatVectorValues floats = leaf.getFloatVectorValues(HIDDEN);
    ByteVectorValues bytes = floats == null ? leaf.getByteVectorValues(HIDDEN) : null;
    KnnVectorValues values = floats == null ? bytes : floats;
    int[] places = new int[leaf.maxDoc()]; // of each entry's vector; none has -1
    Arrays.fill(places, -1);
    if (values != null) {
      KnnVectorValues.DocIndexIterator each = values.iterator();
      for (int n = each.nextDoc(); n != DocIdSetIterator.NO_MORE_DOCS; n = each.nextDoc()) {
        places[n] = each.index();
      }
    }
    float[] none = new float[mean.length];
    return n -> {
      try {
        if (places[n] < 0) {
          return new float[0];
        }
        if (floats != null) {
          return floats.vectorValue(places[n]).clone();
        }
        byte[] value = bytes.vectorValue(places[n]);
        float[] state = new float[value.length];
        for (int c = 0; c < state.length; c++) {
          state[c] = value[c];
        }
        return centred(state, none);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** Turns the postings of a field around. */
  private List<ContextTerms.Side> terms(LeafReader leaf, String field) throws IOException {
    int[][] hashes = new int[leaf.maxDoc()][4];
    int[][] counts = new int[hashes.length][4];
    int[] sizes = new int[hashes.length];
    Terms all = leaf.terms(field);
    if (all != null) {
      TermsEnum each = all.iterator();
      PostingsEnum postings = null;
      for (BytesRef term = each.next(); term != null; term = each.next()) {
        int hash = ByteBuffer.wrap(term.bytes, term.offset, term.length).getInt();
        postings = each.postings(postings, PostingsEnum.FREQS);
        for (int n = postings.nextDoc();
            n != DocIdSetIterator.NO_MORE_DOCS;
            n = postings.nextDoc()) {
          if (sizes[n] == hashes[n].length) {
            hashes[n] = Arrays.copyOf(hashes[n], 2 * sizes[n]);
            counts[n] = Arrays.copyOf(counts[n], 2 * sizes[n]);
          }
          hashes[n][sizes[n]] = hash;
          counts[n][sizes[n]++] = postings.freq();
        }
      }
    }
    List<ContextTerms.Side> sides = new ArrayList<>(sizes.length);
    for (int n = 0; n < sizes.length; n++) {
      sides.add(
          new ContextTerms.Side(
              Arrays.copyOf(hashes[n], sizes[n]), Arrays.copyOf(counts[n], sizes[n])));
    }
    return sides;
  }

  private static int[] ints(BytesRef bytes) {
    IntBuffer values = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length).asIntBuffer();
    int[] ints = new int[values.remaining()];
    values.get(ints);
    return ints;
  }

  /** A hidden state without the mean, of length 1. */
  public static float[] centred(float[] hidden, float[] mean) {
    if (hidden.length != mean.length) {
      throw new IllegalArgumentException(
          "a hidden state has %d numbers and the mean %d".formatted(hidden.length, mean.length));
    }
    float[] centred = new float[hidden.length];
    for (int c = 0; c < centred.length; c++) {
      centred[c] = hidden[c] - mean[c];
    }
    float length = (float) Math.sqrt(Math.max(DotProduct.of(centred, centred, 0), 1e-12));
    for (int c = 0; c < centred.length; c++) {
      centred[c] /= length;
    }
    return centred;
  }

  /** In bytes, the largest of which is 127: cosines do not depend on the length. */
  static byte[] quantized(float[] vector) {
    float largest = 0;
    for (float value : vector) {
      largest = Math.max(largest, Math.abs(value));
    }
    byte[] bytes = new byte[vector.length];
    if (largest == 0) {
      bytes[0] = 1; // Lucene has no cosine with a vector of zeros
      return bytes;
    }
    for (int c = 0; c < bytes.length; c++) {
      bytes[c] = (byte) Math.round(vector[c] / largest * Byte.MAX_VALUE);
    }
    return bytes;
  }

  private static float[] floats(String text) {
    FloatBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).asFloatBuffer();
    float[] values = new float[bytes.remaining()];
    bytes.get(values);
    return values;
  }

  /** Unmaps the files that no other index has. No search may run or follow. */
  @Override
  public void close() {
    try {
      if (typed.isPresent()) {
        reader.close();
        typed.get().close();
      }
      trained.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static BytesRef bytes(int hash) {
    return new BytesRef(ByteBuffer.allocate(Integer.BYTES).putInt(hash).array());
  }

  /** For one writer and readers of complete folders only, so without a lock file. */
  static Directory directory(Path folder) throws IOException {
    return new MMapDirectory(folder, NoLockFactory.INSTANCE);
  }
}
