package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.Resources;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base model that this program carries in its jar, beside this class. It is unpacked once, into
 * {@code bases/support-14m/SHA256} of the cache.
 */
public final class ShippedBase {

  public static final String NAME = "support-14m";

  private static final List<String> FILES =
      List.of(
          "config.json",
          "tokenizer.json",
          Gpt2Weights.FILE,
          ConversationKeys.FILE,
          "README.md",
          "LICENSE");

  private static final Logger log = LoggerFactory.getLogger(ShippedBase.class);

  private ShippedBase() {}

  /**
   * The folder of the base, in {@code REPARTEE_CACHE} or the user's cache folder.
   *
   * @throws dev.repartee.text.UserException when the cache cannot be written
   */
  public static LocalModel unpack(Map<String, String> environment) {
    log.info(
        "{} is under CC BY-SA 4.0: if you give weights tuned from it to others, name its sources"
            + " and use the same licence; to run them, also as a service, you need do nothing",
        NAME);
    Path bases = HubModels.cache(environment).resolve("bases");
    String version =
        Sha256.of(Sha256.of(bytes(Gpt2Weights.FILE)) + Sha256.of(bytes(ConversationKeys.FILE)));
    Path folder = bases.resolve(NAME).resolve(version);
    LocalModel base = new LocalModel(NAME + "@" + version, folder);
    if (Files.isDirectory(folder)) { // a whole one, also in a cache that cannot be written
      return base;
    }
    try {
      Files.createDirectories(folder.getParent());
      try (LockFile _ = HubModels.lock(folder)) {
        if (!Files.isDirectory(folder)) {
          AtomicFile.writeFolder(folder, ShippedBase::unpack);
        }
      }
    } catch (IOException e) {
      throw HubModels.unwritable(folder, e);
    }
    return base;
  }

  /** What it was trained on, without unpacking it. */
  public static ConversationKeys keys() {
    return ConversationKeys.parse(NAME, bytes(ConversationKeys.FILE));
  }

  private static void unpack(Path folder) throws IOException {
    for (String file : FILES) {
      byte[] bytes = bytes(file);
      AtomicFile.write(folder.resolve(file), out -> out.write(bytes));
    }
  }

  private static byte[] bytes(String file) {
    return Resources.bytes(ShippedBase.class, NAME + "/" + file);
  }
}
