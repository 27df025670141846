// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** Characters with one of look-ahead, and the place of the last one read. */
final class TextSource {

    /** End of the text. */
    static final int END = -1;
    private static final int NONE = -2;

    private final BufferedReader in;
    private int ahead = NONE;
    private int line = 1;
    private int column;

    TextSource(Reader in) {
        this.in = in instanceof BufferedReader buffered ? buffered : new BufferedReader(in);
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    int peek() throws IOException {
        if (ahead == NONE) {
            ahead = in.read();
        }
        return ahead;
    }

    int read() throws IOException {
        int c = peek();
        ahead = NONE;
        if (c == '\n') {
            line++;
            column = 0;
        } else if (c != END) {
            column++;
        }
        return c;
    }

    /** Skips white space, line ends included, and gives the next character without reading it. */
    int skipWhite() throws IOException {
        while (peek() == ' ' || ahead == '\t' || ahead == '\n' || ahead == '\r') {
            read();
        }
        return ahead;
    }

    /**
     * Reads the rest of the line, and its end.
     *
     * @param limit most characters to keep; a longer line is cut there and read to its end all the same
     */
    String restOfLine(int limit) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = read(); c != '\n' && c != END; c = read()) {
            if (text.length() < limit) {
                text.append((char) c);
            }
        }
        return text.toString();
    }
}
