package dev.repartee.finetune.gpt2;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named FP32 arrays of a training run, to and from one file, bit for bit. */
final class TrainingState {

  /** The arrays by name, in the order of the file. */
  static final class Arrays {
    private final Map<String, PtNDArray> byName = new LinkedHashMap<>();

    Arrays add(String prefix, List<String> names, List<PtNDArray> arrays) {
      for (int i = 0; i < names.size(); i++) {
        byName.put(prefix + names.get(i), arrays.get(i));
      }
      return this;
    }
  }

  private TrainingState() {}

  static void write(Path file, Arrays arrays) throws IOException {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    arrays.byName.forEach(
        (name, array) ->
            tensors.put(name, new Safetensors.Tensor(shape(array), array::toByteBuffer)));
    Safetensors.write(file, tensors);
  }

  /** Copies the file's values over the arrays'. */
  static void read(Path file, Arrays arrays, Gpt2Program program) {
    try (Safetensors tensors = Safetensors.open(file)) {
      for (Map.Entry<String, PtNDArray> entry : arrays.byName.entrySet()) {
        String name = entry.getKey();
        PtNDArray array = entry.getValue();
        Safetensors.Entry stored = tensors.entries().get(name);
        if (stored == null || !stored.shape().equals(shape(array))) {
          throw new UserException(
              "%s is of another model: tensor '%s' must have shape %s but %s"
                  .formatted(
                      file,
                      name,
                      shape(array),
                      stored == null ? "is missing" : "has " + stored.shape()));
        }
        try (PtNDManager scope = program.newScope();
            IValue to = IValue.listFrom(array);
            IValue from =
                IValue.listFrom(
                    scope.create(tensors.bytes(name), array.getShape(), DataType.FLOAT32))) {
          program.run("copy_arrays", to, from).close();
        }
      }
    }
  }

  private static List<Long> shape(PtNDArray array) {
    return java.util.Arrays.stream(array.getShape().getShape()).boxed().toList();
  }
}
