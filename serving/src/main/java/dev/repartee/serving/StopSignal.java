package dev.repartee.serving;

import java.util.concurrent.CountDownLatch;

/**
 * Ends the process in order when it is told to stop (SIGTERM, Ctrl-C), with exit code 0: Java by
 * itself would end with 143, which reads as a failure.
 */
final class StopSignal implements AutoCloseable {

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread hook;

  private StopSignal(Runnable stop) {
    hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(
                () -> {
                  int exitCode = 1;
                  try {
                    stop.run();
                    exitCode = 0;
                  } finally {
                    stopped.countDown();
                    // Only halt can change the exit code once the JVM is on its way down.
                    Runtime.getRuntime().halt(exitCode);
                  }
                });
  }

  /** Has {@code stop} run when the process is told to stop, whatever else it does then. */
  static StopSignal install(Runnable stop) {
    StopSignal signal = new StopSignal(stop);
    Runtime.getRuntime().addShutdownHook(signal.hook);
    return signal;
  }

  /** Waits until the process was told to stop and everything is closed. */
  void await() throws InterruptedException {
    stopped.await();
  }

  /** Takes the hook back, so that a failed start ends with its own exit code. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyStopping) {
      // The hook is at work, and decides the exit code.
    }
  }
}
