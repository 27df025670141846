// SPDX-License-Identifier: Apache-2.0
package vireo.os;

/**
 * Whether the kernel can be called here. Linux on x86-64 and aarch64 is supported. Elsewhere every type of this package
 * loads all the same; only calls that would reach the kernel throw {@link UnsupportedOperationException}.
 */
public final class Linux {

    private Linux() {
    }

    /**
     * Tells whether the other types of this package work here.
     *
     * @return true on a supported platform where the JVM permits native access
     */
    public static boolean supported() {
        return Kernel.UNSUPPORTED == null;
    }

    /**
     * Does nothing where the kernel can be called.
     *
     * @throws UnsupportedOperationException elsewhere, with one line that says why and what would help
     */
    public static void require() {
        if (Kernel.UNSUPPORTED != null) {
            throw new UnsupportedOperationException(Kernel.UNSUPPORTED);
        }
    }

    /**
     * Returns the user this process acts as, to be compared with {@link UnixSocket#peerUser()}.
     *
     * @return the effective user id
     * @throws UnsupportedOperationException where the platform is not supported
     */
    public static int userId() {
        require();
        return (int) Frame.direct(SystemCall.GETEUID, 0, 0, 0, 0);
    }
}
