package com.tallybook.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A titled, ordered collection of rows that can be filtered, grouped and totalled. */
public class Sheet<R> implements Iterable<R> {

    private final String title;
    private final List<R> rows = new ArrayList<>();

    public Sheet(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    public Sheet<R> add(R row) {
        rows.add(row);
        return this;
    }

    public int size() {
        return rows.size();
    }

    public Sheet<R> where(Predicate<? super R> condition) {
        Sheet<R> result = new Sheet<>(title);
        rows.stream().filter(condition).forEach(result::add);
        return result;
    }

    public Map<String, Sheet<R>> groupBy(Function<? super R, String> key) {
        Map<String, Sheet<R>> groups = new TreeMap<>();
        for (R row : rows) {
            groups.computeIfAbsent(key.apply(row), Sheet::new).add(row);
        }
        return groups;
    }

    public Money total(Function<? super R, Money> column) {
        return rows.stream().<Money>map(column).reduce(Money.ZERO, Money::plus);
    }

    @Override
    public Iterator<R> iterator() {
        return rows.iterator();
    }
}
