// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * A JSON file that a person wrote: comments are allowed, a key twice is not, and errors name file, line and remedy.
 *
 * @param path the file
 * @param text its text with comments blanked out
 * @param root its outermost object
 */
public record JsonFile(Path path, String text, JsonObject root) {

    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private static final Map<String, String> TOKENS = Map.of("CURLYOPEN", "'{'", "CURLYCLOSE", "'}'",
            "SQUAREOPEN", "'['", "SQUARECLOSE", "']'", "COLON", "':'", "COMMA", "','", "STRING", "a string", "EOF", "the end of the file");

    /**
     * Reads a file.
     *
     * @param path the file
     * @return its content
     * @throws LaunchException if it cannot be read or is not one JSON object
     */
    public static JsonFile read(Path path) throws LaunchException {
        String text;
        try {
            text = JsonComments.blank(Files.readString(path));
        } catch (CharacterCodingException e) {
            throw new LaunchException(ExitStatus.CONFIG, path + ": not UTF-8; save the file as UTF-8", e);
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.NO_INPUT, path + ": cannot be read: " + e, e);
        }
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return new JsonFile(path, text, reader.readObject());
        } catch (JsonParsingException e) {
            throw new LaunchException(ExitStatus.CONFIG, path + ":" + e.getLocation().getLineNumber() + ":"
                    + e.getLocation().getColumnNumber() + ": not one JSON object: " + plain(e)
                    + "; correct that line", e);
        } catch (JsonException | IllegalStateException e) {
            throw new LaunchException(ExitStatus.CONFIG, path + ": not one JSON object: " + plain(e)
                    + "; correct the file", e);
        }
    }

    /** The location stands in front already, and the parser's token names are its own. */
    private static String plain(Exception e) {
        String text = String.valueOf(e.getMessage())
                .replaceAll("[ ,.]*(at|on|\\[line|at line)? ?\\(line no=\\d+, column no=\\d+, offset=-?\\d+\\)\\.?", "")
                .replaceAll("Invalid token=(\\w+)", "found $1")
                .replaceAll("[ ,.]*Expected tokens are: ", " where one of these is expected: ")
                .replaceAll(" one of these is expected: \\[(\\w+)\\]", " $1 is expected");
        for (Map.Entry<String, String> token : TOKENS.entrySet()) {
            text = text.replace(token.getKey(), token.getValue());
        }
        return text;
    }

    /**
     * Makes an error about one key of the file.
     *
     * @param key the key
     * @param problem what is wrong with it and what to do
     * @return the exception, with the line on which the key first stands
     */
    public LaunchException wrong(String key, String problem) {
        int at = text.indexOf('"' + key + '"');
        String line = at < 0 ? "" : ":" + (1 + text.substring(0, at).chars().filter(c -> c == '\n').count());
        return new LaunchException(ExitStatus.CONFIG, path + line + ": '" + key + "' " + problem);
    }
}
