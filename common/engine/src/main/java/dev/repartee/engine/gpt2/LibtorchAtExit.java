package dev.repartee.engine.gpt2;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends the process without the destructors of libtorch's static objects. A signal may end it while
 * threads compute, and these may crash in what was destroyed: Java then writes a report of a fatal
 * error, and ends with another exit code.
 */
final class LibtorchAtExit {

  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  private LibtorchAtExit() {}

  /** Call this when libtorch is open, before anything computes; later calls do nothing. */
  static void skipDestructors() {
    if (HOOKED.compareAndSet(false, true)) {
      try {
        // Not at once: libtorch makes more static objects while it computes, which go first.
        Runtime.getRuntime().addShutdownHook(new Thread(LibtorchAtExit::endFirst, "end-first"));
      } catch (IllegalStateException e) {
        endFirst(); // the process ends already
      }
    }
  }

  private static void endFirst() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> onExit = linker.defaultLookup().find("on_exit"); // in glibc
    Optional<MemorySegment> exit = linker.defaultLookup().find("_exit");
    if (onExit.isPresent() && exit.isPresent()) {
      register(linker, onExit.get(), exit.get());
    }
  }

  /** What is registered last is called first, with the exit code. Java is done by then. */
  @SuppressWarnings("restricted") // both functions are glibc's, with these signatures
  private static void register(Linker linker, MemorySegment onExit, MemorySegment exit) {
    FunctionDescriptor signature =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    try {
      var _ = (int) linker.downcallHandle(onExit, signature).invokeExact(exit, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException("on_exit cannot be called", e);
    }
  }
}
