package lending.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import lending.model.Identified;

/** An in-memory store that keeps the order in which entries were added. */
public class Repository<T extends Identified> implements Iterable<T> {
    private final Map<String, T> entries = new LinkedHashMap<>();

    public <S extends T> S add(S entry) {
        if (entries.putIfAbsent(entry.id(), entry) != null) {
            throw new IllegalArgumentException("duplicate id " + entry.id());
        }
        return entry;
    }

    public Optional<T> find(String id) { return Optional.ofNullable(entries.get(id)); }

    public T get(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("unknown id " + id));
    }

    public boolean remove(T entry) { return entries.remove(entry.id(), entry); }
    public int size() { return entries.size(); }
    public Stream<T> stream() { return entries.values().stream(); }
    public List<T> where(Predicate<? super T> filter) { return stream().filter(filter).toList(); }

    public List<T> sorted(Comparator<? super T> order) {
        List<T> sorted = new ArrayList<>(entries.values());
        sorted.sort(order);
        return sorted;
    }

    /** Groups the entries by a key, in the order in which the keys first occur. */
    public <K> Map<K, List<T>> groupBy(Function<? super T, ? extends K> key) {
        Map<K, List<T>> groups = new LinkedHashMap<>();
        for (T entry : this) {
            groups.computeIfAbsent(key.apply(entry), k -> new ArrayList<>()).add(entry);
        }
        return groups;
    }

    @Override public Iterator<T> iterator() { return entries.values().iterator(); }
}
