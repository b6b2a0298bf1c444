package dev.repartee.finetune.answers;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackLog.Segment;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Which answers agents took, by the feedback that a store keeps ({@code docs/feedback.md}).
 *
 * @param records how many records were read
 * @param ids of the answers that were sent, as they stood or edited
 */
record FeedbackUse(int records, Set<String> ids) {

  FeedbackUse {
    ids = Set.copyOf(ids);
  }

  /**
   * Reads all feedback of a store.
   *
   * @throws UserException when there is none, or it cannot be read
   */
  static FeedbackUse read(String uri) {
    Set<String> ids = new HashSet<>();
    int records = 0;
    try (ObjectStore store = ObjectStores.open(uri)) {
      FeedbackLog log = new FeedbackLog(store);
      List<Segment> segments = log.segments();
      if (segments.isEmpty()) {
        throw new UserException(
            store.locate(FeedbackLog.FOLDER)
                + ": no feedback there; check --feedback, or leave it out");
      }
      for (Segment segment : segments) {
        String text = new String(log.read(segment), StandardCharsets.UTF_8);
        int line = 0;
        for (String json : text.lines().toList()) {
          line++;
          if (!json.isBlank()) {
            add(Json.parse(json, log.locate(segment) + ":" + line), ids);
            records++;
          }
        }
      }
    }
    return new FeedbackUse(records, ids);
  }

  private static void add(JsonNode feedback, Set<String> ids) {
    JsonNode accepted = feedback.path("accepted");
    if (accepted.isIntegralNumber()) {
      JsonNode id = feedback.path("shown").path(accepted.intValue()).path("id");
      if (id.isString()) {
        ids.add(id.stringValue());
      }
    }
  }
}
