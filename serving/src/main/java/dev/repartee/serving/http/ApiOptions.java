package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.CorsPolicy;
import java.time.Duration;

/**
 * How the API is reached.
 *
 * @param address where to listen; port 0 picks a free one
 * @param grace how long closing waits for requests in flight
 * @param access who may ask
 * @param cors which other origins' pages may ask
 */
public record ApiOptions(Address address, Duration grace, Access access, CorsPolicy cors) {

  public ApiOptions {
    requireNonNull(address, "address is null");
    requireNonNull(grace, "grace is null");
    requireNonNull(access, "access is null");
    requireNonNull(cors, "cors is null");
  }
}
