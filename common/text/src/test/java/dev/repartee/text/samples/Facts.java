package dev.repartee.text.samples;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is true in one conversation: the values behind {@code <slots>}, drawn once when first
 * needed, so that order numbers, names and dates stay the same from message to message.
 */
final class Facts {

  private static final Phrasebook SLOTS = new Phrasebook("slots.txt");
  private static final Pattern SLOT = Pattern.compile("<([a-z_]+)>");

  /** Facts that are known once all of their parts are. */
  private static final Map<String, Set<String>> PARTS =
      Map.of("charge", Set.of("amount", "past"), "dates", Set.of("arrival", "departure"));

  /** The habits of writing a date; one conversation keeps to one of them. */
  private static final List<String> DATE_FORMATS = List.of("d MMMM", "MMMM d", "MMM d", "d MMM");

  private final Random random;
  private final LocalDate today;
  private final DateTimeFormatter dateFormat;
  private final Map<String, String> values = new HashMap<>();
  private final Set<String> told = new HashSet<>();

  Facts(String domain, String agentName, Random random) {
    this.random = random;
    today = LocalDate.of(2025, 1, 8).plusDays(random.nextInt(340));
    String format = DATE_FORMATS.get(random.nextInt(DATE_FORMATS.size()));
    dateFormat = DateTimeFormatter.ofPattern(format, Locale.ENGLISH);
    values.put("agent", agentName);
    values.put("company", SLOTS.pool("company." + domain).lines().getFirst());
    setDates();
  }

  private void setDates() {
    int nights = 1 + random.nextInt(4);
    LocalDate arrival = today.plusDays(9L + random.nextInt(60));
    values.put("past", date(today.minusDays(3L + random.nextInt(9))));
    values.put("yesterday", date(today.minusDays(1)));
    values.put("soon", date(today.plusDays(2L + random.nextInt(4))));
    values.put("later", date(today.plusDays(8L + random.nextInt(12))));
    values.put("arrival", date(arrival));
    values.put("departure", date(arrival.plusDays(nights)));
    values.put("new_arrival", date(arrival.plusDays(7)));
    values.put("deadline", date(arrival.minusDays(2)));
    values.put("nights", nights == 1 ? "one night" : nights + " nights");
  }

  private String date(LocalDate date) {
    return date.format(dateFormat);
  }

  /** Puts values into the slots. */
  String fill(String text) {
    Matcher matcher = SLOT.matcher(text);
    return matcher.replaceAll(match -> Matcher.quoteReplacement(value(match.group(1))));
  }

  /** Fills the customer's words in and remembers which facts the agent knows from now on. */
  String fillAndTell(String text) {
    SLOT.matcher(text).results().forEach(match -> tell(match.group(1)));
    return fill(text);
  }

  /** Marks a fact as known to the agent. */
  void tell(String slot) {
    told.add(slot);
  }

  boolean isTold(String slot) {
    return told.contains(slot) || (PARTS.containsKey(slot) && told.containsAll(PARTS.get(slot)));
  }

  private String value(String slot) {
    String value = values.get(slot);
    if (value == null) {
      value = draw(slot);
      values.put(slot, value);
    }
    return value;
  }

  private String draw(String slot) {
    if (slot.startsWith("lower_")) {
      return value(slot.substring("lower_".length())).toLowerCase(Locale.ROOT);
    }
    List<String> choices = SLOTS.pool(slot).lines();
    StringBuilder drawn = new StringBuilder();
    for (char c : fill(choices.get(random.nextInt(choices.size()))).toCharArray()) {
      drawn.append(c == '#' ? (char) ('1' + random.nextInt(9)) : c);
    }
    return drawn.toString();
  }
}
