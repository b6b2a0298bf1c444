package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a caller could teach a service, so that others send it to customers. */
class TypedContactsTest {

  private final ConversationRedactor redactor = new ConversationRedactor();

  private static List<String> lines(String sign) {
    return Resources.text(TypedContactsTest.class, "typed-contacts.txt")
        .lines()
        .filter(line -> line.startsWith(sign))
        .map(line -> line.substring(sign.length()))
        .toList();
  }

  /** Shown are texts without contacts, as they are redacted. */
  @Test
  void noSpellingOfAnAddressOrANumberIsShown() {
    List<String> spelled = lines("- ");
    assertThat(spelled).hasSizeGreaterThanOrEqualTo(40);
    assertThat(spelled)
        .filteredOn(
            text -> redactor.contacts(text).isEmpty() && !new Redactor().redact(text).isTouched())
        .isEmpty();
  }

  @Test
  void ordinaryRepliesHaveNoContact() {
    List<String> ordinary = lines("+ ");
    assertThat(ordinary).hasSizeGreaterThanOrEqualTo(30);
    assertThat(ordinary).filteredOn(text -> !redactor.contacts(text).isEmpty()).isEmpty();
  }
}
