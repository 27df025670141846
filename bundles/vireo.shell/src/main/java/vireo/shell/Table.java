// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriter;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Rows of named values, printed as a table for people or as JSON for programs. */
final class Table {

    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row; values may be null, numbers, booleans, strings, and collections and maps of them. */
    Table row(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException("values=" + values.length + " columns=" + columns.size());
        }
        rows.add(values);
        return this;
    }

    void print(PrintStream out, boolean json, String whenEmpty) {
        if (json) {
            printJson(out);
        } else if (rows.isEmpty()) {
            out.println(whenEmpty);
        } else {
            printText(out);
        }
    }

    private void printText(PrintStream out) {
        int[] widths = new int[columns.size()];
        List<String[]> cells = new ArrayList<>();
        cells.add(columns.stream().map(c -> c.toUpperCase(java.util.Locale.ROOT).replace('_', ' ')).toArray(String[]::new));
        for (Object[] row : rows) {
            String[] line = new String[row.length];
            for (int i = 0; i < line.length; i++) {
                line[i] = text(row[i]);
            }
            cells.add(line);
        }
        for (String[] line : cells) {
            for (int i = 0; i < line.length; i++) {
                widths[i] = Math.max(widths[i], line[i].length());
            }
        }
        for (String[] line : cells) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.length; i++) {
                text.append(line[i]).repeat(' ', widths[i] - line[i].length() + 2);
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "-";
            case Collection<?> many -> many.isEmpty() ? "-" : String.join(" ", many.stream().map(Table::text).toList());
            case Map<?, ?> map -> map.isEmpty() ? "-" : String.join(" ",
                    map.entrySet().stream().map(e -> e.getKey() + "=" + text(e.getValue())).toList());
            default -> value.toString();
        };
    }

    private void printJson(PrintStream out) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (Object[] row : rows) {
            JsonObjectBuilder object = Json.createObjectBuilder();
            for (int i = 0; i < row.length; i++) {
                add(object, columns.get(i), row[i]);
            }
            array.add(object);
        }
        StringWriter text = new StringWriter();
        try (JsonWriter writer = Json.createWriter(text)) {
            writer.writeArray(array.build());
        }
        out.println(text);
    }

    private static void add(JsonObjectBuilder object, String name, Object value) {
        switch (value) {
            case null -> object.addNull(name);
            case Boolean flag -> object.add(name, flag);
            case Integer number -> object.add(name, number);
            case Long number -> object.add(name, number);
            case Double number -> object.add(name, number);
            case Collection<?> many -> {
                JsonArrayBuilder array = Json.createArrayBuilder();
                many.forEach(one -> array.add(one.toString()));
                object.add(name, array);
            }
            case Map<?, ?> map -> {
                JsonObjectBuilder inner = Json.createObjectBuilder();
                map.forEach((key, one) -> add(inner, key.toString(), one));
                object.add(name, inner);
            }
            default -> object.add(name, value.toString());
        }
    }
}
