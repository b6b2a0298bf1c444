package dev.repartee.text.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Chooses between the {@code {a|b|c}} alternatives of a phrasing; they may be nested or empty. */
final class Alternatives {

  private final String template;
  private final Random random;
  private int position;

  private Alternatives(String template, Random random) {
    this.template = template;
    this.random = random;
  }

  static String choose(String template, Random random) {
    Alternatives reader = new Alternatives(template, random);
    String text = reader.sequence();
    if (reader.position < template.length()) {
      throw new IllegalArgumentException("'|' or '}' without '{' in: " + template);
    }
    return text.strip();
  }

  private String sequence() {
    StringBuilder text = new StringBuilder();
    while (position < template.length()) {
      char c = template.charAt(position);
      if (c == '|' || c == '}') {
        break;
      }
      position++;
      if (c == '{') {
        text.append(group());
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private String group() {
    List<String> choices = new ArrayList<>();
    choices.add(sequence());
    while (position < template.length() && template.charAt(position) == '|') {
      position++;
      choices.add(sequence());
    }
    if (position == template.length()) {
      throw new IllegalArgumentException("'{' without '}' in: " + template);
    }
    position++;
    return choices.get(random.nextInt(choices.size()));
  }
}
