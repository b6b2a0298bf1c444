package dev.repartee.text.conversation;

import java.io.Reader;
import java.util.Optional;

/** The lines of a {@link LineSource} as characters; invalid bytes are reported and replaced. */
final class LineReader extends Reader {

  private final LineSource source;
  private final BadLines bad;
  private String line = "";
  private int position;

  LineReader(LineSource source, BadLines bad) {
    this.source = source;
    this.bad = bad;
  }

  @Override
  public int read(char[] target, int offset, int length) {
    if (position == line.length() && !nextLine()) {
      return -1;
    }
    int count = Math.min(length, line.length() - position);
    line.getChars(position, position + count, target, offset);
    position += count;
    return count;
  }

  private boolean nextLine() {
    Optional<LineSource.Line> next = source.next();
    if (next.isEmpty()) {
      return false;
    }
    if (!next.get().valid()) {
      bad.add(next.get().number(), ConversationLine.NOT_UTF8);
    }
    line = next.get().text() + "\n";
    position = 0;
    return true;
  }

  @Override
  public void close() {
    source.close();
  }
}
