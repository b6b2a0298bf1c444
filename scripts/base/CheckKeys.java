import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import java.nio.file.Path;
import java.util.List;

/**
 * Counts the conversations of files that a base has read, as its trained-on.bin says.
 *
 * <p>Arguments: folder with trained-on.bin, files. Example: CLASSPATH from scripts/build-base, {@code java scripts/base/CheckKeys.java
 * runs/base/support-14m valid.jsonl.gz}.
 */
final class CheckKeys {

  private CheckKeys() {}

  public static void main(String[] arguments) {
    ConversationKeys keys = ConversationKeys.read(Path.of(arguments[0])).orElseThrow();
    for (String file : List.of(arguments).subList(1, arguments.length)) {
      try (var all = ConversationReader.stream(Path.of(file))) {
        List<Conversation> conversations = all.toList();
        System.out.printf("%s: %d of %d read%n", file, conversations.stream().filter(keys::contains).count(), conversations.size());
      }
    }
  }
}
