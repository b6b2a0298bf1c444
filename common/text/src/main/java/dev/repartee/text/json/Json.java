package dev.repartee.text.json;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The JSON and YAML configuration of the project: names in snake case, and unknown keys are
 * ignored.
 */
public final class Json {

  /** One value on one line. */
  public static final JsonMapper COMPACT =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Indented, for files and output that people read. */
  public static final JsonMapper PRETTY =
      COMPACT.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  /** For files that people write. No field, so that services need not load the parser. */
  public static YAMLMapper yaml() {
    return YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  }

  /** What is wrong with a text that no message may quote, since customers wrote it. */
  public static String problem(JacksonException e) {
    return said(e).replaceFirst(" \\(\\d+, from .*| ['\"][^'\"]{2,}.*", "");
  }

  /** The rule of a type that was broken, or what is wrong with the text. */
  public static String reason(JacksonException e) {
    Throwable rule = e.getCause();
    return (rule instanceof IllegalArgumentException || rule instanceof NullPointerException)
            && rule.getMessage() != null
        ? rule.getMessage()
        : said(e);
  }

  /** Without a place that Jackson does not know. */
  private static String said(JacksonException e) {
    String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
    return what.replaceFirst(" \\(start marker at .*", "");
  }

  /**
   * The content of {@code file}.
   *
   * @throws UserException naming the file, and the line where it is not JSON
   */
  public static JsonNode readFile(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; convert the file to UTF-8", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * The content of {@code file}, which a program wrote.
   *
   * @throws UserException naming the file, and the field where one breaks a rule of {@code type}
   */
  public static <T> T readFile(Path file, Class<T> type) {
    return value(() -> COMPACT.readValue(file.toFile(), type), type, file.toString());
  }

  /** The value in a text that comes from {@code source}, which a program wrote. */
  public static <T> T parse(String text, Class<T> type, String source) {
    return value(() -> COMPACT.readValue(text, type), type, source);
  }

  private static <T> T value(Supplier<T> reader, Class<T> type, String source) {
    String why = "is empty";
    JacksonException cause = null;
    try {
      T value = reader.get();
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      cause = e;
      why = reason(e);
    }
    throw new UserException(
        "%s: not a valid %s: %s; it is damaged: fetch or write it again"
            .formatted(source, type.getSimpleName(), why),
        cause);
  }

  /**
   * The content of {@code text}.
   *
   * @param source where it comes from, for the message
   * @throws UserException naming the source, and the line where it is not JSON
   */
  public static JsonNode parse(String text, String source) {
    try {
      return COMPACT.reader().with(StreamReadFeature.STRICT_DUPLICATE_DETECTION).readTree(text);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new UserException(source + ":" + line + ": not JSON: " + said(e), e);
    }
  }
}
