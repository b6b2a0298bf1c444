package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class AssumptionsFileTest {

  @TempDir private Path folder;

  private static Assumptions changed(String... changes) {
    return AssumptionsFile.read(Optional.empty(), List.of(changes));
  }

  private Path copyWith(String from, String to) throws IOException {
    try (var in = AssumptionsFile.class.getResourceAsStream(AssumptionsFile.BUNDLED)) {
      String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(text).contains(from);
      return Files.writeString(folder.resolve("mine.yaml"), text.replace(from, to));
    }
  }

  @Test
  void oneValueIsChanged() {
    Assumptions changed =
        changed("systems.repartee.hpa.target=3.5", "systems.repartee.balancing=round_robin");
    assertThat(changed.systems().getLast().hpa().target()).isEqualTo(3.5);
    assertThat(changed.systems().getFirst().hpa().target()).isNotEqualTo(3.5);
    assertThat(changed.systems().getLast().balancing())
        .isEqualTo(Assumptions.SystemSettings.Balancing.ROUND_ROBIN);
  }

  @Test
  void aValueOutOfBoundsIsNamed() {
    assertThatThrownBy(() -> changed("systems.repartee.pod.slots=0"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("systems[1].pod: slots must be between 1 and 1000 but is 0");
    assertThatThrownBy(() -> changed("scenarios.spike.eventSeconds=9999"))
        .hasMessageContaining("scenarios[1]: eventSeconds must be between 0 and 3600");
  }

  @Test
  void aPathThatDoesNotExistIsNamed() {
    assertThatThrownBy(() -> changed("systems.repartee.hpa.tarjet=1"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no 'tarjet'");
    assertThatThrownBy(() -> changed("systems.nobody.hpa.target=1"))
        .hasMessageContaining("there is no 'nobody'");
    assertThatThrownBy(() -> changed("target")).hasMessageContaining("needs path=value");
  }

  @Test
  void anUnknownKeyIsNamed() throws IOException {
    Path file = copyWith("scanSeconds:", "scanSecond:");
    assertThatThrownBy(() -> AssumptionsFile.read(Optional.of(file), List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("mine.yaml: cluster")
        .hasMessageContaining("scanSecond");
  }

  @Test
  void aMissingKeyIsNamed() throws IOException {
    Path file = copyWith("  scanSeconds: 10\n", "");
    assertThatThrownBy(() -> AssumptionsFile.read(Optional.of(file), List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("scanSeconds");
  }

  @Test
  void aKindOfRequestWithoutItsTimeIsNamed() throws IOException {
    Path file = copyWith("{name: message,", "{name: letter,");
    assertThatThrownBy(() -> AssumptionsFile.read(Optional.of(file), List.of()))
        .hasMessageContaining("system before: pod.milliseconds says nothing of letter");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () -> AssumptionsFile.read(Optional.of(folder.resolve("none.yaml")), List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none.yaml: no such readable file");
  }
}
