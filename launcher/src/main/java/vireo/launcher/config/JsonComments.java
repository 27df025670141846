// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

/** Takes comments out of JSON and leaves every other character where it was, so that line numbers stay true. */
final class JsonComments {

    private JsonComments() {
    }

    static String blank(String text) {
        StringBuilder result = new StringBuilder(text);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at = endOfString(text, at);
            } else if (text.startsWith("//", at)) {
                at = blank(result, at, indexOrEnd(text, "\n", at, 0));
            } else if (text.startsWith("/*", at)) {
                at = blank(result, at, indexOrEnd(text, "*/", at + 2, 2));
            } else {
                at++;
            }
        }
        return result.toString();
    }

    private static int endOfString(String text, int start) {
        for (int at = start + 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '"' || c == '\n') {
                return at + 1;
            }
        }
        return text.length();
    }

    private static int indexOrEnd(String text, String end, int from, int include) {
        int at = text.indexOf(end, from);
        return at < 0 ? text.length() : at + include;
    }

    private static int blank(StringBuilder text, int from, int to) {
        for (int at = from; at < to; at++) {
            if (text.charAt(at) != '\n') {
                text.setCharAt(at, ' ');
            }
        }
        return to;
    }
}
