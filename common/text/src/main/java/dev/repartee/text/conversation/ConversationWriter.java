package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes conversations as the JSON Lines that {@link ConversationReader} reads. */
public final class ConversationWriter {

  /** Surrogates without a partner, which UTF-8 cannot hold but JSON can escape. */
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  private ConversationWriter() {}

  /**
   * Writes {@code conversations} to {@code file} whole or not at all; gzip when the name ends with
   * {@code .gz}. The same conversations give the same bytes.
   *
   * @throws UserException when the file cannot be written
   */
  public static void write(Path file, List<Conversation> conversations) {
    write(file, conversations.stream());
  }

  /** As {@link #write(Path, List)}, one conversation held at a time. */
  public static void write(Path file, Stream<Conversation> conversations) {
    boolean gzip = file.toString().endsWith(".gz");
    AtomicFile.writeResult(
        file,
        out -> {
          // Finished and flushed but not closed: the file still has to be synced.
          if (gzip) {
            GZIPOutputStream compressed = new GZIPOutputStream(out);
            writeLines(compressed, conversations);
            compressed.finish();
          } else {
            writeLines(out, conversations);
          }
        });
  }

  private static void writeLines(OutputStream out, Stream<Conversation> conversations)
      throws IOException {
    BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    for (Iterator<Conversation> each = conversations.iterator(); each.hasNext(); ) {
      Conversation conversation = each.next();
      buffered.write(line(conversation).getBytes(StandardCharsets.UTF_8));
      buffered.write('\n');
    }
    buffered.flush();
  }

  private static String line(Conversation conversation) {
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("id", conversation.id());
    conversation.agentId().ifPresent(agent -> json.put("agent_id", agent));
    conversation.domain().ifPresent(domain -> json.put("domain", domain));
    conversation.customerName().ifPresent(name -> json.put("customer_name", name));
    conversation.agentName().ifPresent(name -> json.put("agent_name", name));
    conversation.startedAt().ifPresent(time -> json.put("started_at", time.toString()));
    ArrayNode messages = json.putArray("messages");
    for (Message message : conversation.messages()) {
      ObjectNode one = messages.addObject();
      one.put("role", message.role().id()).put("text", message.text());
      if (message.contextOnly()) {
        one.put("context_only", true);
      }
      message.agentId().ifPresent(agent -> one.put("agent_id", agent));
    }
    return LONE_SURROGATE
        .matcher(Json.COMPACT.writeValueAsString(json))
        .replaceAll(lone -> "\\\\u%04x".formatted((int) lone.group().charAt(0)));
  }
}
