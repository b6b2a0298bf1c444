package dev.repartee.infra.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds calls of Repartee's command line in scripts, workflows and documents. */
final class Commands {

  private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*#.*$");
  private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");
  private static final Pattern CALL =
      Pattern.compile(
          "(?m)(?:^|[\\s`;(|])(?:scripts/repartee|/opt/repartee/bin/repartee|^\\s*repartee) +(?=[a-z])([^\\n|>;`]+)");
  private static final Pattern ARGUMENT_LIST =
      Pattern.compile("(?m)^( *)args:\\n((?:\\1 *- .+\\n)+)");

  private Commands() {}

  /** The words after {@code repartee} of each call in shell text; quotes are no matter here. */
  static List<List<String>> inShell(String text) {
    List<List<String>> calls = new ArrayList<>();
    Matcher call =
        CALL.matcher(CONTINUED.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll(" "));
    while (call.find()) {
      calls.add(words(Stream.of(call.group(1).split("\\s+"))));
    }
    return calls;
  }

  /** The containers' {@code args:} of a manifest, one word a line. */
  static List<List<String>> inManifest(String text) {
    List<List<String>> calls = new ArrayList<>();
    Matcher list = ARGUMENT_LIST.matcher(text);
    while (list.find()) {
      List<String> words = words(list.group(2).lines().map(line -> line.strip().substring(2)));
      if (!words.isEmpty() && words.getFirst().matches("[a-z]+")) {
        calls.add(words);
      }
    }
    return calls;
  }

  private static List<String> words(Stream<String> words) {
    return words.map(word -> word.replaceAll("[\"']", "")).filter(word -> !word.isBlank()).toList();
  }
}
