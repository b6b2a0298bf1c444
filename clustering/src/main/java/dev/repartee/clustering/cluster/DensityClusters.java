package dev.repartee.clustering.cluster;

import dev.repartee.clustering.vector.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import smile.clustering.Clustering;
import smile.clustering.HDBSCAN;

/**
 * Finds dense groups of texts with Smile's HDBSCAN (Campello, Moulavi and Sander, 2013), block by
 * block, since Smile keeps all pairwise distances of what it is given.
 *
 * <p>Two properties of Smile 6.3 shape this class. It recurses as deep as the hierarchy, which for
 * text may be one level a text: hence threads with large stacks. It compares neighbouring merges
 * instead of condensing the hierarchy first, so that it mostly finds the cores of groups and now
 * and then a chain of unlike texts: hence {@link #distance}, the cutting of incoherent groups here,
 * and the joining of cores and attaching of noise in {@link Clusterer}.
 */
final class DensityClusters {

  /**
   * Texts nearer than this are equally near. A distance of zero would be an infinite density, whose
   * group could never grow beyond its equal texts.
   */
  private static final double NEAREST = 0.05;

  /** Texts farther apart, at a cosine of one half, are unrelated: there density begins at zero. */
  private static final double UNRELATED = 1.0;

  /** Stands for an infinite distance, which Smile's arithmetic would turn into no number. */
  private static final double FARTHEST = 1e9;

  private static final long STACK_BYTES = 256L << 20;

  private final ClusterOptions options;

  DensityClusters(ClusterOptions options) {
    this.options = options;
  }

  /**
   * The groups found; texts in none of them are noise.
   *
   * @param vectors of at most length 1
   * @param rows which of the vectors to look at
   * @return row numbers of {@code vectors}, group by group
   */
  List<int[]> find(float[][] vectors, int[] rows) {
    List<int[]> blocks = Bisection.blocks(vectors, rows, options.blockTexts(), options.seed());
    int threads = Math.min(blocks.size(), Runtime.getRuntime().availableProcessors());
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> new Thread(null, task, "hdbscan", STACK_BYTES))) {
      List<Future<List<int[]>>> results = new ArrayList<>();
      for (int[] block : blocks) {
        results.add(pool.submit(() -> groups(vectors, block)));
      }
      List<int[]> groups = new ArrayList<>();
      for (Future<List<int[]>> result : results) {
        groups.addAll(result.get());
      }
      return groups;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("clustering was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("HDBSCAN failed: " + e.getCause(), e.getCause());
    }
  }

  private List<int[]> groups(float[][] vectors, int[] block) {
    if (block.length < options.minClusterTexts()) {
      return List.of();
    }
    float[][] points = new float[block.length][];
    for (int i = 0; i < points.length; i++) {
      points[i] = vectors[block[i]];
    }
    HDBSCAN<float[]> found =
        HDBSCAN.fit(
            points, DensityClusters::distance, options.minPoints(), options.minClusterTexts());
    List<List<Integer>> members = new ArrayList<>();
    for (int k = 0; k < found.k(); k++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < block.length; i++) {
      if (found.group(i) != Clustering.OUTLIER) {
        members.get(found.group(i)).add(block[i]);
      }
    }
    return members.stream()
        .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
        .flatMap(rows -> coherent(vectors, rows).stream())
        .filter(rows -> rows.length >= options.minClusterTexts())
        .toList();
  }

  /** The group itself, or its parts when its texts are too unlike to be one answer. */
  private List<int[]> coherent(float[][] vectors, int[] group) {
    if (AverageLinkage.cohesion(vectors, group) >= options.mergeSimilarity()) {
      return List.of(group);
    }
    List<int[]> singles = Arrays.stream(group).mapToObj(row -> new int[] {row}).toList();
    return AverageLinkage.join(vectors, singles, options.mergeSimilarity());
  }

  /**
   * The length of the chord between two directions, bent so that its inverse, which is the density
   * that HDBSCAN weighs, is counted from that of unrelated texts. Order, and so the hierarchy,
   * stays the same; without the bend the whole block, being large, is the most stable group.
   */
  private static double distance(float[] left, float[] right) {
    double chord = Math.sqrt(Math.max(0, 2 - 2 * Vectors.dot(left, right)));
    double density = 1 / Math.max(NEAREST, chord) - 1 / UNRELATED;
    return density <= 1 / FARTHEST ? FARTHEST : 1 / density;
  }
}
