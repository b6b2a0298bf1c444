package dev.repartee.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ContextSpoolTest {

  private static ReadContext context(int n) {
    float[] hidden = new float[n % 7 == 0 ? 0 : 2000];
    for (int c = 0; c < hidden.length; c++) {
      hidden[c] = n + c;
    }
    return new ReadContext(
        hidden, n % 2 == 0, ContextTerms.of(List.of(Message.customer("one number " + n)), "salt"));
  }

  /** They are 12 MB, more than stay in memory. */
  @Test
  void contextsAreReadAsTheyWereGiven() {
    ContextSpool spool = new ContextSpool();
    List<Supplier<ReadContext>> kept = new ArrayList<>();
    for (int n = 0; n < 1500; n++) {
      kept.add(spool.add(context(n)));
    }
    for (int n = 0; n < 1500; n++) {
      ReadContext read = kept.get(n).get();
      ReadContext given = context(n);
      assertThat(read.hidden()).isEqualTo(given.hidden());
      assertThat(read.centred()).isEqualTo(given.centred());
      assertThat(read.terms()).usingRecursiveComparison().isEqualTo(given.terms());
    }
  }
}
