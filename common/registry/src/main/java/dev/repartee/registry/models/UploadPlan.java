package dev.repartee.registry.models;

import dev.repartee.registry.store.Crc32c;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file as it goes up: in parts, each of which is known by its hash, so that what is sent later
 * can be told from what was hashed here.
 *
 * @param file path, size and hash of the whole
 * @param crc32c of the whole, as {@link ObjectStore#crc32c} has it
 * @param parts in their order; one for a small file
 */
record UploadPlan(ManifestFile file, String crc32c, List<Part> parts) {

  /** A range of the file. */
  record Part(long offset, int length, String sha256, String crc32c) {}

  UploadPlan {
    parts = List.copyOf(parts);
  }

  /**
   * Reads a file once for all of its hashes.
   *
   * @param partBytes length of a part; longer where there would be too many
   * @throws UserException when it cannot be read, or its name cannot stand in a manifest
   */
  static UploadPlan of(Path folder, String path, int partBytes) {
    Path file = folder.resolve(path);
    try (InputStream in = Files.newInputStream(file)) {
      long least = Math.ceilDiv(Files.size(file), (long) ObjectStore.MAX_PARTS);
      int length = Math.toIntExact(Math.max(partBytes, least));
      MessageDigest whole = Sha256.newDigest();
      CRC32C checksum = new CRC32C();
      List<Part> parts = new ArrayList<>();
      long size = 0;
      for (byte[] bytes = in.readNBytes(length);
          bytes.length > 0 || parts.isEmpty();
          bytes = in.readNBytes(length)) {
        whole.update(bytes);
        checksum.update(bytes);
        parts.add(new Part(size, bytes.length, Sha256.of(bytes), Crc32c.of(bytes)));
        size += bytes.length;
      }
      String sha256 = HexFormat.of().formatHex(whole.digest());
      return new UploadPlan(new ManifestFile(path, size, sha256), Crc32c.text(checksum), parts);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    } catch (ArithmeticException e) {
      throw new UserException(
          file + ": is larger than " + ObjectStore.MAX_PARTS + " parts of 2 GiB", e);
    } catch (IllegalArgumentException e) {
      throw new UserException(folder + ": " + e.getMessage() + "; rename the file", e);
    }
  }
}
