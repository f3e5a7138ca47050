package library.items;

import java.util.Comparator;

/** Something that can be lent. An Item has a title. */
public interface Item extends Comparable<Item> {
    int DAYS = 14;
    Comparator<Item> BY_TITLE = Comparator.comparing(Item::title);

    String title();

    default int days() {
        return DAYS;
    }

    double fee(int late);

    static String label(Item item) {
        return item.days() + ":" + item.title();
    }

    @Override
    default int compareTo(Item other) {
        return BY_TITLE.compare(this, other);
    }
}
