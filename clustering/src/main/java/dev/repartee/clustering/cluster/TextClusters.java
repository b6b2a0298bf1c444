package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.List;

/** Which texts say the same. */
public final class TextClusters {

  /** The cluster number of a text that belongs to none. */
  public static final int NOISE = -1;

  private final int[] label;
  private final float[][] vectors;
  private final List<List<Integer>> members = new ArrayList<>();
  private final int cores;
  private final int hdbscanNoise;

  /** Takes the arrays over: a cluster number, or {@link #NOISE}, and a vector for each text. */
  TextClusters(int[] label, float[][] vectors, int cores, int hdbscanNoise) {
    this.label = label;
    this.vectors = vectors;
    this.cores = cores;
    this.hdbscanNoise = hdbscanNoise;
    for (int text = 0; text < label.length; text++) {
      while (members.size() <= label[text]) {
        members.add(new ArrayList<>());
      }
      if (label[text] != NOISE) {
        members.get(label[text]).add(text);
      }
    }
  }

  /** How many clusters there are; they are numbered from 0. */
  public int size() {
    return members.size();
  }

  /** The texts of a cluster, as indexes in the list that was clustered, ascending. */
  public List<Integer> members(int cluster) {
    return List.copyOf(members.get(cluster));
  }

  /** The cluster of a text, or {@link #NOISE}. */
  public int clusterOf(int text) {
    return label[text];
  }

  /** The place of a text among the others: a vector of at most length 1. Not to be changed. */
  public float[] vector(int text) {
    return vectors[text];
  }

  /** How many dense groups HDBSCAN found, before they were joined. */
  public int cores() {
    return cores;
  }

  /** How many texts HDBSCAN left out, before some were attached. */
  public int hdbscanNoise() {
    return hdbscanNoise;
  }
}
