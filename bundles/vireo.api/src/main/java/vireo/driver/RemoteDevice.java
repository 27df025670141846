// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import org.osgi.annotation.versioning.ProviderType;
import vireo.device.FeatureSet;

/**
 * A device found on a driver-role bus, registered as a service by the transport: one method per transport message, plus
 * its queues and its memory.
 *
 * <p>Methods that ask the device block until the answer or the deadline (10 s unless configured) and are meant for
 * virtual threads and callers that may wait; any number of threads may ask at once. They throw {@link RequestException}
 * with the kind of trouble. One driver at a time should own a device: {@link #claim} sees to that.
 */
@ProviderType
public interface RemoteDevice {

    /** Service property: virtio device type, an Integer. */
    String DEVICE_ID = "device.id";

    /** Service property: name of the bus, a String. */
    String BUS_NAME = "bus.name";

    /** Service property: device number on the bus, an Integer. */
    String NUMBER = "device.number";

    /** Device status bit: the driver has found the device. */
    int ACKNOWLEDGE = 1;
    /** Device status bit: the driver knows how to drive the device. */
    int DRIVER = 2;
    /** Device status bit: the device is live. */
    int DRIVER_OK = 4;
    /** Device status bit: features are agreed on. */
    int FEATURES_OK = 8;
    /** Device status bit, set by the device: it met an error that needs a reset. */
    int NEEDS_RESET = 64;
    /** Device status bit: the driver has given up. */
    int FAILED = 128;

    /** Ends a driver's claim on a device. */
    interface Claim extends AutoCloseable {

        /** Resets the device if it can still be reached, frees its queues and lets others claim it. Idempotent. */
        @Override
        void close();
    }

    /**
     * Returns the name of the bus.
     *
     * @return the bus name
     */
    String busName();

    /**
     * Returns the device number.
     *
     * @return 0 to 65535
     */
    int number();

    /**
     * Returns what the device said of itself when it was found.
     *
     * @return the information
     */
    DeviceInfo info();

    /**
     * Makes the caller the device's driver.
     *
     * @param driver who drives it, for display
     * @param listener told of what the device does
     * @return the claim, closed by the driver when it is done
     * @throws IllegalStateException if somebody else drives it; the message says who
     */
    Claim claim(String driver, RemoteDeviceListener listener);

    /**
     * Asks for the device's features, all blocks (GET_DEVICE_FEATURES).
     *
     * @return the features on offer
     * @throws RequestException if the request failed
     */
    FeatureSet features() throws RequestException;

    /**
     * Walks the status from reset to FEATURES_OK (virtqueues.md section 1.1, steps 1 to 6).
     *
     * @param wanted features the driver can use; ring bits that the queues can use are added to them
     * @return what was agreed on
     * @throws RequestException if a request failed, or the device did not agree
     */
    FeatureSet negotiate(FeatureSet wanted) throws RequestException;

    /**
     * Reads configuration bytes that belong to one generation, however many messages that takes (GET_CONFIG).
     *
     * @param offset byte offset in the configuration space
     * @param length number of bytes
     * @return the bytes and their generation
     * @throws RequestException if a request failed, the range is not in the space, or it never stood still
     */
    ConfigSnapshot readConfig(int offset, int length) throws RequestException;

    /**
     * Writes configuration bytes; a write that is rejected because of a newer generation is tried again a few times
     * (SET_CONFIG, rules VMSG-CFG-12 and 13).
     *
     * @param offset byte offset in the configuration space
     * @param data the bytes; they must fit one message
     * @return the bytes that are there now, and the generation
     * @throws RequestException if a request failed or the device rejected the write
     */
    ConfigSnapshot writeConfig(int offset, byte[] data) throws RequestException;

    /**
     * Asks for the device status (GET_DEVICE_STATUS).
     *
     * @return the status bits
     * @throws RequestException if the request failed
     */
    int status() throws RequestException;

    /**
     * Sets the device status (SET_DEVICE_STATUS).
     *
     * @param status the status bits; 0 resets
     * @return the status the device has now
     * @throws RequestException if the request failed
     */
    int setStatus(int status) throws RequestException;

    /**
     * Asks for a queue (GET_VQUEUE).
     *
     * @param index queue index
     * @return what the device said
     * @throws RequestException if the request failed
     */
    QueueInfo queueInfo(int index) throws RequestException;

    /**
     * Sets a queue up: allocates its rings, sends SET_VQUEUE and verifies with GET_VQUEUE (rule VMSG-INI-05).
     *
     * @param index queue index
     * @param size wanted size, a power of two; reduced to what the device has
     * @param waker told when the queue may have used buffers, or null for a queue that is only polled
     * @return the queue, usable from {@link #ready()} until the device is reset or the claim is closed
     * @throws RequestException if a request failed or the device did not take the queue
     */
    DriverQueue openQueue(int index, int size, DriverQueue.Waker waker) throws RequestException;

    /**
     * Resets a queue and frees its rings (RESET_VQUEUE; rule VMSG-MSG-52: only with RING_RESET).
     *
     * @param index queue index
     * @throws RequestException if the request failed or RING_RESET was not agreed on
     */
    void resetQueue(int index) throws RequestException;

    /**
     * Sets DRIVER_OK: the device is live.
     *
     * @throws RequestException if the request failed, or the device needs a reset instead
     */
    void ready() throws RequestException;

    /**
     * Asks for a shared memory region (GET_SHM).
     *
     * @param id region id of the device type
     * @return its address and length as { address, length }; length 0 if there is none
     * @throws RequestException if the request failed
     */
    long[] sharedMemory(int id) throws RequestException;

    /**
     * Allocates driver memory on this device's bus.
     *
     * @param size bytes, at least 1
     * @param alignment a power of two
     * @return the buffer, zeroed
     * @throws RequestException if the bus's driver memory has no such piece left
     */
    DmaBuffer allocate(long size, long alignment) throws RequestException;
}
