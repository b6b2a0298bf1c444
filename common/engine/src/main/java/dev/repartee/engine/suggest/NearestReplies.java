package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.DotProduct;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/**
 * What agents replied in the contexts of the training conversations that the model sees most alike:
 * nearest neighbours of its hidden state, as in the kNN language model (Khandelwal et al. 2020).
 * The answer head is linear and smooths rare habits away; these remember them. Of a context only
 * its hidden state is kept, of a reply only which wording of the answer set it was, if any.
 */
public final class NearestReplies {

  /** The file's name in a model folder. */
  public static final String FILE = "nearest.safetensors";

  /** Names the wordings by a hash, so that one that a reviewer took out is not kept as text. */
  static final String LABELS = "nearest.json";

  /** Replies that are kept at most: more are slow to compare and large to ship. */
  public static final int MOST = 10_000;

  /** How many neighbours count, and how fast their weight falls with the cosine. */
  private static final int NEIGHBOURS = 200;

  private static final double TEMPERATURE = 0.03;
  private static final int HASH_DIGITS = 16;

  /** The label of a reply that is no wording of the answer set. */
  private static final int NONE = -1;

  /**
   * What {@link #LABELS} holds.
   *
   * @param wordings a hash for each
   * @param labels for each reply the position of its wording in that list, or -1
   */
  @SuppressWarnings("ArrayRecordComponent") // read and written, never compared
  private record Labels(List<String> wordings, int[] labels) {}

  private final float[] rows; // (N, C), centred, of length 1
  private final float[] mean; // (C)
  private final int[] labels; // (N), positions in `wordings`, or NONE
  private final List<String> hashes;
  private final int[] wordings; // for each hash, the position of the wording it has now, or NONE

  private NearestReplies(
      float[] rows, float[] mean, int[] labels, List<String> hashes, int[] wordings) {
    this.rows = rows;
    this.mean = mean;
    this.labels = labels;
    this.hashes = hashes;
    this.wordings = wordings;
  }

  private static String hash(String norm) {
    return Sha256.of("wording" + norm).substring(0, HASH_DIGITS);
  }

  /**
   * Remembers replies.
   *
   * @param hidden (N, C) the hidden state before each
   * @param replies (N) the label of each under {@code known}
   */
  public static NearestReplies of(float[] hidden, int[] replies, Wordings known) {
    int width = hidden.length / replies.length;
    float[] mean = new float[width];
    for (int i = 0; i < hidden.length; i++) {
      mean[i % width] += hidden[i] / replies.length;
    }
    float[] rows = new float[hidden.length];
    for (int n = 0; n < replies.length; n++) {
      centre(hidden, n * width, mean, rows);
    }
    int[] labels = replies.clone();
    List<String> hashes = known.all().stream().map(one -> hash(one.norm())).toList();
    for (int n = 0; n < labels.length; n++) {
      labels[n] = labels[n] < hashes.size() ? labels[n] : NONE;
    }
    return new NearestReplies(
        rows, mean, labels, hashes, IntStream.range(0, hashes.size()).toArray());
  }

  /** Row {@code from} less the mean, of length 1, into the same place of {@code to}. */
  private static void centre(float[] values, int from, float[] mean, float[] to) {
    double squares = 0;
    for (int c = 0; c < mean.length; c++) {
      float value = values[from + c] - mean[c];
      to[from + c] = value;
      squares += value * value;
    }
    float scale = (float) (1 / Math.sqrt(Math.max(squares, 1e-12)));
    for (int c = 0; c < mean.length; c++) {
      to[from + c] *= scale;
    }
  }

  /** The share that each of the wordings has in what was replied in contexts like this one. */
  double[] probabilities(float[] hidden, int count) {
    float[] query = new float[mean.length];
    centre(hidden, 0, mean, query);
    double[] shares = new double[count];
    double total = 0;
    PriorityQueue<Neighbour> nearest = nearest(query);
    double best = nearest.stream().mapToDouble(Neighbour::cosine).max().orElse(0);
    for (Neighbour one : nearest) {
      double weight = Math.exp((one.cosine() - best) / TEMPERATURE);
      total += weight;
      int label = labels[one.row()];
      int wording = label == NONE ? NONE : wordings[label];
      if (wording != NONE) {
        shares[wording] += weight;
      }
    }
    for (int w = 0; w < count && total > 0; w++) {
      shares[w] /= total;
    }
    return shares;
  }

  private record Neighbour(int row, float cosine) {}

  private PriorityQueue<Neighbour> nearest(float[] query) {
    PriorityQueue<Neighbour> nearest =
        new PriorityQueue<>(
            Comparator.comparingDouble(Neighbour::cosine)
                .thenComparing(Comparator.comparingInt(Neighbour::row).reversed()));
    for (int n = 0; n < labels.length; n++) {
      float cosine = (float) DotProduct.of(query, rows, n * query.length);
      if (nearest.size() < NEIGHBOURS || cosine > nearest.peek().cosine()) {
        nearest.add(new Neighbour(n, cosine));
        if (nearest.size() > NEIGHBOURS) {
          nearest.poll();
        }
      }
    }
    return nearest;
  }

  /**
   * Reads those of a model folder, where there are any, for the wordings that the folder has now.
   *
   * @throws UserException when the files fit neither each other nor the model
   */
  public static Optional<NearestReplies> read(Path folder, Wordings known, int width) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Labels labels = labels(folder.resolve(LABELS));
    try (Safetensors tensors = Safetensors.open(file)) {
      List<Long> wanted = List.of((long) labels.labels().length, (long) width);
      Safetensors.Entry entry = tensors.entries().get("hidden");
      if (entry == null || !entry.shape().equals(wanted)) {
        throw new UserException(
            "%s: tensor 'hidden' must have shape %s, for the replies of %s"
                .formatted(file, wanted, LABELS));
      }
      return Optional.of(
          new NearestReplies(
              tensors.floats("hidden"),
              tensors.floats("mean"),
              labels.labels(),
              labels.wordings(),
              positions(labels.wordings(), known)));
    }
  }

  /** Where the wordings of these hashes stand now. */
  private static int[] positions(List<String> hashes, Wordings known) {
    Map<String, Integer> byHash = new HashMap<>();
    for (int i = 0; i < known.all().size(); i++) {
      byHash.putIfAbsent(hash(known.all().get(i).norm()), i);
    }
    return hashes.stream().mapToInt(one -> byHash.getOrDefault(one, NONE)).toArray();
  }

  private static Labels labels(Path file) {
    try {
      Labels labels = Json.COMPACT.readValue(Files.readString(file), Labels.class);
      for (int label : labels.labels()) {
        if (label < NONE || label >= labels.wordings().size()) {
          throw new UserException(
              "%s: labels must be between -1 and %d but one is %d"
                  .formatted(file, labels.wordings().size() - 1, label));
        }
      }
      return labels;
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes them into a model folder. */
  public void write(Path folder) throws IOException {
    List<String> used = new ArrayList<>();
    int[] own = new int[labels.length];
    Map<Integer, Integer> positions = new HashMap<>();
    for (int n = 0; n < labels.length; n++) {
      own[n] = NONE;
      if (labels[n] != NONE) {
        own[n] =
            positions.computeIfAbsent(
                labels[n],
                label -> {
                  used.add(hashes.get(label));
                  return used.size() - 1;
                });
      }
    }
    AtomicFile.writeString(
        folder.resolve(LABELS), Json.COMPACT.writeValueAsString(new Labels(used, own)));
    // In a fixed order, so that a run that is repeated leaves the same bytes.
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "hidden", Safetensors.Tensor.of(List.of((long) labels.length, (long) mean.length), rows));
    tensors.put("mean", Safetensors.Tensor.of(List.of((long) mean.length), mean));
    Safetensors.write(folder.resolve(FILE), tensors);
  }
}
