package dev.repartee.engine.gpt2;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Lays passes side by side for the program's {@code together}, and takes its result apart. */
final class JointPass {

  private final List<Pass> passes;
  private final int asked; // next tokens that each weighed token has, the most of any pass

  JointPass(List<Pass> passes) {
    this.passes = List.copyOf(passes);
    this.asked =
        passes.stream()
            .filter(Pass::isWeighed)
            .mapToInt(pass -> pass.next()[0].length)
            .max()
            .orElse(0);
  }

  IValues arguments(PtNDManager scope, TokenMask group) {
    List<IValue> values = new ArrayList<>();
    values.add(row(scope, flat(Pass::ids)));
    values.add(row(scope, flat(Pass::places)));
    values.add(
        IValue.listFrom(
            passes.stream().map(pass -> pass.cache().tensors()).toArray(IValue[]::new)));
    values.add(IValue.listFrom(passes.stream().mapToLong(pass -> pass.cache().length()).toArray()));
    values.add(IValue.listFrom(passes.stream().mapToLong(Pass::size).toArray()));
    values.add(
        IValue.listFrom(passes.stream().map(pass -> mask(scope, pass)).toArray(PtNDArray[]::new)));
    values.add(IValue.from(vector(scope, told())));
    values.add(IValue.from(group.array()));
    values.add(IValue.from(vector(scope, weighed())));
    values.add(IValue.from(next(scope)));
    return new IValues(values);
  }

  private long[] flat(Function<Pass, int[]> numbers) {
    return passes.stream()
        .flatMapToLong(pass -> Arrays.stream(numbers.apply(pass)).asLongStream())
        .toArray();
  }

  private static IValue row(PtNDManager scope, long[] values) {
    return IValue.from((PtNDArray) scope.create(values, new Shape(1, values.length)));
  }

  private static PtNDArray vector(PtNDManager scope, long[] values) {
    // An empty buffer is refused.
    return (PtNDArray)
        (values.length == 0
            ? scope.create(new Shape(0), DataType.INT64)
            : scope.create(values, new Shape(values.length)));
  }

  private static PtNDArray mask(PtNDManager scope, Pass pass) {
    boolean[] visible = pass.visible();
    return (PtNDArray)
        (visible.length == 0
            ? scope.create(new Shape(0), DataType.BOOLEAN)
            : scope.create(visible, new Shape(pass.size(), visible.length / pass.size())));
  }

  /** Rows of the joint pass, counted over all of its tokens. */
  private long[] told() {
    LongStream rows = LongStream.empty();
    int at = 0;
    for (Pass pass : passes) {
      int begin = at;
      rows = LongStream.concat(rows, Arrays.stream(pass.told()).mapToLong(row -> begin + row));
      at += pass.size();
    }
    return rows.toArray();
  }

  private long[] weighed() {
    LongStream rows = LongStream.empty();
    int at = 0;
    for (Pass pass : passes) {
      if (pass.isWeighed()) {
        rows = LongStream.concat(rows, LongStream.range(at, at + pass.size()));
      }
      at += pass.size();
    }
    return rows.toArray();
  }

  private PtNDArray next(PtNDManager scope) {
    long[] padded =
        passes.stream()
            .filter(Pass::isWeighed)
            .flatMap(pass -> Stream.of(pass.next()))
            .flatMapToLong(row -> Arrays.stream(Arrays.copyOf(row, asked)).asLongStream())
            .toArray();
    return asked == 0
        ? vector(scope, padded)
        : (PtNDArray) scope.create(padded, new Shape(padded.length / asked, asked));
  }

  /**
   * One result for each pass.
   *
   * @param logs a row for each token told of
   * @param group one value for each of these
   * @param hidden a row for each of these
   * @param weighed {@code asked} values for each weighed token
   */
  List<PassResult> split(List<float[]> logs, float[] group, List<float[]> hidden, float[] weighed) {
    List<PassResult> results = new ArrayList<>();
    int told = 0;
    int from = 0;
    for (Pass pass : passes) {
      int end = told + pass.told().length;
      float[][] own = new float[pass.next().length][];
      for (int t = 0; t < own.length; t++) {
        own[t] = Arrays.copyOfRange(weighed, from, from + pass.next()[t].length);
        from += asked;
      }
      results.add(
          new PassResult(
              logs.subList(told, end),
              Arrays.copyOfRange(group, told, end),
              hidden.subList(told, end),
              own));
      told = end;
    }
    return results;
  }
}
