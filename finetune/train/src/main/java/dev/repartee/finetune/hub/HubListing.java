package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The files of a model of the hub at one commit, and which of them make a model folder. The cache
 * keeps it as {@code hub.json}.
 *
 * @param repository {@code OWNER/NAME}
 * @param commit in full
 * @param files that a model folder may need
 * @param others names of the remaining files, without those in folders
 */
record HubListing(String repository, String commit, List<RemoteFile> files, List<String> others) {

  private static final String INDEX = Gpt2Weights.FILE + ".index.json";
  private static final Pattern MODEL_FILE = Pattern.compile("\\w[\\w.-]*\\.(json|safetensors)");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern PICKLED = Pattern.compile("pytorch_model.*\\.bin");

  HubListing {
    if (!COMMIT.matcher(commit).matches()) {
      throw new IllegalArgumentException("commit must be 40 digits but is '" + commit + "'");
    }
    files = List.copyOf(files);
    others = List.copyOf(others);
  }

  /**
   * Reads the hub's answer.
   *
   * @throws IllegalArgumentException naming what is wrong in {@code json}
   */
  static HubListing parse(String repository, JsonNode json) {
    List<RemoteFile> files = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (JsonNode sibling : JsonFields.array(json, "siblings")) {
      String name = JsonFields.text(sibling, "rfilename");
      if (MODEL_FILE.matcher(name).matches()) {
        JsonNode large = sibling.path("lfs");
        files.add(
            large.isObject()
                ? new RemoteFile(
                    name, JsonFields.integer(large, "size"), JsonFields.text(large, "sha256"))
                : new RemoteFile(
                    name, JsonFields.integer(sibling, "size"), JsonFields.text(sibling, "blobId")));
      } else if (name.indexOf('/') < 0) {
        others.add(name);
      }
    }
    return new HubListing(repository, JsonFields.text(json, "sha"), files, others);
  }

  /** The model at this commit. */
  HubReference exact() {
    return HubReference.parse("hf:" + repository + "@" + commit);
  }

  /** Whether {@code folder} has every file that the model needs, byte for byte. */
  boolean isWholeIn(Path folder) {
    return smallFiles().stream().allMatch(file -> file.isSoundIn(folder))
        && weights(folder).stream().allMatch(file -> file.isSoundIn(folder));
  }

  /**
   * The configuration, the tokenizer, and the index of the weights where they are several files.
   *
   * @throws UserException when the model lacks a file and so cannot be used
   */
  List<RemoteFile> smallFiles() {
    List<RemoteFile> small = new ArrayList<>();
    small.add(required(Gpt2Config.FILE, "so it is not a model of the transformers library"));
    small.add(
        required(
            Gpt2Tokenizer.FILE, "save the tokenizer with Python: " + python("GPT2TokenizerFast")));
    if (file(Gpt2Weights.FILE).isEmpty()) {
      small.add(file(INDEX).orElseThrow(() -> new UserException(noWeights())));
    }
    return small;
  }

  /**
   * The weights: one file, or those that the index in {@code folder} names.
   *
   * @throws UserException when the index cannot be read or names a file that the model has not
   */
  List<RemoteFile> weights(Path folder) {
    Optional<RemoteFile> single = file(Gpt2Weights.FILE);
    if (single.isPresent()) {
      return List.of(single.get());
    }
    Path index = folder.resolve(INDEX);
    TreeSet<String> names = new TreeSet<>();
    Json.readFile(index)
        .path("weight_map")
        .properties()
        .forEach(entry -> names.add(entry.getValue().asString("")));
    if (names.isEmpty()) {
      throw new UserException(index + ": weight_map is missing or empty");
    }
    return names.stream().map(name -> required(name, "which " + INDEX + " names")).toList();
  }

  private Optional<RemoteFile> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  private RemoteFile required(String name, String consequence) {
    return file(name)
        .orElseThrow(
            () -> new UserException("%s has no %s, %s".formatted(exact(), name, consequence)));
  }

  private String noWeights() {
    if (others.stream().anyMatch(PICKLED.asMatchPredicate())) {
      return ("%s has pytorch_model.bin alone, which can run code when it is read: "
              + "take a revision with model.safetensors, such as the conversion's "
              + "@refs/pr/NUMBER, or convert it once with Python and give --base FOLDER: "
              + "%s")
          .formatted(exact(), python("GPT2LMHeadModel", "AutoTokenizer"));
    }
    return "%s has no %s; take a model or a revision that has it"
        .formatted(exact(), Gpt2Weights.FILE);
  }

  private String python(String... classes) {
    List<String> lines = new ArrayList<>();
    lines.add("from transformers import " + String.join(", ", classes));
    for (String each : classes) {
      lines.add(
          "%s.from_pretrained('%s', revision='%s').save_pretrained('FOLDER')"
              .formatted(each, repository, commit));
    }
    return String.join("; ", lines);
  }

  /**
   * A file of a model on the hub.
   *
   * @param name without folders
   * @param size in bytes
   * @param hash in lower-case hexadecimal: SHA-256 of the content for files in large file storage,
   *     for all others git's SHA-1 of {@code blob SIZE}, a zero byte and the content
   */
  record RemoteFile(String name, long size, String hash) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int SHA256_DIGITS = 64;

    RemoteFile {
      if (!MODEL_FILE.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is not the plain name of a model file");
      }
      if (size < 0) {
        throw new IllegalArgumentException(name + ": size must be at least 0 but is " + size);
      }
      if (!HASH.matcher(hash).matches()) {
        throw new IllegalArgumentException(
            "%s: hash must have 40 or 64 hexadecimal digits but is '%s'".formatted(name, hash));
      }
    }

    /** The name of the hash for {@code MessageDigest}. */
    String algorithm() {
      return hash.length() == SHA256_DIGITS ? "SHA-256" : "SHA-1";
    }

    /** Whether {@code folder} has this file, byte for byte. */
    boolean isSoundIn(Path folder) {
      return isContentOf(folder.resolve(name));
    }

    /** Whether {@code path} is a file with this content. */
    boolean isContentOf(Path path) {
      try (InputStream in = Files.newInputStream(path)) {
        if (Files.size(path) != size) {
          return false;
        }
        MessageDigest digest = MessageDigest.getInstance(algorithm());
        if (hash.length() != SHA256_DIGITS) {
          digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest()).equals(hash);
      } catch (IOException e) {
        return false;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has " + algorithm(), e);
      }
    }
  }
}
