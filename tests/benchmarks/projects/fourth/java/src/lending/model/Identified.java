package lending.model;

import java.util.Comparator;

/** Anything that can be kept in a repository under a unique id. */
public interface Identified {
    /** Separates the prefix of an id from its number. */
    char SEPARATOR = '-';

    String id();

    default int number() { return Integer.parseInt(id().substring(id().indexOf(SEPARATOR) + 1)); }
    static String format(String prefix, int number) { return prefix + SEPARATOR + number; }

    static <T extends Identified> Comparator<T> byNumber() {
        return Comparator.comparingInt(Identified::number);
    }
}
