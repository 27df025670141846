// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import java.util.Map;

/**
 * One configuration that a file or a feature asks for.
 *
 * @param pid a PID, or a factory PID and a name with a tilde between
 * @param source where it comes from: a file's path, or "feature:" and a name
 * @param values its properties
 */
public record Configured(String pid, String source, Map<String, Object> values) {

    /** Property under which each configuration carries its {@link #source}. */
    public static final String SOURCE = "vireo.config.source";

    /** Copies the values. */
    public Configured {
        values = Map.copyOf(values);
    }
}
