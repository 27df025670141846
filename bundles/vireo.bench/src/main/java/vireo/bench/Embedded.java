// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;

/** The platform's bundles in a framework of this process, with the contracts shared, so that figures are taken without detours. */
final class Embedded implements AutoCloseable {

    private static final String SHARED = String.join(",", Stream.of("bus", "device", "driver", "memory", "observe", "slot",
            "api.block").map(name -> "vireo." + name + ";version=1.0.0").toList()) + ",org.slf4j;version=2.0.17,"
            + "org.slf4j.event;version=2.0.17,org.slf4j.spi;version=2.0.17,org.slf4j.helpers;version=2.0.17,"
            + "org.osgi.service.cm;version=1.6.1";

    private static final List<String> BASE = List.of("org.osgi.util.function", "org.osgi.util.promise",
            "org.osgi.service.component-", "org.apache.felix.scr-", "org.apache.felix.configadmin-", "vireo.os-",
            "vireo.codec-", "vireo.virtqueue-", "vireo.wire.block-", "vireo.transport-", "vireo.bus.amp-");

    private final Framework framework;
    private final BundleContext context;

    /** Starts the base and some bundles more, named by the start of their file names. */
    Embedded(Path home, Path cache, String... more) throws BundleException, IOException {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, cache.toString(), Constants.FRAMEWORK_STORAGE_CLEAN,
                Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT, Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED));
        framework.start();
        context = framework.getBundleContext();
        List<String> wanted = new ArrayList<>(BASE);
        wanted.addAll(List.of(more));
        List<Bundle> bundles = new ArrayList<>();
        try (Stream<Path> jars = Files.list(home.resolve("bundles"))) {
            for (Path jar : jars.filter(jar -> wanted.stream().anyMatch(jar.getFileName().toString()::startsWith)).toList()) {
                bundles.add(context.installBundle("reference:" + jar.toUri()));
            }
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    void configure(String pid, Map<String, Object> properties) throws IOException, InterruptedException {
        await(ConfigurationAdmin.class).getFactoryConfiguration(pid, "bench", "?").update(new Hashtable<>(properties));
    }

    <T> T await(Class<T> type) throws InterruptedException {
        for (int i = 0; i < 1500; i++) {
            ServiceReference<T> reference = context.getServiceReference(type);
            if (reference != null) {
                return context.getService(reference);
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("no " + type.getName() + " within 30 s");
    }

    <T> Collection<T> all(Class<T> type) {
        try {
            return context.getServiceReferences(type, null).stream().map(context::getService).toList();
        } catch (InvalidSyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
