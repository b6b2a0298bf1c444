package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.hub.HubModels.HubSettings;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubSettingsTest {

  private static HubSettings of(Map<String, String> environment) {
    return HubSettings.of(environment, Optional.empty());
  }

  @Test
  void withoutVariablesItIsThePublicHub() {
    HubSettings settings = of(Map.of("HF_TOKEN", " ", "HF_ENDPOINT", ""));
    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.token()).isEmpty();
    assertThat(settings.cache().endsWith(Path.of("repartee", "hub"))).isTrue();
  }

  @Test
  void variablesAndTheOptionChooseOthers() {
    Map<String, String> environment =
        Map.of(
            "HF_ENDPOINT", "https://mirror.example/hf//",
            "HF_TOKEN", "hf_secret\n",
            "REPARTEE_CACHE", "models");
    HubSettings settings = of(environment);
    assertThat(settings.endpoint()).hasToString("https://mirror.example/hf");
    assertThat(settings.token()).contains("hf_secret");
    assertThat(settings.cache()).isEqualTo(Path.of("models", "hub"));
    assertThat(HubSettings.of(environment, Optional.of(Path.of("own"))).cache())
        .isEqualTo(Path.of("own", "hub"));
  }

  @Test
  void theTokenIsNeverPrinted() {
    assertThat(of(Map.of("HF_TOKEN", "hf_secret"))).asString().doesNotContain("secret");
    assertThatThrownBy(() -> of(Map.of("HF_TOKEN", "hf_\u00fcsecret")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("secret");
  }

  @Test
  void anEndpointMustBeAnAddress() {
    for (String wrong : new String[] {"huggingface.co", "ftp://a", "https://", "https://a b"}) {
      assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", wrong)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("HF_ENDPOINT must be an address such as https://huggingface.co");
    }
  }
}
