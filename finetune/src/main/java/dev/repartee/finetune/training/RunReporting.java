package dev.repartee.finetune.training;

import dev.repartee.finetune.report.DataStatistics;
import dev.repartee.finetune.report.RunFacts.Ending;
import dev.repartee.finetune.report.RunMetrics;
import dev.repartee.finetune.report.RunReport;
import dev.repartee.finetune.report.SamplePrediction;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code report.html} up to date: after validations, so that a run that is killed has one,
 * and with how it ended. A report that cannot be written is a warning and no more.
 */
final class RunReporting {

  private static final Logger log = LoggerFactory.getLogger(RunReporting.class);

  /** A page takes longer the longer the run is; at most this share of the time goes into it. */
  private static final int TIME_SHARE = 50;

  private final RunFolder folder;
  private final ReportFacts facts;
  private final Optional<DataStatistics> data;
  private final List<SamplePrediction> samples;
  private OptionalLong steps = OptionalLong.empty();
  private Optional<Ending> ending = Optional.empty();
  private long writtenAt;
  private long took;

  RunReporting(
      RunFolder folder,
      ReportFacts facts,
      Optional<DataStatistics> data,
      List<SamplePrediction> samples) {
    this.folder = folder;
    this.facts = facts;
    this.data = data;
    this.samples = List.copyOf(samples);
  }

  /** Writes the page of the run as it stands, unless one was written a short while ago. */
  void refresh() {
    if (took == 0 || System.nanoTime() - writtenAt >= TIME_SHARE * took) {
      write(samples);
    }
  }

  /** Trains so many {@code steps}; the page is written however that ends. */
  Progress during(long stepsOfRun, StopRequest stop, Supplier<Progress> training) {
    steps = OptionalLong.of(stepsOfRun);
    try {
      Progress progress = training.get();
      end(facts.done(progress, stepsOfRun));
      return progress;
    } catch (StoppedException e) {
      end(ReportFacts.stopped(stop));
      throw e;
    } catch (RuntimeException | Error e) {
      end(ReportFacts.failed(e));
      throw e;
    }
  }

  private void end(Ending how) {
    ending = Optional.of(how);
    write(samples);
  }

  /** Writes the page with the samples that the trained model made too. */
  void complete(List<SamplePrediction> completed) {
    if (write(completed)) {
      log.info("the run as a page: {}", folder.report());
    }
  }

  private boolean write(List<SamplePrediction> shown) {
    long begun = System.nanoTime();
    try {
      new RunReport(
              facts.facts(folder.folder(), steps, ending),
              RunMetrics.read(folder.metrics()),
              data,
              shown)
          .write(folder.report());
      return true;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      log.warn("{} cannot be written: {}", folder.report(), e.toString());
      return false;
    } finally {
      writtenAt = System.nanoTime();
      took = Math.max(1, writtenAt - begun);
    }
  }
}
