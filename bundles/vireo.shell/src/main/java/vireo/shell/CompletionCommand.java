// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.util.ArrayList;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Teaches an interactive session to complete this scope's commands. Without arguments it declares every command's options
 * to the session; with a command's name, the words of the line and the index of the word at the cursor it returns what may stand there, which is what
 * the declarations ask for.
 */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=_complete"})
public final class CompletionCommand implements Function {

    @Override
    public Object execute(CommandSession session, List<Object> arguments) throws Exception {
        if (arguments.isEmpty()) {
            for (ShellCommand command : Commands.current().all()) {
                declare(session, command);
            }
            return null;
        }
        List<?> words = (List<?>) arguments.get(1);
        int cursor = Integer.parseInt(arguments.get(2).toString());
        long options = words.subList(0, cursor).stream().filter(word -> word.toString().startsWith("-")).count();
        return new ArrayList<>(Commands.current().named(arguments.getFirst().toString()).call()
                .candidates((int) (cursor - 1 - options)));
    }

    private static void declare(CommandSession session, ShellCommand command) throws Exception {
        CommandLine line = command.describe();
        String name = "vireo:" + line.getCommandName();
        String complete = "complete -c " + name;
        session.execute(complete + " -d '" + quoted(line.getCommandSpec().usageMessage().description()[0]) + "'");
        for (OptionSpec option : line.getCommandSpec().options()) {
            session.execute(complete + " -l " + option.longestName().replaceFirst("^-+", "") + " -d '"
                    + quoted(String.join(" ", option.description())) + "'");
        }
        session.execute(complete + " -a '_complete " + line.getCommandName()
                + " ($.commandLine words) ($.commandLine wordIndex)'");
    }

    private static String quoted(String text) {
        return text.replace("'", "").replace("$", "");
    }
}
