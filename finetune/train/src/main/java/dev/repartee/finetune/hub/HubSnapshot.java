package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model at one commit: which of its files make a model folder, which of those are on this
 * machine, and how the folder is completed.
 */
final class HubSnapshot {

  private static final Logger log = LoggerFactory.getLogger(HubSnapshot.class);

  private static final String INDEX = Gpt2Weights.FILE + ".index.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final Pattern PICKLED = Pattern.compile("pytorch_model.*\\.bin");
  private static final Pattern OTHER_FORMAT = Pattern.compile(".*\\.(h5|msgpack|onnx|gguf|ot)");
  private static final double MEGABYTE = 1e6;

  private final HubReference reference;
  private final HubListing listing;
  private final Path folder;

  HubSnapshot(HubReference reference, HubListing listing, Path folder) {
    this.reference = reference;
    this.listing = listing;
    this.folder = folder;
  }

  /** Whether every file is there: small ones byte for byte, the weights by their size. */
  boolean isComplete() {
    return hasSmall() && weights().stream().allMatch(file -> file.isIn(folder));
  }

  /** Whether every file is there, byte for byte. */
  boolean isSound() {
    return hasSmall() && weights().stream().allMatch(file -> file.isSoundIn(folder));
  }

  private boolean hasSmall() {
    return small().stream().allMatch(file -> file.isSoundIn(folder))
        && Files.isRegularFile(folder.resolve(Gpt2Tokenizer.FILE));
  }

  /**
   * Completes the folder. Small files come first, so that an unusable model is refused before its
   * weights are downloaded.
   *
   * @param download puts one file into the folder
   * @throws UserException when the model cannot be used, or there is no room for it
   */
  void complete(Consumer<RemoteFile> download) {
    List<RemoteFile> small = small();
    ensure(config(), download);
    Gpt2Config.read(folder);
    small.forEach(file -> ensure(file, download));
    if (listing.file(Gpt2Tokenizer.FILE).isEmpty()) {
      makeTokenizer();
    }
    List<RemoteFile> weights = weights();
    requireRoom(weights);
    weights.forEach(file -> ensure(file, download));
  }

  private void ensure(RemoteFile file, Consumer<RemoteFile> download) {
    if (file.isSoundIn(folder)) {
      return;
    }
    Path path = folder.resolve(file.name());
    if (Files.exists(path)) {
      log.warn("{} was damaged after its download; fetching it again", path);
    }
    download.accept(file);
  }

  private void requireRoom(List<RemoteFile> weights) {
    long missing =
        weights.stream()
            .filter(file -> !file.isIn(folder))
            .mapToLong(file -> file.size() - HubDownload.partSize(file, folder))
            .sum();
    long free = Folders.freeBytes(folder).orElse(Long.MAX_VALUE);
    if (missing > free) {
      throw new UserException(
          ("%s: the weights need %.0f MB but %.0f MB are free; make room or "
                  + "set REPARTEE_CACHE to another folder")
              .formatted(folder, missing / MEGABYTE, free / MEGABYTE));
    }
  }

  private List<RemoteFile> small() {
    List<RemoteFile> small = new ArrayList<>();
    small.add(config());
    small.addAll(tokenizer());
    index().ifPresent(small::add);
    return small;
  }

  private RemoteFile config() {
    return required(Gpt2Config.FILE, "so it is not a model of the transformers library");
  }

  /** The tokenizer's file, or the two older files that {@link #makeTokenizer} makes it of. */
  private List<RemoteFile> tokenizer() {
    Optional<RemoteFile> whole = listing.file(Gpt2Tokenizer.FILE);
    if (whole.isPresent()) {
      return List.of(whole.get());
    }
    Optional<RemoteFile> vocabulary = listing.file(VOCABULARY);
    Optional<RemoteFile> merges = listing.file(MERGES);
    if (vocabulary.isEmpty() || merges.isEmpty() || listing.file("added_tokens.json").isPresent()) {
      throw new UserException(
          ("%s has no tokenizer.json, and no vocab.json and merges.txt without "
                  + "added_tokens.json that one could be made of; save the tokenizer "
                  + "with Python: %s")
              .formatted(reference, python("GPT2TokenizerFast")));
    }
    return List.of(vocabulary.get(), merges.get());
  }

  /** The index of the weights' shards; empty when the weights are one file. */
  private Optional<RemoteFile> index() {
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
    boolean elsewhere = listing.others().stream().anyMatch(OTHER_FORMAT.asMatchPredicate());
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

  /** The weights: one file, or the shards that the index in the folder names. */
  private List<RemoteFile> weights() {
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

  /**
   * Makes {@code tokenizer.json} of the two files that GPT-2 was published with. Without it a model
   * with a vocabulary of its own would be trained on another vocabulary's token ids.
   */
  private void makeTokenizer() {
    Path vocabulary = folder.resolve(VOCABULARY);
    try {
      JsonNode ids = Json.COMPACT.readTree(Files.readString(vocabulary));
      if (!ids.isObject()) {
        throw new UserException(vocabulary + " must be an object of tokens and their ids");
      }
      List<String> merges =
          Files.readAllLines(folder.resolve(MERGES)).stream()
              .filter(line -> !line.isBlank() && !line.startsWith("#version"))
              .toList();
      AtomicFile.writeString(
          folder.resolve(Gpt2Tokenizer.FILE),
          Json.COMPACT.writeValueAsString(tokenizerJson((ObjectNode) ids, merges)));
    } catch (JacksonException e) {
      throw new UserException(vocabulary + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UserException(folder + ": tokenizer.json cannot be made: " + e.getMessage(), e);
    }
  }

  private static ObjectNode tokenizerJson(ObjectNode ids, List<String> merges) {
    ObjectNode root = Json.COMPACT.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    if (ids.has(END_OF_TEXT)) {
      added
          .addObject()
          .put("id", ids.path(END_OF_TEXT).asInt())
          .put("content", END_OF_TEXT)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", true)
          .put("special", true);
    }
    root.putNull("normalizer");
    for (String stage : List.of("pre_tokenizer", "post_processor", "decoder")) {
      root.putObject(stage)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", !stage.equals("post_processor"));
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "").put("fuse_unk", false).set("vocab", ids);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pairs::add);
    return root;
  }
}
