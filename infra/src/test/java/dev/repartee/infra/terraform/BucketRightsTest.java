package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.terraform.TerraformModule.Block;
import dev.repartee.text.testing.Repository;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may write which objects of the models' bucket: the conditions of {@code access.tf}, evaluated
 * for the keys of models with every name that is a folder's name, too.
 */
class BucketRightsTest {

  private static final String OBJECTS =
      "projects/_/buckets/my-project-repartee-models/objects/registry/";
  private static final String TRAINING = "training";
  private static final String CI = "ci";
  private static final String SERVING = "serving";
  private static final String BUILDER = "builder";

  /** What an account may do with an object, by the bindings of the module. */
  private enum Right {
    READ,
    CREATE,
    OVERWRITE
  }

  private static boolean may(Right right, String account, String key) {
    TerraformModule module = TerraformModule.read(Repository.file("infra/terraform"));
    Map<String, String> locals = locals(module);
    return module
        .resources("google_storage_bucket_iam_member")
        .filter(block -> block.text("bucket").orElse("").contains(".models."))
        .filter(block -> block.strings().anyMatch(("${" + member(account) + "}")::equals))
        .filter(block -> allows(block.text("role").orElseThrow(), right))
        .anyMatch(block -> new Condition(expression(block, locals), OBJECTS + key).holds());
  }

  private static String member(String account) {
    return "google_service_account." + account + ".member";
  }

  private static boolean allows(String role, Right right) {
    return switch (right) {
      case READ -> role.contains("reader");
      case CREATE -> role.contains("overwriter") || role.equals("roles/storage.objectCreator");
      case OVERWRITE -> role.contains("overwriter");
    };
  }

  private static Map<String, String> locals(TerraformModule module) {
    Map<String, String> locals = new TreeMap<>();
    module
        .blocks("locals")
        .forEach(
            block ->
                block
                    .body()
                    .properties()
                    .forEach(one -> locals.put(one.getKey(), one.getValue().asString(""))));
    return locals;
  }

  private static String expression(Block block, Map<String, String> locals) {
    String text =
        TerraformModule.children(block.body(), "condition")
            .map(condition -> condition.path("expression").asString())
            .findFirst()
            .orElse("true");
    Pattern reference = Pattern.compile("\\$\\{(local|var)\\.([a-z_]+)}");
    for (Matcher found = reference.matcher(text); found.find(); found = reference.matcher(text)) {
      String value =
          found.group(1).equals("var") ? "my-project" : locals.getOrDefault(found.group(2), "?");
      text = text.replace(found.group(), value);
    }
    return text;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "history",
        "blobs",
        "pins",
        "aliases",
        "versions",
        "models",
        "production",
        "candidate",
        "claims"
      })
  void trainingPublishesAndMovesCandidateButNothingElse(String model) {
    String folder = "models/" + model;
    for (String key : List.of("/blobs/5f", "/pins/3-4ae1.json", "/aliases/candidate.json")) {
      assertThat(may(Right.OVERWRITE, TRAINING, folder + key)).as(model + key).isTrue();
    }
    for (String key :
        List.of("/versions/3/manifest.json", "/claims/3.json", "/history/candidate/000001.json")) {
      assertThat(may(Right.CREATE, TRAINING, folder + key)).as(model + key).isTrue();
      assertThat(may(Right.OVERWRITE, TRAINING, folder + key)).as(model + key).isFalse();
    }
    for (String key :
        List.of(
            "/versions/3/blobs/5f",
            "/versions/3/config.json",
            "/aliases/stable.json",
            "/history/blobs/000001.json",
            "/history/pins/000001.json",
            "/evaluations/3/blobs/a.json")) {
      assertThat(may(Right.OVERWRITE, TRAINING, folder + key)).as(model + key).isFalse();
    }
    for (String key : List.of("/aliases/production.json", "/history/production/000001.json")) {
      assertThat(may(Right.CREATE, TRAINING, folder + key)).as(model + key).isFalse();
      assertThat(may(Right.OVERWRITE, TRAINING, folder + key)).as(model + key).isFalse();
      assertThat(may(Right.OVERWRITE, CI, folder + key)).as(model + key).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"acme", "history", "blobs", "aliases", "versions", "lease.json", "production"})
  void theBuilderPublishesMovesAliasesAndKeepsWhatIsThere(String model) {
    String folder = "models/" + model;
    for (String key :
        List.of(
            "/blobs/5f",
            "/pins/3-4ae1.json",
            "/aliases/production.json",
            "/aliases/experiment-shorter.json",
            "/lease.json",
            "/forgotten.json")) {
      assertThat(may(Right.OVERWRITE, BUILDER, folder + key)).as(model + key).isTrue();
    }
    for (String key :
        List.of(
            "/versions/3/manifest.json",
            "/claims/3.json",
            "/history/production/000001.json",
            "/history/production/000002.build.json")) {
      assertThat(may(Right.CREATE, BUILDER, folder + key)).as(model + key).isTrue();
      assertThat(may(Right.OVERWRITE, BUILDER, folder + key)).as(model + key).isFalse();
    }
    for (String key :
        List.of("/evaluations/3/a.json", "/evaluations/3/blobs/a.json", "/removals/3.json")) {
      assertThat(may(Right.CREATE, BUILDER, folder + key)).as(model + key).isFalse();
      assertThat(may(Right.OVERWRITE, BUILDER, folder + key)).as(model + key).isFalse();
    }
  }

  @Test
  void theBuilderReadsWhatItBuildsFrom() {
    for (String key :
        List.of(
            "models/acme/blobs/5f",
            "models/.agent-salt",
            "libraries/desk/versions/3/manifest.json",
            "experiments/shorter/aliases/current.json",
            "feedback/acme/2026/11/29/1.jsonl")) {
      assertThat(may(Right.READ, BUILDER, key)).as(key).isTrue();
    }
    assertThat(may(Right.CREATE, BUILDER, "experiments/shorter/aliases/current.json")).isFalse();
    assertThat(may(Right.CREATE, BUILDER, "libraries/desk/aliases/production.json")).isFalse();
    assertThat(may(Right.CREATE, BUILDER, "feedback/acme/2026/11/29/1.jsonl")).isFalse();
  }

  /** A promotion to production, and a rollback, build on the newest library and on feedback. */
  @Test
  void whoPromotesToProductionReadsWhatItBuildsFrom() {
    for (String key :
        List.of(
            "models/acme/blobs/5f",
            "libraries/desk/versions/3/manifest.json",
            "feedback/acme/2026/11/29/1.jsonl")) {
      assertThat(may(Right.READ, CI, key)).as(key).isTrue();
    }
    for (String key : List.of("libraries/desk/blobs/5f", "feedback/acme/2026/11/29/1.jsonl")) {
      assertThat(may(Right.READ, TRAINING, key)).as(key).isFalse();
    }
  }

  /** The first publication creates the salt; whoever replaced it would make agents strangers. */
  @Test
  void theSaltIsCreatedOnceOnly() {
    assertThat(may(Right.CREATE, TRAINING, "models/.agent-salt")).isTrue();
    assertThat(may(Right.OVERWRITE, TRAINING, "models/.agent-salt")).isFalse();
    assertThat(may(Right.CREATE, BUILDER, "models/.agent-salt")).isTrue();
    assertThat(may(Right.OVERWRITE, BUILDER, "models/.agent-salt")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libraries/blobs/blobs/5f",
        "experiments/blobs/blobs/5f",
        "feedback/models/2026/blobs/5f",
        "models-old/acme/blobs/5f"
      })
  void trainingHasNothingToDoElsewhere(String key) {
    assertThat(may(Right.CREATE, TRAINING, key)).isFalse();
    assertThat(may(Right.OVERWRITE, TRAINING, key)).isFalse();
  }

  @Test
  void theServiceReadsModelsAndExperimentsAndAddsFeedbackOnly() {
    assertThat(may(Right.READ, SERVING, "models/acme/blobs/5f")).isTrue();
    assertThat(may(Right.READ, SERVING, "experiments/shorter/aliases/current.json")).isTrue();
    assertThat(may(Right.READ, SERVING, "libraries/desk/blobs/5f")).isFalse();
    assertThat(may(Right.CREATE, SERVING, "feedback/acme/2026-11-29/1.jsonl")).isTrue();
    assertThat(may(Right.OVERWRITE, SERVING, "feedback/acme/2026-11-29/1.jsonl")).isFalse();
    assertThat(may(Right.CREATE, SERVING, "models/feedback/feedback/1.jsonl")).isFalse();
    assertThat(may(Right.OVERWRITE, CI, "feedback/acme/2026-11-29/1.jsonl")).isFalse();
  }

  /**
   * The part of IAM's conditions that is used here: comparisons of texts, {@code startsWith},
   * {@code endsWith} and {@code extract}, joined by {@code ||}, {@code &&}, {@code !} and brackets.
   * {@code extract('a/{x}/b')} is the text between the first {@code a/} and the first {@code /b}
   * after it, or empty.
   */
  private static final class Condition {

    private static final Pattern TOKEN =
        Pattern.compile(
            "\\G\\s*(\\|\\||&&|==|!=|[!()]|true|false|'[^']*'|resource\\.name(\\.\\w+)?)\\s*");

    private final List<String> tokens;
    private final String expression;
    private final String name;
    private int at;

    Condition(String expression, String name) {
      this.expression = expression;
      this.name = name;
      Matcher matcher = TOKEN.matcher(expression);
      Stream.Builder<String> found = Stream.builder();
      int end = 0;
      while (matcher.find()) {
        found.add(matcher.group(1));
        end = matcher.end();
      }
      this.tokens = end == expression.length() ? found.build().toList() : List.of();
    }

    boolean holds() {
      at = 0;
      boolean holds = either();
      require(at == tokens.size());
      return holds;
    }

    private boolean either() {
      boolean holds = both();
      while (accept("||")) {
        holds |= both();
      }
      return holds;
    }

    private boolean both() {
      boolean holds = one();
      while (accept("&&")) {
        holds &= one();
      }
      return holds;
    }

    private boolean one() {
      if (accept("!")) {
        return !one();
      }
      if (accept("(")) {
        boolean holds = either();
        require(accept(")"));
        return holds;
      }
      if (accept("true")) {
        return true;
      }
      if (accept("false")) {
        return false;
      }
      if (accept("resource.name.startsWith")) {
        return name.startsWith(argument());
      }
      if (accept("resource.name.endsWith")) {
        return name.endsWith(argument());
      }
      String left = text();
      boolean equal = accept("==");
      require(equal || accept("!="));
      return left.equals(text()) == equal;
    }

    private String text() {
      if (accept("resource.name.extract")) {
        return extracted(argument());
      }
      return accept("resource.name") ? name : literal();
    }

    private String extracted(String template) {
      int open = template.indexOf('{');
      int close = template.indexOf('}');
      require(open >= 0 && close > open);
      int from = name.indexOf(template.substring(0, open));
      if (from < 0) {
        return "";
      }
      String rest = name.substring(from + open);
      String after = template.substring(close + 1);
      int to = after.isEmpty() ? rest.length() : rest.indexOf(after);
      return to < 0 ? "" : rest.substring(0, to);
    }

    private String argument() {
      require(accept("("));
      String argument = literal();
      require(accept(")"));
      return argument;
    }

    private String literal() {
      require(at < tokens.size() && tokens.get(at).startsWith("'"));
      String token = tokens.get(at++);
      return token.substring(1, token.length() - 1);
    }

    private boolean accept(String token) {
      boolean next = at < tokens.size() && tokens.get(at).equals(token);
      at += next ? 1 : 0;
      return next;
    }

    private void require(boolean right) {
      if (!right) {
        throw new IllegalStateException("this condition cannot be evaluated here: " + expression);
      }
    }
  }
}
