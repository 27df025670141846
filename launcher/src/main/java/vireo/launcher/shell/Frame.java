// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;

/** Frames of the shell socket: one byte kind, four bytes length, content. */
final class Frame {

    /** Content: standard output. */
    static final int OUT = 1;

    /** Content: standard error. */
    static final int ERR = 2;

    /** Content: four bytes exit status; the last frame. */
    static final int EXIT = 3;

    /** No frame is longer. */
    static final int MAX = 1 << 16;

    private Frame() {
    }

    static void write(DataOutputStream stream, int kind, byte[] bytes, int offset, int length) throws IOException {
        synchronized (stream) {
            stream.writeByte(kind);
            stream.writeInt(length);
            stream.write(bytes, offset, length);
            stream.flush();
        }
    }

    static byte[] readContent(DataInputStream stream, int max) throws IOException {
        int length = stream.readInt();
        if (length < 0 || length > max) {
            throw new IOException("a frame of " + length + " bytes; at most " + max + " are allowed");
        }
        byte[] content = stream.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("the other side went away in the middle of a frame");
        }
        return content;
    }

    /** Turns what is written into frames of one kind. */
    static OutputStream stream(DataOutputStream target, int kind) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int done = 0; done < length; done += MAX) {
                    Frame.write(target, kind, bytes, offset + done, Math.min(MAX, length - done));
                }
            }
        };
    }
}
