package dev.repartee.finetune.recipe;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jline.utils.Signals;

/**
 * A command of a recipe, and what it leaves when it has done its work.
 *
 * @param name tells it from the others
 * @param printed keeps what it prints
 * @param result exists if and only if the step is done
 */
record Step(String name, Path printed, Path result, List<String> command) {

  /**
   * Runs it in a process of its own and returns the exit code.
   *
   * @param launcher starts commands
   * @param errors where its log goes
   */
  int run(Path launcher, Redirect errors) throws IOException {
    Path part = printed.resolveSibling(printed.getFileName() + ".part");
    Process child =
        new ProcessBuilder(Stream.concat(Stream.of(launcher.toString()), command.stream()).toList())
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(part.toFile())
            .redirectError(errors)
            .start();
    // Training saves where it stands when it is asked to stop. A terminal asks the whole group.
    Object interrupt = Signals.register("INT", () -> {});
    Object terminate = Signals.register("TERM", child::destroy);
    try {
      int exitCode = child.waitFor();
      if (exitCode == 0) {
        AtomicFile.move(part, printed);
      }
      return exitCode;
    } catch (InterruptedException e) {
      child.destroy();
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    } finally {
      Signals.unregister("INT", interrupt);
      Signals.unregister("TERM", terminate);
    }
  }
}
