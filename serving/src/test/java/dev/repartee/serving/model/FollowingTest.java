package dev.repartee.serving.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.VersionName;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.predict.CountingPredictor;
import dev.repartee.serving.predict.PredictionOptions;
import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FollowingTest {

  private String named = "2";
  private int poll;
  private final List<Integer> attempts = new ArrayList<>();
  private final ServiceState state = new ServiceState();
  private final Following following =
      new Following(
          new ModelLoader(
              new Damaged(),
              _ -> new CountingPredictor(),
              PredictionOptions.of(OptionalLong.empty()),
              Optional.empty()),
          state);

  /** No version of it can be taken. */
  private final class Damaged implements ModelSource {

    @Override
    public VerifiedModel obtain(Consumer<Phase> progress) {
      attempts.add(poll);
      throw new UserException("damaged");
    }

    @Override
    public Optional<VersionName> latest() {
      return Optional.of(new VersionName("acme", named));
    }
  }

  private List<Integer> attemptsWithin(int polls) {
    attempts.clear();
    for (poll = 0; poll < polls; poll++) {
      following.poll();
    }
    return attempts;
  }

  @Test
  void aVersionThatIsRefusedRestsTwiceAsLongEachTimeAndAnotherIsTriedAtOnce() {
    assertThat(attemptsWithin(150)).containsExactly(0, 2, 6, 14, 30, 61, 92, 123);
    assertThat(state.refusal().orElseThrow().reason()).isEqualTo("damaged");
    named = "3";
    assertThat(attemptsWithin(3)).containsExactly(0, 2);
    assertThat(state.refusal().orElseThrow().model().version()).isEqualTo("3");
  }
}
