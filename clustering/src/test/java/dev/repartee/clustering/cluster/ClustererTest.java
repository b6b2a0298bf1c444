package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.clustering.cluster.Clusterer.ClusterOptions;
import dev.repartee.clustering.cluster.Clusterer.TextClusters;
import dev.repartee.clustering.count.TextTallies;
import dev.repartee.clustering.count.TextTally;
import java.util.ArrayList;
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

  private static final List<TextTally> TEXTS =
      KNOWN.stream().flatMap(List::stream).map(text -> TextTallies.of(text, 2)).toList();

  private static ClusterOptions options(int blockTexts) {
    return new ClusterOptions(150, blockTexts, 0.6, 0.5, 0.4, 20, 5, 2, 1);
  }

  private static TextClusters cluster(List<TextTally> texts) {
    return new Clusterer(options(4000), step -> {}).cluster(texts);
  }

  @ParameterizedTest
  @ValueSource(ints = {4000, 15})
  void findsTheKnownClustersInOneBlockAndInSeveral(int blockTexts) {
    assertThat(groups(new Clusterer(options(blockTexts), step -> {}).cluster(TEXTS)))
        .containsExactlyInAnyOrderElementsOf(KNOWN);
  }

  @Test
  void whatCustomersAnswerJoinsWhatIsWordedDifferentlyAndParts() {
    List<TextTally> texts =
        List.of(
            TextTallies.answered(
                "may i have your name please", 90, "my name is name", "name", "it is name"),
            TextTallies.answered("could you tell me your name", 80, "name", "my name is name"),
            TextTallies.answered(
                "may i have your order please", 70, "it is reference", "reference", "number 0"),
            TextTallies.answered(
                "could you tell me your order", 60, "reference", "it is reference"));
    TextClusters clusters =
        new Clusterer(new ClusterOptions(50, 4000, 0.9, 0.5, 0.8, 1, 1, 2, 1), step -> {})
            .cluster(texts);
    assertThat(clusters.clusterOf(0)).isEqualTo(clusters.clusterOf(1));
    assertThat(clusters.clusterOf(2)).isEqualTo(clusters.clusterOf(3));
    assertThat(clusters.clusterOf(0)).isNotEqualTo(clusters.clusterOf(2));
  }

  @Test
  void languagesDoNotMixHoweverAlikeTheyLook() {
    List<TextTally> texts = new ArrayList<>();
    for (String language : List.of("uk", "ru")) {
      texts.add(TextTallies.ofLanguage(language, "добрий день чим " + language, 9));
    }
    texts.add(TextTallies.of("добрий день чим", 9));
    TextClusters clusters = cluster(texts);
    assertThat(clusters.clusterOf(0)).isNotEqualTo(clusters.clusterOf(1));
  }

  @Test
  void aTextThatRecursIsAClusterOfItsOwnAndOneUsedOnceIsNoise() {
    TextClusters clusters =
        cluster(
            List.of(
                TextTallies.of("xyzzy", 2),
                TextTallies.of("plugh", 1),
                TextTallies.of("good morning", 1),
                TextTallies.of("good morning to you", 1)));
    assertThat(clusters.members(clusters.clusterOf(0))).containsExactly(0);
    assertThat(clusters.clusterOf(1)).isEqualTo(TextClusters.NOISE);
  }

  @Test
  void oneTextAndNoneAreNoProblem() {
    assertThat(cluster(List.of(TextTallies.of("hello", 5))).clusterOf(0)).isZero();
    assertThat(cluster(List.of()).size()).isZero();
  }

  @Test
  void optionsNameTheBound() {
    assertThatThrownBy(() -> new ClusterOptions(150, 1, 0.7, 0.6, 0.4, 20, 3, 2, 1))
        .hasMessage("blockTexts must be at least 2 but is 1");
    assertThatThrownBy(() -> new ClusterOptions(150, 5000, 0.7, 1.5, 0.4, 20, 3, 2, 1))
        .hasMessage("similarity must be between 0 and 1 but is 1.5");
    assertThatThrownBy(() -> new ClusterOptions(150, 5000, 0.7, 0.6, 0.4, Double.NaN, 3, 2, 1))
        .hasMessageStartingWith("contextSupport must be above 0");
  }

  private static List<List<String>> groups(TextClusters clusters) {
    return IntStream.range(0, clusters.size())
        .mapToObj(
            c ->
                clusters.members(c).stream()
                    .map(row -> TEXTS.get(row).key())
                    .collect(Collectors.toList()))
        .toList();
  }
}
