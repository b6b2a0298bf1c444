package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;

/**
 * Where the service listens.
 *
 * @param host name or address of an interface of this machine
 * @param port 0 to 65535; 0 picks a free one
 */
public record Address(String host, int port) {

  public Address {
    requireNonNull(host, "host is null");
    if (host.isBlank()) {
      throw UserException.usage("--host must not be blank; try 127.0.0.1");
    }
    if (port < 0 || port > 65_535) {
      throw UserException.usage("--port must be between 0 and 65535 but is " + port);
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
