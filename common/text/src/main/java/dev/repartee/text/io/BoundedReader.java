package dev.repartee.text.io;

import dev.repartee.text.UserException;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** Characters of a file, of which no part may be so long that it fills the memory. */
public final class BoundedReader extends FilterReader {

  /** Of a line, a row or a conversation. The longest of 27,000 long mails are a million. */
  public static final int MOST = 1 << 24;

  private final String file;
  private long line = 1;
  private long count;

  public BoundedReader(Reader in, String file) {
    super(in);
    this.file = file;
  }

  /** Begins the next part. */
  public void begin(long inLine) {
    line = inLine;
    count = 0;
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    count += read;
    if (count > MOST) {
      throw tooLong(file, line);
    }
    return read;
  }

  /** The error of a part that begins in {@code line}. */
  public static UserException tooLong(String file, long line) {
    return new UserException(
        "%s:%d: a line, row or conversation of more than %,d characters begins here; look for a quote without its end, and leave out attachments"
            .formatted(file, line, MOST));
  }
}
