package dev.repartee.clustering.extract;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.AgentMessage;
import dev.repartee.clustering.corpus.CountedText;
import dev.repartee.common.io.AtomicFile;
import dev.repartee.common.json.Json;
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
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cluster of every agent message, in order, so that anyone can score the clusters: {@code
 * conversation_id}, {@code message_index} (among all messages of the conversation, from 0) and
 * {@code cluster} (-1 for none). CSV when the name ends with {@code .csv}, else JSON Lines.
 */
final class AssignmentsFile {

  private final Map<String, Integer> clusterOfKey = new HashMap<>();

  AssignmentsFile(List<CountedText> texts, TextClusters clusters) {
    for (int i = 0; i < texts.size(); i++) {
      clusterOfKey.put(texts.get(i).key(), clusters.clusterOf(i));
    }
  }

  /** Writes the cluster of each of {@code messages} to {@code file}. */
  void write(Path file, Stream<AgentMessage> messages) throws IOException {
    boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    Iterator<AgentMessage> each = messages.iterator();
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          if (csv) {
            writeCsv(writer, each);
          } else {
            writeJsonLines(writer, each);
          }
          writer.flush();
        });
  }

  private void writeCsv(Writer writer, Iterator<AgentMessage> messages) throws IOException {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader("conversation_id", "message_index", "cluster")
            .setRecordSeparator('\n')
            .get();
    // Not closed: that would close the stream before the file is synced.
    @SuppressWarnings("resource")
    CSVPrinter printer = format.print(writer);
    while (messages.hasNext()) {
      AgentMessage message = messages.next();
      printer.printRecord(message.conversationId(), message.index(), clusterOf(message));
    }
    printer.flush();
  }

  private void writeJsonLines(Writer writer, Iterator<AgentMessage> messages) throws IOException {
    while (messages.hasNext()) {
      AgentMessage message = messages.next();
      ObjectNode json = Json.COMPACT.createObjectNode();
      json.put("conversation_id", message.conversationId());
      json.put("message_index", message.index());
      json.put("cluster", clusterOf(message));
      writer.write(Json.COMPACT.writeValueAsString(json));
      writer.write('\n');
    }
  }

  private int clusterOf(AgentMessage message) {
    return message.key().map(clusterOfKey::get).orElse(TextClusters.NOISE);
  }
}
