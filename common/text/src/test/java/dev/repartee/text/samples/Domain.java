package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A subject area: its longer issues and the questions that one answer settles. */
record Domain(String id, List<Issue> issues, List<Exchange> faq) {

  Domain {
    requireNonNull(id, "id is null");
    issues = List.copyOf(issues);
    faq = List.copyOf(faq);
  }
}
