package dev.repartee.finetune.answers;

import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.Terminal;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code repartee answers review}: the page on which people review answers and edit a library. */
@Command(
    name = "review",
    footer = {
      "  repartee answers review answers",
      "  repartee answers review library --production desk@production --store registry"
    },
    description = {
      "Opens a page in the browser of this machine, on which people approve, edit, reject and merge"
          + " the answers of review.csv, and edit library.json. Ctrl+C ends it."
    },
    mixinStandardHelpOptions = true)
final class ReviewCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "Folder of an extraction, which has review.csv, or with library.json.")
  private Path folder;

  @Option(
      names = "--production",
      paramLabel = "DIR|NAME@ALIAS",
      description = "The library in production, from which the page shows the difference.")
  private Optional<String> production = Optional.empty();

  @Option(
      names = "--evaluation",
      paramLabel = "FILE",
      description = "evaluation.json: the page says how many of its replies each answer is.")
  private Optional<Path> evaluation = Optional.empty();

  @Mixin private StoreOptions options;
  @Mixin private Output output;

  @Override
  public Integer call() {
    Map<String, EditedFile> files = new LinkedHashMap<>();
    Path review = folder.resolve(ReviewTable.FILE);
    Path libraryFile = folder.resolve(AnswerLibraryFile.FILE);
    if (Files.exists(review)) {
      files.put("review", new ReviewTable(review, evaluation));
    } else if (evaluation.isPresent()) {
      throw UserException.usage(
          "--evaluation belongs to an extraction; give a folder with " + ReviewTable.FILE);
    }
    if (Files.exists(libraryFile)) {
      files.put("library", new LibraryTable(libraryFile));
    }
    if (files.isEmpty()) {
      throw new UserException(
          "%s: has neither %s nor %s; give the --output of 'extract' or of 'answers import'"
              .formatted(folder, ReviewTable.FILE, AnswerLibraryFile.FILE));
    }
    // What is wrong with a file is said here and not on the page.
    files.values().forEach(file -> file.read(""));
    try (ReviewPage page = ReviewPage.start(content(files))) {
      print(page.address(), files);
      if (Terminal.isOutput()) {
        open(page.address());
      }
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private ReviewPage.Content content(Map<String, EditedFile> files) {
    ObjectNode about = Json.COMPACT.createObjectNode();
    ObjectNode names = about.putObject("files");
    files.forEach((name, file) -> names.put(name, file.file().toString()));
    Optional<Supplier<ObjectNode>> difference = Optional.empty();
    if (files.get("library") instanceof LibraryTable table) {
      about.set("publish", Json.COMPACT.valueToTree(publish(table.file().toAbsolutePath())));
      if (production.isPresent()) {
        NamedLibrary checked = options.library(production.get());
        about.put("production", checked.name());
        // Read again each time, since others may publish meanwhile.
        difference = Optional.of(() -> table.difference(options.library(production.get())));
      }
    } else if (production.isPresent()) {
      throw UserException.usage(
          "--production belongs to a library; give a folder with library.json");
    }
    return new ReviewPage.Content(files, about, difference);
  }

  /** The commands that publish the library and make it the one in production. */
  private List<String> publish(Path file) {
    String[] named = production.orElse("").split("@", 2);
    String name = named.length == 2 ? named[0] : "NAME";
    String alias = named.length == 2 && !named[1].matches("\\d+") ? named[1] : "production";
    String store = quoted(options.store().orElse("URI"));
    return List.of(
        "repartee models publish answers/%s --library %s --store %s"
            .formatted(name, quoted(file.getParent().toString()), store),
        "repartee models promote answers/%s@NUMBER --alias %s --store %s"
            .formatted(name, alias, store));
  }

  private static String quoted(String text) {
    return text.matches("[\\w@%+=:,./~-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private void print(URI address, Map<String, EditedFile> files) {
    Map<String, String> shown = new LinkedHashMap<>(Map.of("page", address.toString()));
    files.forEach((name, file) -> shown.put(name, file.file().toString()));
    output.print(shown, "open the page; it saves into these files. Ctrl+C ends it.");
  }

  /** Where there is no such program, people open the printed address themselves. */
  private static void open(URI address) {
    boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
    try {
      new ProcessBuilder(isMac ? "open" : "xdg-open", address.toString())
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // The address is printed.
    }
  }
}
