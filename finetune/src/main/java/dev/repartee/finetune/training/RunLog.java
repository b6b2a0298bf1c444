package dev.repartee.finetune.training;

import dev.repartee.finetune.report.EventFileWriter;
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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run shows of itself. {@code metrics.jsonl} has a JSON object a line and is readable while
 * the run goes on; without it the run cannot be resumed, so it must be written. TensorBoard's event
 * files and {@code report.html} are made from the same values; when they cannot be written, the run
 * goes on with a warning. Not for several threads.
 */
final class RunLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunLog.class);

  /** A page takes longer the longer the run is; at most this share of the time goes into it. */
  private static final int TIME_SHARE = 50;

  private final RunFolder folder;
  private final RunReport.Plan plan;
  private final FileChannel metrics;
  private Optional<EventFileWriter> tensorBoard = Optional.empty();
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
    long stepsBefore =
        resumed.map(checkpoint -> checkpoint.progress().position().step()).orElse(0L);
    try {
      tensorBoard = Optional.of(new EventFileWriter(folder.tensorboard(), stepsBefore + 1));
    } catch (IOException e) {
      giveUpTensorBoard(folder.tensorboard(), e);
    }
  }

  /** An optimizer step was taken. */
  void step(StepMetrics step) {
    append(step);
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/loss", step.loss());
    scalars.put("train/learning_rate", step.learningRate());
    scalars.put("train/gradient_norm", step.gradientNorm());
    scalars.put("speed/tokens_per_second", step.tokensPerSecond());
    step.residentBytes().ifPresent(memory -> scalars.put("speed/resident_bytes", (double) memory));
    appendScalars(step.step(), scalars);
  }

  /** A validation was made after the step at {@code position}; writes the page, if it is due. */
  void validation(Position position, double loss, boolean best, double seconds) {
    double perplexity = Math.exp(loss);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", position.step());
    line.put("epoch", position.epoch());
    line.put("validation_loss", loss);
    line.put("validation_perplexity", perplexity);
    line.put("best", best);
    line.put("seconds", seconds);
    append(line);
    appendScalars(
        position.step(), Map.of("validation/loss", loss, "validation/perplexity", perplexity));
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

  private void appendScalars(long step, Map<String, Double> values) {
    if (tensorBoard.isPresent()) {
      try {
        tensorBoard.get().scalars(step, values);
      } catch (IOException e) {
        giveUpTensorBoard(tensorBoard.get().file(), e);
      }
    }
  }

  private void closeTensorBoard(EventFileWriter writer) {
    try {
      writer.close();
    } catch (IOException e) {
      giveUpTensorBoard(writer.file(), e);
    }
  }

  private void giveUpTensorBoard(Path where, IOException e) {
    log.warn("{} cannot be written, so TensorBoard shows no more: {}", where, e.toString());
    tensorBoard = Optional.empty();
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
    try (metrics) {
      if (tensorBoard.isPresent()) {
        closeTensorBoard(tensorBoard.get());
      }
    }
  }
}
