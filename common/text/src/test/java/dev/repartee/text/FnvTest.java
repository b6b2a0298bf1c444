package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Files hold these hashes: they must not change. */
class FnvTest {

  @Test
  void publishedValues() {
    assertThat(Fnv.hash("")).isEqualTo(0xcbf29ce484222325L);
    assertThat(Fnv.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
    assertThat(Fnv.hash("foobar")).isEqualTo(0x85944171f73967e8L);
  }

  @Test
  void ofAPartWithASalt() {
    assertThat(Fnv.hash("xfoobarx", 1, 7, 0)).isEqualTo(Fnv.hash("foobar"));
    assertThat(Fnv.hash("foobar", 0, 6, 1)).isNotEqualTo(Fnv.hash("foobar"));
  }
}
