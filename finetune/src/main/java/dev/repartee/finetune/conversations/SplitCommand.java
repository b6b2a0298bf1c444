package dev.repartee.finetune.conversations;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.ConversationsOption;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee conversations split}: conversations to train, to validate and to test on. */
@Command(
    name = "split",
    description = {
      "Writes DIR/train.jsonl.gz, validation.jsonl.gz and test.jsonl.gz, or DIR/new.jsonl.gz.",
      "By id conversations keep their file in later splits; by time the latest are for tests."
    },
    footer = {
      "  repartee conversations split --conversations data/conversations.jsonl.gz --output data"
    },
    mixinStandardHelpOptions = true)
final class SplitCommand implements Callable<Integer> {

  @Mixin private ConversationsOption conversations = new ConversationsOption();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the files.")
  private Path output;

  private enum By {
    ID,
    TIME
  }

  @Option(
      names = "--method",
      defaultValue = "id",
      paramLabel = "id|time",
      description = "What decides where a conversation goes.")
  private By by;

  @Option(
      names = "--shares",
      split = ",",
      defaultValue = "80,10,10",
      paramLabel = "PERCENT",
      description = "To train, validate and test on, in percent.")
  private List<Integer> shares = List.of();

  @Option(
      names = "--new-to",
      split = ",",
      paramLabel = "FILE|MODEL",
      description = "Write new.jsonl.gz alone: what none of these files has, or models learned.")
  private List<String> newTo = List.of();

  @Mixin private StoreOptions models;
  @Mixin private Output print;

  private enum Side {
    TRAIN,
    VALIDATION,
    TEST;

    private Path in(Path folder) {
      return folder.resolve(name().toLowerCase(Locale.ROOT) + ".jsonl.gz");
    }
  }

  /** What is on a side, and when the first and the last one of it started. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record Written(
      String file, long conversations, long messages, long replies, List<Instant> started) {

    Written plus(Conversation one) {
      List<Instant> times =
          Stream.concat(started.stream(), one.startedAt().stream()).sorted().toList();
      return new Written(
          file,
          conversations + 1,
          messages + one.messages().size(),
          replies + one.agentTexts().count(),
          times.isEmpty() ? times : List.of(times.getFirst(), times.getLast()));
    }
  }

  @Override
  public Integer call() {
    requireShares();
    requireOtherFiles();
    if (!newTo.isEmpty()) {
      List<ConversationKeys> known = newTo.stream().map(this::keys).toList();
      Path file = output.resolve("new.jsonl.gz");
      print.print(write(file, one -> known.stream().noneMatch(keys -> keys.contains(one))), "");
      return 0;
    }
    List<Side> sides = sides();
    for (Side side : Side.values()) {
      if (!sides.contains(side)) {
        throw new UserException(
            "%d conversations leave none in %s; add more, or try other --shares"
                .formatted(sides.size(), side.in(output)));
      }
    }
    Map<String, Written> written = new LinkedHashMap<>();
    for (Side side : Side.values()) {
      Iterator<Side> of = sides.iterator();
      written.put(
          side.name().toLowerCase(Locale.ROOT), write(side.in(output), _ -> of.next() == side));
    }
    print.print(
        written,
        "repartee recipe --conversations %s --validation %s --test %s --output DIR"
            .formatted(Side.TRAIN.in(output), Side.VALIDATION.in(output), Side.TEST.in(output)));
    return 0;
  }

  private void requireShares() {
    int sum = shares.stream().mapToInt(Integer::intValue).sum();
    if (shares.size() != Side.values().length
        || shares.stream().anyMatch(share -> share < 1)
        || sum != 100) {
      throw UserException.usage(
          "--shares must be three whole numbers from 1 that make 100, such as 80,10,10, but are "
              + shares.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
  }

  /** The files are read once for each side, so none may be written over. */
  private void requireOtherFiles() {
    for (Side side : Side.values()) {
      Path written = side.in(output);
      for (Path file : conversations.files()) {
        try {
          if (Files.exists(written) && Files.exists(file) && Files.isSameFile(file, written)) {
            throw UserException.usage(
                "--conversations %s would be overwritten by --output %s; give another folder"
                    .formatted(file, output));
          }
        } catch (IOException e) {
          throw new UserException(file + ": cannot be read: " + e, e);
        }
      }
    }
  }

  /** Where each conversation goes, in the order of the files. */
  private List<Side> sides() {
    List<String> contents = new ArrayList<>();
    Map<String, Double> positions = new HashMap<>();
    try (Stream<Conversation> all = ConversationReader.stream(conversations.files())) {
      all.forEachOrdered(
          one -> {
            String content = content(one);
            contents.add(content);
            // By id the first one decides where all of the same content go, by time the oldest.
            positions.merge(content, position(one), by == By.TIME ? Math::min : (p, next) -> p);
          });
    }
    double[] ordered = contents.stream().mapToDouble(positions::get).sorted().toArray();
    double validation = cut(ordered, shares.get(0));
    double test = cut(ordered, shares.get(0) + shares.get(1));
    return contents.stream()
        .map(positions::get)
        .map(at -> at < validation ? Side.TRAIN : at < test ? Side.VALIDATION : Side.TEST)
        .toList();
  }

  /** Its time in seconds, or a number from 0 to 1 that follows from its id. */
  private double position(Conversation one) {
    if (by == By.ID) {
      return Long.parseLong(Sha256.of("1 " + one.id()).substring(0, 13), 16) / 0x1p52;
    }
    Instant start =
        one.startedAt()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "--method time: conversation '%s' has no started_at, which 'conversations import' writes; use --method id"
                            .formatted(one.id())));
    return start.getEpochSecond() + start.getNano() / 1e9;
  }

  /** From which position on the conversations after the first {@code percent} lie. */
  private double cut(double[] ordered, int percent) {
    return by == By.ID ? percent / 100.0 : ordered[first(ordered.length, percent)];
  }

  /** The first position after {@code percent} of {@code length}, the last one at most. */
  static int first(int length, int percent) {
    return (int) Math.min(length - 1, (long) length * percent / 100);
  }

  /** A hash of who wrote what; case, blanks and punctuation do not matter. */
  static String content(Conversation one) {
    return Sha256.of(
        one.messages().stream()
            .map(message -> message.role().id() + " " + TextNorm.norm(message.text()))
            .collect(Collectors.joining("\n")));
  }

  private ConversationKeys keys(String known) {
    String unknown =
        "--new-to %s: neither a file nor a model that names its training data".formatted(known);
    return Files.isRegularFile(Path.of(known))
        ? ConversationKeys.of(Path.of(known))
        : models.keys("--new-to", known).orElseThrow(() -> UserException.usage(unknown));
  }

  private Written write(Path file, Predicate<Conversation> wanted) {
    AtomicReference<Written> written =
        new AtomicReference<>(new Written(file.toString(), 0, 0, 0, List.of()));
    try (Stream<Conversation> all = ConversationReader.stream(conversations.files())) {
      ConversationWriter.write(
          file, all.filter(wanted).peek(one -> written.set(written.get().plus(one))));
    }
    return written.get();
  }
}
