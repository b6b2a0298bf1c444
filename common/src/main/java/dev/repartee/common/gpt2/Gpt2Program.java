package dev.repartee.common.gpt2;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * The GPT-2 program, loaded into libtorch. Its methods, their arguments and shapes are documented
 * in the program itself, {@code gpt2.py} beside this class. Owns everything native until it is
 * closed.
 */
public final class Gpt2Program implements AutoCloseable {

  static {
    // Otherwise the engine reports its use to its makers at the first start.
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final Model model;
  private final PtSymbolBlock block;
  private final Gpt2Config config;
  private final Device device;

  private Gpt2Program(Model model, Gpt2Config config, Device device) {
    this.model = model;
    this.config = config;
    this.device = device;
    this.block = (PtSymbolBlock) model.getBlock();
  }

  /** Loads the program for a model of this shape. */
  public static Gpt2Program open(Gpt2Config config, Device device) {
    Model model = Model.newInstance("gpt2", device, "PyTorch");
    byte[] archive = TorchScriptArchive.gpt2(config.heads(), config.epsilon());
    try {
      ((PtModel) model).load(new ByteArrayInputStream(archive), Map.of());
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new IllegalStateException("libtorch does not take the GPT-2 program", e);
    }
    return new Gpt2Program(model, config, device);
  }

  public Gpt2Config config() {
    return config;
  }

  public Device device() {
    return device;
  }

  /** The manager that lives as long as this program. */
  public PtNDManager manager() {
    return (PtNDManager) model.getNDManager();
  }

  /** A manager for short-lived arrays; the caller closes it. */
  public PtNDManager newScope() {
    return (PtNDManager) model.getNDManager().newSubManager();
  }

  /** Runs a method that needs no gradients. The caller owns arguments and result. */
  public IValue run(String method, IValue... arguments) {
    prepareThread();
    return IValueUtils.runMethod(block, method, arguments);
  }

  /**
   * Runs a method that builds gradients inside and returns one tensor, which belongs to {@code
   * scope}.
   *
   * @param arguments arrays named {@code name[]} form a list; the order is the method's
   */
  public NDArray differentiate(String method, NDList arguments, PtNDManager scope) {
    prepareThread();
    NDArray marker = scope.create(0f);
    marker.setName("module_method:" + method);
    NDList named = new NDList(marker);
    named.addAll(arguments);
    boolean gradients = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try {
      NDArray result = IValueUtils.forward(block, named, true).singletonOrThrow();
      result.attach(scope);
      return result;
    } finally {
      JniUtils.setGradMode(gradients);
    }
  }

  /** Seeds what is random inside the program, which is dropout; for the whole process. */
  public static void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  private static void prepareThread() {
    // The graph optimizer recompiles for every new shape; the setting belongs to the thread.
    JniUtils.setGraphExecutorOptimize(false);
  }

  @Override
  public void close() {
    model.close();
  }
}
