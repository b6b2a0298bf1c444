package dev.repartee.clustering.count;

import static java.util.Objects.requireNonNull;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;

/**
 * What the customer wrote around one use of a text, redacted and cut to {@value #MOST_CHARACTERS}
 * UTF-16 units.
 *
 * @param order a hash of the conversation's id and the message's index; the contexts of a text with
 *     the smallest ones, unsigned, are its sample
 * @param conversation a hash of the conversation's id
 * @param before the message right before, empty when there is none or the agent wrote it
 * @param after the message right after, empty when there is none or the agent wrote it
 */
public record Context(long order, long conversation, String before, String after)
    implements Comparable<Context> {

  /** The most that is kept of a customer's message. */
  public static final int MOST_CHARACTERS = 200;

  private static final Comparator<Context> ORDER =
      Comparator.<Context, Long>comparing(Context::order, Long::compareUnsigned)
          .thenComparing(Context::conversation, Long::compareUnsigned)
          .thenComparing(Context::before)
          .thenComparing(Context::after);

  public Context {
    requireNonNull(before, "before is null");
    requireNonNull(after, "after is null");
  }

  static String cut(String text) {
    if (text.length() <= MOST_CHARACTERS) {
      return text;
    }
    boolean splits =
        Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1))
            && Character.isLowSurrogate(text.charAt(MOST_CHARACTERS));
    return text.substring(0, splits ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
  }

  @Override
  public int compareTo(Context other) {
    return ORDER.compare(this, other);
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(order);
    out.writeLong(conversation);
    Compact.writeString(out, before);
    Compact.writeString(out, after);
  }

  static Context read(DataInput in) throws IOException {
    return new Context(
        in.readLong(), in.readLong(), Compact.readString(in), Compact.readString(in));
  }
}
