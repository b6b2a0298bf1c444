package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

/** The standard tokenizer against what GPT-2's makes of strings. */
@TestInstance(Lifecycle.PER_CLASS)
class Gpt2TokenizerTest {

  private static final int END_OF_TEXT = 50_256;

  /**
   * A string with the ids that GPT-2 gives it (tokenizer/README.md among the test resources).
   *
   * @param group says what is hard about it
   */
  private record Golden(String group, String text, List<Integer> ids) {

    /** The text with all but printable ASCII escaped, for messages. */
    String shown() {
      StringBuilder shown = new StringBuilder();
      text.chars()
          .limit(60)
          .mapToObj(c -> c >= ' ' && c <= '~' ? Character.toString(c) : "\\u%04x".formatted(c))
          .forEach(shown::append);
      return group + ": '" + shown + "'";
    }

    /** Whether decoding can give the text back: UTF-8 has no lone surrogates. */
    boolean isValid() {
      return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
  }

  private final List<Golden> golden = read();

  private static List<Golden> read() {
    try (InputStream in = Gpt2TokenizerTest.class.getResourceAsStream("/tokenizer/gpt2.json")) {
      return Json.COMPACT.readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Gpt2Tokenizer tokenizer;

  @BeforeAll
  void open() {
    tokenizer = StandardVocabulary.tokenizer();
  }

  @AfterAll
  void close() {
    tokenizer.close();
  }

  @Test
  void encodesEveryStringAsGpt2Does() {
    assertThat(golden).hasSizeGreaterThanOrEqualTo(220);
    for (Golden string : golden) {
      assertThat(tokenizer.encode(string.text()))
          .as(string.shown())
          .containsExactly(string.ids().stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @Test
  void decodesEveryValidString() {
    for (Golden string : golden) {
      if (string.isValid()) {
        int[] ids = tokenizer.encode(string.text());
        assertThat(tokenizer.decode(ids)).as(string.shown()).isEqualTo(string.text());
      }
    }
  }

  @Test
  void encodesAndDecodesRandomTextOfAnyCodePoints() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      String text =
          IntStream.generate(() -> randomCodePoint(random))
              .limit(50)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  private static int randomCodePoint(Random random) {
    int[] ends = {0x80, 0x800, 0xD800, Character.MAX_CODE_POINT};
    int codePoint = random.nextInt(ends[random.nextInt(ends.length)]);
    return codePoint >> 11 == 0x1B ? ' ' : codePoint; // no surrogates
  }

  @Test
  void readsALoneSurrogateAsReplacementCharacter() {
    assertThat(tokenizer.encode("a\uD83Db\uDE00")).isEqualTo(tokenizer.encode("a\uFFFDb\uFFFD"));
    assertThat(tokenizer.decode(tokenizer.encode("x\uDC00"))).isEqualTo("x\uFFFD");
  }

  @Test
  void textCannotForgeTheEndOfText() {
    int[] ids = tokenizer.encode("a<|endoftext|>b <|endoftext|>");
    assertThat(ids).doesNotContain(END_OF_TEXT);
    assertThat(tokenizer.decode(ids)).isEqualTo("a<|endoftext|>b <|endoftext|>");
  }

  @Test
  void aSpecialTokenStandsForNoBytes() {
    assertThat(tokenizer.bytes(END_OF_TEXT)).isEmpty();
    assertThat(tokenizer.decode(new int[] {15496, END_OF_TEXT, 995})).isEqualTo("Hello world");
  }

  @Test
  void decodesBytesThatAreNoUtf8AsReplacementCharacters() {
    int[] emoji = tokenizer.encode("\uD83D\uDE00");
    assertThat(emoji).hasSizeGreaterThan(1);
    assertThat(tokenizer.decode(new int[] {emoji[0]})).isEqualTo("\uFFFD");
    assertThat(tokenizer.decode(new int[0])).isEmpty();
  }

  @Test
  void givesTheBytesOfATokenWithoutLettingThemBeChanged() {
    assertThat(tokenizer.bytes(262)).isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
    tokenizer.bytes(262)[0] = 'x';
    assertThat(tokenizer.decode(new int[] {262})).isEqualTo(" the");
  }

  @Test
  void namesAnIdOutsideTheVocabulary() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {50_257}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token id 50257 is outside 0..50256");
    assertThatThrownBy(() -> tokenizer.bytes(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encodesLongTextWithoutCuttingIt() {
    String text = "A longer message, number 12, follows.\n".repeat(5_000);
    int[] ids = tokenizer.encode(text);
    assertThat(ids).hasSizeGreaterThan(40_000);
    assertThat(tokenizer.decode(ids)).isEqualTo(text);
  }

  @Test
  void theStandardOneIsReadAsItWasWritten(@TempDir Path folder) {
    try (Gpt2Tokenizer standard = StandardVocabulary.tokenizer()) {
      standard.write(folder);
      try (Gpt2Tokenizer read = Gpt2Tokenizer.read(folder)) {
        String text = "I'll say\u00A0\u00E9 \uD83D\uDE00  twice<|endoftext|>\n\n";
        assertThat(read.encode(text)).isEqualTo(standard.encode(text));
        assertThat(read.vocabularySize()).isEqualTo(standard.vocabularySize());
        assertThat(read.bytes(50_256)).isEmpty();
      }
    }
  }

  @Test
  void huggingFaceFindsTheEndOfTextInTheWrittenFile(@TempDir Path folder) throws IOException {
    try (Gpt2Tokenizer standard = StandardVocabulary.tokenizer()) {
      standard.write(folder);
    }
    try (HuggingFaceTokenizer plain = HuggingFaceTokenizer.newInstance(folder)) {
      assertThat(plain.encode("Hello world<|endoftext|>").getIds())
          .containsExactly(15496, 995, 50_256);
    }
  }
}
