package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {

  @Test
  void theRevisionIsMainUnlessGiven() {
    assertThat(HubReference.parse("hf:acme/tiny"))
        .isEqualTo(new HubReference("acme", "tiny", "main"))
        .hasToString("hf:acme/tiny");
    assertThat(HubReference.parse("hf:acme/tiny.2@refs/pr/1"))
        .isEqualTo(new HubReference("acme", "tiny.2", "refs/pr/1"))
        .hasToString("hf:acme/tiny.2@refs/pr/1");
  }

  @Test
  void gpt2IsShortForItsModel() {
    assertThat(HubReference.looksLike("gpt2")).isTrue();
    assertThat(HubReference.parse("gpt2").repository()).isEqualTo("openai-community/gpt2");
    assertThat(HubReference.looksLike("gpt2@production")).isFalse();
  }

  @Test
  void onlyAFullCommitIsACommit() {
    assertThat(HubReference.parse("hf:a/b@" + FakeHub.COMMIT).isCommit()).isTrue();
    assertThat(HubReference.parse("hf:a/b@0123456").isCommit()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:tiny",
        "hf:/tiny",
        "hf:acme/",
        "hf:acme/tiny@",
        "hf:acme/tiny/more",
        "hf:../tiny",
        "hf:acme/..",
        "hf:acme/a--b",
        "hf:acme/ti ny",
        "hf:acme/tiny@../../x",
        "hf:acme/tiny@a?b"
      })
  void whatTheHubWouldNotTakeIsWrongUsage(String text) {
    assertThatThrownBy(() -> HubReference.parse(text))
        .isInstanceOfSatisfying(
            UserException.class,
            e -> assertThat(e.kind()).isEqualTo(UserException.Kind.WRONG_USAGE))
        .hasMessageContaining("for example hf:openai-community/gpt2");
  }
}
