package dev.repartee.clustering.count;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What is counted of a corpus as a whole; merges as {@link TextTally} does. */
public final class Totals {

  final Counter agents;
  final Counter redactions;
  long conversations;
  long agentMessages;
  long blankMessages;
  long characters;
  long unknownSpeakers;

  Totals() {
    this(new Counter(), new Counter());
  }

  private Totals(Counter agents, Counter redactions) {
    this.agents = agents;
    this.redactions = redactions;
  }

  /** Adds what {@code other} counted and returns these totals; {@code other} stays as it is. */
  public Totals merge(Totals other) {
    agents.addAll(other.agents);
    redactions.addAll(other.redactions);
    conversations += other.conversations;
    agentMessages += other.agentMessages;
    blankMessages += other.blankMessages;
    characters += other.characters;
    unknownSpeakers += other.unknownSpeakers;
    return this;
  }

  /** All of it in few bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      agents.write(out);
      redactions.write(out);
      for (long count :
          new long[] {conversations, agentMessages, blankMessages, characters, unknownSpeakers}) {
        Compact.writeLong(out, count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** The totals that {@link #toBytes} wrote. */
  public static Totals fromBytes(byte[] bytes) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      Totals totals = new Totals(Counter.read(in), Counter.read(in));
      totals.conversations = Compact.readLong(in);
      totals.agentMessages = Compact.readLong(in);
      totals.blankMessages = Compact.readLong(in);
      totals.characters = Compact.readLong(in);
      totals.unknownSpeakers = Compact.readLong(in);
      return totals;
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes are not totals", e);
    }
  }
}
