package dev.repartee.clustering.count;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * What was counted of one key so far. Tallies of the same key can be merged in any order and any
 * grouping with the same result, which is what lets threads and machines count apart.
 */
public final class TextTally {

  /** How many contexts of a text are kept. */
  public static final int MOST_CONTEXTS = 16;

  private static final Context[] NO_CONTEXTS = {};

  final String key;
  final Counter agents;
  final Counter domains;
  final Counter languages;
  final Counter spellings;
  long messages;
  long sentences;
  long characters;
  long opening;
  long closing;
  long unknownSpeakers;
  private Context[] contexts = NO_CONTEXTS;

  TextTally(String key) {
    this(key, new Counter(), new Counter(), new Counter(), new Counter());
  }

  private TextTally(
      String key, Counter agents, Counter domains, Counter languages, Counter spellings) {
    this.key = requireNonNull(key, "key is null");
    this.agents = agents;
    this.domains = domains;
    this.languages = languages;
    this.spellings = spellings;
  }

  /** The masked form that the texts share. */
  public String key() {
    return key;
  }

  /** Copies and sorts nothing: the smallest contexts, in order. */
  Context[] contexts() {
    return contexts;
  }

  void addContext(Context context) {
    int found = Arrays.binarySearch(contexts, context);
    int position = found < 0 ? -found - 1 : found;
    if (position == MOST_CONTEXTS) {
      return;
    }
    Context[] more = new Context[Math.min(contexts.length + 1, MOST_CONTEXTS)];
    System.arraycopy(contexts, 0, more, 0, position);
    more[position] = context;
    System.arraycopy(contexts, position, more, position + 1, more.length - position - 1);
    contexts = more;
  }

  /**
   * Adds what {@code other} counted and returns this tally; {@code other} stays as it is.
   *
   * @throws IllegalArgumentException when the keys differ
   */
  public TextTally merge(TextTally other) {
    if (!key.equals(other.key)) {
      throw new IllegalArgumentException(
          "key must be '" + key + "' but is '" + other.key + "'; merge tallies of one key only");
    }
    agents.addAll(other.agents);
    domains.addAll(other.domains);
    languages.addAll(other.languages);
    spellings.addAll(other.spellings);
    messages += other.messages;
    sentences += other.sentences;
    characters += other.characters;
    opening += other.opening;
    closing += other.closing;
    unknownSpeakers += other.unknownSpeakers;
    for (Context context : other.contexts) {
      addContext(context);
    }
    return this;
  }

  /** Everything but the key in few bytes; equal tallies give equal bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (Counter counter : new Counter[] {agents, domains, languages, spellings}) {
        counter.write(out);
      }
      for (long count :
          new long[] {messages, sentences, characters, opening, closing, unknownSpeakers}) {
        Compact.writeLong(out, count);
      }
      Compact.writeLong(out, contexts.length);
      for (Context context : contexts) {
        context.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** The tally that {@link #toBytes} wrote. */
  public static TextTally fromBytes(String key, byte[] bytes) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      TextTally tally =
          new TextTally(
              key, Counter.read(in), Counter.read(in), Counter.read(in), Counter.read(in));
      tally.messages = Compact.readLong(in);
      tally.sentences = Compact.readLong(in);
      tally.characters = Compact.readLong(in);
      tally.opening = Compact.readLong(in);
      tally.closing = Compact.readLong(in);
      tally.unknownSpeakers = Compact.readLong(in);
      tally.contexts = new Context[(int) Compact.readLong(in)];
      for (int i = 0; i < tally.contexts.length; i++) {
        tally.contexts[i] = Context.read(in);
      }
      return tally;
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes of '" + key + "' are not a tally", e);
    }
  }
}
