package dev.repartee.clustering.answers;

import dev.repartee.clustering.count.CountedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How widely words are used, by which slips of the keyboard and names are told from words. */
final class WordUse {

  /** A word of fewer messages may be a slip, or a name. */
  private static final long FEWEST_MESSAGES = 3;

  /** The use of one word. */
  private static final class Word {
    private long messages;
    private long unknownSpeakers;
    private final List<String> agents = new ArrayList<>(1); // different ones, as many as matter
  }

  private final Map<String, Word> words = new HashMap<>();
  private final int enoughSpeakers;

  /**
   * @param enoughSpeakers agents (conversations, where agents are unknown) who make a word common
   */
  WordUse(List<CountedText> texts, int enoughSpeakers) {
    this.enoughSpeakers = enoughSpeakers;
    for (CountedText text : texts) {
      List<String> agents = List.copyOf(text.byAgent().keySet());
      for (String word : text.key().split(" ", -1)) {
        add(words.computeIfAbsent(word, unseen -> new Word()), text, agents);
      }
    }
  }

  private void add(Word word, CountedText text, List<String> agents) {
    word.messages += text.messages() + text.sentences();
    word.unknownSpeakers += text.speakers() - agents.size();
    for (String agent : agents) {
      if (word.agents.size() == enoughSpeakers) {
        return;
      }
      if (!word.agents.contains(agent)) {
        word.agents.add(agent);
      }
    }
  }

  /** How many words of {@code key} are rare. */
  int rareWords(String key) {
    int rare = 0;
    for (String word : key.split(" ", -1)) {
      Word use = words.get(word);
      if (use == null || use.messages < FEWEST_MESSAGES) {
        rare++;
      }
    }
    return rare;
  }

  /** Messages and sentences that hold {@code word}. */
  long messages(String word) {
    Word use = words.get(word);
    return use == null ? 0 : use.messages;
  }

  /** Whether enough speakers use every word of {@code key}, each in some text or other. */
  boolean isCommon(String key) {
    for (String word : key.split(" ", -1)) {
      Word use = words.get(word);
      if (use == null || use.agents.size() + use.unknownSpeakers < enoughSpeakers) {
        return false;
      }
    }
    return true;
  }
}
