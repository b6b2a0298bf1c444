package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are whole or absent, and the newest whole one is found. */
class CheckpointsTest {

  @TempDir private Path folder;

  private Checkpoints checkpoints(String fingerprint) {
    return new Checkpoints(new RunFolder(folder), fingerprint);
  }

  private static Progress progress(long step, long bestStep) {
    return new Progress(
        new Progress.Position(step, 2, 3, 7),
        new Progress.Evaluations(OptionalDouble.of(1.0 / 3), bestStep, 1, step),
        new Progress.OptimizerState(step - 1, 65536, 17),
        12345,
        0.1);
  }

  private static Path save(Checkpoints checkpoints, long step, long bestStep) {
    checkpoints.saveBest(bestStep, best -> Files.writeString(best.resolve("weights"), "w" + step));
    return checkpoints.save(
        progress(step, bestStep), 99, state -> Files.writeString(state, "state of " + step));
  }

  private static List<String> names(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatWasSavedIsReadBackExactly() throws IOException {
    save(checkpoints("f"), 5, 4);
    Checkpoints.Checkpoint newest = checkpoints("f").newest().orElseThrow();
    assertThat(newest.progress()).isEqualTo(progress(5, 4));
    assertThat(newest.metricsBytes()).isEqualTo(99);
    assertThat(newest.state()).hasContent("state of 5");
  }

  @Test
  void theNewestFewAreKeptWithTheBestWeightsThatTheyName() throws IOException {
    Checkpoints checkpoints = checkpoints("f");
    save(checkpoints, 5, 5);
    save(checkpoints, 10, 10);
    save(checkpoints, 15, 10);
    save(checkpoints, 20, 20);
    assertThat(names(folder.resolve("checkpoints")))
        .containsExactly("step-00000015", "step-00000020");
    assertThat(names(folder.resolve("best"))).containsExactly("step-00000010", "step-00000020");
  }

  @Test
  void aDamagedOneAndAHalfWrittenOneArePassedOver() throws IOException {
    Checkpoints checkpoints = checkpoints("f");
    save(checkpoints, 5, 5);
    Path newer = save(checkpoints, 10, 5);
    Files.writeString(newer.resolve("state.safetensors"), "state 0f 10");
    Path halfWritten = Files.createDirectory(folder.resolve("checkpoints/step-00000015.tmp"));
    Files.writeString(halfWritten.resolve("state.safetensors"), "st");
    assertThat(checkpoints("f").newest().orElseThrow().progress().position().step()).isEqualTo(5);
    assertThat(names(folder.resolve("checkpoints")))
        .containsExactly("step-00000005", "step-00000010.damaged");
    Checkpoints again = checkpoints("f");
    Files.delete(folder.resolve("checkpoints/step-00000005/progress.json"));
    assertThat(again.newest()).isEmpty();
  }

  @Test
  void whenOneCannotBeWrittenTheOneBeforeStaysAndIsNamed() throws IOException {
    Checkpoints checkpoints = checkpoints("f");
    Path before = save(checkpoints, 5, 5);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(
            () ->
                checkpoints.save(
                    progress(10, 5),
                    0,
                    state -> {
                      Files.writeString(state, "half");
                      throw new IOException("No space left on device");
                    }))
        .withMessageContaining("No space left on device")
        .withMessageContaining(before.toString())
        .withMessageContaining("GB free");
    assertThat(names(folder.resolve("checkpoints"))).containsExactly("step-00000005");
    assertThat(checkpoints("f").newest()).isPresent();
  }

  @Test
  void oneOfOtherSettingsIsRefused() {
    save(checkpoints("f"), 5, 5);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> checkpoints("g").newest())
        .withMessageContaining("other settings or data");
  }

  @Test
  void tooSmallADiskIsRefusedWithWhatIsNeededAndFree() {
    RunFolder run = new RunFolder(folder);
    run.requireSpace(100_000_000, 4_800_000_000L, 0);
    run.requireSpace(100_000_000, 1, 4_800_000_000L);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> run.requireSpace(100_000_000, 1_500_000_000L, 0))
        .withMessageContaining("need 4.8 GB but 1.5 GB is free");
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> run.requireSpace(100_000, 1_500_000, 0))
        .withMessageContaining("need 4.8 MB but 1.5 MB is free");
  }
}
