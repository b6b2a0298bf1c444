package dev.repartee.infra.autoscaling;

import java.util.List;
import java.util.Locale;

/** Results as lines for people. */
final class ResultTable {

  private static final String HEAD =
      "scenario    system      requests  shed %  timed out %   p50 ms   p95 ms   p99 ms  most pods"
          + "  pod hours  node hours  trouble s  recovered after s";

  private ResultTable() {}

  static String of(List<Result> results) {
    StringBuilder table = new StringBuilder(HEAD).append('\n');
    for (Result result : results) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-12s%-10s%10d%8.2f%13.2f%9.0f%9.0f%9.0f%11d%11.2f%12.2f%11.0f%19.0f%n",
              result.scenario(),
              result.system(),
              result.requests(),
              result.shedPercent(),
              result.timedOutPercent(),
              result.p50Ms(),
              result.p95Ms(),
              result.p99Ms(),
              result.mostPods(),
              result.podHours(),
              result.nodeHours(),
              result.troubleSeconds(),
              result.recoverySeconds()));
    }
    return table.toString();
  }
}
