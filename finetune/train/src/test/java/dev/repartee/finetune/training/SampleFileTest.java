package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.finetune.report.SamplePrediction.Prediction;
import dev.repartee.finetune.training.SampleReplies.SampleFile;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleFileTest {

  @TempDir private Path folder;

  @Test
  void samplesReadBackAsTheyWereForTheirOwnRunOnly() throws IOException {
    Path path = folder.resolve("samples.json");
    List<SamplePrediction> samples =
        List.of(
            new SamplePrediction(
                List.of(Message.customer("Où est ma commande ? 😡"), Message.agent("Hi")),
                "One moment.",
                Optional.of(new Prediction("the the", OptionalDouble.of(10.25))),
                Optional.empty()));
    SampleFile file = new SampleFile(path, "mine");
    assertThat(file.read()).isEmpty();
    file.write(samples);
    assertThat(file.read()).contains(samples);
    assertThat(new SampleFile(path, "other").read()).isEmpty();
    assertThat(Files.readString(path)).contains("\"role\" : \"customer\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"fing",
        "{}",
        "{\"fingerprint\":\"f\"}",
        "{\"fingerprint\":\"f\",\"samples\":[{}]}",
        "{\"fingerprint\":\"f\",\"samples\":[{\"context\":[{\"role\":\"x\",\"text\":\"\"}]}]}"
      })
  void aDamagedFileIsPassedOver(String content) throws IOException {
    Path path = Files.writeString(folder.resolve("samples.json"), content);
    assertThat(new SampleFile(path, "f").read()).isEmpty();
  }
}
