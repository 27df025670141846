// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import vireo.bus.BusInfo;
import vireo.bus.MessageBus;
import vireo.bus.QueueSignal;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;
import vireo.transport.SlotView;
import vireo.transport.core.Await;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Messages;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;
import vireo.virtqueue.mock.MockDriver;

/** A device side on one bus, and a driver at the other end that speaks in bytes. */
final class DeviceRig implements AutoCloseable {
    static final int VERSION_1 = 1;
    static final int RING_RESET = 1 << 8;
    static final int ACK = 1;
    static final int DRIVER = 3;
    static final int FEATURES_OK = 11;
    static final int DRIVER_OK = 15;
    static final int NEEDS_RESET = 64;
    private static final long ANSWER_SECONDS = 20;

    final MockDriver driver = new MockDriver(16, FeatureSet.NONE, 1 << 20);
    final Timers timers = new Timers();
    final List<CounterSet> counters = new CopyOnWriteArrayList<>();
    final DeviceSide side = new DeviceSide(Settings.of(10_000, 60_000, 2, 50), timers, this::register, null);
    final FakeBus wire;
    final MessageBus bus;
    /** Transport events, in the order they came. */
    final LinkedBlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<byte[]> deviceEvents = new LinkedBlockingQueue<>();
    private final Map<Integer, LinkedBlockingQueue<byte[]>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger tokens = new AtomicInteger(1);
    private final AtomicInteger services = new AtomicInteger(1);
    private final Map<VirtioDevice, Map<String, Object>> devices = new ConcurrentHashMap<>();
    private Map<String, Object> busProperties;

    DeviceRig() throws Exception {
        this(BusInfo.inBand("b", BusInfo.Role.DEVICE, WireProfile.RFC3, 264));
    }

    DeviceRig(BusInfo info) throws Exception {
        this(info, null);
    }

    /** Where kicks are out of band they come by the given signal, unless it is null. */
    DeviceRig(BusInfo info, QueueSignal kick) throws Exception {
        wire = new FakeBus(info, 4096);
        bus = new BusOver(wire, driver.guest(), kick);
        wire.peer(this::take);
        offerBus();
        wire.connect(1, false);
        settle();
    }

    private Runnable register(CounterSet set) {
        counters.add(set);
        return () -> counters.remove(set);
    }

    private void take(byte[] message) {
        if ((Messages.type(message) & Header.RESPONSE) != 0) {
            answers.computeIfAbsent(Messages.token(message), token -> new LinkedBlockingQueue<>()).add(message);
        } else {
            ((Messages.type(message) & Header.BUS) != 0 ? deviceEvents : events).add(message);
        }
    }

    void offerBus() throws Exception {
        busProperties = Map.of("service.id", (long) services.getAndIncrement(), MessageBus.NAME, bus.info().name(),
                MessageBus.ROLE, MessageBus.ROLE_DEVICE);
        side.busCame(busProperties, bus);
        Await.until(() -> wire.listener() != null);
    }

    void withdrawBus() {
        side.busGone(busProperties, bus);
    }

    /** Plugs a device in under a name; more properties may be given as key, value. */
    FakeDevice plug(String name, FakeDevice device, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.id", (long) services.getAndIncrement());
        properties.put(VirtioDevice.NAME, name);
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        devices.put(device, properties);
        side.deviceCame(properties, device);
        return device;
    }

    void unplug(FakeDevice device, boolean graceful) {
        side.deviceGone(devices.remove(device), graceful);
    }

    SlotView slot(int number) {
        return side.slots().stream().filter(view -> view.number() == number).findFirst().orElse(null);
    }

    void awaitSlot(int number) throws Exception {
        Await.until(() -> slot(number) != null);
    }

    long count(int number, String what) {
        return slot(number).counters().get("vireo_slot_" + what + "_total");
    }

    void awaitCount(int number, String what, long least) throws Exception {
        Await.until(() -> count(number, what) >= least);
    }

    /** Sends a request and gives its token. */
    int send(int type, int id, int device, int... words) {
        int token = tokens.getAndUpdate(now -> now == 0x7fff ? 1 : now + 1);
        wire.deliver(Messages.message(type, id, device, token, words));
        return token;
    }

    byte[] answer(int token) throws Exception {
        LinkedBlockingQueue<byte[]> queue = answers.computeIfAbsent(token, one -> new LinkedBlockingQueue<>());
        byte[] answer = queue.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer to token " + token);
        }
        return answer;
    }

    boolean answered(int token) {
        return answers.containsKey(token);
    }

    byte[] ask(int id, int device, int... words) throws Exception {
        return answer(send(0, id, device, words));
    }

    /** Writes a status and gives the one that came back. */
    int status(int device, int status) throws Exception {
        return Messages.word(ask(MessageIds.SET_DEVICE_STATUS, device, status), 8);
    }

    int status(int device) throws Exception {
        return Messages.word(ask(MessageIds.GET_DEVICE_STATUS, device), 8);
    }

    void features(int device, int block0, int block1) throws Exception {
        ask(MessageIds.SET_DRIVER_FEATURES, device, 0, 2, block0, block1);
    }

    byte[] setQueue(int device, int queue, int size, long descriptors, long avail, long used) throws Exception {
        return ask(MessageIds.SET_VQUEUE, device, queue, 0, size, 0, (int) descriptors, (int) (descriptors >>> 32),
                (int) avail, (int) (avail >>> 32), (int) used, (int) (used >>> 32));
    }

    /** Sets queue 0 up with the mock driver's ring. */
    void setQueue(int device) throws Exception {
        setQueue(device, 0, 16, driver.descriptorsAddress(), driver.driverAddress(), driver.deviceAddress());
    }

    int queueSize(int device, int queue) throws Exception {
        return Messages.word(ask(MessageIds.GET_VQUEUE, device, queue), 16);
    }

    void negotiate(int device) throws Exception {
        status(device, 0);
        status(device, ACK);
        status(device, DRIVER);
        features(device, 0, VERSION_1 | RING_RESET);
        status(device, FEATURES_OK);
    }

    /** From reset to DRIVER_OK with queue 0. */
    void start(int device) throws Exception {
        negotiate(device);
        setQueue(device);
        if (status(device, DRIVER_OK) != DRIVER_OK) {
            throw new AssertionError("the device did not start");
        }
    }

    /** Makes a chain of one writable element available and notifies. */
    int submit(int device) {
        return submit(device, driver.allocate(16));
    }

    int submit(int device, long buffer) {
        int head = driver.writable(buffer, 16).submit();
        kick(device);
        return head;
    }

    void kick(int device) {
        wire.deliver(Messages.message(0, MessageIds.EVENT_AVAIL, device, 0, 0, 0));
    }

    void awaitUsed() throws Exception {
        Await.until(driver::poll);
    }

    /** The next event with an id; others before it are skipped. */
    byte[] event(int id) throws Exception {
        while (true) {
            byte[] event = events.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event " + id);
            }
            if (Messages.id(event) == id) {
                return event;
            }
        }
    }

    /** The next EVENT_DEVICE, as number and state. */
    List<Integer> deviceEvent() throws Exception {
        byte[] event = deviceEvents.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event of a device");
        }
        return List.of(Messages.word(event, 8) & 0xffff, Messages.word(event, 8) >>> 16);
    }

    void settle() throws Exception {
        wire.settle();
    }

    @Override
    public void close() {
        side.close();
        timers.close();
        wire.close();
        driver.close();
    }
}
