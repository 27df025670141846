// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import picocli.CommandLine;

/** Says which Vireo this is. */
public final class Version implements CommandLine.IVersionProvider {

    @Override
    public String[] getVersion() {
        Bundle bundle = FrameworkUtil.getBundle(Version.class);
        return new String[] {"vireo " + (bundle == null ? "outside a framework" : bundle.getVersion())};
    }
}
