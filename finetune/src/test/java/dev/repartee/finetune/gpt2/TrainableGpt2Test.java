package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must come out the same however a step's work is cut up. */
class TrainableGpt2Test {

  private static final Gpt2Config CONFIG = new Gpt2Config(300, 64, 32, 2, 4, 1e-5);
  private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);
  private static final int STEPS = 3;

  private final Gpt2Program program = TrainableGpt2.openProgram(CONFIG, TestDevice.get());

  @AfterEach
  void tearDown() {
    program.close();
  }

  @Test
  void fourMicroBatchesEqualOneFourTimesAsLarge() {
    assertClose(trained(options(), List.of(), 4), trained(options(), List.of(), 1));
  }

  @Test
  void twoWorkersEqualOne() {
    assertClose(trained(options(), List.of(TestDevice.get()), 4), trained(options(), List.of(), 1));
  }

  /** Its gradients of the step before must not count again. */
  @Test
  void aWorkerWithoutABatchAddsNothing() {
    float[] two;
    try (TrainableGpt2 model = model(options(), List.of(TestDevice.get()))) {
      steps(model, 1, 2);
      steps(model, 1, 1);
      two = values(model);
    }
    try (TrainableGpt2 model = model(options(), List.of())) {
      steps(model, 1, 2);
      steps(model, 1, 1);
      assertClose(values(model), two);
    }
  }

  @Test
  void threeWorkersWithDropoutRepeatTheirRun() {
    TrainingOptions dropout = new TrainingOptions(Precision.FP32, 0.2, 1);
    List<Device> more = List.of(TestDevice.get(), TestDevice.get());
    assertThat(trained(dropout, more, 4))
        .matches(same(trained(dropout, more, 4)), "the same values");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 9})
  void lanesComputeWhatOneThreadDoes(int lanes) {
    assertClose(trained(lanes(lanes, 0), List.of(), 2), trained(lanes(1, 0), List.of(), 2));
    List<PackedBatch> batches = List.of(batch(0, 5), batch(5, 8));
    try (TrainableGpt2 one = model(lanes(1, 0), List.of());
        TrainableGpt2 several = model(lanes(lanes, 0), List.of())) {
      assertThat(several.loss(batches)).isCloseTo(one.loss(batches), within(1e-3));
      assertThat(several.features(batch(0, 8)))
          .containsExactly(one.features(batch(0, 8)), within(1e-5f));
      assertThat(several.workers()).isEqualTo(1);
    }
  }

  @Test
  void lanesRepeatTheirRunAndGoOnFromItsState(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("state.safetensors");
    float[] wanted;
    try (TrainableGpt2 unbroken = model(lanes(3, 0.2), List.of())) {
      steps(unbroken, 2, 2);
      write(unbroken, file);
      steps(unbroken, 2, 2);
      wanted = values(unbroken);
    }
    try (TrainableGpt2 resumed = model(lanes(3, 0.2), List.of())) {
      steps(resumed, 2, 2);
      steps(resumed, 2, 2);
      assertThat(values(resumed)).matches(same(wanted), "the same values");
      resumed.readState(file, 2);
      steps(resumed, 2, 2);
      assertThat(values(resumed)).matches(same(wanted), "the same values");
    }
  }

  /** Lanes are for CPUs. */
  private static TrainingOptions lanes(int lanes, double dropout) {
    assumeFalse(TestDevice.get().isGpu());
    return new TrainingOptions(Precision.FP32, dropout, lanes);
  }

  @Test
  void dropoutChangesTheResult() {
    float[] without = trained(options(), List.of(), 1);
    float[] with = trained(new TrainingOptions(Precision.FP32, 0.2, 1), List.of(), 1);
    assertThat(with).matches(same(without).negate(), "other values");
  }

  /** Packed neighbours must not see each other: each sequence alone gives the same losses. */
  @Test
  void packedSequencesDoNotAttendToEachOther() {
    List<PackedBatch> alone = IntStream.range(0, 8).mapToObj(i -> batch(i, i + 1)).toList();
    try (TrainableGpt2 model = model(options(), List.of())) {
      assertThat(model.loss(List.of(batch(0, 8)))).isCloseTo(model.loss(alone), within(1e-3));
      float[] packed = model.features(batch(0, 8));
      float[] last = model.features(alone.getLast());
      assertThat(Arrays.copyOfRange(packed, packed.length - last.length, packed.length))
          .containsExactly(last, within(1e-5f));
    }
  }

  @Test
  void namesWhatDoesNotFitInAState(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("state.safetensors");
    try (TrainableGpt2 model = model(options(), List.of())) {
      write(model, file);
    }
    Gpt2Config other = new Gpt2Config(300, 64, 64, 2, 4, 1e-5);
    try (Gpt2Program wider = TrainableGpt2.openProgram(other, TestDevice.get());
        TrainableGpt2 model =
            new TrainableGpt2(wider, Gpt2Weights.random(other, wider, 1), options())) {
      assertThatThrownBy(() -> model.readState(file, 1))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("'weight.wte.weight' must have shape [300, 64] but has [300, 32]");
    }
  }

  @Test
  void leavesOutAStepThatIsNotFinite() {
    try (TrainableGpt2 model = model(options(), List.of())) {
      float[] before = values(model);
      PackedBatch batch = batch(0, 2);
      model.accumulate(List.of(batch), Double.POSITIVE_INFINITY, 1);
      assertThat(model.update(1e-3, ADAMW, 1).norm()).isNotFinite();
      assertThat(values(model)).matches(same(before), "the same values");
      assertThat(model.steps()).isZero();
      model.accumulate(List.of(batch), 1.0 / batch.scored(), 1);
      assertThat(model.update(1e-3, ADAMW, 1).norm()).isFinite();
    }
  }

  private static void write(TrainableGpt2 model, Path file) throws IOException {
    try (TrainableGpt2.State state = model.snapshot()) {
      state.write(file);
    }
  }

  private static TrainingOptions options() {
    return TrainingOptions.of(Precision.FP32);
  }

  private TrainableGpt2 model(TrainingOptions options, List<Device> more) {
    return new TrainableGpt2(program, Gpt2Weights.random(CONFIG, program, 5), options, more);
  }

  /** All weights after a few steps over the same eight sequences, in so many micro-batches. */
  private float[] trained(TrainingOptions options, List<Device> more, int microBatches) {
    try (TrainableGpt2 model = model(options, more)) {
      steps(model, STEPS, microBatches);
      return values(model);
    }
  }

  private static void steps(TrainableGpt2 model, int steps, int microBatches) {
    int each = 8 / microBatches;
    List<PackedBatch> batches =
        IntStream.range(0, microBatches).mapToObj(i -> batch(i * each, (i + 1) * each)).toList();
    double scored = batches.stream().mapToInt(PackedBatch::scored).sum();
    for (int step = 0; step < steps; step++) {
      model.accumulate(batches, 1 / scored, 9 + step);
      model.update(1e-3, ADAMW, 1);
    }
  }

  private static float[] values(TrainableGpt2 model) {
    int size = 0;
    for (PtNDArray array : model.weights().arrays()) {
      size += Math.toIntExact(array.size());
    }
    float[] values = new float[size];
    int at = 0;
    for (PtNDArray array : model.weights().arrays()) {
      float[] part = array.toFloatArray();
      System.arraycopy(part, 0, values, at, part.length);
      at += part.length;
    }
    return values;
  }

  /** Sequences {@code from} to {@code to}, of different lengths, every other token scored. */
  private static PackedBatch batch(int from, int to) {
    int[] lengths =
        IntStream.range(from, to).map(i -> i == 2 || i == 3 ? 20 : 10 + 5 * i).toArray();
    int tokens = IntStream.of(lengths).sum();
    long[] ids =
        IntStream.range(from, to)
            .mapToObj(i -> new Random(i).longs(lengths[i - from], 0, CONFIG.vocabulary()))
            .flatMapToLong(stream -> stream)
            .toArray();
    long[] positions = new long[tokens / 2];
    long[] labels = new long[tokens / 2];
    int count = 0;
    int start = 0;
    for (int length : lengths) {
      for (int t = 0; t + 1 < length; t += 2) {
        positions[count] = (long) start + t;
        labels[count++] = ids[start + t + 1];
      }
      start += length;
    }
    return new PackedBatch(
        ids, lengths, Arrays.copyOf(positions, count), Arrays.copyOf(labels, count));
  }

  private static void assertClose(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - wanted[i]));
    }
    assertThat(largest).isLessThan(1e-5);
  }

  /** Bit for bit; tells less than isEqualTo, which would print ten thousand numbers. */
  private static Predicate<float[]> same(float[] wanted) {
    return found -> Arrays.equals(found, wanted);
  }
}
