package dev.repartee.finetune.testing;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The random GPT-2 of {@code golden/tiny}, and the same model as other tools may have saved it. */
public final class GoldenModel {

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "expected.json", "expected.safetensors");
  private static final String PREFIX = "transformer.";

  /** One tensor of a file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tensor(String name, String dtype, List<Long> shape, byte[] bytes) {}

  private final Path folder;

  private GoldenModel(Path folder) {
    this.folder = folder;
  }

  /** Copies the model out of the jar of {@code common}'s tests. */
  public static GoldenModel copyTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : FILES) {
      try (InputStream in = GoldenModel.class.getResourceAsStream("/golden/tiny/" + file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
    return new GoldenModel(folder);
  }

  public Path folder() {
    return folder;
  }

  /** The values of {@code expected.json}. */
  public JsonNode expected() throws IOException {
    return Json.COMPACT.readTree(Files.readString(folder.resolve("expected.json")));
  }

  /** An FP32 array of {@code expected.safetensors}. */
  public float[] expectedFloats(String name) {
    try (Safetensors file = Safetensors.open(folder.resolve("expected.safetensors"))) {
      ByteBuffer bytes = file.bytes(name);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return values;
    }
  }

  /** An I64 array of {@code expected.safetensors}. */
  public long[] expectedLongs(String name) {
    try (Safetensors file = Safetensors.open(folder.resolve("expected.safetensors"))) {
      ByteBuffer bytes = file.bytes(name);
      long[] values = new long[bytes.remaining() / Long.BYTES];
      bytes.asLongBuffer().get(values);
      return values;
    }
  }

  /** Two shards and an index, tensors without the prefix. */
  public Path sharded(Path target) throws IOException {
    copyConfig(target);
    List<Tensor> all =
        tensors().stream()
            .map(
                tensor ->
                    new Tensor(
                        tensor.name.replace(PREFIX, ""), tensor.dtype, tensor.shape, tensor.bytes))
            .toList();
    ObjectNode index = Json.COMPACT.createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    int half = all.size() / 2;
    List<List<Tensor>> shards = List.of(all.subList(0, half), all.subList(half, all.size()));
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-0000%d-of-00002.safetensors".formatted(i + 1);
      shards.get(i).forEach(tensor -> map.put(tensor.name, name));
      write(target.resolve(name), shards.get(i));
    }
    Files.writeString(
        target.resolve("model.safetensors.index.json"), Json.COMPACT.writeValueAsString(index));
    return target;
  }

  /** Every matrix in BF16, cut off rather than rounded; everything else as it was. */
  public Path halfInBf16(Path target) throws IOException {
    copyConfig(target);
    List<Tensor> all = new ArrayList<>();
    for (Tensor tensor : tensors()) {
      all.add(tensor.shape.size() == 2 ? bf16(tensor) : tensor);
    }
    write(target.resolve("model.safetensors"), all);
    return target;
  }

  private static Tensor bf16(Tensor tensor) {
    byte[] high = new byte[tensor.bytes.length / 2];
    for (int i = 0; i < high.length / 2; i++) {
      // The upper two of four little-endian bytes.
      high[2 * i] = tensor.bytes[4 * i + 2];
      high[2 * i + 1] = tensor.bytes[4 * i + 3];
    }
    return new Tensor(tensor.name, "BF16", tensor.shape, high);
  }

  private void copyConfig(Path target) throws IOException {
    Files.createDirectories(target);
    Files.copy(folder.resolve("config.json"), target.resolve("config.json"));
  }

  private List<Tensor> tensors() {
    try (Safetensors file = Safetensors.open(folder.resolve("model.safetensors"))) {
      List<Tensor> tensors = new ArrayList<>();
      new TreeMap<>(file.entries())
          .forEach(
              (name, entry) -> {
                byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
                file.bytes(name).get(bytes);
                tensors.add(new Tensor(name, entry.dtype(), entry.shape(), bytes));
              });
      return tensors;
    }
  }

  private static void write(Path file, List<Tensor> tensors) throws IOException {
    ObjectNode header = Json.COMPACT.createObjectNode();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (Tensor tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name).put("dtype", tensor.dtype);
      tensor.shape.forEach(entry.putArray("shape")::add);
      entry.putArray("data_offsets").add(data.size()).add(data.size() + tensor.bytes.length);
      data.writeBytes(tensor.bytes);
    }
    byte[] json = Json.COMPACT.writeValueAsBytes(header);
    // Data begins at a multiple of eight bytes, as the format asks.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    ByteBuffer whole =
        ByteBuffer.allocate(Long.BYTES + padded.length + data.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded.length)
            .put(padded)
            .put(data.toByteArray());
    Files.write(file, whole.array());
  }
}
