package dev.repartee.finetune.gpt2;

import dev.repartee.engine.gpt2.Gpt2Config;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The shapes of models that begin with random weights, by what follows {@code random:}. */
public enum RandomShape {
  GPT2(12, 768, 12, 1024),
  SMALL(6, 384, 6, 1024),
  TINY(2, 128, 4, 512);

  private static final double EPSILON = 1e-5;

  private final int layers;
  private final int width;
  private final int heads;
  private final int positions;

  RandomShape(int layers, int width, int heads, int positions) {
    this.layers = layers;
    this.width = width;
    this.heads = heads;
    this.positions = positions;
  }

  /** A model of this shape with so many tokens. */
  public Gpt2Config config(int vocabulary) {
    return new Gpt2Config(vocabulary, positions, width, layers, heads, EPSILON);
  }

  /** The name after {@code random:}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The shape whose {@link #id} is {@code id}, if there is one. */
  public static Optional<RandomShape> ofId(String id) {
    return Arrays.stream(values()).filter(shape -> shape.id().equals(id)).findFirst();
  }

  /** All names, for people. */
  public static String ids() {
    return Arrays.stream(values()).map(RandomShape::id).collect(Collectors.joining(", "));
  }
}
