package org.millbrook.desk.notices;

import java.util.*;
import java.util.function.Consumer;
import org.millbrook.desk.members.Member;

/** Passes notices on to those who listen for their kind. */
public class NoticeBoard {
    public enum Kind { OVERDUE, FINE, RESERVED }

    public record Notice(Kind kind, Member member, String text) {
        public String format() {
            return "[%s] to %s: %s".formatted(kind, member.getName(), text);
        }
    }

    private final Map<Kind, List<Consumer<Notice>>> listeners = new EnumMap<>(Kind.class);

    public void listen(Consumer<Notice> listener, Kind... kinds) {
        for (Kind kind : kinds) {
            listeners.computeIfAbsent(kind, key -> new ArrayList<>()).add(listener);
        }
    }

    public void post(Kind kind, Member member, String text) {
        Notice notice = new Notice(kind, member, text);
        listeners.getOrDefault(kind, List.of()).forEach(listener -> listener.accept(notice));
    }
}
