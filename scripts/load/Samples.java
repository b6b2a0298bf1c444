import java.util.Arrays;
import java.util.Locale;

/**
 * What became of the requests of one kind that count. Percentiles are exact, at 4 bytes a request.
 * For several threads.
 */
final class Samples {

  /** Above the rows. */
  static final String HEADING =
      "%8s%9s%9s%9s%9s%9s%12s%8s%n"
          .formatted("count", "in time", "p50", "p95", "p99", "refused", "superseded", "failed");

  private int[] micros = new int[1000];
  private int answered;
  private int inTime;
  private int refused;
  private int superseded;
  private int failed;
  private String firstFailure = "";

  /** {@code helped}: completely, and before the agent did something else. */
  synchronized void answered(long nanos, boolean helped) {
    if (answered == micros.length) {
      micros = Arrays.copyOf(micros, 2 * answered);
    }
    micros[answered++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
    inTime += helped ? 1 : 0;
  }

  synchronized void refused() {
    refused++;
  }

  /** Too slow for its agent, which the percentiles must show. */
  synchronized void superseded(long nanos) {
    superseded++;
    answered(nanos, false);
  }

  synchronized void failed(String what) {
    failed++;
    firstFailure = firstFailure.isEmpty() ? what : firstFailure;
  }

  /** What the first failure was, empty if there is none. */
  synchronized String firstFailure() {
    return firstFailure;
  }

  synchronized String row() {
    return filled("%8d%8.1f%%%9.1f%9.1f%9.1f%9d%12d%8d%n", 100);
  }

  synchronized String json() {
    return filled(
        "{\"count\":%d,\"in_time\":%.4f,\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,"
            + "\"refused\":%d,\"superseded\":%d,\"failed\":%d}",
        1);
  }

  private String filled(String format, int whole) {
    int count = answered + refused + failed;
    double share = count == 0 ? 0 : (double) whole * inTime / count;
    return String.format(
        Locale.ROOT,
        format,
        count,
        share,
        millis(50),
        millis(95),
        millis(99),
        refused,
        superseded,
        failed);
  }

  /** By nearest rank, in milliseconds; 0 of nothing. */
  synchronized double millis(int percent) {
    if (answered == 0) {
      return 0;
    }
    int[] sorted = Arrays.copyOf(micros, answered);
    Arrays.sort(sorted);
    int rank = (int) Math.ceilDiv((long) answered * percent, 100L);
    return sorted[rank - 1] / 1000.0;
  }
}
