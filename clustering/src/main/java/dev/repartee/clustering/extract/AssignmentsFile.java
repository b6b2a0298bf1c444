package dev.repartee.clustering.extract;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.AgentMessage;
import dev.repartee.clustering.corpus.Corpus;
import dev.repartee.common.io.AtomicFile;
import dev.repartee.common.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import tools.jackson.databind.node.ObjectNode;

/**
 * The cluster of every agent message, in order, so that anyone can score the clusters: {@code
 * conversation_id}, {@code message_index} (among all messages of the conversation, from 0) and
 * {@code cluster} (-1 for none). CSV when the name ends with {@code .csv}, else JSON Lines.
 */
final class AssignmentsFile {

  private AssignmentsFile() {}

  static void write(Path file, Corpus corpus, TextClusters clusters) throws IOException {
    boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    AtomicFile.write(
        file,
        out -> {
          Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
          if (csv) {
            writeCsv(writer, corpus, clusters);
          } else {
            writeJsonLines(writer, corpus, clusters);
          }
          writer.flush();
        });
  }

  private static void writeCsv(Writer writer, Corpus corpus, TextClusters clusters)
      throws IOException {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setHeader("conversation_id", "message_index", "cluster")
            .setRecordSeparator('\n')
            .get();
    // Not closed: that would close the stream before the file is synced.
    @SuppressWarnings("resource")
    CSVPrinter printer = format.print(writer);
    for (AgentMessage message : corpus.messages()) {
      printer.printRecord(message.conversationId(), message.index(), clusterOf(message, clusters));
    }
    printer.flush();
  }

  private static void writeJsonLines(Writer writer, Corpus corpus, TextClusters clusters)
      throws IOException {
    for (AgentMessage message : corpus.messages()) {
      ObjectNode json = Json.COMPACT.createObjectNode();
      json.put("conversation_id", message.conversationId());
      json.put("message_index", message.index());
      json.put("cluster", clusterOf(message, clusters));
      writer.write(Json.COMPACT.writeValueAsString(json));
      writer.write('\n');
    }
  }

  private static int clusterOf(AgentMessage message, TextClusters clusters) {
    return message.isBlank() ? TextClusters.NOISE : clusters.clusterOf(message.text());
  }
}
