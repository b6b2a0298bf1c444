package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.serving.model.ModelInfo;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The answer of {@code GET /v1/model}; what is not known is null. */
record ModelResponse(
    String name,
    String version,
    Optional<String> created,
    Optional<Integer> answers,
    Optional<JsonNode> provenance,
    @JsonProperty("typed_text_saved") List<SavedTyping> typedTextSaved) {

  ModelResponse {
    typedTextSaved = List.copyOf(typedTextSaved);
  }

  static ModelResponse of(ModelInfo info, List<SavedTyping> typedTextSaved) {
    return new ModelResponse(
        info.identity().name(),
        info.identity().version(),
        info.created(),
        info.answers(),
        info.provenance(),
        typedTextSaved);
  }
}
