package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClustererTest {

  private static final List<List<String>> KNOWN =
      List.of(
          List.of(
              "is there anything else i can help you with",
              "is there anything else i can help with",
              "is there anything else i can help you with today",
              "is there anythign else i can help you with",
              "anything else i can help you with"),
          List.of(
              "may i have your account number please",
              "may i have your account number",
              "can i have your account number please",
              "your account number please"),
          List.of(
              "thank you and goodbye",
              "thank you goodbye",
              "thank you very much and goodbye",
              "thanks and goodbye"),
          List.of(
              "your parcel was delivered yesterday",
              "your parcel has been delivered yesterday",
              "the parcel was delivered yesterday"),
          List.of(
              "your parcel was not delivered yesterday",
              "your parcel has not been delivered yesterday",
              "the parcel was not delivered yesterday"));

  private static final List<String> TEXTS = KNOWN.stream().flatMap(List::stream).toList();

  @ParameterizedTest
  @ValueSource(ints = {5000, 10})
  void findsTheKnownClustersInOneBlockAndInSeveral(int blockTexts) {
    ClusterOptions options = new ClusterOptions(150, blockTexts, 2, 2, 0.5, 0.5, 3, 1);
    assertThat(groups(new Clusterer(options, step -> {}).cluster(TEXTS, counts(TEXTS.size()))))
        .containsExactlyInAnyOrderElementsOf(KNOWN);
  }

  @Test
  void aFrequentTextLikeNoOtherIsAClusterAndARareOneIsNoise() {
    List<String> texts = List.of("xyzzy", "plugh", "good morning", "good morning to you");
    TextClusters clusters =
        new Clusterer(ClusterOptions.defaults(3, 1), step -> {})
            .cluster(texts, new long[] {3, 2, 1, 1});
    assertThat(clusters.clusterOf(0)).isNotEqualTo(TextClusters.NOISE);
    assertThat(clusters.members(clusters.clusterOf(0))).containsExactly(0);
    assertThat(clusters.clusterOf(1)).isEqualTo(TextClusters.NOISE);
  }

  @Test
  void sameSeedSameClusters() {
    Clusterer clusterer = new Clusterer(ClusterOptions.defaults(3, 9), step -> {});
    assertThat(groups(clusterer.cluster(TEXTS, counts(TEXTS.size()))))
        .isEqualTo(groups(clusterer.cluster(TEXTS, counts(TEXTS.size()))));
  }

  @Test
  void oneTextIsNoProblem() {
    TextClusters clusters =
        new Clusterer(ClusterOptions.defaults(3, 1), step -> {})
            .cluster(List.of("hello"), new long[] {5});
    assertThat(clusters.clusterOf(0)).isZero();
  }

  @Test
  void optionsNameTheBound() {
    assertThatThrownBy(() -> new ClusterOptions(150, 5000, 2, 1, 0.5, 0.5, 3, 1))
        .hasMessage("minClusterTexts must be at least 2 but is 1");
    assertThatThrownBy(() -> new ClusterOptions(150, 5000, 2, 2, 1.5, 0.5, 3, 1))
        .hasMessage("mergeSimilarity must be between 0 and 1 but is 1.5");
  }

  private static long[] counts(int size) {
    long[] counts = new long[size];
    Arrays.fill(counts, 1);
    return counts;
  }

  private static List<List<String>> groups(TextClusters clusters) {
    return IntStream.range(0, clusters.size())
        .mapToObj(c -> clusters.members(c).stream().map(TEXTS::get).collect(Collectors.toList()))
        .toList();
  }
}
