package dev.repartee.clustering.extract;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.count.AgentMessage;
import dev.repartee.clustering.count.CountedText;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
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
 * The cluster of every agent message, in order, so that anyone can score the clusters: {@code
 * conversation_id}, {@code message_index} (among all messages of the conversation, from 0), {@code
 * cluster} (-1 for none) and {@code answer} (the id of the answer that it counts for, where there
 * is one). A text that is like no other has a cluster of its own when it is used twice or more. CSV
 * when the name ends with {@code .csv}, else JSON Lines.
 */
final class AssignmentsFile {

  private final Map<String, Integer> clusterOfKey = new HashMap<>();
  private final List<Fate> fates;

  AssignmentsFile(Extraction extraction) {
    this.fates = extraction.review().fates();
    List<CountedText> texts = extraction.texts();
    for (int i = 0; i < texts.size(); i++) {
      clusterOfKey.put(texts.get(i).key(), extraction.clusters().clusterOf(i));
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
            .setHeader("conversation_id", "message_index", "cluster", "answer")
            .setRecordSeparator('\n')
            .get();
    // Not closed: that would close the stream before the file is synced.
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
