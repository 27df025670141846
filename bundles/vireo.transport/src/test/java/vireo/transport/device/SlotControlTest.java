// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.slot.SlotControl;
import vireo.slot.SlotState;
import vireo.transport.core.Await;

/** The hand on a slot that buses of other protocols use. */
@Timeout(30)
class SlotControlTest {
    private DeviceRig rig;
    private FakeDevice device;
    private SlotControl control;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
        control = rig.wire.listener().slot(1).orElseThrow();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static String failure(CompletionStage<?> stage) {
        Throwable cause = assertThrows(ExecutionException.class, () -> get(stage)).getCause();
        return assertInstanceOf(IllegalStateException.class, cause).getMessage();
    }

    @Test
    void shouldStopAndGoOnAtThatPosition() throws Exception {
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(1, get(control.stopQueue(0)));
        rig.submit(1);
        rig.awaitCount(1, "kicks_ignored", 1);
        assertEquals(1, get(control.stopQueue(0)));
        assertEquals(1, control.state().queues().getFirst().next());
        get(control.startQueue(0, 1));
        rig.awaitUsed();
        assertEquals(2, device.notes.stream().filter("chain"::equals).count());
    }

    @Test
    void shouldStartElsewhereThanAtZeroWhenAskedBeforeDriverOk() throws Exception {
        rig.negotiate(1);
        rig.driver.startAt(65530);
        rig.setQueue(1);
        CompletionStage<Void> started = control.startQueue(0, 65530);
        assertFalse(started.toCompletableFuture().isDone());
        rig.status(1, DeviceRig.DRIVER_OK);
        get(started);
        for (int i = 0; i < 10; i++) {
            rig.submit(1);
            rig.awaitUsed();
        }
        assertEquals(4, get(control.stopQueue(0)));
    }

    @Test
    void shouldWaitForChainsWhenStopped() throws Exception {
        device.keeps = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        CompletableFuture<Integer> stopped = control.stopQueue(0).toCompletableFuture();
        Await.until(() -> device.notes.contains("stopping 0"));
        assertFalse(stopped.isDone());
        device.kept.poll().complete(0);
        assertEquals(1, get(stopped));
    }

    @Test
    void shouldStayStoppedWhenDriverOkIsSet() throws Exception {
        rig.negotiate(1);
        rig.setQueue(1);
        assertEquals(0, get(control.stopQueue(0)));
        rig.status(1, DeviceRig.DRIVER_OK);
        assertFalse(device.notes.contains("started 0"));
        get(control.startQueue(0, 0));
        assertTrue(device.notes.contains("started 0"));
    }

    @Test
    void shouldFailWhenThereIsNothingToStart() throws Exception {
        assertEquals("queue 0 is not set up", failure(control.startQueue(0, 0)));
        assertTrue(failure(control.startQueue(2, 0)).contains("does not exist"));
        assertTrue(failure(control.stopQueue(-1)).contains("does not exist"));
        rig.start(1);
        assertTrue(failure(control.startQueue(0, 0)).contains("runs already"));
        get(control.stopQueue(0));
        assertTrue(failure(control.startQueue(0, 65536)).contains("cannot start at 65536"));
        assertThrows(UnsupportedOperationException.class,
                () -> control.setInflight(0, MemorySegment.ofArray(new byte[8])));
        control.setInflight(0, null);
    }

    @Test
    void shouldFailWhenQueueIsResetBeforeItStarts() throws Exception {
        rig.negotiate(1);
        rig.setQueue(1);
        CompletionStage<Void> started = control.startQueue(0, 5);
        rig.status(1, 0);
        assertEquals("queue 0 was reset before it started", failure(started));
    }

    @Test
    void shouldFailWhenSlotIsGone() throws Exception {
        rig.unplug(device, false);
        assertTrue(failure(control.stopQueue(0)).contains("is gone"));
        assertTrue(rig.wire.listener().slot(1).isEmpty());
    }

    @Test
    void shouldGiveAllTheDriverCanSeeAsStateThatSurvivesEncoding() throws Exception {
        device.keeps = true;
        rig.start(1);
        int head = rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        SlotState state = control.state();
        SlotState read = SlotState.decode(state.encode());
        assertEquals(15, read.status());
        assertEquals(FakeDevice.TYPE, read.deviceId());
        assertEquals(state.offered(), read.offered());
        assertEquals(state.selected(), read.selected());
        assertEquals(state.generation(), read.generation());
        assertEquals(state.queues(), read.queues());
        assertEquals(1, read.queues().get(0).next());
        assertEquals(0, read.queues().get(0).used());
        assertEquals(List.of(head), read.queues().get(0).inFlight());
        assertEquals(SlotState.Queue.UNSET, read.queues().get(1));
        device.kept.poll().complete(0);
    }
}
