package dev.repartee.registry.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a garbage collection of one model found, and, unless it was a dry run, deleted.
 *
 * @param model its name
 * @param kept version numbers with the reasons why they stay
 * @param removed versions that nothing named any more
 * @param spared versions that were to be removed and that somebody promoted meanwhile
 * @param abandoned numbers whose publication was broken off
 * @param underWay numbers whose publication may still go on
 * @param objects keys of what belonged to none of them: blobs, parts of uploads, pins
 * @param bytes the size of these objects
 */
public record GcReport(
    String model,
    Map<Integer, List<String>> kept,
    List<Integer> removed,
    List<Integer> spared,
    List<Integer> abandoned,
    @JsonProperty("under_way") List<Integer> underWay,
    List<String> objects,
    long bytes) {

  public GcReport {
    kept = Collections.unmodifiableMap(new TreeMap<>(kept));
    removed = List.copyOf(removed);
    spared = List.copyOf(spared);
    abandoned = List.copyOf(abandoned);
    underWay = List.copyOf(underWay);
    objects = List.copyOf(objects);
  }
}
