package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The safetensors files of a model folder, one or several shards, with every tensor accounted for.
 */
final class CheckpointFiles implements AutoCloseable {

  private static final String INDEX = "model.safetensors.index.json";
  private static final String PREFIX = "transformer.";

  /** Causal masks that older exports carry, and the LM head, which is tied to the embedding. */
  private static final Pattern REDUNDANT =
      Pattern.compile("h\\.\\d+\\.attn\\.(bias|masked_bias)|lm_head\\.weight");

  private final List<Safetensors> shards;
  private final Map<String, Safetensors> shardOf = new HashMap<>();
  private final Map<String, String> fileNames = new HashMap<>();

  private CheckpointFiles(List<Safetensors> shards) {
    this.shards = shards;
    for (Safetensors shard : shards) {
      for (String name : shard.entries().keySet()) {
        String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        shardOf.put(plain, shard);
        fileNames.put(plain, name);
      }
    }
  }

  /**
   * Opens the folder's weights and compares them with {@code layout}.
   *
   * @throws UserException naming missing and unknown tensors, wrong shapes, or the missing file
   */
  static CheckpointFiles open(Path folder, List<Gpt2Layout.Weight> layout) {
    List<Safetensors> shards = new ArrayList<>();
    try {
      for (Path file : files(folder)) {
        shards.add(Safetensors.open(file));
      }
      CheckpointFiles files = new CheckpointFiles(shards);
      files.check(folder, layout);
      return files;
    } catch (RuntimeException e) {
      shards.forEach(Safetensors::close);
      throw e;
    }
  }

  private static List<Path> files(Path folder) {
    Path single = folder.resolve(Gpt2Weights.FILE);
    if (Files.isRegularFile(single)) {
      return List.of(single);
    }
    Path index = folder.resolve(INDEX);
    if (Files.isRegularFile(index)) {
      return shards(folder, index);
    }
    throw new UserException(missing(folder, single));
  }

  private static String missing(Path folder, Path single) {
    try (Stream<Path> files = Files.list(folder)) {
      boolean pickled = files.anyMatch(file -> file.getFileName().toString().endsWith(".bin"));
      if (pickled) {
        return single
            + " is missing; the folder has a .bin file, which can run code when it is read: convert"
            + " it once with Python: from transformers import GPT2LMHeadModel;"
            + " GPT2LMHeadModel.from_pretrained('FOLDER').save_pretrained('FOLDER',"
            + " safe_serialization=True)";
      }
      return single + " is missing";
    } catch (IOException e) {
      return folder + " is no readable folder";
    }
  }

  private static List<Path> shards(Path folder, Path index) {
    try {
      JsonNode map = Json.COMPACT.readTree(Files.readString(index)).path("weight_map");
      Set<String> names = new LinkedHashSet<>();
      map.properties().forEach(entry -> names.add(entry.getValue().asString()));
      if (names.isEmpty()) {
        throw new UserException(index + ": weight_map is missing or empty");
      }
      for (String name : names) {
        if (!Path.of(name).equals(Path.of(name).getFileName())) {
          throw new UserException(index + ": shard '" + name + "' is not a plain file name");
        }
      }
      return names.stream().map(folder::resolve).toList();
    } catch (IOException | JacksonException e) {
      throw new UserException(index + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void check(Path folder, List<Gpt2Layout.Weight> layout) {
    Set<String> wanted = layout.stream().map(Gpt2Layout.Weight::name).collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(shardOf.keySet());
    if (!missing.isEmpty()) {
      throw new UserException(folder + ": the weights lack " + some(missing));
    }
    Set<String> unknown = new TreeSet<>(shardOf.keySet());
    unknown.removeAll(wanted);
    unknown.removeIf(name -> REDUNDANT.matcher(name).matches());
    if (!unknown.isEmpty()) {
      throw new UserException(
          folder + ": the weights hold tensors that are no part of GPT-2: " + some(unknown));
    }
    for (Gpt2Layout.Weight weight : layout) {
      Safetensors.Entry entry = entry(weight);
      if (!entry.shape().equals(weight.fileShape())) {
        throw new UserException(
            "%s: tensor '%s' has shape %s but config.json asks for %s"
                .formatted(
                    shardOf.get(weight.name()).file(),
                    fileNames.get(weight.name()),
                    entry.shape(),
                    weight.fileShape()));
      }
    }
  }

  private static String some(Set<String> names) {
    int shown = 5;
    String first = names.stream().limit(shown).collect(Collectors.joining("', '", "'", "'"));
    return names.size() <= shown ? first : first + " and " + (names.size() - shown) + " more";
  }

  Safetensors.Entry entry(Gpt2Layout.Weight weight) {
    return shardOf.get(weight.name()).entries().get(fileNames.get(weight.name()));
  }

  ByteBuffer bytes(Gpt2Layout.Weight weight) {
    return shardOf.get(weight.name()).bytes(fileNames.get(weight.name()));
  }

  @Override
  public void close() {
    shards.forEach(Safetensors::close);
  }
}
