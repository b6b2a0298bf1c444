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

  /** Takes the arrays over: a cluster number, or {@link #NOISE}, and a vector for each text. */
  TextClusters(int[] label, float[][] vectors) {
    this.label = label;
    this.vectors = vectors;
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
}
