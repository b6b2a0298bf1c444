package dev.repartee.finetune.tools;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;

/** libtorch, by loading the GPT-2 program into it, and the threads that it would use. */
final class EngineCheck implements Check {

  private static final String NAME = "engine";
  private static final Gpt2Config SMALLEST = new Gpt2Config(2, 2, 2, 1, 1, 1e-5);

  @Override
  public Finding run() {
    try {
      // The program first: its class keeps the engine from reporting its use.
      Gpt2Program.open(SMALLEST, Device.cpu()).close();
      return describe(Engine.getEngine(PtEngine.ENGINE_NAME), JniUtils.getNumThreads());
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(
          NAME,
          "libtorch does not load: " + e,
          new Details().add("error", e.toString()).map(),
          "the native library must be for this system ("
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + "): build here with 'mvn package', and see that the native folder is writable and"
              + " the C++ runtime installed (apt-get install libstdc++6)");
    }
  }

  private static Finding describe(Engine engine, int threads) {
    int cores = Runtime.getRuntime().availableProcessors();
    String summary =
        "DJL %s, libtorch %s, %d thread%s"
            .formatted(
                Engine.getDjlVersion(), engine.getVersion(), threads, threads == 1 ? "" : "s");
    Details details =
        new Details()
            .add("djl", Engine.getDjlVersion())
            .add("libtorch", engine.getVersion())
            .add("threads", threads)
            .add("omp_num_threads", System.getenv().getOrDefault("OMP_NUM_THREADS", ""));
    if (threads > cores) {
      return Finding.warning(
          NAME,
          summary,
          details.map(),
          "more threads than the %d usable cores wait for each other: set OMP_NUM_THREADS=%d"
              .formatted(cores, cores));
    }
    return Finding.ok(NAME, summary, details.map());
  }
}
