package dev.repartee.serving.access;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Which addresses only this machine reaches. */
public final class Loopback {

  private Loopback() {}

  /** Whether every address of {@code host} is of this machine alone; false when it has none. */
  public static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
