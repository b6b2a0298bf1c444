package dev.repartee.clustering.extract;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.count.ConversationCounter;
import dev.repartee.clustering.count.ConversationCounter.AgentMessage;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.PublicFacts;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file with the cluster of every agent message, in order, by which anyone can score the
 * clusters: {@code conversation_id}, {@code message_index} (among all messages of the conversation,
 * from 0), {@code cluster} (-1 for none) and {@code answer} (the id of the answer that the message
 * counts for, if any). CSV if the name ends with {@code .csv}, else JSON Lines.
 */
final class AssignmentsFile {

  private final Map<String, Integer> clusterOfKey = new HashMap<>();
  private final List<Fate> fates;
  private final PublicFacts facts;

  AssignmentsFile(Extraction extraction) {
    this.fates = extraction.review().fates();
    this.facts = extraction.corpus().facts();
    List<TextTally> texts = extraction.texts();
    for (int i = 0; i < texts.size(); i++) {
      clusterOfKey.put(texts.get(i).key(), extraction.clusters().clusterOf(i));
    }
  }

  /** Writes the clusters of the agent messages of {@code conversations} to {@code file}. */
  void write(Path file, Stream<Conversation> conversations) throws IOException {
    ConversationCounter counter = new ConversationCounter(new ConversationCounter.Shared(), facts);
    boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    Iterator<AgentMessage> messages =
        conversations
            .flatMap(conversation -> counter.agentMessages(conversation).stream())
            .iterator();
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          if (csv) {
            writeCsv(writer, messages);
          } else {
            writeJsonLines(writer, messages);
          }
          writer.flush();
        });
  }

  private void writeCsv(Writer writer, Iterator<AgentMessage> messages) throws IOException {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader("conversation_id", "message_index", "cluster", "answer")
            .setRecordSeparator('\n')
            .get();
    // Not closed, since that would close the stream before the file is synced.
    @SuppressWarnings("resource")
    CSVPrinter printer = format.print(writer);
    while (messages.hasNext()) {
      AgentMessage message = messages.next();
      int cluster = clusterOf(message);
      printer.printRecord(
          message.conversationId(), message.index(), cluster, answer(cluster).orElse(""));
    }
    printer.flush();
  }

  private void writeJsonLines(Writer writer, Iterator<AgentMessage> messages) throws IOException {
    while (messages.hasNext()) {
      AgentMessage message = messages.next();
      ObjectNode json = Json.COMPACT.createObjectNode();
      json.put("conversation_id", message.conversationId());
      json.put("message_index", message.index());
      int cluster = clusterOf(message);
      json.put("cluster", cluster);
      answer(cluster).ifPresent(id -> json.put("answer", id));
      writer.write(Json.COMPACT.writeValueAsString(json));
      writer.write('\n');
    }
  }

  private Optional<String> answer(int cluster) {
    return cluster == TextClusters.NOISE ? Optional.empty() : fates.get(cluster).answer();
  }

  private int clusterOf(AgentMessage message) {
    return message.key().map(clusterOfKey::get).orElse(TextClusters.NOISE);
  }
}
