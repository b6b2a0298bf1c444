package dev.repartee.serving;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.CorsPolicy;
import dev.repartee.serving.http.Address;
import java.time.Duration;
import java.util.Optional;

/**
 * How a service is reached.
 *
 * @param address where the API listens
 * @param admin where metrics and probes listen beside it, where they do
 * @param access who may ask
 * @param cors which other origins' pages may ask
 * @param drain how long a service that stops still takes connections, unready, so that whoever
 *     sends requests looks elsewhere first
 */
public record ServiceOptions(
    Address address, Optional<Address> admin, Access access, CorsPolicy cors, Duration drain) {

  public ServiceOptions {
    requireNonNull(address, "address is null");
    requireNonNull(admin, "admin is null");
    requireNonNull(access, "access is null");
    requireNonNull(cors, "cors is null");
    requireNonNull(drain, "drain is null");
  }

  /** Takes no connections once it stops. */
  public ServiceOptions(Address address, Optional<Address> admin, Access access, CorsPolicy cors) {
    this(address, admin, access, cors, Duration.ZERO);
  }

  /** For everybody who reaches {@code address}, without an admin port. */
  public static ServiceOptions open(Address address) {
    return new ServiceOptions(address, Optional.empty(), Access.open(), CorsPolicy.none());
  }
}
