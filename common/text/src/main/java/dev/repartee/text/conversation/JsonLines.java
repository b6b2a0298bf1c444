package dev.repartee.text.conversation;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Conversations of a JSON Lines file, parsed as they are asked for. The first bad line ends them:
 * the rest of the file is then only searched for more bad lines.
 */
final class JsonLines implements Iterator<Conversation> {

  private final LineSource source;
  private final BadLines bad;
  private final Map<String, Long> lineOfId = new HashMap<>();
  private Optional<Conversation> next = Optional.empty();

  JsonLines(LineSource source, BadLines bad) {
    this.source = source;
    this.bad = bad;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      Optional<LineSource.Line> line = bad.isFull() ? Optional.empty() : source.next();
      if (line.isEmpty()) {
        bad.throwIfAny();
        return false;
      }
      Optional<Conversation> parsed = parse(line.get());
      next = bad.any() ? Optional.empty() : parsed;
    }
    return true;
  }

  @Override
  public Conversation next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Conversation conversation = next.orElseThrow();
    next = Optional.empty();
    return conversation;
  }

  private Optional<Conversation> parse(LineSource.Line line) {
    try {
      if (!line.valid()) {
        throw new IllegalArgumentException(ConversationLine.NOT_UTF8);
      }
      Optional<Conversation> conversation = ConversationLine.parse(line.text());
      conversation.ifPresent(parsed -> requireNew(parsed.id(), line.number()));
      return conversation;
    } catch (IllegalArgumentException e) {
      bad.add(line.number(), e.getMessage());
      return Optional.empty();
    }
  }

  private void requireNew(String id, long line) {
    Long earlier = lineOfId.putIfAbsent(id, line);
    if (earlier != null) {
      throw new IllegalArgumentException(ConversationLine.usedTwice(id, earlier));
    }
  }
}
