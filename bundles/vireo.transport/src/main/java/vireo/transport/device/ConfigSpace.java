// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The configuration space of a slot: the bytes that the driver sees, the generation count, and what of it the driver
 * has not been told yet. Bytes and count change as one step (rule VMSG-CFG-02). Thread-safe; the lock is held for the
 * copy of some bytes and for nothing else.
 *
 * <p>Beside the bytes that the driver sees stand those that the device would show if its driver had written none, so
 * that a reset undoes what the driver wrote and a successor is compared with its predecessor and not with the driver.
 */
final class ConfigSpace {
    private byte[] seen;
    private byte[] own;
    private int generation = ThreadLocalRandom.current().nextInt();
    /** The changed bytes that the driver has not been told of; none if empty. */
    private int from = Integer.MAX_VALUE;
    private int to;
    /** True if the driver is to be told that everything may have changed. */
    private boolean all;
    private boolean told = true;
    /** Counts what there is to tell, so that a response can say what has to be told before it. */
    private long changes;
    private long changesTold;

    /** What an EVENT_CONFIG says of the space. */
    record News(int generation, int offset, byte[] data, long change) {
    }

    ConfigSpace(byte[] first) {
        seen = first.clone();
        own = first.clone();
    }

    synchronized int size() {
        return seen.length;
    }

    synchronized int generation() {
        return generation;
    }

    synchronized byte[] bytes() {
        return seen.clone();
    }

    /** Reads for GET_CONFIG; gives the count that belongs to the bytes. */
    synchronized int read(int offset, byte[] target, int length) {
        System.arraycopy(seen, offset, target, 0, length);
        return generation;
    }

    /** A change that the device makes by itself. */
    synchronized void update(int offset, byte[] bytes) {
        Objects.checkFromIndexSize(offset, bytes.length, seen.length);
        System.arraycopy(bytes, 0, own, offset, bytes.length);
        change(offset, bytes);
    }

    private void change(int offset, byte[] bytes) {
        if (bytes.length > 0) {
            System.arraycopy(bytes, 0, seen, offset, bytes.length);
            generation++;
            from = Math.min(from, offset);
            to = Math.max(to, offset + bytes.length);
            news();
        }
    }

    /** A write of the driver that the device accepted; the count stays, for the driver knows what it wrote. */
    synchronized void write(int offset, byte[] bytes) {
        System.arraycopy(bytes, 0, seen, offset, bytes.length);
    }

    /** What a driver's write made the device change besides. */
    synchronized void follow(int offset, byte[] bytes) {
        change(offset, bytes);
    }

    /**
     * Goes on with the configuration of a successor. What the driver wrote stays where both devices say the same.
     *
     * @return true if the driver sees a difference
     */
    synchronized boolean succeed(byte[] successor) {
        if (Arrays.equals(own, successor)) {
            return false;
        }
        byte[] before = seen.clone();
        for (int i = 0; i < seen.length; i++) {
            if (own[i] != successor[i]) {
                seen[i] = successor[i];
            }
        }
        own = successor.clone();
        if (Arrays.equals(before, seen)) {
            return false;
        }
        generation++;
        all = true;
        news();
        return true;
    }

    /** Undoes what the driver wrote, as a reset does; the count does not go back (rule VMSG-CFG-10). */
    synchronized void reset() {
        if (!Arrays.equals(seen, own)) {
            seen = own.clone();
            generation++;
        }
        quiet();
        changesTold = changes;
    }

    /** There is something to tell that is not in the bytes: the status changed, or a response overtook the news. */
    synchronized void announce(boolean reread) {
        all |= reread;
        news();
    }

    private void news() {
        told = false;
        changes++;
    }

    private void quiet() {
        told = true;
        all = false;
        from = Integer.MAX_VALUE;
        to = 0;
    }

    synchronized boolean pending() {
        return !told;
    }

    synchronized long changes() {
        return changes;
    }

    /** The newest change that the driver was told of. */
    synchronized long changesTold() {
        return changesTold;
    }

    /**
     * Takes what there is to tell.
     *
     * @param room how many bytes of data fit; where they do not, none go (rule VMSG-CFG-06)
     * @return the news, or null if there are none
     */
    synchronized News take(int room) {
        if (told) {
            return null;
        }
        boolean data = !all && from < to && to - from <= room;
        News news = new News(generation, data ? from : 0, data ? Arrays.copyOfRange(seen, from, to) : new byte[0],
                changes);
        quiet();
        return news;
    }

    /** Puts news back that could not be sent. */
    synchronized void untake(News news) {
        if (news.data().length > 0) {
            from = Math.min(from, news.offset());
            to = Math.max(to, news.offset() + news.data().length);
        } else {
            all = true;
        }
        told = false;
    }

    /** News were sent. */
    synchronized void told(News news) {
        changesTold = Math.max(changesTold, news.change());
    }
}
