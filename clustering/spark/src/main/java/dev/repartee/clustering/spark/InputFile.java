package dev.repartee.clustering.spark;

import dev.repartee.text.UserException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file in any of Hadoop's file systems, checked as {@code ConversationReader} checks a file on
 * disk.
 *
 * @param name the name that the user gave
 * @param path the path for Hadoop
 * @param gzip whether it is compressed
 */
record InputFile(String name, Path path, boolean gzip) {

  /**
   * @throws UserException if the file does not exist, is empty, a folder or CSV, or if its name and
   *     its content disagree about gzip
   */
  static InputFile of(java.nio.file.Path file, Configuration configuration) {
    String name = file.toString();
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".csv") || lower.endsWith(".csv.gz")) {
      throw new UserException(
          name
              + ": CSV cannot be counted by Spark, since the rows of a conversation may lie apart;"
              + " convert it to JSON Lines or use --engine local");
    }
    Path path = hadoopPath(name);
    try {
      FileSystem files = path.getFileSystem(configuration);
      if (!files.exists(path)) {
        throw new UserException(name + ": no such file");
      }
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        throw new UserException(name + ": is a folder; name the files in it");
      }
      if (status.getLen() == 0) {
        throw new UserException(name + ": is empty");
      }
      return new InputFile(name, path, isGzip(name, path, files));
    } catch (IOException e) {
      throw new UserException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Restores the second slash that java.nio drops, so that a bucket is not taken for a folder. */
  static Path hadoopPath(String name) {
    return new Path(name.replaceFirst("^(gs|s3|s3a|abfss?|wasbs?):/+", "$1://"));
  }

  private static boolean isGzip(String name, Path path, FileSystem files) throws IOException {
    byte[] start = new byte[2];
    try (InputStream in = files.open(path)) {
      in.readNBytes(start, 0, start.length);
    }
    boolean gzip = Arrays.equals(start, new byte[] {0x1f, (byte) 0x8b});
    if (gzip != name.endsWith(".gz")) {
      throw new UserException(
          gzip
              ? name + ": is gzip; rename it so that it ends with .gz, by which Spark knows it"
              : name + ": is not gzip; rename it without .gz if it is plain text");
    }
    return gzip;
  }

  /** The content, decompressed. */
  InputStream open(Configuration configuration) throws IOException {
    InputStream in = path.getFileSystem(configuration).open(path);
    return gzip ? new GZIPInputStream(in, 1 << 16) : in;
  }

  /**
   * Reads the whole file to find the line at which it is damaged, which Spark does not report.
   *
   * @throws UserException if it cannot be decompressed, naming the line
   */
  void requireWhole(Configuration configuration) {
    long line = 1;
    try (InputStream in = new BufferedInputStream(open(configuration), 1 << 16)) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        line += b == '\n' ? 1 : 0;
      }
    } catch (EOFException e) {
      throw damaged(line, "the gzip data ends early", e);
    } catch (ZipException e) {
      throw damaged(line, "the gzip data is damaged", e);
    } catch (IOException e) {
      throw new UserException(name + ":" + line + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private UserException damaged(long line, String what, IOException cause) {
    return new UserException(
        name + ":" + line + ": " + what + "; copy or export the file again", cause);
  }
}
