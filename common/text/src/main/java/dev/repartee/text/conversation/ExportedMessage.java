package dev.repartee.text.conversation;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A message as an export has it, with what it says about its conversation.
 *
 * @param source what the id belongs to: the same id of two sources names two conversations
 * @param conversation the id
 * @param time when it was sent; empty if only the order is known
 * @param values of the columns that say something about the conversation
 */
public record ExportedMessage(
    String source,
    String conversation,
    Speaker speaker,
    Optional<Instant> time,
    String text,
    Map<Column, String> values) {

  public ExportedMessage {
    requireNonNull(source, "source is null");
    requireNonNull(conversation, "conversation is null");
    requireNonNull(speaker, "speaker is null");
    requireNonNull(time, "time is null");
    requireNonNull(text, "text is null");
    values = Map.copyOf(values);
  }
}
