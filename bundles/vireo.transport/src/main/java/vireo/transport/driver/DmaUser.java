// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

/**
 * One remote device as a user of driver memory: whether what its driver gives back may still be written by the device.
 *
 * <p>A driver vouches for its buffers only as long as its device obeys. Once the device did not acknowledge a reset, or
 * its bus broke, nobody knows what it still does, until it is reset after all or its process has been replaced.
 */
final class DmaUser {
    private final int number;
    private volatile boolean exposed;
    private volatile boolean hung;
    private volatile boolean dead;
    private volatile boolean cleared;

    DmaUser(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The device was told of a queue, and may write from now on. */
    void exposed() {
        exposed = true;
    }

    /** The device was to be reset and did not say that it was. */
    void hung() {
        hung = true;
    }

    /** The device was reset. */
    void reset() {
        exposed = false;
        hung = false;
    }

    /** The device object is of no more use; what the device itself does is not known. */
    void dead() {
        dead = true;
    }

    /** What a dead device object let the device see is out of its reach for good. */
    void cleared() {
        cleared = true;
    }

    boolean isDead() {
        return dead;
    }

    /** Tells whether memory that is given back now may be given to others. */
    boolean quiet() {
        return !exposed || cleared || !hung && !dead;
    }
}
