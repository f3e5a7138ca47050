package depot.util;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * An insertion-ordered collection of values that can be looked up by key.
 *
 * @param <K> type of the key, derived from the value
 * @param <V> type of the values
 */
public class Registry<K extends Comparable<K>, V> implements Iterable<V> {
    private final Map<K, V> entries = new LinkedHashMap<>();
    private final Function<? super V, K> keyOf;

    public Registry(Function<? super V, K> keyOf) { this.keyOf = keyOf; }

    /** Adds the value, replacing an earlier one with the same key. */
    public Registry<K, V> add(V value) {
        entries.put(keyOf.apply(value), value);
        return this;
    }

    public V get(K key) {
        return find(key).orElseThrow(() -> new NoSuchElementException("no entry for " + key));
    }

    public Optional<V> find(K key) { return Optional.ofNullable(entries.get(key)); }

    public int count(Predicate<? super V> filter) {
        return (int) entries.values().stream().filter(filter).count();
    }

    public int size() { return entries.size(); }
    public K lastKey() { return Collections.max(entries.keySet()); }
    protected Collection<V> values() { return entries.values(); }

    @Override
    public Iterator<V> iterator() {
        return Collections.unmodifiableCollection(values()).iterator();
    }
}
