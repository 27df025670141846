// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** All commands of this scope that are there now. */
@Component(service = Commands.class)
public final class Commands {

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(&(osgi.command.scope=vireo)(osgi.command.function=*))")
    private final List<Function> functions = new CopyOnWriteArrayList<>();

    /** Looked up at use, because the commands that need it are among those that it is made of. */
    static Commands current() {
        BundleContext context = FrameworkUtil.getBundle(Commands.class).getBundleContext();
        ServiceReference<Commands> reference = context == null ? null : context.getServiceReference(Commands.class);
        Commands commands = reference == null ? null : context.getService(reference);
        if (commands == null) {
            throw new IllegalStateException("the shell is stopping");
        }
        return commands;
    }

    List<ShellCommand> all() {
        return functions.stream().filter(ShellCommand.class::isInstance).map(ShellCommand.class::cast)
                .sorted(Comparator.comparing(ShellCommand::name)).toList();
    }

    ShellCommand named(String name) {
        return Platform.pick("command", name.replaceFirst("^vireo:", ""), all(), ShellCommand::name, "");
    }
}
