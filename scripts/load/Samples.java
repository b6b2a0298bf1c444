import java.util.Arrays;

/**
 * Latencies of the requests that count, each kept to the microsecond in an array of a size that is
 * fixed before the run: at most 4 bytes a request, and percentiles are exact. For several threads.
 */
final class Samples {

  private final int[] micros;
  private int count;
  private int refused;
  private int superseded;
  private int errors;
  private String firstError = "";

  Samples(int most) {
    this.micros = new int[most];
  }

  synchronized void answered(long nanos) {
    micros[count++] = (int) Math.min(Integer.MAX_VALUE, nanos / 1000);
  }

  synchronized void refused() {
    refused++;
  }

  synchronized void superseded() {
    superseded++;
  }

  synchronized void failed(String what) {
    errors++;
    firstError = firstError.isEmpty() ? what : firstError;
  }

  /**
   * What there is to tell.
   *
   * @param count answers with status 200
   * @param refused answers with status 429
   * @param superseded answers with status 409: the agent had typed on before
   * @param errors other answers, and none within the client's patience
   * @param firstError the first of these, empty when there is none
   */
  record Figures(
      int count,
      int refused,
      int superseded,
      int errors,
      String firstError,
      double p50,
      double p95,
      double p99,
      double max) {}

  synchronized Figures figures() {
    int[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    return new Figures(
        count,
        refused,
        superseded,
        errors,
        firstError,
        percentile(sorted, 50),
        percentile(sorted, 95),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  /** By nearest rank, in milliseconds; 0 of nothing. */
  private static double percentile(int[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceilDiv((long) sorted.length * percent, 100L);
    return sorted[rank - 1] / 1000.0;
  }
}
