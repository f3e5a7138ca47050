package com.tallybook.report;

import com.tallybook.model.Sheet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lays a sheet out as a plain text table. */
public class ReportBuilder<R> {

    /** A titled column; positive widths align to the right, negative ones to the left. */
    private record Column<R>(String heading, int width, Function<? super R, ?> value) {

        String pad(Object content) {
            return String.format("%" + width + "s", content);
        }
    }

    private final List<Column<R>> columns = new ArrayList<>();
    private final StringBuilder footer = new StringBuilder();

    public ReportBuilder<R> text(String heading, int width, Function<? super R, ?> value) {
        columns.add(new Column<>(heading, -width, value));
        return this;
    }

    public ReportBuilder<R> number(String heading, int width, Function<? super R, ?> value) {
        columns.add(new Column<>(heading, width, value));
        return this;
    }

    public ReportBuilder<R> footer(String label, Object value) {
        footer.append(label).append(": ").append(value).append('\n');
        return this;
    }

    public String render(Sheet<R> sheet) {
        String header = line(column -> column.pad(column.heading()));
        StringBuilder out = new StringBuilder("== " + sheet.title() + " ==\n");
        out.append(header).append('\n').append("-".repeat(header.length())).append('\n');
        for (R row : sheet) {
            out.append(line(column -> column.pad(column.value().apply(row)))).append('\n');
        }
        return out.append(footer).toString();
    }

    private String line(Function<Column<R>, String> part) {
        return columns.stream().map(part).collect(Collectors.joining(" | "));
    }
}
