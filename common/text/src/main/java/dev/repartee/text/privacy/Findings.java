package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What redaction without public values found in a conversation, in some ten bytes, so that whoever
 * reads the conversation again need not search it again; see {@link ConversationRedactor#redact(
 * Conversation, Findings)}.
 */
public final class Findings {

  private static final List<PersonalData> KINDS = List.of(PersonalData.values());

  private final int texts; // their hash: those of another conversation do not fit
  private final byte[] bytes;

  private Findings(int texts, byte[] bytes) {
    this.texts = texts;
    this.bytes = bytes;
  }

  /**
   * The findings of {@code redacted}.
   *
   * @param conversation as it was before
   */
  public static Findings of(Conversation conversation, RedactedConversation redacted) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (List<Detection> found : redacted.detections()) {
        writeNumber(out, found.size());
        for (Detection one : found) {
          out.writeByte(KINDS.indexOf(one.kind()));
          writeNumber(out, one.start());
          writeNumber(out, one.end() - one.start());
        }
      }
      out.writeUTF(redacted.conversation().domain().orElse(""));
      for (String person : redacted.persons()) {
        out.writeUTF(person);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Findings(hash(conversation), bytes.toByteArray());
  }

  /** How much memory they take. */
  public int size() {
    return 40 + bytes.length;
  }

  /** Whether they are those of {@code conversation}. */
  boolean fit(Conversation conversation) {
    return texts == hash(conversation);
  }

  /** The conversation as it was when redaction was done; {@link #fit} must hold. */
  RedactedConversation in(Conversation conversation) {
    List<Message> messages = new ArrayList<>();
    List<List<Detection>> detections = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      for (Message message : conversation.messages()) {
        List<Detection> found = new ArrayList<>();
        for (int left = readNumber(in); left > 0; left--) {
          PersonalData kind = KINDS.get(in.readByte());
          int start = readNumber(in);
          int end = start + readNumber(in);
          found.add(new Detection(kind, message.text().substring(start, end), start, end));
        }
        messages.add(message.withText(Redactor.replaced(message.text(), found).text()));
        detections.add(found);
      }
      String domain = in.readUTF();
      Set<String> persons = new HashSet<>();
      while (in.available() > 0) {
        persons.add(in.readUTF());
      }
      return new RedactedConversation(
          new Conversation(
              conversation.id(),
              conversation.agentId(),
              conversation.domain().map(_ -> domain),
              messages),
          detections,
          List.of(),
          persons);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int hash(Conversation conversation) {
    int hash = conversation.id().hashCode();
    for (Message message : conversation.messages()) {
      hash = 31 * hash + message.text().hashCode();
    }
    return hash;
  }

  /** Seven bits a byte, the lowest first; a set eighth bit says that more follow. */
  private static void writeNumber(DataOutputStream out, int number) throws IOException {
    int left = number;
    while (left > 0x7F) {
      out.writeByte(left | 0x80);
      left >>>= 7;
    }
    out.writeByte(left);
  }

  private static int readNumber(DataInputStream in) throws IOException {
    int number = 0;
    int shift = 0;
    int next;
    do {
      next = in.readUnsignedByte();
      number |= (next & 0x7F) << shift;
      shift += 7;
    } while (next > 0x7F);
    return number;
  }
}
