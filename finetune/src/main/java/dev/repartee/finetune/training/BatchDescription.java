package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.finetune.corpus.Step;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Names the conversations of a step, so that a person can look at them. */
final class BatchDescription {

  private static final int SHOWN = 5;

  private BatchDescription() {}

  static String of(Step step, Corpora corpora) {
    int[] numbers = step.conversations(corpora.training());
    String shown =
        Arrays.stream(numbers)
            .limit(SHOWN)
            .mapToObj(corpora::trainingPlace)
            .collect(Collectors.joining(", "));
    return "its batch holds windows of "
        + shown
        + (numbers.length > SHOWN ? " and " + (numbers.length - SHOWN) + " more" : "");
  }
}
