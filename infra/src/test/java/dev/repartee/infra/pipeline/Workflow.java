package dev.repartee.infra.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A workflow of GitHub Actions, as far as we use it; a key that is not here is refused.
 *
 * <p>From <a
 * href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax">its
 * syntax</a>.
 */
record Workflow(
    String name,
    JsonNode on,
    Map<String, String> permissions,
    Map<String, JsonNode> defaults,
    JsonNode concurrency,
    Map<String, String> env,
    Map<String, Job> jobs) {

  Workflow {
    env = copy(env);
  }

  record Job(
      @JsonProperty("if") String condition,
      @JsonProperty("runs-on") String runsOn,
      @JsonProperty("timeout-minutes") Integer timeoutMinutes,
      @JsonProperty("needs") JsonNode needed,
      String environment,
      JsonNode concurrency,
      Map<String, String> permissions,
      Map<String, String> outputs,
      Map<String, String> env,
      List<Step> steps) {

    Job {
      permissions = copy(permissions);
      outputs = copy(outputs);
      env = copy(env);
    }

    List<String> needs() {
      if (needed == null) {
        return List.of();
      }
      return needed.isArray()
          ? needed.valueStream().map(JsonNode::asString).toList()
          : List.of(needed.asString());
    }
  }

  record Step(
      String id,
      String name,
      @JsonProperty("if") String condition,
      String uses,
      Map<String, String> with,
      String run,
      String shell,
      Map<String, String> env) {

    Step {
      with = copy(with);
      env = copy(env);
      if ((uses == null) == (run == null)) {
        throw new IllegalArgumentException("a step has either uses or run");
      }
    }

    Optional<String> script() {
      return Optional.ofNullable(run);
    }
  }

  static Workflow parse(String yaml) {
    return YamlFiles.STRICT.readValue(yaml, Workflow.class);
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }
}
