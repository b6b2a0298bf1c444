package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.memory.MemoryIndex.Hit;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryIndexTest {

  private static final String SALT = "a salt";
  private static final int WIDTH = 48;

  @TempDir private Path temporary;

  private static ContextTerms customer(String text) {
    return ContextTerms.of(List.of(Message.customer(text)), SALT);
  }

  private static MemoryIndex.Entry entry(float[] state, ContextTerms terms, int n) {
    return new MemoryIndex.Entry(
        state, terms, n % 7, n % 5 - 1, n % 3 - 1, n / 3, n % 2, new int[] {n, 7});
  }

  private static MemoryIndexWriter.Entries entries(List<float[]> hidden) {
    float[] mean = mean(hidden);
    List<MemoryIndex.Entry> entries =
        IntStream.range(0, hidden.size())
            .mapToObj(
                n -> entry(MemoryIndex.centred(hidden.get(n), mean), customer("number " + n), n))
            .toList();
    return entries::forEach;
  }

  /** Around 40 states, and not around zero. */
  private static List<float[]> clustered(int count, long seed) {
    Random random = new Random(7);
    float[][] states = new float[40][WIDTH];
    for (float[] state : states) {
      for (int c = 0; c < WIDTH; c++) {
        state[c] = 3 + (float) random.nextGaussian();
      }
    }
    Random around = new Random(seed);
    List<float[]> hidden = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      float[] one = states[around.nextInt(states.length)].clone();
      for (int c = 0; c < WIDTH; c++) {
        one[c] += 0.5f * (float) around.nextGaussian();
      }
      hidden.add(one);
    }
    return hidden;
  }

  private static float[] mean(List<float[]> hidden) {
    float[] mean = new float[WIDTH];
    for (float[] one : hidden) {
      for (int c = 0; c < WIDTH; c++) {
        mean[c] += one[c] / hidden.size();
      }
    }
    return mean;
  }

  private static double cosine(float[] one, float[] other, float[] mean) {
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int c = 0; c < WIDTH; c++) {
      double a = (double) one[c] - mean[c];
      double b = (double) other[c] - mean[c];
      product += a * b;
      squares += a * a;
      otherSquares += b * b;
    }
    return product / Math.sqrt(squares * otherSquares);
  }

  /** The nearest by a scan, with their cosines. */
  private static Map<Integer, Double> nearest(
      List<float[]> hidden, float[] query, float[] mean, int most) {
    List<Double> cosines = hidden.stream().map(one -> cosine(query, one, mean)).toList();
    return IntStream.range(0, hidden.size())
        .boxed()
        .sorted(Comparator.comparingDouble((Integer n) -> cosines.get(n)).reversed())
        .limit(most)
        .collect(Collectors.toMap(Function.identity(), cosines::get));
  }

  @Test
  void aSmallIndexFindsTheNearestHiddenStates() throws IOException {
    List<float[]> hidden = clustered(1500, 1);
    float[] mean = mean(hidden);
    Path folder = temporary.resolve("index");
    MemoryIndexWriter.write(folder, hidden.size(), mean, entries(hidden));
    try (MemoryIndex index = MemoryIndex.open(folder)) {
      assertThat(index.size()).isEqualTo(1500);
      for (float[] query : clustered(20, 2)) {
        Map<Integer, Double> expected = nearest(hidden, query, mean, 200);
        List<Hit> hits = index.nearest(query, 200);
        assertThat(hits)
            .isSortedAccordingTo(Comparator.comparingInt(Hit::entry))
            .extracting(Hit::entry)
            .containsExactlyInAnyOrderElementsOf(expected.keySet());
        for (Hit hit : hits) {
          int n = hit.entry();
          assertThat(hit.similarity()).isCloseTo(expected.get(n), within(1e-5));
          assertThat(hit).isEqualTo(new Hit(n, hit.similarity(), n % 7, n % 5 - 1, n % 3 - 1));
        }
      }
      assertThat(index.nearest(hidden.getFirst(), 5000)).hasSize(1500);
    }
  }

  @Test
  void aLargeIndexFindsMostOfThem() throws IOException {
    List<float[]> hidden = clustered(3000, 1);
    Path folder = temporary.resolve("index");
    MemoryIndexWriter.write(folder, 3000, mean(hidden), entries(hidden), false);
    assertThat(recall(folder, hidden, 0.02)).isGreaterThan(0.95);
  }

  private static double recall(Path folder, List<float[]> hidden, double cosinesWithin)
      throws IOException {
    float[] mean = mean(hidden);
    int found = 0;
    List<float[]> queries = clustered(20, 2);
    try (MemoryIndex index = MemoryIndex.open(folder)) {
      for (float[] query : queries) {
        Map<Integer, Double> expected = nearest(hidden, query, mean, 200);
        List<Hit> hits = index.nearest(query, 200);
        assertThat(hits).hasSize(200);
        for (Hit hit : hits) {
          assertThat(hit.similarity())
              .isCloseTo(cosine(query, hidden.get(hit.entry()), mean), within(cosinesWithin));
          found += expected.containsKey(hit.entry()) ? 1 : 0;
        }
      }
    }
    return found / (200.0 * queries.size());
  }

  private MemoryIndex indexOf(ContextTerms... contexts) throws IOException {
    List<MemoryIndex.Entry> entries = new ArrayList<>();
    for (ContextTerms terms : contexts) {
      entries.add(entry(new float[] {1, 0}, terms, entries.size()));
    }
    Path folder = temporary.resolve("words");
    MemoryIndexWriter.write(folder, contexts.length, new float[2], entries::forEach);
    return MemoryIndex.open(folder);
  }

  /** In both contexts are "a" and the agent's two terms with their pair; "b" and "a b" in one. */
  @Test
  void similaritiesByWordsAreThoseOfBm25() throws IOException {
    try (MemoryIndex index = indexOf(customer("a b"), customer("a"))) {
      double common = Math.log(1 + 0.5 / 2.5);
      double rare = Math.log(1 + 1.5 / 1.5);
      // Customers' terms are 3 and 1, so 2 on average.
      double ofThree = 1 / (1 + 2 * 3 / 2.0);
      double ofOne = 1 / (1 + 2 * 1 / 2.0);
      double ofAgents = 3 * common / 3;
      double inItself = ofThree * (common + 2 * rare) + ofAgents;
      List<Hit> hits = index.alike(customer("A, B!"), 10);
      assertThat(hits).extracting(Hit::entry).containsExactly(0, 1);
      assertThat(hits.get(0).similarity()).isCloseTo(1, within(1e-6));
      assertThat(hits.get(1).similarity())
          .isCloseTo((ofOne * common + ofAgents) / inItself, within(1e-6));
      assertThat(index.alike(customer("A, B!"), 1)).extracting(Hit::entry).containsExactly(0);
    }
  }

  @Test
  void theMostTellingWordsInCommonComeFirst() throws IOException {
    try (MemoryIndex index =
        indexOf(
            customer("where is my parcel"),
            customer("where is my invoice"),
            customer("where is the shop and where is the door and where is it all"),
            ContextTerms.of(List.of(Message.agent("where is your parcel")), SALT))) {
      List<Hit> hits = index.alike(customer("my parcel is late"), 4);
      List<Integer> best =
          hits.stream()
              .sorted(Comparator.comparingDouble(Hit::similarity).reversed())
              .map(Hit::entry)
              .toList();
      assertThat(best).startsWith(0, 1, 2);
      assertThat(hits).allSatisfy(hit -> assertThat(hit.similarity()).isBetween(0.0, 1.0));
      assertThat(index.alike(new ContextTerms(none(), none()), 4)).isEmpty();
      assertThat(index.alike(ContextTerms.of(List.of(Message.customer("other")), "pepper"), 4))
          .as("hashed with another salt")
          .isEmpty();
    }
  }

  private static ContextTerms.Side none() {
    return new ContextTerms.Side(new int[0], new int[0]);
  }

  @Test
  void aContextMayBeLongerThanLuceneAllows() throws IOException {
    String text =
        IntStream.range(0, 3000).mapToObj(n -> "word" + n).collect(Collectors.joining(" "));
    try (MemoryIndex index = indexOf(customer(text), customer("word1 word2"))) {
      assertThat(index.alike(customer(text), 2).getFirst().similarity()).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void filesHoldNoWords() throws IOException {
    indexOf(customer("where is my parcel"), customer("the parcel is late")).close();
    for (Path file : files(temporary.resolve("words"))) {
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .as(file.toString())
          .doesNotContain("parcel", "where", "late", "zzstart");
    }
  }

  @Test
  void aDamagedOrMissingFileIsNamed() throws IOException {
    indexOf(customer("where is my parcel"), customer("the parcel is late")).close();
    Path folder = temporary.resolve("words");
    assertThat(files(folder)).hasSize(4);
    for (Path file : files(folder)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 1;
        Files.write(file, damaged);
        refuses(folder, file);
      }
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      refuses(folder, file);
      Files.delete(file);
      refuses(folder, Path.of(file.getFileName().toString().replace("segments_1", "segments")));
      Files.write(file, bytes);
    }
    MemoryIndex.open(folder).close();
    assertThatThrownBy(() -> MemoryIndex.open(temporary.resolve("none")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none is missing");
  }

  private static void refuses(Path folder, Path file) {
    assertThatThrownBy(() -> MemoryIndex.open(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("copy or download it again");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** The next index is made of this one. */
  @Test
  void entriesAreReadAsTheyWereWritten() throws IOException {
    List<float[]> hidden = clustered(300, 1);
    for (boolean exact : new boolean[] {true, false}) {
      Path folder = temporary.resolve("index-" + exact);
      MemoryIndexWriter.write(folder, 300, mean(hidden), entries(hidden), exact);
      try (MemoryIndex index = MemoryIndex.open(folder)) {
        List<MemoryIndex.Entry> read = new ArrayList<>();
        index.forEach(true, read::add);
        List<MemoryIndex.Entry> written = new ArrayList<>();
        entries(hidden).forEach(written::add);
        assertThat(read)
            .usingRecursiveComparison()
            .withEqualsForType(
                (one, other) -> farthest(one, other) < (exact ? 1e-7 : 0.01), float[].class)
            .isEqualTo(written);
        Path copy = temporary.resolve("copy-" + exact);
        index.copyTo(Files.createDirectory(copy));
        try (MemoryIndex again = MemoryIndex.open(copy)) {
          assertThat(again.nearest(hidden.getFirst(), 9))
              .isEqualTo(index.nearest(hidden.getFirst(), 9));
          assertThat(again.mean()).isEqualTo(mean(hidden));
        }
      }
    }
  }

  private static double farthest(float[] one, float[] other) {
    double most = one.length == other.length ? 0 : 1;
    for (int c = 0; most < 1 && c < one.length; c++) {
      most = Math.max(most, Math.abs(one[c] - other[c]));
    }
    return most;
  }

  @Test
  void whatWasTypedIsFoundAsIfItStoodInTheSameIndex() throws IOException {
    List<float[]> hidden = clustered(300, 1);
    float[] mean = mean(hidden);
    List<MemoryIndex.Entry> all = new ArrayList<>();
    entries(hidden).forEach(all::add);
    MemoryIndexWriter.Entries trained = all.subList(0, 200)::forEach;
    MemoryIndexWriter.Entries typed = all.subList(200, 300)::forEach;
    Path folder = temporary.resolve("index");
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    MemoryIndexWriter.write(folder, 200, mean, trained);
    try (MemoryIndex one = MemoryIndexWriter.temporary(300, mean, entries(hidden))) {
      try (MemoryIndex first = MemoryIndex.open(folder)) {
        first.with(MemoryIndexWriter.temporary(100, mean, typed)).copyTo(copy);
      }
      assertThat(Files.isSameFile(file(folder, ".cfs"), file(copy, ".cfs"))).isTrue();
      try (MemoryIndex both = MemoryIndex.open(copy)) {
        assertThat(both.size()).isEqualTo(300);
        for (float[] query : clustered(20, 2)) {
          assertThat(both.nearest(query, 50)).isEqualTo(one.nearest(query, 50));
        }
        assertThat(both.alike(customer("number 250"), 10))
            .isEqualTo(one.alike(customer("number 250"), 10))
            .extracting(Hit::entry)
            .contains(250);
        List<MemoryIndex.Entry> again = new ArrayList<>();
        both.forEachTyped(true, again::add);
        assertThat(again).hasSize(100);
        assertThat(both.trained().size()).isEqualTo(200);
      }
    }
  }

  private static Path file(Path folder, String end) throws IOException {
    return files(folder).stream()
        .filter(one -> one.toString().endsWith(end))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void severalThreadsSearchAtOnce() throws IOException {
    List<float[]> hidden = clustered(600, 1);
    Path folder = temporary.resolve("index");
    MemoryIndexWriter.write(folder, hidden.size(), mean(hidden), entries(hidden), false);
    List<float[]> queries = clustered(200, 2);
    try (MemoryIndex index = MemoryIndex.open(folder)) {
      List<List<Hit>> one = queries.stream().map(query -> index.nearest(query, 50)).toList();
      assertThat(queries.parallelStream().map(query -> index.nearest(query, 50)).toList())
          .isEqualTo(one);
      List<List<Hit>> words =
          IntStream.range(0, 200).mapToObj(n -> index.alike(customer("number " + n), 9)).toList();
      assertThat(
              IntStream.range(0, 200)
                  .parallel()
                  .mapToObj(n -> index.alike(customer("number " + n), 9))
                  .toList())
          .isEqualTo(words);
    }
  }

  @Test
  void noEntriesAndHiddenStatesLikeTheMeanAreAllowed() throws IOException {
    Path folder = temporary.resolve("index");
    MemoryIndexWriter.write(folder, 0, new float[WIDTH], _ -> {});
    try (MemoryIndex index = MemoryIndex.open(folder)) {
      assertThat(index.nearest(new float[WIDTH], 3)).isEmpty();
      assertThat(index.alike(customer("hello"), 3)).isEmpty();
    }
    for (boolean exact : new boolean[] {true, false}) {
      Folders.delete(folder);
      MemoryIndexWriter.write(
          folder, 2, new float[WIDTH], entries(List.of(new float[WIDTH], new float[WIDTH])), exact);
      try (MemoryIndex index = MemoryIndex.open(folder)) {
        assertThat(index.nearest(new float[WIDTH], 3))
            .hasSize(2)
            .allSatisfy(hit -> assertThat(hit.similarity()).isBetween(-1.0, 1.0));
      }
    }
  }

  @Test
  void refusesAnotherNumberOfEntriesAndAnotherWidth() {
    Path folder = temporary.resolve("index");
    MemoryIndexWriter.Entries two = entries(clustered(2, 1));
    assertThatThrownBy(() -> MemoryIndexWriter.write(folder, 3, new float[WIDTH], two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("should hold 3 entries but got 2");
    assertThatThrownBy(() -> MemoryIndexWriter.write(folder, 2, new float[WIDTH + 1], two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 48 numbers and the mean 49");
  }
}
