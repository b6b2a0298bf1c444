package dev.repartee.finetune.conversations;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The files of an export: named one by one, in folders, or in ZIP files, each plain or gzip. The
 * encoding of each is recognised by its bytes, unless it is given. Close them.
 */
final class ExportFiles implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  /** What is read of a folder or ZIP; a file that is named itself is always read. */
  private static final Pattern READ =
      Pattern.compile(
          ".*\\.(?:json|jsonl|ndjson|vcon|csv|tsv|txt)(?:\\.gz)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern LINES = Pattern.compile("(?i).*\\.(?:jsonl|ndjson)(?:\\.gz)?");

  /** What a decoder puts for bytes that are not UTF-8. */
  private static final char INVALID = '\ufffd';

  private static final char ESCAPE = '\u001b';

  /** ICU looks at no more bytes. */
  private static final int SAMPLE = 1 << 14;

  private static final int BLOCK = 1 << 12;

  /** From here on ICU is sure. */
  private static final int SURE = 50;

  /** Below this it guesses among encodings that all fit. */
  private static final int LEAST_CONFIDENCE = 15;

  /** Confidences that differ by less are equal. */
  private static final int NEARLY = 5;

  private static final Charset WESTERN = Charset.forName("windows-1252");

  private static final List<Charset> JAPANESE =
      List.of(Charset.forName("windows-31j"), Charset.forName("EUC-JP"));

  private final Optional<Charset> given;
  private final List<FileSystem> zips = new ArrayList<>();
  private final List<ExportFile> files = new ArrayList<>();
  private long ignored;

  /**
   * Finds and examines the files.
   *
   * @param encoding of all files, or empty to recognise that of each
   * @throws UserException naming what cannot be read, and an encoding that is not clear
   */
  ExportFiles(List<Path> paths, Optional<Charset> encoding) {
    this.given = encoding;
    try {
      for (Path path : paths) {
        add(path);
      }
      if (files.isEmpty()) {
        throw new UserException(
            "%s: no .json, .jsonl, .ndjson or .csv file in it (%d others)"
                .formatted(paths.getFirst(), ignored));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  List<ExportFile> files() {
    return List.copyOf(files);
  }

  /** Files of folders and ZIPs that are neither JSON nor CSV by their names. */
  long ignored() {
    return ignored;
  }

  private void add(Path path) {
    try {
      if (Files.isDirectory(path)) {
        addAll(path, path + "/");
      } else if (isZip(path)) {
        FileSystem zip = FileSystems.newFileSystem(path);
        zips.add(zip);
        if (Files.exists(zip.getPath("/[Content_Types].xml"))) {
          throw new UserException(
              path + ": is an Office document; save the table as 'CSV UTF-8' and import that");
        }
        addAll(zip.getPath("/"), path + "!");
      } else {
        add(path.toString(), path.getFileName().toString(), path);
      }
    } catch (ZipException | ProviderNotFoundException e) {
      throw new UserException(
          path + ": the ZIP is damaged: " + e.getMessage() + "; copy the file again", e);
    } catch (IOException | UncheckedIOException e) {
      throw failed(path.toString(), e);
    }
  }

  private void addAll(Path root, String prefix) throws IOException {
    for (Path file : Folders.files(root)) {
      String inside = root.relativize(file).toString();
      if (isRead(inside)) {
        add(prefix + inside, inside, file);
      }
    }
  }

  private void add(String name, String inside, Path path) {
    String stem = inside.replace('\\', '/').replaceFirst("(?i)\\.[a-z]{2,7}(?:\\.gz)?$", "");
    ExportFile file = new ExportFile(name, stem, path, given.orElse(StandardCharsets.UTF_8));
    try {
      files.add(given.isPresent() ? file : new ExportFile(name, stem, path, file.recognised()));
    } catch (IOException e) {
      throw file.failed(e);
    }
  }

  /** Whether it is read; Macs put files of their own into ZIPs. */
  private boolean isRead(String inside) {
    String name = inside.substring(Math.max(inside.lastIndexOf('/'), inside.lastIndexOf('\\')) + 1);
    if (name.startsWith(".") || inside.startsWith("__MACOSX/")) {
      return false;
    }
    boolean read = READ.matcher(name).matches();
    ignored += read ? 0 : 1;
    return read;
  }

  private static boolean isZip(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      return first.length == 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3;
    }
  }

  private static UserException failed(String name, Exception e) {
    String why =
        switch (e) {
          case NoSuchFileException _ -> "no such file";
          case AccessDeniedException _ -> "no permission to read it";
          case EOFException _ -> "the gzip data ends early; copy or export it again";
          case ZipException _ -> "the compressed data is damaged; copy or export it again";
          default -> "cannot be read: " + e.getMessage();
        };
    return new UserException(name + ": " + why, e);
  }

  @Override
  public void close() {
    for (FileSystem zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        throw failed(zip.toString(), e);
      }
    }
  }

  /**
   * One file.
   *
   * @param name with the folder or ZIP that it is in, for messages
   * @param stem its name below that, without what follows the dot: an id if there is no other
   */
  record ExportFile(String name, String stem, Path path, Charset charset) {

    /** Whether its content is JSON, by its first character. */
    boolean isJson() {
      try (BufferedReader reader = open()) {
        int c = reader.read();
        if (c < 0) {
          throw new UserException(name + ": is empty");
        }
        while (Character.isWhitespace(c)) {
          c = reader.read();
        }
        return c == '{' || c == '[';
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /** Whether its name says that each line is a JSON value. */
    boolean isLines() {
      return LINES.matcher(name).matches();
    }

    private InputStream decompressed() throws IOException {
      InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER);
      raw.mark(2);
      int one = raw.read();
      int two = raw.read();
      raw.reset();
      if (one == 0x1f && two == 0x8b) {
        return new GZIPInputStream(raw, BUFFER);
      }
      if (name.toLowerCase(Locale.ROOT).endsWith(".gz")) {
        raw.close();
        throw new UserException(name + ": is not gzip; rename it without .gz if it is plain text");
      }
      return raw;
    }

    /**
     * Its characters, without a byte order mark. Bytes that are not of the encoding throw a {@link
     * CharacterCodingException}.
     */
    BufferedReader open() throws IOException {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(decompressed(), charset.newDecoder()), BUFFER);
      reader.mark(1);
      if (reader.read() != '\ufeff') {
        reader.reset();
      }
      return reader;
    }

    /** The error of a file that cannot be read to its end. */
    UserException failed(IOException e) {
      return e instanceof CharacterCodingException
          ? new UserException(
              "%s: has bytes that are not %s; name its encoding with --encoding"
                  .formatted(name, charset),
              e)
          : ExportFiles.failed(name, e);
    }

    /** UTF-8 where all bytes are valid, else what ICU finds in lines that are not ASCII. */
    private Charset recognised() throws IOException {
      byte[] sample = sample();
      List<CharsetMatch> matches =
          Stream.of(new CharsetDetector().setText(sample).detectAll())
              .filter(one -> known(one.getName()).isPresent())
              .toList();
      int best = matches.isEmpty() ? 0 : matches.getFirst().getConfidence();
      // The zeros and escapes of these are valid UTF-8.
      if (best >= SURE && matches.getFirst().getName().matches("UTF-16.*|UTF-32.*|ISO-2022-JP")) {
        return known(matches.getFirst().getName()).orElseThrow();
      }
      if (isUtf8()) {
        return StandardCharsets.UTF_8;
      }
      String utf8 = new String(sample, StandardCharsets.UTF_8);
      long invalid = utf8.chars().filter(c -> c == INVALID).count();
      if (utf8.chars().filter(c -> c > 0x7f).count() > 3 * invalid) {
        throw new UserException(
            "%s:%d: not UTF-8, as the rest of the file is; export it again, or name the encoding of all of it with --encoding"
                .formatted(name, invalidLine()));
      }
      for (Charset japanese : JAPANESE) {
        if (isKana(sample, japanese)) {
          return japanese;
        }
      }
      List<Charset> fitting =
          matches.stream()
              .filter(one -> one.getConfidence() >= Math.max(LEAST_CONFIDENCE, best - NEARLY))
              .flatMap(one -> known(one.getName()).stream())
              .toList();
      if (fitting.isEmpty()) {
        throw new UserException(
            "%s:%d: the encoding is not clear; name it with --encoding, for example windows-1252"
                .formatted(name, invalidLine()));
      }
      // Of encodings that fit as well, Western Europe's is the one of most files.
      return fitting.contains(WESTERN) ? WESTERN : fitting.getFirst();
    }

    /** The lines that are not ASCII, or their parts in a block, as many as ICU needs. */
    private byte[] sample() throws IOException {
      ByteArrayOutputStream sample = new ByteArrayOutputStream();
      byte[] block = new byte[BLOCK];
      try (InputStream in = decompressed()) {
        for (int count = 0; count >= 0 && sample.size() < SAMPLE; count = in.read(block)) {
          int start = 0;
          boolean other = false;
          for (int i = 0; i < count; i++) {
            other |= block[i] <= 0 || block[i] == ESCAPE;
            if (block[i] == '\n' || i == count - 1) {
              sample.write(block, start, other ? i + 1 - start : 0);
              start = i + 1;
              other = false;
            }
          }
        }
      }
      return sample.toByteArray();
    }

    private boolean isUtf8() throws IOException {
      try (Reader strict =
          new InputStreamReader(decompressed(), StandardCharsets.UTF_8.newDecoder())) {
        strict.transferTo(Writer.nullWriter());
        return true;
      } catch (CharacterCodingException e) {
        return false;
      }
    }

    /** The first line that is not UTF-8. */
    private long invalidLine() throws IOException {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(decompressed(), StandardCharsets.UTF_8))) {
        long line = 1;
        for (int c = reader.read(); c >= 0 && c != INVALID; c = reader.read()) {
          line += c == '\n' ? 1 : 0;
        }
        return line;
      }
    }
  }

  /** Whether it is Japanese in this encoding; ICU needs more text to see that. */
  private static boolean isKana(byte[] sample, Charset charset) {
    String text = new String(sample, charset);
    long kana = text.chars().filter(c -> c > 0x3040 && c < 0x3100).count();
    long others = text.chars().filter(c -> c > 0x7f).count();
    return kana * 5 >= others && kana > 1 && text.indexOf(INVALID) < 0;
  }

  /** A charset by its name, as browsers understand it: Latin-1 is Windows-1252. */
  static Optional<Charset> known(String name) {
    String of =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "iso-8859-1", "latin1", "latin-1" -> "windows-1252";
          case "shift_jis", "shift-jis", "sjis" -> "windows-31j";
          case "iso-8859-9" -> "windows-1254";
          default -> name;
        };
    try {
      return Optional.of(Charset.forName(of));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }
}
