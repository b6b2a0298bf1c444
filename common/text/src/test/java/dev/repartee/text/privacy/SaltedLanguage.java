package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conversations in one language with made-up items. The file {@code salted/xx.txt} holds sentences
 * with the kinds of items between bars, items of each kind, and clean messages. It was written by
 * hand before the rules for these languages were, so its items come from no list that they read.
 */
final class SaltedLanguage {

  /** How often each sentence is planted with other items. */
  private static final int TIMES = 8;

  private static final Pattern SLOT = Pattern.compile("\\|([a-z]+)\\|");

  /** An item between two clean messages. */
  record Planted(String kind, Conversation conversation, int start, int end) {

    String text() {
      return conversation.messages().get(1).text();
    }
  }

  private final Map<String, List<String>> lists;
  private final Random random = new Random(1);

  SaltedLanguage(String language) {
    lists = lists(language);
  }

  /** The lines of each section of a file. */
  static Map<String, List<String>> lists(String language) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    List<String> list = List.of();
    for (String line :
        Resources.text(SaltedLanguage.class, "salted/" + language + ".txt").lines().toList()) {
      if (line.startsWith("[")) {
        list = new ArrayList<>();
        lists.put(line.substring(1, line.length() - 1), list);
      } else if (!line.isBlank()) {
        list.add(line.replace("\\n", "\n"));
      }
    }
    return lists;
  }

  /** The items of all sentences. */
  List<Planted> planted() {
    List<Planted> planted = new ArrayList<>();
    for (String sentence : lists.get("sentences")) {
      for (int time = 0; time < TIMES; time++) {
        planted.addAll(plant(sentence));
      }
    }
    return planted;
  }

  private List<Planted> plant(String sentence) {
    StringBuilder text = new StringBuilder();
    record Item(String kind, int start, int end) {}
    List<Item> items = new ArrayList<>();
    Matcher slot = SLOT.matcher(sentence);
    int at = 0;
    while (slot.find()) {
      text.append(sentence, at, slot.start());
      int start = text.length();
      String value = one(slot.group(1));
      text.append(slot.group(1).equals("phone") ? digits(value) : value);
      items.add(new Item(slot.group(1), start, text.length()));
      at = slot.end();
    }
    text.append(sentence.substring(at));
    Conversation conversation = conversation(one("clean"), text.toString(), one("clean"));
    return items.stream()
        .map(item -> new Planted(item.kind(), conversation, item.start(), item.end()))
        .toList();
  }

  /** Each clean message between two others. */
  List<Conversation> clean() {
    List<String> clean = lists.get("clean");
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < clean.size(); i++) {
      conversations.add(
          conversation(
              clean.get((i + clean.size() - 1) % clean.size()),
              clean.get(i),
              clean.get((i + 1) % clean.size())));
    }
    return conversations;
  }

  private static Conversation conversation(String before, String text, String after) {
    return new Conversation(
        "salted",
        Optional.empty(),
        Optional.empty(),
        List.of(Message.agent(before), Message.customer(text), Message.agent(after)));
  }

  private String one(String list) {
    List<String> values = lists.get(list);
    return values.get(random.nextInt(values.size()));
  }

  /** Digits for the signs of a form such as "06 ########". */
  private String digits(String form) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < form.length(); i++) {
      char c = form.charAt(i);
      text.append(c == '#' ? (char) ('0' + random.nextInt(10)) : c);
    }
    return text.toString();
  }
}
