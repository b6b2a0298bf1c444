package dev.repartee.finetune.training;

import dev.repartee.finetune.report.RunMetrics;
import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunReport;
import dev.repartee.finetune.report.RunReport.Ending;
import dev.repartee.finetune.training.Checkpoints.Checkpoint;
import dev.repartee.finetune.training.Progress.Position;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run shows of itself. {@code metrics.jsonl} has a JSON object a line and is readable while
 * the run goes on; without it the run cannot be resumed, so it must be written. {@code report.html}
 * is drawn from it; when it cannot be written, the run goes on with a warning. Not for several
 * threads.
 */
final class RunLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunLog.class);

  /** A page takes longer the longer the run is; at most this share of the time goes into it. */
  private static final int TIME_SHARE = 50;

  private final RunFolder folder;
  private final RunReport.Plan plan;
  private final FileChannel metrics;
  private Ending ending = Ending.NONE;
  private long pageWrittenAt;
  private long pageTook;

  /** Opens the log of a new run, or of one that goes on, whose later lines are cut off. */
  RunLog(RunFolder folder, Optional<Checkpoint> resumed, RunReport.Plan plan) throws IOException {
    this.folder = folder;
    this.plan = plan;
    metrics =
        FileChannel.open(folder.metrics(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      metrics.truncate(resumed.map(Checkpoint::metricsBytes).orElse(0L));
      metrics.position(metrics.size());
    } catch (IOException e) {
      metrics.close();
      throw e;
    }
  }

  /** An optimizer step was taken. */
  void step(StepMetrics step) {
    append(step);
  }

  /** A validation was made after the step at {@code position}; writes the page, if it is due. */
  void validation(Position position, double loss, boolean best, double seconds) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", position.step());
    line.put("epoch", position.epoch());
    line.put("validation_loss", loss);
    line.put("validation_perplexity", Math.exp(loss));
    line.put("best", best);
    line.put("seconds", seconds);
    append(line);
    if (pageTook == 0 || System.nanoTime() - pageWrittenAt >= TIME_SHARE * pageTook) {
      writePage();
    }
  }

  /** Something else happened: {@code resumed}, {@code checkpoint} or {@code stopped}. */
  void event(long step, String event, String detail) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("event", event);
    line.put("detail", detail);
    append(line);
  }

  private void append(Object line) {
    String text = Json.COMPACT.writeValueAsString(line) + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        metrics.write(bytes);
      }
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** Writes all lines of {@code metrics.jsonl} through to the disk; returns the file's length. */
  long sync() {
    try {
      metrics.force(true);
      return metrics.position();
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  private UserException notWritten(IOException e) {
    return new UserException(
        "%s cannot be written: %s; free some space, then continue with %s"
            .formatted(folder.metrics(), e.getMessage(), RunFolder.AGAIN),
        e);
  }

  /** The run ended; writes the page. */
  void end(Ending how) {
    ending = how;
    writePage();
    log.info("the run as a page: {}", folder.report());
  }

  private void writePage() {
    long begun = System.nanoTime();
    try {
      AtomicFile.writeString(
          folder.report(), RunReport.html(plan, RunMetrics.read(folder.metrics()), ending));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      log.warn("{} cannot be written: {}", folder.report(), e.toString());
    } finally {
      pageWrittenAt = System.nanoTime();
      pageTook = Math.max(1, pageWrittenAt - begun);
    }
  }

  @Override
  public void close() throws IOException {
    metrics.close();
  }
}
