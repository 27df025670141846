// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.ConfigurationAdmin;
import vireo.api.block.BlockVolume;

// tag::code[]
/** A VMM that embeds Vireo's bundles in a framework of its own, gives them a disk and uses it from the driver side. */
final class EmbeddingExample {

    /** What the VMM's own class path provides to the bundles, so that both sides see the same types. */
    private static final String FROM_THE_VMM = String.join(",",
            "vireo.bus;version=1.0.0", "vireo.device;version=1.0.0", "vireo.driver;version=1.0.0",
            "vireo.memory;version=1.0.0", "vireo.observe;version=1.0.0", "vireo.slot;version=1.0.0",
            "vireo.api.block;version=1.0.0", "org.slf4j;version=2.0.17", "org.slf4j.event;version=2.0.17",
            "org.slf4j.spi;version=2.0.17", "org.slf4j.helpers;version=2.0.17", "org.osgi.service.cm;version=1.6.1");

    /** The bundles this VMM wants, by the start of their file names. */
    private static final List<String> WANTED = List.of("org.osgi.util.function", "org.osgi.util.promise",
            "org.osgi.service.component-", "org.apache.felix.scr-", "org.apache.felix.configadmin-", "vireo.os-",
            "vireo.codec-", "vireo.virtqueue-", "vireo.wire.block-", "vireo.transport-", "vireo.bus.local-",
            "vireo.device.block-", "vireo.driver.block-");

    private EmbeddingExample() {
    }

    /** Runs the VMM: folder of the bundles, folder for the framework's cache, disk image. Returns what it read back. */
    static String run(Path bundles, Path cache, Path image) throws Exception {
        Framework framework = start(bundles, cache);
        try {
            BundleContext context = framework.getBundleContext();
            configure(context, "vireo.bus.local", "main", Map.of("bus.name", "main"));
            configure(context, "vireo.device.block", "disk", Map.of("device.name", "disk", "path", image.toString()));
            return greet(await(context, BlockVolume.class));
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }

    private static Framework start(Path bundles, Path cache) throws BundleException, IOException {
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(Map.of(
                Constants.FRAMEWORK_STORAGE, cache.toString(),
                Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT,
                Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, FROM_THE_VMM));
        framework.start();
        List<Bundle> installed = new ArrayList<>();
        for (Path jar : jars(bundles)) {
            installed.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
        }
        for (Bundle bundle : installed) {
            bundle.start();
        }
        return framework;
    }

    private static List<Path> jars(Path bundles) throws IOException {
        Predicate<Path> wanted = jar -> WANTED.stream().anyMatch(name -> jar.getFileName().toString().startsWith(name));
        try (Stream<Path> files = Files.list(bundles)) {
            return files.filter(wanted).sorted().toList();
        }
    }

    private static void configure(BundleContext context, String pid, String name, Map<String, Object> properties)
            throws Exception {
        await(context, ConfigurationAdmin.class).getFactoryConfiguration(pid, name, "?")
                .update(new Hashtable<>(properties));
    }

    /** Services come when they are ready; a VMM that must not wait uses a ServiceTracker instead. */
    private static <T> T await(BundleContext context, Class<T> type) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            ServiceReference<T> reference = context.getServiceReference(type);
            if (reference != null) {
                return context.getService(reference);
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("no " + type.getName() + " within 10 s; the log says which bundle is in trouble");
    }

    private static String greet(BlockVolume volume) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sector = arena.allocate(BlockVolume.SECTOR);
            sector.setString(0, "hello from the VMM", StandardCharsets.UTF_8);
            volume.write(0, sector);
            volume.flush();
            sector.fill((byte) 0);
            volume.read(0, sector);
            return sector.getString(0, StandardCharsets.UTF_8);
        }
    }
}
// end::code[]
