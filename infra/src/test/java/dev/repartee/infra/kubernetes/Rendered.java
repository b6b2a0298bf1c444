package dev.repartee.infra.kubernetes;

import dev.repartee.infra.testing.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All objects of one deployment, as trees or as typed objects.
 *
 * @param documents as they are sent to the cluster
 */
record Rendered(List<ObjectNode> documents) {

  Rendered {
    documents = List.copyOf(documents);
  }

  static String kind(JsonNode document) {
    return document.path("kind").asString("");
  }

  static String name(JsonNode document) {
    return document.at("/metadata/name").asString("");
  }

  /** Every object of a kind. */
  <T> List<T> all(Class<T> type) {
    return documents.stream()
        .filter(document -> kind(document).equals(type.getSimpleName()))
        .map(document -> StrictModel.parse(document, type))
        .toList();
  }

  /** The only object of a kind. */
  <T> T only(Class<T> type) {
    List<T> all = all(type);
    if (all.size() != 1) {
      throw new IllegalStateException(
          "there must be one %s but there are %d".formatted(type.getSimpleName(), all.size()));
    }
    return all.getFirst();
  }

  /** The templates of this project's own pods. */
  List<PodTemplateSpec> pods() {
    List<PodTemplateSpec> pods = new ArrayList<>();
    all(Deployment.class).forEach(one -> pods.add(one.getSpec().getTemplate()));
    all(Job.class).forEach(one -> pods.add(one.getSpec().getTemplate()));
    all(CronJob.class)
        .forEach(one -> pods.add(one.getSpec().getJobTemplate().getSpec().getTemplate()));
    return pods;
  }

  /** Their containers, init containers included. */
  List<Container> containers() {
    return pods().stream().flatMap(Rendered::containers).toList();
  }

  static Stream<Container> containers(PodTemplateSpec pod) {
    return Stream.concat(
        pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream());
  }

  /** The container of the service. */
  Container serving() {
    return only(Deployment.class).getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(container -> container.getName().equals("serving"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no container is called serving"));
  }

  /** A file of the ConfigMaps. */
  Optional<ObjectNode> configuration(String file) {
    return documents.stream()
        .filter(document -> kind(document).equals("ConfigMap"))
        .map(document -> document.path("data").path(file))
        .filter(JsonNode::isString)
        .map(text -> Yaml.documents(file, text.asString()).getFirst())
        .findFirst();
  }
}
