package dev.repartee.infra.kubernetes;

import dev.repartee.infra.kubernetes.CustomKinds.Kustomization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code kubectl kustomize} makes of the folders here, so that policies are checked on what is
 * deployed where kubectl is missing. Names of generated ConfigMaps get no hash; a test compares the
 * rest with kubectl.
 */
final class Kustomize {

  static final String FILE = "kustomization.yaml";

  private final List<ObjectNode> documents = new ArrayList<>();

  private Kustomize() {}

  /** Every object of a folder, as it is sent to the cluster. */
  static Rendered render(Path folder) {
    Kustomize rendering = new Kustomize();
    rendering.add(folder.normalize());
    return new Rendered(rendering.documents);
  }

  private void add(Path folder) {
    Kustomization file =
        StrictModel.parse(Yaml.documents(folder.resolve(FILE)).getFirst(), Kustomization.class);
    Kustomize own = new Kustomize();
    boolean component = file.kind().equals("Component");
    if (component) {
      own.documents.addAll(documents); // a component changes what is there already
      documents.clear();
    }
    file.resources().forEach(resource -> own.resource(folder.resolve(resource).normalize()));
    file.configMapGenerator().forEach(generator -> own.documents.add(configMap(folder, generator)));
    file.components().forEach(other -> own.add(folder.resolve(other).normalize()));
    file.patches().forEach(patch -> own.patch(folder, patch));
    own.documents.forEach(document -> transform(file, document));
    documents.addAll(own.documents);
  }

  private void resource(Path path) {
    if (Files.isDirectory(path)) {
      add(path);
    } else {
      documents.addAll(Yaml.documents(path));
    }
  }

  private static ObjectNode configMap(Path folder, Kustomization.Generator generator) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    map.put("apiVersion", "v1").put("kind", "ConfigMap");
    map.putObject("metadata").put("name", generator.name());
    ObjectNode data = map.putObject("data");
    generator.files().forEach(file -> data.put(file, Yaml.text(folder.resolve(file))));
    return map;
  }

  private void patch(Path folder, Kustomization.Patch patch) {
    for (ObjectNode change : Yaml.documents(folder.resolve(patch.path()))) {
      List<ObjectNode> targets =
          documents.stream().filter(document -> isTarget(patch, change, document)).toList();
      if (targets.isEmpty() && patch.target() == null) {
        throw new IllegalStateException(
            folder.resolve(patch.path()) + " changes an object that is not there");
      }
      ObjectNode content = change.deepCopy();
      if (patch.target() != null) {
        content.remove("metadata");
      }
      targets.forEach(target -> StrategicMerge.apply(target, content));
    }
  }

  private static boolean isTarget(Kustomization.Patch patch, ObjectNode change, ObjectNode other) {
    return patch.target() != null
        ? Rendered.kind(other).equals(patch.target().kind())
        : Rendered.kind(other).equals(Rendered.kind(change))
            && Rendered.name(other).equals(Rendered.name(change));
  }

  private static void transform(Kustomization file, ObjectNode document) {
    ObjectNode metadata = (ObjectNode) document.get("metadata");
    if (file.namespace() != null && !Rendered.kind(document).equals("Namespace")) {
      metadata.put("namespace", file.namespace());
    }
    for (Kustomization.Labels labels : file.labels()) {
      label(metadata, labels.pairs());
      if (labels.includeTemplates()
          && document.at("/spec/template/metadata") instanceof ObjectNode template) {
        label(template, labels.pairs());
      }
    }
    images(file.images(), document);
  }

  private static void label(ObjectNode metadata, Map<String, String> pairs) {
    ObjectNode labels =
        metadata.get("labels") instanceof ObjectNode there ? there : metadata.putObject("labels");
    pairs.forEach(labels::put);
  }

  private static void images(List<Kustomization.Image> images, JsonNode node) {
    if (node instanceof ObjectNode object && object.path("image").isString()) {
      object.put("image", image(images, object.get("image").asString()));
    }
    node.forEach(child -> images(images, child));
  }

  private static String image(List<Kustomization.Image> images, String image) {
    int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
    String name = colon < 0 ? image : image.substring(0, colon);
    String tag = colon < 0 ? "" : image.substring(colon);
    for (Kustomization.Image one : images) {
      if (one.name().equals(name)) {
        return one.newName() + (one.newTag() == null ? tag : ":" + one.newTag());
      }
    }
    return image;
  }
}
