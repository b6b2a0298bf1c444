package dev.repartee.finetune.conversations;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import dev.repartee.text.UserException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

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

  private final Optional<Charset> given;
  private final List<ZipFile> zips = new ArrayList<>();
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
    if (Files.isDirectory(path)) {
      try (Stream<Path> tree = Files.walk(path)) {
        for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
          String inside = path.relativize(file).toString();
          if (isRead(inside)) {
            add(new ExportFile(file.toString(), stem(inside), () -> Files.newInputStream(file)));
          }
        }
      } catch (IOException e) {
        throw new UserException(path + ": cannot be read: " + e.getMessage(), e);
      }
    } else if (isZip(path)) {
      addZip(path);
    } else {
      add(
          new ExportFile(
              path.toString(),
              stem(path.getFileName().toString()),
              () -> Files.newInputStream(path)));
    }
  }

  private void addZip(Path path) {
    try {
      ZipFile zip = new ZipFile(path.toFile());
      zips.add(zip);
      List<ZipEntry> entries = new ArrayList<>();
      for (Enumeration<? extends ZipEntry> each = zip.entries(); each.hasMoreElements(); ) {
        entries.add(each.nextElement());
      }
      if (zip.getEntry("[Content_Types].xml") != null) {
        throw new UserException(
            path + ": is an Office document; save the table as 'CSV UTF-8' and import that");
      }
      entries.sort(Comparator.comparing(ZipEntry::getName));
      for (ZipEntry entry : entries) {
        if (!entry.isDirectory() && isRead(entry.getName())) {
          add(
              new ExportFile(
                  path + "!" + entry.getName(),
                  stem(entry.getName()),
                  () -> zip.getInputStream(entry)));
        }
      }
    } catch (IOException e) {
      throw new UserException(
          path + ": the ZIP is damaged: " + e.getMessage() + "; copy the file again", e);
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

  private static boolean isZip(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      return first.length == 4 && first[0] == 'P' && first[1] == 'K' && first[2] == 3;
    } catch (NoSuchFileException e) {
      throw new UserException(path + ": no such file", e);
    } catch (AccessDeniedException e) {
      throw new UserException(path + ": no permission to read it", e);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String stem(String name) {
    return name.replace('\\', '/').replaceFirst("(?i)(?:\\.[a-z]{2,7})(?:\\.gz)?$", "");
  }

  private void add(ExportFile file) {
    file.examine(given);
    files.add(file);
  }

  @Override
  public void close() {
    for (ZipFile zip : zips) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new UserException(zip.getName() + ": cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  /** Opens the bytes of a file, compressed if they are. */
  @FunctionalInterface
  interface Bytes {
    InputStream open() throws IOException;
  }

  /** One file. */
  static final class ExportFile {

    private final String name;
    private final String stem;
    private final Bytes bytes;
    private Charset charset = StandardCharsets.UTF_8;
    private char first;

    private ExportFile(String name, String stem, Bytes bytes) {
      this.name = name;
      this.stem = stem;
      this.bytes = bytes;
    }

    /** With the ZIP that it is in, for messages. */
    String name() {
      return name;
    }

    /**
     * Its name below the folder or ZIP, without what follows the dot: an id if there is no other.
     */
    String stem() {
      return stem;
    }

    Charset charset() {
      return charset;
    }

    /** Whether its content is JSON, by its first character. */
    boolean isJson() {
      return first == '{' || first == '[';
    }

    /** Whether its name says that each line is a JSON value. */
    boolean isLines() {
      return LINES.matcher(name).matches();
    }

    private void examine(Optional<Charset> given) {
      try (InputStream in = decompressed()) {
        Bytestream seen = new Bytestream();
        seen.read(in);
        if (seen.length == 0) {
          throw new UserException(name + ": is empty");
        }
        charset = given.orElseGet(() -> seen.charset(name));
      } catch (IOException e) {
        throw failed(e);
      }
      try (BufferedReader reader = open()) {
        int c = reader.read();
        while (c >= 0 && Character.isWhitespace(c)) {
          c = reader.read();
        }
        first = c < 0 ? ' ' : (char) c;
      } catch (IOException e) {
        throw failed(e);
      }
    }

    private InputStream decompressed() throws IOException {
      InputStream raw = new BufferedInputStream(bytes.open(), BUFFER);
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
      return switch (e) {
        case CharacterCodingException _ ->
            new UserException(
                "%s: has bytes that are not %s; name its encoding with --encoding"
                    .formatted(name, charset),
                e);
        case EOFException _ ->
            new UserException(name + ": the gzip data ends early; copy or export it again", e);
        case ZipException _ ->
            new UserException(
                name + ": the compressed data is damaged; copy or export it again", e);
        default -> new UserException(name + ": cannot be read: " + e.getMessage(), e);
      };
    }
  }

  /** What the bytes of a file show of its encoding. */
  private static final class Bytestream {

    /** Some lines are enough to count letters; each must have one that is not ASCII. */
    private static final int SAMPLE = 1 << 16;

    /** Below this ICU guesses among encodings that all fit. */
    private static final int LEAST_CONFIDENCE = 15;

    /** Confidences that differ by less are equal. */
    private static final int NEARLY = 5;

    /** Encodings that an error names. */
    private static final int MOST_NAMED = 3;

    private static final Charset WESTERN = Charset.forName("windows-1252");

    private long length;
    private final byte[] start = new byte[4];
    private final long[] nuls = new long[2]; // at even and at odd positions
    private boolean escape;
    private long valid; // characters of UTF-8 that are not ASCII
    private long invalid;
    private long line = 1;
    private long invalidLine;
    private int open; // bytes that the character still needs
    private boolean other; // the line has a byte that is not ASCII
    private final byte[] current = new byte[SAMPLE]; // the beginning of the line
    private int inLine;
    private final ByteArrayOutputStream sample = new ByteArrayOutputStream();

    void read(InputStream in) throws IOException {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          add(buffer[i]);
        }
      }
      invalid += open > 0 ? 1 : 0;
      endLine();
    }

    private void add(byte b) {
      if (length < start.length) {
        start[(int) length] = b;
      }
      nuls[(int) (length & 1)] += b == 0 ? 1 : 0;
      escape |= b == 0x1b;
      length++;
      other |= b < 0 || b == 0x1b;
      if (inLine < SAMPLE) {
        current[inLine++] = b;
      }
      if (open > 0 && (b & 0xc0) == 0x80) {
        open--;
        valid += open == 0 ? 1 : 0;
      } else {
        int needs =
            b >= 0
                ? 0
                : (b & 0xe0) == 0xc0 && (b & 0xff) > 0xc1
                    ? 1
                    : (b & 0xf0) == 0xe0 ? 2 : (b & 0xff) >= 0xf0 && (b & 0xff) < 0xf5 ? 3 : -1;
        if (open > 0 || needs < 0) {
          invalid++;
          invalidLine = invalidLine == 0 ? line : invalidLine;
        }
        open = Math.max(0, needs);
      }
      if (b == '\n') {
        line++;
        endLine();
      }
    }

    private void endLine() {
      if (other && sample.size() < SAMPLE) {
        sample.write(current, 0, inLine);
      }
      inLine = 0;
      other = false;
    }

    Charset charset(String name) {
      if ((start[0] & 0xff) == 0xff && (start[1] & 0xff) == 0xfe) {
        return start[2] == 0 && start[3] == 0 && length >= 4
            ? Charset.forName("UTF-32LE")
            : StandardCharsets.UTF_16LE;
      }
      if ((start[0] & 0xff) == 0xfe && (start[1] & 0xff) == 0xff) {
        return StandardCharsets.UTF_16BE;
      }
      // Separators and line ends are ASCII: in UTF-16 they have a zero byte on one side.
      long all = nuls[0] + nuls[1];
      if (all * 50 > length && nuls[1] > 9 * nuls[0]) {
        return StandardCharsets.UTF_16LE;
      }
      if (all * 50 > length && nuls[0] > 9 * nuls[1]) {
        return StandardCharsets.UTF_16BE;
      }
      if (invalid == 0) {
        // Mails of Japan switch between alphabets by escapes.
        return escape && matches().anyMatch(one -> one.getName().equals("ISO-2022-JP"))
            ? Charset.forName("ISO-2022-JP")
            : StandardCharsets.UTF_8;
      }
      if (valid > 2 * invalid) {
        throw new UserException(
            "%s:%d: not UTF-8, as the rest of the file is; export it again, or name the encoding of all of it with --encoding"
                .formatted(name, invalidLine));
      }
      return detected(name);
    }

    private Charset detected(String name) {
      byte[] bytes = sample.toByteArray();
      Optional<Charset> japanese =
          Stream.of("windows-31j", "EUC-JP")
              .map(Charset::forName)
              .filter(charset -> isKana(bytes, charset))
              .findFirst();
      if (japanese.isPresent()) {
        return japanese.get();
      }
      List<CharsetMatch> matches = matches().toList();
      int best = matches.isEmpty() ? 0 : matches.getFirst().getConfidence();
      if (best >= LEAST_CONFIDENCE) {
        // Of encodings that fit as well, Western Europe's is the one of most files.
        return matches.stream()
            .filter(match -> match.getConfidence() >= best - NEARLY)
            .map(match -> known(match.getName()).orElseThrow())
            .filter(WESTERN::equals)
            .findFirst()
            .orElse(known(matches.getFirst().getName()).orElseThrow());
      }
      throw new UserException(
          "%s:%d: the encoding is not clear%s; name it with --encoding, for example windows-1252"
              .formatted(
                  name,
                  invalidLine,
                  matches.isEmpty()
                      ? ""
                      : matches.stream()
                          .map(match -> known(match.getName()).orElseThrow().name())
                          .distinct()
                          .limit(MOST_NAMED)
                          .collect(Collectors.joining(" or ", " (perhaps ", ")"))));
    }

    /** What ICU finds in the sample, the best first. */
    private Stream<CharsetMatch> matches() {
      return Stream.of(new CharsetDetector().setText(sample.toByteArray()).detectAll())
          .filter(match -> !match.getName().startsWith("UTF-"))
          .filter(match -> known(match.getName()).isPresent());
    }

    /** Whether it is Japanese in this encoding; ICU needs more text to see that. */
    private static boolean isKana(byte[] bytes, Charset charset) {
      try {
        String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        long kana = text.chars().filter(c -> c > 0x3040 && c < 0x3100).count();
        long others = text.chars().filter(c -> c > 0x7f).count();
        return kana * 5 >= others && kana > 1;
      } catch (CharacterCodingException e) {
        return false;
      }
    }
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
