package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.testing.Repository;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Terraform and docs/operations.md have the same alerts. */
class AlertsTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([^|]+?) \\| `(.+?)` \\| (\\d+) min \\|$");
  private static final Pattern RULE =
      Pattern.compile("\"([^\"]+)\" = \\{\\s+query\\s+= \"(.+)\"\\s+minutes = (\\d+)");

  @Test
  void areThoseOfTheDocument() {
    Map<String, String> documented = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Repository.text("docs/operations.md"));
    while (row.find()) {
      documented.put(row.group(1), row.group(2).replace("\\|", "|") + " for " + row.group(3));
    }
    Map<String, String> ours = new LinkedHashMap<>();
    Matcher rule = RULE.matcher(Repository.text("infra/terraform/alerts.tf"));
    while (rule.find()) {
      ours.put(rule.group(1), rule.group(2).replace("\\\"", "\"") + " for " + rule.group(3));
    }

    assertThat(documented).hasSizeGreaterThan(5);
    assertThat(ours).isEqualTo(documented);
  }
}
