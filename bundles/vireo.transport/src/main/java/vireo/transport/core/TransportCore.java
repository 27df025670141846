// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

/**
 * What both sides of the transport share while the bundle is active: its settings and its timer. Its component
 * registers it as a service that nobody outside the bundle can see; components of both sides reference it.
 */
public interface TransportCore {
    /**
     * Returns the settings.
     *
     * @return the settings; a change of them is a new core
     */
    Settings settings();

    /**
     * Returns the timer.
     *
     * @return the bundle's one timer, which its owner closes
     */
    Timers timers();
}
