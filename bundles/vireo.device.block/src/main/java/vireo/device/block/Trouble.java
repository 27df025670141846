// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.observe.Problem;

/** What keeps a device from starting: one line in the log for each trouble, and a service that shows it until it is over. */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(BlockComponent.class);

    private final BundleContext bundle;
    private final String subject;
    private final Hashtable<String, Object> properties = new Hashtable<>();
    private String last = "";
    private ServiceRegistration<Problem> shown;

    Trouble(BundleContext bundle, String subject, Object pid) {
        this.bundle = bundle;
        this.subject = subject;
        if (pid != null) {
            properties.put(Constants.SERVICE_PID, pid);
        }
    }

    void say(String reason) {
        if (!reason.equals(last)) {
            over();
            last = reason;
            LOG.error("{} is not started: {}", subject, reason);
            shown = bundle.registerService(Problem.class, new Problem(subject, reason), properties);
        }
    }

    void over() {
        ServiceRegistration<Problem> made = shown;
        shown = null;
        last = "";
        try {
            if (made != null) {
                made.unregister();
            }
        } catch (IllegalStateException alreadyGone) {
            // The framework unregisters what a stopped bundle left.
            last = "";
        }
    }
}
