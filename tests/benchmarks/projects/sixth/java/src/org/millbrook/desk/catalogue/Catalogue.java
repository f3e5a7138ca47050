package org.millbrook.desk.catalogue;

import java.util.*;
import java.util.function.Predicate;

/** All items of the library together with the number of copies on the shelf. */
public class Catalogue {
    private final Map<String, Holding> holdings = new TreeMap<>();

    /** Adds copies of an item; an item already known only gains copies. */
    public Catalogue add(Item item, int copies) {
        Holding holding = holdings.computeIfAbsent(item.code(), code -> new Holding(item));
        holding.owned += copies;
        holding.onShelf += copies;
        return this;
    }

    public Item find(String code) {
        return holding(code).item;
    }

    public List<Item> search(Predicate<? super Item> filter) {
        return holdings.values().stream().map(holding -> holding.item).filter(filter).toList();
    }

    /** Takes a copy from the shelf and says whether there was one. */
    public boolean takeCopy(String code) {
        Holding holding = holding(code);
        if (holding.onShelf == 0) {
            return false;
        }
        holding.onShelf--;
        return true;
    }

    public void returnCopy(String code) {
        holding(code).onShelf++;
    }

    /** Copies on the shelf and copies owned, as in "1/3". */
    public String availability(String code) {
        Holding holding = holding(code);
        return holding.onShelf + "/" + holding.owned;
    }

    private Holding holding(String code) {
        return Optional.ofNullable(holdings.get(code))
                .orElseThrow(() -> new NoSuchElementException("no item with code " + code));
    }

    private static final class Holding {
        private final Item item;
        private int owned;
        private int onShelf;

        private Holding(Item item) {
            this.item = item;
        }
    }
}
