package dev.repartee.registry.models;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;

/** Writes to a file and has it on disk when it is closed. */
final class SyncedOutputStream extends FilterOutputStream {

  private final FileChannel channel;

  SyncedOutputStream(FileChannel channel) {
    super(Channels.newOutputStream(channel));
    this.channel = channel;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    OutputStream target = out; // FilterOutputStream would write byte by byte
    target.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      channel.force(true);
    }
  }
}
