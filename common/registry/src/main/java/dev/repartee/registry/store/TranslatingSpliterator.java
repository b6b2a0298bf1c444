package dev.repartee.registry.store;

import com.google.cloud.storage.StorageException;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pages are fetched while a listing is consumed: this is where fetching one of them can fail. */
final class TranslatingSpliterator<T> extends AbstractSpliterator<T> {

  private final Spliterator<T> source;
  private final Function<StorageException, StoreException> translation;

  TranslatingSpliterator(
      Spliterator<T> source, Function<StorageException, StoreException> translation) {
    super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
    this.source = source;
    this.translation = translation;
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    try {
      return source.tryAdvance(action);
    } catch (StorageException e) {
      throw translation.apply(e);
    }
  }
}
