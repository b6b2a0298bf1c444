package dev.repartee.finetune.corpus;

import dev.repartee.finetune.report.DataStatistics;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.ToIntFunction;

/** Writes the two files of a {@link Corpus}, a conversation at a time. */
final class CorpusWriter implements AutoCloseable {

  private final WindowCutter cutter;
  private final ToIntFunction<String> labelOf;
  private final LittleEndianFile tokens;
  private final LittleEndianFile windows;
  private long written; // numbers in the file of tokens
  private CorpusStatistics statistics = CorpusStatistics.NONE;
  private final DataStatistics.Counter details = new DataStatistics.Counter();
  private final CommonWords.Counter words = new CommonWords.Counter();

  /** Labels each reply with what {@code labelOf} gives for its text. */
  CorpusWriter(Path folder, String name, WindowCutter cutter, ToIntFunction<String> labelOf)
      throws IOException {
    this.cutter = cutter;
    this.labelOf = labelOf;
    this.tokens = new LittleEndianFile(Corpus.tokensFile(folder, name));
    this.windows = new LittleEndianFile(Corpus.windowsFile(folder, name));
  }

  /** Adds the conversation's windows; {@code number} finds it again in the files it came from. */
  void add(Conversation conversation, int number) throws IOException {
    WindowCutter.Cut cut = cutter.cut(conversation);
    long agentMessages = conversation.messages().stream().filter(Message::isAgent).count();
    long tokensOfAll = 0;
    long scored = 0;
    for (Window window : cut.windows()) {
      add(window, number);
      tokensOfAll += window.ids().length;
      scored += window.scored().length;
    }
    statistics =
        statistics.plus(
            new CorpusStatistics(
                1,
                conversation.messages().size() - agentMessages,
                agentMessages,
                cut.cutMessages(),
                cut.windows().size(),
                tokensOfAll,
                scored));
    count(conversation, cut);
  }

  private void count(Conversation conversation, WindowCutter.Cut cut) {
    words.add(conversation);
    details.addConversation(
        conversation.messages().size(), conversation.agentId(), conversation.domain());
    conversation.agentTexts().forEach(text -> details.addReply(text.length()));
    for (int i = 0; i < cut.cutMessages(); i++) {
      details.addTruncatedMessage();
    }
    for (Window window : cut.windows()) {
      details.addWindow(window.ids().length, window.scored().length);
    }
  }

  /** The words of what was added so far that a model may say. */
  CommonWords words() {
    return words.common();
  }

  /** What was added so far, in the detail that a report shows. */
  DataStatistics details() {
    return details.statistics();
  }

  private void add(Window window, int conversation) throws IOException {
    windows.putLong(written);
    windows.putInt(window.ids().length);
    windows.putInt(window.scored().length);
    windows.putInt(window.replies().size());
    windows.putInt(conversation);
    for (int id : window.ids()) {
      tokens.putInt(id);
    }
    for (int position : window.scored()) {
      tokens.putInt(position);
    }
    for (Window.Reply reply : window.replies()) {
      tokens.putInt(reply.position());
      tokens.putInt(labelOf.applyAsInt(reply.text()));
    }
    written += window.ids().length + window.scored().length + 2L * window.replies().size();
  }

  /** Brings all of it to the disk. */
  CorpusStatistics finish() throws IOException {
    tokens.sync();
    windows.sync();
    return statistics;
  }

  @Override
  public void close() throws IOException {
    try (tokens;
        windows) {
      // Closing is all.
    }
  }
}
