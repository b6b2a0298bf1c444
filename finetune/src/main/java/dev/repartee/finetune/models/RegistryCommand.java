package dev.repartee.finetune.models;

import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all {@code models} commands share: the store, and text or JSON as the result. */
abstract class RegistryCommand implements Callable<Integer> {

  /**
   * A command's result.
   *
   * @param json as {@code --json} prints it
   * @param text the same for people, line by line
   * @param failure that ends the command once the result is printed
   */
  record Result(Object json, List<String> text, Optional<UserException> failure) {

    Result(Object json, List<String> text) {
      this(json, text, Optional.empty());
    }
  }

  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description = "The registry: gs://BUCKET/PREFIX, or a folder.")
  private String store;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Option(
      names = "--by",
      paramLabel = "WHO",
      defaultValue = "${sys:user.name}",
      description = "Who makes the change, for the history (default: this user).")
  private String by;

  @Spec private CommandSpec spec;

  /** Does the command's work. */
  abstract Result run(ModelRegistry registry);

  @Override
  public final Integer call() {
    try (ObjectStore opened = ObjectStores.open(store)) {
      Result result = run(new ModelRegistry(opened, Actor.named(by)));
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Json.PRETTY.writeValueAsString(result.json()));
      } else {
        result.text().forEach(out::println);
      }
      out.flush();
      if (result.failure().isPresent()) {
        throw result.failure().get();
      }
      return 0;
    }
  }

  /** An option's value, which picocli leaves null where it is not given. */
  static Optional<String> given(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }
}
