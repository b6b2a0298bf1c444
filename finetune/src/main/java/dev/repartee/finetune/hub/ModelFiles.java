package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Which of a model's files make a model folder. */
final class ModelFiles {

  private static final String INDEX = Gpt2Weights.FILE + ".index.json";
  private static final Pattern PICKLED = Pattern.compile("pytorch_model.*\\.bin");
  private static final Pattern MADE_ELSEWHERE = Pattern.compile(".*\\.(h5|msgpack|onnx|gguf|ot)");

  private final HubReference reference;
  private final Listing listing;

  ModelFiles(HubReference reference, Listing listing) {
    this.reference = reference;
    this.listing = listing;
  }

  /** What {@code config.json} is, before anything large is downloaded. */
  RemoteFile config() {
    return required(Gpt2Config.FILE, "so it is no model of the transformers library");
  }

  /**
   * The tokenizer's file, or the two older files that one is made of.
   *
   * @throws UserException when it has neither
   */
  List<RemoteFile> tokenizer() {
    Optional<RemoteFile> whole = listing.file(Gpt2Tokenizer.FILE);
    if (whole.isPresent()) {
      return List.of(whole.get());
    }
    Optional<RemoteFile> vocabulary = listing.file(BpeFiles.VOCABULARY);
    Optional<RemoteFile> merges = listing.file(BpeFiles.MERGES);
    if (vocabulary.isEmpty() || merges.isEmpty() || listing.file("added_tokens.json").isPresent()) {
      throw new UserException(
          ("%s has no tokenizer.json, and no vocab.json and merges.txt without "
                  + "added_tokens.json that one could be made of; save the tokenizer "
                  + "with Python: %s")
              .formatted(reference, python("GPT2TokenizerFast")));
    }
    return List.of(vocabulary.get(), merges.get());
  }

  /** Whether {@code tokenizer.json} has to be made. */
  boolean makesTokenizer() {
    return listing.file(Gpt2Tokenizer.FILE).isEmpty();
  }

  /**
   * The index of the weights' shards, unless they are one file.
   *
   * @throws UserException when the weights are in no format that can be read safely
   */
  Optional<RemoteFile> index() {
    if (listing.file(Gpt2Weights.FILE).isPresent()) {
      return Optional.empty();
    }
    Optional<RemoteFile> index = listing.file(INDEX);
    if (index.isEmpty()) {
      throw new UserException(noWeights());
    }
    return index;
  }

  private String noWeights() {
    boolean pickled = listing.others().stream().anyMatch(PICKLED.asMatchPredicate());
    boolean elsewhere = listing.others().stream().anyMatch(MADE_ELSEWHERE.asMatchPredicate());
    if (pickled) {
      return ("%s has pytorch_model.bin alone, which can run code when it is read: "
              + "take a revision with model.safetensors, such as the conversion's "
              + "@refs/pr/NUMBER, or convert it once with Python and give --base FOLDER: "
              + "%s")
          .formatted(reference, python("GPT2LMHeadModel", "AutoTokenizer"));
    }
    return "%s has no %s%s; take a model or a revision that has it"
        .formatted(reference, Gpt2Weights.FILE, elsewhere ? ", only other formats" : "");
  }

  private String python(String... classes) {
    String revision =
        reference.revision().equals("main") ? "" : ", revision='" + reference.revision() + "'";
    List<String> lines = new ArrayList<>();
    lines.add("from transformers import " + String.join(", ", classes));
    for (String each : classes) {
      lines.add(
          "%s.from_pretrained('%s'%s).save_pretrained('FOLDER')"
              .formatted(each, reference.repository(), revision));
    }
    return String.join("; ", lines);
  }

  /**
   * The weights: one file, or the shards that the index in {@code folder} names.
   *
   * @throws UserException when the index cannot be read or names what the model lacks
   */
  List<RemoteFile> weights(Path folder) {
    Optional<RemoteFile> index = index();
    if (index.isEmpty()) {
      return listing.file(Gpt2Weights.FILE).stream().toList();
    }
    Path path = folder.resolve(index.get().name());
    try {
      JsonNode map = Json.COMPACT.readTree(Files.readString(path)).path("weight_map");
      TreeSet<String> names = new TreeSet<>();
      map.properties().forEach(entry -> names.add(entry.getValue().asString("")));
      if (names.isEmpty()) {
        throw new UserException(path + ": weight_map is missing or empty");
      }
      return names.stream().map(name -> required(name, "which " + INDEX + " names")).toList();
    } catch (IOException | JacksonException e) {
      throw new UserException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  private RemoteFile required(String name, String consequence) {
    return listing
        .file(name)
        .orElseThrow(
            () -> new UserException("%s has no %s, %s".formatted(reference, name, consequence)));
  }
}
