package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.List;

/** Which texts say the same: a cluster number and a vector of wording for each text. */
public final class TextClusters {

  /** The cluster number of a text that is in no cluster. */
  public static final int NOISE = -1;

  private final int[] label;
  private final float[][] vectors;
  private final List<List<Integer>> members = new ArrayList<>();

  /**
   * Takes ownership of both arrays: for each text its cluster or {@link #NOISE}, and its vector.
   */
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

  /** The number of clusters. Clusters are numbered from 0. */
  public int size() {
    return members.size();
  }

  /** The positions of a cluster's texts in the clustered list, ascending. */
  public List<Integer> members(int cluster) {
    return List.copyOf(members.get(cluster));
  }

  /** The cluster of a text, or {@link #NOISE}. */
  public int clusterOf(int text) {
    return label[text];
  }

  /** The vector of a text, of length 1 at most; see {@link TextVectors}. Must not be changed. */
  public float[] vector(int text) {
    return vectors[text];
  }
}
