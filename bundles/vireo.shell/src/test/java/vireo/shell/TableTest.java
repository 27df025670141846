// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true);

    @Test
    void shouldRefuseARowOfAnotherWidth() {
        assertThrows(IllegalArgumentException.class, () -> new Table("one").row(1, 2));
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNothing() {
        new Table("bus").print(out, false, "no bus; make one");
        assertEquals("no bus; make one\n", printed.toString());
    }

    @Test
    void shouldPrintAnEmptyArrayForProgramsWhenThereIsNothing() {
        new Table("bus").print(out, true, "no bus; make one");
        assertEquals("[]\n", printed.toString());
    }

    @Test
    void shouldAlignColumnsWhenPrintedForPeople() {
        new Table("bus", "in_flight").row("a", 7).row("longer", null).print(out, false, "");
        assertEquals("BUS     IN FLIGHT\na       7\nlonger  -\n", printed.toString());
    }

    @Test
    void shouldKeepTypesAndEscapeTextWhenPrintedForPrograms() {
        new Table("a", "b", "c", "d").row(1L, true, List.of("x\"y"), Map.of("k", 2)).print(out, true, "");
        assertEquals("[{\"a\":1,\"b\":true,\"c\":[\"x\\\"y\"],\"d\":{\"k\":2}}]\n", printed.toString());
    }
}
