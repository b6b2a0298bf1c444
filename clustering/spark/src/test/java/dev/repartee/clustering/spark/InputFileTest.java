package dev.repartee.clustering.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFileTest {

  @ParameterizedTest
  @CsvSource({
    "gs://bucket/chats/a.jsonl, gs://bucket/chats/a.jsonl",
    "s3a://bucket/a.jsonl, s3a://bucket/a.jsonl",
    "hdfs:/chats/a.jsonl, hdfs:/chats/a.jsonl",
    "/chats/a.jsonl, /chats/a.jsonl",
    "chats/a.jsonl, chats/a.jsonl"
  })
  void objectStoresKeepTheirBuckets(String given, String expected) {
    assertThat(InputFile.hadoopPath(Path.of(given).toString())).hasToString(expected);
  }
}
