package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from NVIDIA's libraries, with libraries of a few lines of C in their place. */
class NvidiaGpusTest {

  private static final String DRIVER =
      """
      #include <string.h>
      int cuInit(int flags) { return 0; }
      int cuDriverGetVersion(int *version) { *version = 12080; return 0; }
      int cuDeviceGetCount(int *count) { *count = 1; return 0; }
      int cuDeviceGet(int *device, int index) { *device = index; return 0; }
      int cuDeviceGetName(char *name, int length, int device) { strcpy(name, "A card"); return 0; }
      int cuDeviceTotalMem_v2(long *bytes, int device) { *bytes = 17179869184L; return 0; }
      int cuDeviceGetAttribute(int *value, int what, int device) { *value = what == 75 ? 8 : 9; return 0; }
      int cuDeviceGetPCIBusId(char *bus, int length, int device) { strcpy(bus, "0000:03:00.0"); return 0; }
      """;

  /** The memory in use is how often the library was started, and a thousand for each stop. */
  private static final String MANAGEMENT =
      """
      #include <string.h>
      static long counted;
      int nvmlInit_v2(void) { counted += 1; return 0; }
      int nvmlShutdown(void) { counted += 1000; return 0; }
      int nvmlDeviceGetHandleByPciBusId_v2(const char *bus, void **card) { *card = 0; return strcmp(bus, "0000:03:00.0"); }
      int nvmlDeviceGetMemoryInfo(void *card, long *memory) { memory[2] = counted; return 0; }
      int nvmlDeviceGetUtilizationRates(void *card, int *busy) { busy[0] = 25; return 0; }
      """;

  @TempDir private Path folder;

  /** The libraries are found by name, which needs a process of its own. */
  public static final class Main {
    public static void main(String[] arguments) {
      Gpus gpus = Gpus.ofThisMachine();
      System.out.println(gpus.cudaVersion() + " " + gpus.all());
      for (Gpu gpu : gpus.all()) {
        for (int i = 0; i < 3; i++) {
          System.out.println(gpus.usage(gpu));
        }
      }
    }
  }

  @Test
  void managementLibraryIsStartedOnce() throws Exception {
    Tools.need(Tools.has("cc"), "cc is missing: apt-get install gcc libc6-dev");
    compile("libcuda.so.1", DRIVER);
    compile("libnvidia-ml.so.1", MANAGEMENT);
    String usage = "Optional[Usage[usedBytes=1, utilization=0.25]]";
    assertThat(printed())
        .containsExactly(
            "Optional[12.8] [cuda:0 (A card, compute capability 8.9)]", usage, usage, usage);
  }

  /** A container may have the driver without its management library. */
  @Test
  void usageIsUnknownWithoutTheManagementLibrary() throws Exception {
    Tools.need(Tools.has("cc"), "cc is missing: apt-get install gcc libc6-dev");
    compile("libcuda.so.1", DRIVER);
    assertThat(printed()).endsWith("Optional.empty", "Optional.empty", "Optional.empty");
  }

  private void compile(String library, String source) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve(library + ".c"), source);
    run("cc", "-shared", "-fPIC", "-o", folder.resolve(library).toString(), file.toString());
  }

  private List<String> printed() throws IOException, InterruptedException {
    return run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName())
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .toList();
  }

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put("LD_LIBRARY_PATH", folder.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return output;
  }
}
