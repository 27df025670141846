// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

import java.time.Duration;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;
import vireo.driver.RequestException;

/**
 * What the transport knows, and what a person may want it to do. One service per platform.
 *
 * <p>The lists are copies of one moment, sorted by bus name and number; taking them sends nothing. Methods that ask a
 * peer block and say so. Thread-safe.
 */
@ProviderType
public interface TransportAdmin {
    /**
     * Returns the buses that the transport is attached to, both roles.
     *
     * @return one entry per bus instance and role
     */
    List<BusView> buses();

    /**
     * Returns the slots of all device-role buses, vacant ones included.
     *
     * @return one entry per slot
     */
    List<SlotView> slots();

    /**
     * Returns the devices that are in no slot, with the reason.
     *
     * @return one entry per device
     */
    List<UnpluggedDevice> unplugged();

    /**
     * Returns the devices found on all driver-role buses.
     *
     * @return one entry per device
     */
    List<RemoteView> remotes();

    /**
     * Sends PING to the peer of a bus and waits for its answer (transport.md section 15.2). Where both halves of a bus
     * are on this platform, the driver-role half asks.
     *
     * @param bus name of the bus
     * @param timeout how long to wait, more than zero
     * @return how long the answer took, in nanoseconds
     * @throws RequestException if the peer could not be reached, did not answer or answered something else
     * @throws IllegalArgumentException if there is no such bus; the message names those there are
     */
    long ping(String bus, Duration timeout) throws RequestException;

    /**
     * Plugs a device into a slot, or moves it there; this choice outweighs the device's own target filter until
     * {@link #unplug} or until the device goes away.
     *
     * @param deviceName name of the device
     * @param bus name of a device-role bus
     * @param number device number, or −1 for the lowest free one
     * @throws IllegalArgumentException if there is no such device or bus, or the number is out of range
     * @throws IllegalStateException if the number is taken; the message says by what
     */
    void plug(String deviceName, String bus, int number);

    /**
     * Takes a device out of its slots, at once and without grace; it stays out until {@link #plug}.
     *
     * @param deviceName name of the device
     * @throws IllegalArgumentException if there is no such device
     */
    void unplug(String deviceName);

    /**
     * Asks the peer of a driver-role bus again which devices there are, and waits until the picture is up to date.
     *
     * @param bus name of the bus
     * @throws RequestException if the peer could not be reached, did not answer or answered nonsense
     * @throws IllegalArgumentException if there is no such bus; the message names those there are
     */
    void enumerate(String bus) throws RequestException;
}
