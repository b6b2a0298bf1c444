package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A real store whose calls are recorded and can be made to fail. */
final class ObservedStore {

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Action> actions = new ConcurrentHashMap<>();
  private volatile Predicate<String> failing = _ -> false;
  private final ObjectStore store;

  ObservedStore(ObjectStore real) {
    store =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObservedStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (_, method, arguments) -> {
                  String call =
                      method.getName() + " " + (arguments == null ? "" : key(arguments[0]));
                  calls.add(call);
                  Optional<Action> action = Optional.ofNullable(actions.remove(call));
                  if (action.isPresent()) {
                    action.get().run();
                  }
                  if (failing.test(call)) {
                    throw new IllegalStateException("made to fail: " + call);
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  private static String key(Object argument) {
    return argument instanceof StoredObject object ? object.key() : argument.toString();
  }

  ObjectStore store() {
    return store;
  }

  void forget() {
    calls.clear();
  }

  /** What is done before a call, such as {@code put KEY}, when it comes for the first time. */
  interface Action {
    void run() throws Exception;
  }

  void before(String call, Action action) {
    actions.put(call, action);
  }

  void failOn(Predicate<String> call) {
    failing = call;
  }

  /** The keys of the calls of a method since {@link #forget}, in their order. */
  List<String> keysOf(String method) {
    return calls.stream()
        .filter(call -> call.startsWith(method + " "))
        .map(call -> call.substring(method.length() + 1))
        .toList();
  }
}
