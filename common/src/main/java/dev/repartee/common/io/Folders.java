package dev.repartee.common.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** What files cannot do for the folders that hold them. */
public final class Folders {

  private Folders() {}

  /** Makes a new name, a rename or a delete in {@code folder} survive a power cut. */
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    } catch (IOException e) {
      if (Files.isDirectory(folder)) {
        return; // Windows cannot open folders; it syncs their entries itself
      }
      throw e;
    }
  }
}
