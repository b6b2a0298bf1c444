package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.GoldenPrompts.GoldenResult;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenPromptsTest {

  @TempDir private Path folder;

  private GoldenPrompts golden(String... lines) throws IOException {
    Path file = folder.resolve("golden.jsonl");
    Files.writeString(file, String.join("\n", lines).replace('\'', '"') + "\n");
    return GoldenPrompts.read(file);
  }

  private static ReplyPredictor predictor() {
    return Baseline.FREQ.train(
        List.of(
            new Conversation(
                "1",
                Optional.empty(),
                Optional.empty(),
                List.of(
                    Message.agent("How can I help you?"),
                    Message.agent("How can I help you?"),
                    Message.agent("It costs 5 dollars."),
                    Message.agent("It costs 5 dollars.")))));
  }

  @Test
  void passesAndFailures() throws IOException {
    GoldenResult result =
        golden(
                "{'name': 'greets', 'messages': [], 'expect_any': ['Hello', 'how can i']}",
                "",
                "{'name': 'draft', 'messages': [], 'draft': 'It co', 'expect_any': ['It costs']}",
                "{'name': 'other', 'messages': [], 'expect_any': ['Goodbye']}",
                "{'name': 'price', 'messages': [], 'expect_any': ['How'], 'forbid': ['[0-9]+"
                    + " DOLLARS']}")
            .measure(predictor());
    assertThat(result.total()).isEqualTo(4);
    assertThat(result.passed()).isEqualTo(2);
    assertThat(result.failed()).containsExactly("other", "price");
    assertThat(result.cases().get(2).why()).contains("none of the 2 shown begins with Goodbye");
    assertThat(result.cases().get(3).why()).contains("shows what is forbidden: [0-9]+ DOLLARS");
    assertThat(result.cases().get(1).shown()).containsExactly("It costs 5 dollars.");
    assertThat(result.withoutReplies().toString()).doesNotContain("5 dollars.");
  }

  private void assertRefused(String line, String message) {
    assertThatThrownBy(() -> golden(line))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("golden.jsonl:1: ")
        .hasMessageContaining(message);
  }

  @Test
  void filesThatAreWrong() {
    assertRefused("{'name': 'a', 'messages': []}", "expect_any or forbid is required");
    assertRefused("{'name': 'a', 'messages': [], 'expects': ['x']}", "did you mean 'expect_any'?");
    assertRefused(
        "{'name': 'a', 'messages': [], 'forbid': ['(']}", "forbid '(' is not a regular expression");
    assertRefused(
        "{'name': 'a', 'messages': [{'role': 'bot', 'text': 'x'}], 'forbid': ['y']}",
        "role must be 'customer' or 'agent' but is 'bot' (messages[0])");
    assertRefused("{'messages': []}", "name is missing");
    assertRefused("{'name': 'a', 'messages': [], 'forbid': ['']}", "forbid must hold texts");
  }
}
