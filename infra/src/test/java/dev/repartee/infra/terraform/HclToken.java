package dev.repartee.infra.terraform;

import java.util.List;
import java.util.stream.Stream;

/**
 * A piece of HCL.
 *
 * @param text as written; of a string, what stands between the quotes
 * @param inside the tokens of a string's templates, {@code ${...}}
 */
record HclToken(Kind kind, String text, int line, List<HclToken> inside) {

  enum Kind {
    NAME,
    NUMBER,
    STRING,
    SYMBOL,
    NEWLINE,
    END
  }

  HclToken {
    inside = List.copyOf(inside);
  }

  static HclToken of(Kind kind, String text, int line) {
    return new HclToken(kind, text, line, List.of());
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** What follows from here to the end is the same for every list of tokens: strings opened up. */
  static Stream<List<HclToken>> runs(List<HclToken> tokens) {
    return Stream.concat(
        Stream.of(tokens),
        tokens.stream()
            .filter(token -> !token.inside().isEmpty())
            .flatMap(token -> runs(token.inside())));
  }
}
