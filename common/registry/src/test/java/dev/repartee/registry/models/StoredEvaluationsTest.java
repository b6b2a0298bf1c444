package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.AliasMove.Promotion;
import dev.repartee.registry.models.AliasMove.Promotion.Expected;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands beside a version, and moves that depend on it. */
class StoredEvaluationsTest {

  private static final Instant NOON = Instant.parse("2026-11-03T12:00:00Z");

  @TempDir private Path folder;
  private ObjectStore store;
  private ModelRegistry registry;
  private ModelVersion first;
  private ModelVersion second;

  @BeforeEach
  void publish() {
    store = ObjectStores.open(folder.resolve("store").toString());
    registry = new ModelRegistry(store, Actor.named("ann"));
    first = registry.publish("acme", ModelFolders.write(folder.resolve("one"), 1));
    second = registry.publish("acme", ModelFolders.write(folder.resolve("two"), 2));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void addedOnceHoweverOftenItIsAdded() {
    StoredEvaluations evaluations = registry.evaluations();
    String id = StoredEvaluations.id(NOON, Map.of("saved", 3));
    assertThat(id).startsWith("20261103T120000Z-").hasSize(17 + 12);
    evaluations.add(first, Kind.EVALUATION, id, Map.of("saved", 3, "by", "ann"));
    StoredEvaluations.Entry again =
        evaluations.add(first, Kind.EVALUATION, id, Map.of("saved", 3, "by", "bob"));
    assertThat(again.json()).contains("ann");
    assertThat(evaluations.list(first, Kind.EVALUATION)).containsExactly(again);
    assertThat(again.key()).isEqualTo("models/acme/evaluations/1/" + id + ".json");
    assertThat(evaluations.list(second, Kind.EVALUATION)).isEmpty();
  }

  @Test
  void kindsStandApart() {
    StoredEvaluations evaluations = registry.evaluations();
    evaluations.add(first, Kind.GATES, "b", Map.of("passed", true));
    evaluations.add(first, Kind.EVALUATION, "c", Map.of());
    evaluations.add(first, Kind.EVALUATION, "a", Map.of());
    assertThat(evaluations.list(first, Kind.EVALUATION))
        .extracting(StoredEvaluations.Entry::id)
        .containsExactly("a", "c");
    assertThat(evaluations.list(first, Kind.GATES))
        .extracting(StoredEvaluations.Entry::key)
        .containsExactly("models/acme/evaluations/1/gates-b.json");
    assertThat(registry.versions("acme")).containsExactly(first, second);
  }

  @Test
  void aModelIsTheSameWhateverFolderItIsIn() throws Exception {
    ModelDigest published = ModelDigest.of(registry.describe(first).manifest());
    assertThat(ModelDigest.of(folder.resolve("one"))).isEqualTo(published);
    registry.fetch(first, folder.resolve("fetched"));
    assertThat(ModelDigest.of(folder.resolve("fetched"))).isEqualTo(published);
    assertThat(ModelDigest.of(registry.describe(second).manifest())).isNotEqualTo(published);
    Files.writeString(folder.resolve("fetched/config.json"), "{}");
    assertThatThrownBy(() -> ModelDigest.of(folder.resolve("fetched")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("config.json");
  }

  private Promotion promotion(ModelVersion version, Optional<Integer> expected) {
    return new Promotion(
        version,
        "production",
        Optional.empty(),
        Optional.of(new Expected(expected)),
        Optional.of(new GateOutcome(true, false, "models/acme/x.json", List.of())));
  }

  @Test
  void movesOnlyWhatStillNamesWhatWasCompared() {
    assertThatThrownBy(() -> registry.promote(promotion(second, Optional.of(1))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the decision was taken against version 1, but it is gone");
    AliasMove move = registry.promote(promotion(first, Optional.empty()));
    assertThat(move.gates().orElseThrow().report()).isEqualTo("models/acme/x.json");
    assertThatThrownBy(() -> registry.promote(promotion(second, Optional.empty())))
        .hasMessageContaining("was not moved to 2: the decision was taken against no version")
        .hasMessageContaining("ann moved it to 1");
    registry.promote(promotion(second, Optional.of(1)));
    assertThat(registry.history("acme")).extracting(AliasMove::to).containsExactly(1, 2);
    assertThat(registry.history("acme")).allMatch(one -> one.gates().isPresent());
  }
}
