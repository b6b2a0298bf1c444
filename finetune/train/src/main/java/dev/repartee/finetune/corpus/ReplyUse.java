package dev.repartee.finetune.corpus;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/**
 * How agents came to their replies, as feedback says it, and so what each reply weighs in training:
 * a model that learns its own words again as if they were the agents' says less and less else. A
 * reply of which nothing is known counts as typed. Weights are in thousandths, and exact in every
 * precision that is trained in, since they are powers of two.
 *
 * @param counts what was found, for people
 * @param conversations the replies of each conversation, by its id
 */
public record ReplyUse(Map<String, Long> counts, SortedMap<String, List<Reply>> conversations) {

  /** What the agent typed. */
  static final int TYPED = 1000;

  /** What the model wrote and the agent accepted. */
  static final int ACCEPTED = 125;

  /** What the model wrote and the agent corrected: here it was wrong. */
  static final int EDITED = 2000;

  /** How a reply came about. */
  public enum How {
    TYPED,
    /** Completions were accepted on the way. */
    COMPLETED,
    /** A whole reply was sent unchanged. */
    ACCEPTED,
    /** A suggestion was changed before it was sent. */
    EDITED;

    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A part of a reply, in code points of the text that is trained on.
   *
   * @param to its end, exclusive
   */
  public record Span(int from, int to) {}

  /**
   * A reply.
   *
   * @param message its index in the conversation
   * @param learned whether it counts as a reply that an agent gives: for answers and memory
   * @param accepted the parts that the model wrote
   */
  public record Reply(int message, How how, boolean learned, List<Span> accepted) {

    public Reply {
      requireNonNull(how, "how is null");
      accepted = List.copyOf(accepted);
    }
  }

  public ReplyUse {
    counts = new TreeMap<>(counts);
    conversations = new TreeMap<>(conversations);
  }

  /** Of a message of a conversation, where anything is known. */
  Optional<Reply> of(String conversation, int message) {
    return conversations.getOrDefault(conversation, List.of()).stream()
        .filter(reply -> reply.message() == message)
        .findFirst();
  }

  /**
   * The conversation with replies that the model wrote as context only: nothing is learned from
   * them as answers.
   */
  public Conversation learnable(Conversation conversation) {
    List<Message> messages = new ArrayList<>(conversation.messages());
    boolean changed = false;
    for (int i = 0; i < messages.size(); i++) {
      if (of(conversation.id(), i).filter(reply -> !reply.learned()).isPresent()) {
        messages.set(i, new Message(messages.get(i).role(), messages.get(i).text(), true));
        changed = true;
      }
    }
    return changed ? conversation.withMessages(messages) : conversation;
  }

  /** The weights of the characters of a text, in code points. */
  static int[] weights(String text, Optional<Reply> reply) {
    int[] weights = new int[text.codePointCount(0, text.length())];
    boolean edited = reply.filter(one -> one.how() == How.EDITED).isPresent();
    Arrays.fill(weights, edited ? EDITED : TYPED);
    if (!edited) {
      for (Span span : reply.map(Reply::accepted).orElse(List.of())) {
        int to = Math.min(weights.length, span.to());
        Arrays.fill(weights, Math.min(to, span.from()), to, ACCEPTED);
      }
    }
    return weights;
  }

  /** Writes it to {@code file}. */
  public void write(Path file) throws IOException {
    AtomicFile.writeString(file, json());
  }

  /** A hash of all that it says. */
  public String digest() {
    return Sha256.of(json());
  }

  private String json() {
    return Json.COMPACT.writeValueAsString(this) + "\n";
  }

  /**
   * Reads what {@link #write} wrote; empty where there is no such file.
   *
   * @throws UserException when the file is damaged
   */
  public static Optional<ReplyUse> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Json.COMPACT.readValue(Files.readString(file), ReplyUse.class))
          : Optional.empty();
    } catch (IOException | JacksonException e) {
      throw new UserException(
          "%s cannot be read (%s); name another --output".formatted(file, e.getMessage()), e);
    }
  }
}
