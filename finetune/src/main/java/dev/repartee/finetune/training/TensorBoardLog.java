package dev.repartee.finetune.training;

import dev.repartee.finetune.report.EventFileWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's scalars for TensorBoard. They are a copy of what {@code metrics.jsonl} holds, so when
 * they cannot be written the run goes on without them. Not for several threads.
 */
final class TensorBoardLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TensorBoardLog.class);

  private Optional<EventFileWriter> writer;

  /** Opens a new file in {@code folder}, whose first step will be {@code firstStep}. */
  TensorBoardLog(Path folder, long firstStep) {
    try {
      writer = Optional.of(new EventFileWriter(folder, firstStep));
    } catch (IOException e) {
      giveUp(folder.toString(), e);
    }
  }

  private void giveUp(String where, IOException e) {
    log.warn("{} cannot be written, so TensorBoard shows no more: {}", where, e.toString());
    writer = Optional.empty();
  }

  /** Appends values by tag. */
  void write(long step, Map<String, Double> values) {
    if (writer.isPresent()) {
      try {
        writer.get().scalars(step, values);
      } catch (IOException e) {
        giveUp(writer.get().file().toString(), e);
      }
    }
  }

  @Override
  public void close() {
    if (writer.isPresent()) {
      try {
        writer.get().close();
      } catch (IOException e) {
        giveUp(writer.get().file().toString(), e);
      }
    }
  }
}
