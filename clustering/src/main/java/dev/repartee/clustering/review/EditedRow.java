package dev.repartee.clustering.review;

import java.util.List;

/**
 * A row as a person left it.
 *
 * @param place file and line, for messages
 * @param phrasings those that were shown
 */
record EditedRow(String place, String id, String text, Decision decision, List<String> phrasings) {

  EditedRow {
    phrasings = List.copyOf(phrasings);
  }
}
