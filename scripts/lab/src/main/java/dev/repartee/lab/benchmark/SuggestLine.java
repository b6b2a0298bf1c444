package dev.repartee.lab.benchmark;

import java.util.OptionalDouble;

/** What {@code benchmark-suggest} times; a target is in milliseconds, for the best precision. */
enum SuggestLine {
  PREFILL("128 tokens from the beginning", Double.NaN),
  MESSAGE("32 new tokens on 128 cached, to ranked answers", 15),
  SHORT_MESSAGE("8 new tokens on 128 cached", Double.NaN),
  REPLIES("the same through the engine, wordings weighed", Double.NaN),
  PROPOSAL("a proposal of 16 tokens verified, on 160 cached", 20),
  TOKEN("1 token on 160 cached", Double.NaN),
  TOKENS_OF_16("1 token of each of 16 texts, on 160 cached", Double.NaN),
  CONTINUATION("20 tokens freely, on 128 cached", 90),
  ASKED_BEFORE("keystroke, its draft asked before", 0.5),
  SEARCHED("keystroke, other draft, cached distributions", Double.NaN),
  CACHED("128 + 20 tokens with a cache", Double.NaN),
  UNCACHED("128 + 20 tokens without a cache", Double.NaN);

  private final String text;
  private final double target;

  SuggestLine(String text, double target) {
    this.text = text;
    this.target = target;
  }

  String text() {
    return text;
  }

  OptionalDouble target() {
    return Double.isNaN(target) ? OptionalDouble.empty() : OptionalDouble.of(target);
  }
}
