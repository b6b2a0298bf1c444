package dev.repartee.finetune.report;

import dev.repartee.text.page.Quantities;
import java.util.List;
import java.util.Map;

/** What the run was made from, so that it can be made again. */
final class SetupView {

  private final RunFacts facts;

  SetupView(RunFacts facts) {
    this.facts = facts;
  }

  Map<String, Object> model() {
    RunFacts.Machine machine = facts.machine();
    RunFacts.Sources sources = facts.sources();
    return Map.of(
        "setup",
        List.of(
            fact("Base model", sources.base()),
            fact("Parameters", Quantities.count(sources.parameters())),
            fact("Device", machine.device()),
            fact("Precision", machine.precision()),
            fact("Threads", Quantities.count(machine.threads())),
            fact("Repartee", sources.codeVersion())),
        "hasSettings",
        !facts.settings().isEmpty(),
        "settings",
        facts.settings().entrySet().stream()
            .map(setting -> fact(setting.getKey(), setting.getValue()))
            .toList(),
        "hasFiles",
        !sources.files().isEmpty(),
        "files",
        sources.files().stream()
            .map(file -> Map.of("name", file.name(), "use", file.use(), "sha256", file.sha256()))
            .toList(),
        "codeVersion",
        sources.codeVersion());
  }

  static Map<String, String> fact(String name, String value) {
    return Map.of("name", name, "value", value);
  }
}
