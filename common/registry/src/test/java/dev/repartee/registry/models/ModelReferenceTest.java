package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.text.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelReferenceTest {

  @Test
  void aliasOrNumber() {
    assertThat(ModelReference.parse("acme@production"))
        .isEqualTo(new ModelAlias("acme", "production"))
        .hasToString("acme@production");
    assertThat(ModelReference.parse("a.b-c_1@7"))
        .isEqualTo(new ModelVersion("a.b-c_1", 7))
        .hasToString("a.b-c_1@7");
    assertThat(ModelReference.looksLike("acme@production")).isTrue();
    assertThat(ModelReference.looksLike("runs/x@y")).isFalse();
    assertThat(ModelReference.looksLike("runs")).isFalse();
  }

  @Test
  void anythingElseIsWrongUsage() {
    String tooLong = "a".repeat(64) + "@x";
    for (String text :
        List.of(
            "acme",
            "@x",
            "acme@",
            "Acme@x",
            "acme@X",
            "a/b@x",
            "a@b@c",
            "a@0",
            "a@99999999999",
            "-a@x",
            tooLong)) {
      assertThatThrownBy(() -> ModelReference.parse(text))
          .as(text)
          .isInstanceOfSatisfying(
              UserException.class,
              e -> assertThat(e.kind()).isEqualTo(UserException.Kind.WRONG_USAGE));
    }
    assertThatThrownBy(() -> ModelReference.parse("acme")).hasMessageContaining("acme@production");
    assertThatThrownBy(() -> new ModelAlias("acme", "7")).hasMessageContaining("version number");
  }
}
