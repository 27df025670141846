// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import vireo.observe.Problem;

/** The configurations of buses and devices, and what became of each. */
@Component(service = Configurations.class)
public final class Configurations {

    private static final String PREFIX = "vireo.";
    private static final long PATIENCE_NANOS = 3_000_000_000L;
    private static final long PAUSE_MILLIS = 20;
    private static final String WAITING = "it has not started yet; the log says what its bundle is doing";

    @Reference
    private ConfigurationAdmin admin;

    @Reference
    private ServiceComponentRuntime components;

    @Reference
    private Platform platform;

    @Activate
    private BundleContext context;

    /** What can be made: factory pids without their prefix. */
    List<String> kinds() {
        return descriptions().map(d -> d.configurationPid[0].substring(PREFIX.length())).distinct().sorted().toList();
    }

    private java.util.stream.Stream<ComponentDescriptionDTO> descriptions() {
        return components.getComponentDescriptionDTOs().stream()
                .filter(d -> "require".equals(d.configurationPolicy) && d.configurationPid[0].startsWith(PREFIX));
    }

    List<Configuration> all() throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(service.factoryPid=" + PREFIX + "*)");
            return found == null ? List.of() : Arrays.asList(found);
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String kind(Configuration configuration) {
        return configuration.getFactoryPid().substring(PREFIX.length());
    }

    /** The part of the pid that the user chose. */
    static String name(Configuration configuration) {
        String pid = configuration.getPid();
        int tilde = pid.indexOf('~');
        return tilde < 0 ? pid.substring(configuration.getFactoryPid().length() + 1) : pid.substring(tilde + 1);
    }

    static Map<String, Object> properties(Configuration configuration) {
        Map<String, Object> values = new TreeMap<>();
        Dictionary<String, Object> dictionary = configuration.getProperties();
        for (String key : java.util.Collections.list(dictionary.keys())) {
            if (!key.startsWith("service.") && !key.startsWith("felix.") && !key.startsWith("vireo.config.") && !key.startsWith(":")) {
                values.put(key, dictionary.get(key));
            }
        }
        return values;
    }

    Configuration named(String name) throws IOException {
        return Platform.pick("configuration", name, all(), Configurations::name, "make one with 'vireo:create'");
    }

    Configuration create(String kind, String name, Dictionary<String, Object> properties) throws IOException {
        if (!kinds().contains(kind)) {
            throw new IllegalArgumentException("nothing of kind '" + kind + "' can be made here; there is "
                    + String.join(", ", kinds()));
        }
        if (all().stream().anyMatch(c -> name(c).equals(name))) {
            throw new IllegalArgumentException("a configuration '" + name + "' exists; 'vireo:remove " + name + "' it first");
        }
        Configuration made = admin.getFactoryConfiguration(PREFIX + kind, name, "?");
        made.update(properties);
        return made;
    }

    /** Waits a moment until what was configured is there and the transport knows it; returns why not, or null. */
    String outcome(Configuration configuration) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        String trouble = trouble(configuration);
        while (trouble == WAITING && System.nanoTime() - end < 0) {
            Thread.sleep(PAUSE_MILLIS);
            trouble = trouble(configuration);
        }
        return trouble;
    }

    private String trouble(Configuration configuration) {
        List<Problem> problems = problems(configuration);
        if (!problems.isEmpty()) {
            return problems.getFirst().reason();
        }
        for (ComponentConfigurationDTO dto : configurations(configuration)) {
            if (dto.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                return firstCause(dto.failure);
            }
        }
        return isKnown(configuration) ? null : WAITING;
    }

    private List<Problem> problems(Configuration configuration) {
        try {
            return context.getServiceReferences(Problem.class, "(service.pid=" + configuration.getPid() + ")").stream()
                    .map(context::getService).filter(Objects::nonNull).toList();
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A configuration that names neither a bus nor a device is as good as its component. */
    private boolean isKnown(Configuration configuration) {
        Map<String, Object> properties = properties(configuration);
        Object bus = properties.get("bus.name");
        Object device = properties.get("device.name");
        if (bus != null) {
            return platform.busNames(null).contains(bus.toString());
        }
        return device != null ? platform.deviceNames().contains(device.toString())
                : configurations(configuration).stream().anyMatch(dto -> dto.state >= ComponentConfigurationDTO.SATISFIED);
    }

    private Collection<ComponentConfigurationDTO> configurations(Configuration configuration) {
        return descriptions().flatMap(d -> components.getComponentConfigurationDTOs(d).stream())
                .filter(dto -> isOf(dto.properties.get("service.pid"), configuration.getPid())).toList();
    }

    private static boolean isOf(Object pid, String wanted) {
        return pid instanceof Collection<?> many ? many.contains(wanted) : wanted.equals(pid);
    }

    /** The message in a stack trace that a person can act on: the innermost cause's. */
    private static String firstCause(String trace) {
        String last = "unknown";
        for (String line : trace == null ? new String[0] : trace.split("\n")) {
            if (!line.startsWith("\t") && !line.isBlank()) {
                last = line.replaceFirst("^Caused by: ", "").replaceFirst("^[a-zA-Z.]+(Exception|Error): ", "");
            }
        }
        return last.strip();
    }
}
