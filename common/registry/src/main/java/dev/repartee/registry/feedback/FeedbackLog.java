package dev.repartee.registry.feedback;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.partitioningBy;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * The feedback in a store: objects of JSON lines under {@code feedback/MODEL/yyyy/mm/dd/}, days in
 * UTC. Services only ever create objects; what is forgotten is taken out of them here.
 *
 * <p>An object that loses lines is overwritten under its own name, in one step and only where it is
 * what was read. A copy under another name would be there beside the old one when the process dies
 * in between. One that loses all its lines stays, empty: a service that had stored it but died
 * before it noted that stores it again otherwise.
 */
public final class FeedbackLog {

  /** The folder of feedback under the store's root. */
  public static final String FOLDER = ObjectStore.FEEDBACK;

  private static final String SUFFIX = ".jsonl";

  /** Clients name the models, and a key has at most 900 bytes. */
  private static final int MAX_NAME_BYTES = 200;

  private static final int MOST_TRIES = 10;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd", Locale.ROOT);

  private final ObjectStore store;

  public FeedbackLog(ObjectStore store) {
    this.store = store;
  }

  /**
   * The key of an object.
   *
   * @param model as clients name it
   * @param day in UTC
   * @param segment unique everywhere; begins with its time
   */
  public static String key(String model, LocalDate day, String segment) {
    return folder(model, day) + segment + SUFFIX;
  }

  /** The folder of a model's objects of one day. */
  public static String folder(String model, LocalDate day) {
    return FOLDER + keyPart(model) + "/" + DAY.format(day) + "/";
  }

  /** The day of a time in UTC. */
  public static LocalDate day(Instant time) {
    return time.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** A model's name as one part of a key. Only letters, digits, -, _ and inner dots stay as is. */
  private static String keyPart(String name) {
    StringBuilder part = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean dot = b == '.' && !part.isEmpty();
      if (dot || b == '-' || b == '_' || (b >= 0 && Character.isLetterOrDigit(b))) {
        part.append((char) b);
      } else {
        part.append("%%%02X".formatted(b));
      }
    }
    return part.substring(0, Math.min(part.length(), MAX_NAME_BYTES));
  }

  /**
   * Lines of one day.
   *
   * @param object as it was listed
   */
  public record Segment(LocalDate day, StoredObject object) {}

  /** All objects, in the order of their keys. */
  public List<Segment> segments() {
    return segmentsIn(FOLDER);
  }

  /** The objects of one model, in the order of their keys. */
  public List<Segment> segments(String model) {
    return segmentsIn(FOLDER + keyPart(model) + "/");
  }

  private List<Segment> segmentsIn(String folder) {
    List<Segment> segments = new ArrayList<>();
    try (Stream<StoredObject> objects = store.list(folder)) {
      objects.forEach(
          object -> day(object.key()).ifPresent(day -> segments.add(new Segment(day, object))));
    }
    return segments;
  }

  /** The day of an object; empty for one that is no feedback. */
  private static Optional<LocalDate> day(String key) {
    String[] parts = key.split("/", -1);
    if (parts.length != 6 || !key.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(parts[2] + "/" + parts[3] + "/" + parts[4], DAY));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The lines of an object, as they are now; none of one that was deleted since it was listed, as
   * services do when feedback becomes too old.
   *
   * @throws StoreException when it cannot be read
   */
  public byte[] read(Segment segment) {
    StoredObject object = segment.object();
    try {
      return store.read(object.key(), 0, Math.toIntExact(object.size())); // objects only lose lines
    } catch (StoreException e) {
      if (e.reason() == StoreException.Reason.NOT_FOUND) {
        return new byte[0];
      }
      throw e;
    }
  }

  /** Where an object is, for messages. */
  public String locate(Segment segment) {
    return store.locate(segment.object().key());
  }

  // Forgetting

  /**
   * What was taken out, or would be.
   *
   * @param records how many lines
   * @param conversations how many they are of
   * @param objects which lost lines
   */
  public record ForgetResult(int records, int conversations, List<Loss> objects) {}

  /**
   * What an object lost.
   *
   * @param left how many lines it still has
   */
  public record Loss(String object, int records, int left) {}

  /**
   * Whose feedback is to be forgotten.
   *
   * @param conversations by the front ends' own names
   * @param agents as salted hashes, and as the callers that they are with a token of their own
   */
  public record ForgetRequest(Set<String> conversations, Set<String> agents) {

    private boolean includes(Line line) {
      return line.conversationId().filter(conversations::contains).isPresent()
          || line.agent().filter(agents::contains).isPresent()
          || line.caller().filter(agents::contains).isPresent()
          || line.learn().flatMap(Learn::agent).filter(agents::contains).isPresent();
    }
  }

  /** Of a line, what tells whose it is. */
  private record Line(
      Optional<String> conversationId,
      Optional<String> agent,
      Optional<String> caller,
      Optional<Learn> learn) {}

  private record Learn(Optional<String> agent) {}

  /**
   * Takes out lines. It may be broken off and repeated, and run beside services.
   *
   * @param dryRun whether everything stays
   */
  public ForgetResult forget(ForgetRequest whose, boolean dryRun) {
    List<Loss> losses = new ArrayList<>();
    Set<String> conversations = new TreeSet<>();
    for (Segment segment : segments()) {
      forget(segment.object().key(), whose, dryRun, conversations).ifPresent(losses::add);
    }
    if (!dryRun) {
      store.discardLeftovers();
    }
    return new ForgetResult(
        losses.stream().mapToInt(Loss::records).sum(), conversations.size(), losses);
  }

  private Optional<Loss> forget(
      String key, ForgetRequest whose, boolean dryRun, Set<String> conversations) {
    for (int tries = 1; ; tries++) {
      Optional<StoredText> object = store.readText(key);
      Map<Boolean, List<String>> lines =
          object.stream()
              .flatMap(found -> found.text().lines())
              .collect(partitioningBy(json -> line(json).filter(whose::includes).isPresent()));
      List<String> forgotten = lines.get(true);
      if (forgotten.isEmpty()) {
        return Optional.empty();
      }
      byte[] kept =
          lines.get(false).stream()
              .map(json -> json + "\n")
              .collect(joining())
              .getBytes(StandardCharsets.UTF_8);
      if (dryRun || store.putIf(key, kept, object.orElseThrow().unchanged()).isPresent()) {
        forgotten.stream()
            .flatMap(json -> line(json).flatMap(Line::conversationId).stream())
            .forEach(conversations::add);
        return Optional.of(new Loss(key, forgotten.size(), lines.get(false).size()));
      }
      if (tries == MOST_TRIES) { // somebody else forgets, too
        throw new UserException(
            store.locate(key) + ": was changed by others again and again; try again");
      }
    }
  }

  /** Empty for a line that is no feedback, which stays. */
  private static Optional<Line> line(String json) {
    try {
      return Optional.ofNullable(Json.COMPACT.readValue(json, Line.class));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /**
   * Deletes the objects of days that ended before {@code keep} ago.
   *
   * @param dryRun whether everything stays
   */
  public Expired expire(Instant now, Duration keep, boolean dryRun) {
    LocalDate first = day(now.minus(keep));
    List<StoredObject> old =
        segments().stream()
            .filter(segment -> segment.day().isBefore(first))
            .map(Segment::object)
            .toList();
    if (!dryRun) {
      old.forEach(store::deleteIfUnchanged); // one that was replaced is deleted the next time
      store.discardLeftovers();
    }
    return new Expired(
        old.size(), old.stream().mapToLong(StoredObject::size).sum(), first.toString());
  }

  /**
   * What was deleted for its age, or would be.
   *
   * @param before the first day that stays
   */
  public record Expired(int objects, long bytes, String before) {}
}
