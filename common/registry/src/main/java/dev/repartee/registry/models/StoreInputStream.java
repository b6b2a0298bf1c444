package dev.repartee.registry.models;

import dev.repartee.registry.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Throws a {@link StoreException} when the store breaks off, so that who copies from it can tell
 * that from a disk that cannot be written.
 */
final class StoreInputStream extends FilterInputStream {

  private final String location;

  /**
   * Reads {@code in}, which is closed with it.
   *
   * @param location of the object, for the message
   */
  StoreInputStream(InputStream in, String location) {
    super(in);
    this.location = location;
  }

  @Override
  public int read() {
    try {
      return in.read();
    } catch (IOException e) {
      throw StoreException.brokenOff(location, e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    try {
      return in.read(buffer, offset, length);
    } catch (IOException e) {
      throw StoreException.brokenOff(location, e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw StoreException.brokenOff(location, e);
    }
  }
}
