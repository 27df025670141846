// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShellCommandTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CommandSession session = (CommandSession) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {CommandSession.class}, (proxy, method, arguments) -> switch (method.getName()) {
                case "getConsole" -> new PrintStream(printed, true);
                default -> null;
            });

    static Stream<ShellCommand> commands() {
        return Stream.of(new BusesCommand(), new SlotsCommand(), new DevicesCommand(), new RemotesCommand(),
                new FeaturesCommand(), new QueuesCommand(), new CountersCommand(), new VolumesCommand(), new PingCommand(),
                new EnumerateCommand(), new PlugCommand(), new UnplugCommand(), new DumpCommand(), new RestoreCommand(),
                new RandomCommand(), new ConfigsCommand(), new CreateCommand(), new RemoveCommand(), new HelpCommand());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldNameTheOptionAndTheHelpWhenAnOptionIsUnknown(ShellCommand command) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class,
                () -> command.execute(session, List.of("--no-such-option")));
        assertTrue(wrong.getMessage().endsWith("see 'vireo:" + command.name() + " --help'"), wrong.getMessage());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainItselfWhenAskedForHelp(ShellCommand command) throws Exception {
        command.execute(session, List.of("--help"));
        assertTrue(printed.toString().startsWith("Usage: " + command.name()), printed.toString());
    }

    @Test
    void shouldOfferJsonWithEveryCommandThatPrintsAList() {
        List<String> without = commands().filter(c -> c.describe().getCommandSpec().findOption("--json") == null)
                .map(ShellCommand::name).toList();
        assertEquals(Arrays.asList("enumerate", "plug", "unplug", "remove"), without);
    }
}
