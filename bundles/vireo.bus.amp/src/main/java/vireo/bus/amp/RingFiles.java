// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.nio.file.Path;
import vireo.bus.BusInfo;
import vireo.os.Descriptor;

/**
 * The two rings of a bus, wherever they lie, and this side's ownership of its end. Each side owns the ring it produces
 * into: an OFD lock on that ring's file says so. Where one file holds both rings, the lock is on an empty file beside
 * it, {@code AREA-driver.lock} or {@code AREA-device.lock}, which stays there. Thread-safe.
 */
final class RingFiles implements AutoCloseable {

    private final AmpSettings.Rings rings;
    private final boolean device;
    private final boolean create;
    private final String role;
    private Descriptor owner;
    private RingFile driver;
    private RingFile other;
    private boolean closed;

    RingFiles(AmpSettings settings) {
        this.rings = settings.rings();
        this.device = settings.role() == BusInfo.Role.DEVICE;
        this.create = settings.create();
        this.role = settings.roleKey();
    }

    /**
     * Opens what is not open and opens again what was replaced.
     *
     * @return true if the rings are in other memory than before, so that their ends are to be made anew
     * @throws NotYetException if the peer has still to make them
     * @throws IOException naming the file, what is wrong, and the remedy
     */
    synchronized boolean ensure() throws IOException {
        if (closed) {
            throw new IOException("the bus is closed");
        }
        if (driver != null && driver.isCurrent() && other.isCurrent()) {
            return false;
        }
        drop();
        try {
            if (rings.layout().oneArea()) {
                Path area = rings.driver();
                owner = RingFile.ownerOf(area.resolveSibling(area.getFileName() + "-" + role + ".lock"), role);
                driver = RingFile.open(area, rings, create, null);
                other = driver;
            } else {
                // The own end first: of two drivers the second is to fail before it touches anything.
                RingFile mine = RingFile.open(device ? rings.device() : rings.driver(), rings, create, role);
                driver = mine;
                other = mine;
                RingFile peers = RingFile.open(device ? rings.driver() : rings.device(), rings, create, null);
                driver = device ? peers : mine;
                other = device ? mine : peers;
            }
            return true;
        } catch (IOException | RuntimeException e) {
            drop();
            throw e;
        }
    }

    /** Makes the end of the ring into which this side produces. */
    synchronized SlotProducer producer() {
        return device ? SlotRing.producer(other.memory(), rings.layout().deviceOffset(), rings.slots())
                : SlotRing.producer(driver.memory(), rings.layout().driverOffset(), rings.slots());
    }

    /** Makes the end of the ring from which this side consumes. */
    synchronized SlotConsumer consumer() {
        return device ? SlotRing.consumer(driver.memory(), rings.layout().driverOffset(), rings.slots())
                : SlotRing.consumer(other.memory(), rings.layout().deviceOffset(), rings.slots());
    }

    private void drop() {
        if (driver != null) {
            driver.close();
            other.close();
        }
        if (owner != null) {
            owner.close();
        }
        driver = null;
        other = null;
        owner = null;
    }

    /** Gives the rings up until {@link #ensure()} opens them anew, because their memory failed. */
    synchronized void forget() {
        drop();
    }

    /** Unmaps the rings and gives the ownership up. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }
}
