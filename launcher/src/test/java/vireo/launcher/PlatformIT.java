// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.LoggerFactory;

/** A whole platform, on the framework that the build says. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PlatformIT {

    @TempDir
    private Path state;

    @TempDir
    private Path config;

    private static List<String> pids(Platform platform) throws Exception {
        Configuration[] found = platform.service(ConfigurationAdmin.class, Bed.LIMIT).listConfigurations(null);
        return found == null ? List.of() : Arrays.stream(found).map(Configuration::getPid).sorted().toList();
    }

    private static Bundle named(Platform platform, String name) {
        return Arrays.stream(platform.context().getBundles()).filter(one -> name.equals(one.getSymbolicName()))
                .findFirst().orElse(null);
    }

    @Test
    void shouldSayWhatIsWrongAndLeaveNothingWhenItCannotStart() throws Exception {
        Files.writeString(config.resolve("bad.json"), "{\n \"p\": {,} }");
        LaunchException bad = assertThrows(LaunchException.class,
                () -> Platform.start(Bed.settings(state).withConfig(config)).close());
        assertTrue(bad.getMessage().contains("bad.json:2:"), bad.getMessage());
        LaunchException none = assertThrows(LaunchException.class,
                () -> Platform.start(Bed.settings(state).withConfig(config.resolve("none"))).close());
        assertEquals(ExitStatus.NO_INPUT, none.status());
        LaunchException late = assertThrows(LaunchException.class, () -> Platform.start(Bed.settings(state),
                platform -> {
                    throw new LaunchException(ExitStatus.TEMPORARY, "refused");
                }).close());
        assertEquals("refused", late.getMessage());
        Platform.start(Bed.settings(state)).close();
    }

    @Test
    void shouldRefuseAStateDirectoryThatIsInUse() throws Exception {
        try (Platform platform = Platform.start(Bed.settings(state))) {
            LaunchException e = assertThrows(LaunchException.class, () -> Platform.start(platform.settings()).close());
            assertTrue(e.getMessage().startsWith("state directory " + state + " is in use by process "), e.getMessage());
        }
    }

    @Test
    void shouldRunEveryBundleOfEveryFeature() throws Exception {
        List<String> features = new ArrayList<>(PlatformSettings.DEFAULT_FEATURES);
        features.add("embedded");
        try (Platform platform = Platform.start(Bed.settings(state).withFeatures(features))) {
            assertEquals(List.of(), platform.problems());
            for (Bundle bundle : platform.bundles()) {
                assertEquals(Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
            }
            Bed.Outcome help = Bed.run(platform, "help");
            assertEquals(0, help.status(), help.err());
            assertTrue(help.out().contains("vireo:slots"), help.out());
            Bed.Outcome unknown = Bed.run(platform, "nosuch");
            assertEquals(ExitStatus.USAGE, unknown.status());
            assertEquals("vireo: no command 'nosuch'; 'help' lists the commands\n", unknown.err());
            assertEquals(1, Bed.run(platform, "lb | grep nothing-like-this").status());
        }
    }

    @Test
    void shouldFollowConfigurationFilesAcrossRestarts() throws Exception {
        PlatformSettings settings = Bed.settings(state).withConfig(config).withFeatures(List.of());
        Path json = Files.writeString(config.resolve("one.json"), "{ \"test.a\": { \"k\": 1 }, \"test.f~n\": { } }");
        Path cfg = Files.writeString(config.resolve("test.g-m.cfg"), "k = v\n");
        try (Platform platform = Platform.start(settings)) {
            assertEquals(3, pids(platform).size(), pids(platform).toString());
            assertTrue(pids(platform).containsAll(List.of("test.a", "test.f~n")));
            Files.writeString(json, "{ \"test.b\": { } }");
            Files.delete(cfg);
            Bed.await("changed files are followed", () -> pids(platform).equals(List.of("test.b")));
            platform.service(ConfigurationAdmin.class, Bed.LIMIT).getConfiguration("by.hand", "?")
                    .update(new Hashtable<>());
            Files.writeString(state.resolve("deploy").resolve("test.c.cfg"), "k = v\n");
            Bed.await("the state directory's deploy folder is watched", () -> pids(platform).contains("test.c"));
        }
        Files.delete(json);
        Files.delete(state.resolve("deploy").resolve("test.c.cfg"));
        try (Platform platform = Platform.start(settings)) {
            assertEquals(List.of("by.hand"), pids(platform));
        }
    }

    /** Collects what is logged from now on. */
    private static List<ILoggingEvent> log() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.list = new CopyOnWriteArrayList<>();
        appender.start();
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return appender.list;
    }

    private static boolean hasError(List<ILoggingEvent> log, String part) {
        return log.stream().anyMatch(
                event -> event.getLevel() == Level.ERROR && event.getFormattedMessage().contains(part));
    }

    @Test
    void shouldLogWhyAComponentDoesNotStartAndForgetItWhenTheFileWasCorrectedMeanwhile() throws Exception {
        Path file = Files.writeString(config.resolve("vireo.device.block-d.cfg"),
                "device.name = d\npath = /no/such.img\n");
        List<ILoggingEvent> first = log();
        try (Platform platform = Platform.start(Bed.settings(state).withConfig(config))) {
            assertEquals(List.of(), platform.problems());
            Bed.await("the error is logged", () -> hasError(first, "/no/such.img"));
        }
        Files.writeString(file, "device.name = d\npath = " + state.resolve("d.img") + "\ncreate.size = 1MiB\n");
        List<ILoggingEvent> second = log();
        try (Platform platform = Platform.start(Bed.settings(state).withConfig(config))) {
            Bed.await("the device is there", () -> platform.context().getAllServiceReferences(
                    "vireo.device.VirtioDevice", "(device.name=d)") != null);
            assertFalse(hasError(second, "/no/such.img"));
        }
    }

    @Test
    void shouldFollowBundlesInDeployFolder() throws Exception {
        Path jar = Files.createDirectories(config.resolve("deploy")).resolve("extra.jar");
        Bed.bundle(jar, "test.extra", "1.0.0", null);
        try (Platform platform = Platform.start(Bed.settings(state).withConfig(config).withFeatures(List.of()))) {
            assertEquals(Bundle.ACTIVE, named(platform, "test.extra").getState());
            Bed.bundle(jar, "test.extra", "1.1.0", null);
            Bed.await("a changed jar is updated",
                    () -> named(platform, "test.extra").getVersion().equals(Version.parseVersion("1.1.0")));
            Files.delete(jar);
            Bed.await("a deleted jar is uninstalled", () -> named(platform, "test.extra") == null);
        }
    }

    @Test
    void shouldNoticeChangedJarsAndFeaturesWhenStartedAgain() throws Exception {
        Path home = config.resolve("home");
        copy(Bed.home(), home);
        Bed.bundle(home.resolve("bundles/test.one-1.jar"), "test.one", "1.0.0", null);
        Bed.bundle(home.resolve("bundles/test.two-1.jar"), "test.two", "1.0.0", "no.such.package");
        Path feature = home.resolve("features/mine.json");
        Files.writeString(feature, "{ \"id\": \"g:mine:1\", \"bundles\": [ { \"id\": \"g:test.one:1\" }, "
                + "{ \"id\": \"g:test.two:1\" } ] }");
        PlatformSettings settings = new PlatformSettings(home, state, Bed.settings(state).framework(), List.of("mine"),
                null, List.of(), Map.of());
        try (Platform platform = Platform.start(settings)) {
            assertEquals(Bundle.ACTIVE, named(platform, "test.one").getState());
            assertEquals(1, platform.problems().size());
            assertTrue(platform.problems().getFirst().contains("test.two")
                    && platform.problems().getFirst().contains("no.such.package"), platform.problems().getFirst());
        }
        Bed.bundle(home.resolve("bundles/test.one-1.jar"), "test.one", "1.5.0", null);
        Files.writeString(feature, "{ \"id\": \"g:mine:1\", \"bundles\": [ { \"id\": \"g:test.one:1\" } ] }");
        try (Platform platform = Platform.start(settings)) {
            assertEquals("1.5.0", named(platform, "test.one").getVersion().toString());
            assertEquals(Bundle.ACTIVE, named(platform, "test.one").getState());
            assertEquals(null, named(platform, "test.two"));
        }
        Files.delete(home.resolve("bundles/test.one-1.jar"));
        LaunchException missing = assertThrows(LaunchException.class, () -> Platform.start(settings).close());
        assertTrue(missing.getMessage().contains("test.one-1.jar is missing"), missing.getMessage());
    }

    @Test
    void shouldStartWhenTheBundleCacheIsDamaged() throws Exception {
        PlatformSettings settings = Bed.settings(state).withFeatures(List.of());
        Platform.start(settings).close();
        Path cache = state.resolve("cache-" + settings.framework().label());
        try (Stream<Path> files = Files.walk(cache, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        }
        try (Platform platform = Platform.start(settings)) {
            assertEquals(List.of(), platform.problems());
            assertFalse(platform.bundles().isEmpty());
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
