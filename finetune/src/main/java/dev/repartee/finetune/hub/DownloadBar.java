package dev.repartee.finetune.hub;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error, for files that take a while. */
final class DownloadBar implements AutoCloseable {

  private static final long LARGE_BYTES = 8L << 20;
  private static final int UPDATE_MILLIS = 500;
  private static final long MEGABYTE = 1_000_000;

  private final Optional<ProgressBar> bar;

  /**
   * @param done bytes that are there already
   */
  DownloadBar(RemoteFile file, long done) {
    this.bar = file.size() < LARGE_BYTES ? Optional.empty() : Optional.of(open(file, done));
  }

  private static ProgressBar open(RemoteFile file, long done) {
    return new ProgressBarBuilder()
        .setTaskName(file.name())
        .setUnit(" MB", MEGABYTE)
        .setInitialMax(file.size())
        .startsFrom(done, Duration.ZERO)
        .showSpeed()
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .build();
  }

  void stepTo(long bytes) {
    bar.ifPresent(open -> open.stepTo(bytes));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
  }
}
