package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.feedback.AgentUsage;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.model.StoreSalt;
import dev.repartee.serving.predict.RequestException;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code GET /v1/usage}: what the token's agent did with suggestions, as a report counted it;
 * nobody is shown another's. Thread-safe.
 */
final class UsageApi {

  private static final Logger log = LoggerFactory.getLogger(UsageApi.class);

  /** Reports are made once a day or so; each reading costs as much as there are agents. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ObjectStore store;
  private final Optional<StoreSalt> agents;
  private Optional<Map<String, AgentUsage>> known = Optional.empty(); // empty: not readable
  private long nextReading = System.nanoTime();

  /**
   * Reads what {@code report --for-agents} stored.
   *
   * @param agents hashes their ids; empty where feedback names no agents
   */
  UsageApi(ObjectStore store, Optional<StoreSalt> agents) {
    this.store = requireNonNull(store, "store is null");
    this.agents = requireNonNull(agents, "agents is null");
  }

  void answer(Context ctx) {
    String agent =
        Access.agent(ctx, Optional.empty())
            .orElseThrow(
                () ->
                    new RequestException.Forbidden(
                        "Authorization", "must be a token that names its agent"));
    Optional<AgentUsage> own =
        agents.map(salt -> salt.pseudonym(agent).orElseThrow(UsageApi::unavailable)).map(this::of);
    JsonBody.write(
        ctx,
        new UsageResponse(
            own.map(usage -> usage.from().toString()),
            own.map(usage -> usage.until().toString()),
            own.map(AgentUsage::figures)));
  }

  private AgentUsage of(String hash) {
    return now().get(hash); // null where nothing was counted
  }

  /** One request reads for all, and while the store does not answer all are refused. */
  private synchronized Map<String, AgentUsage> now() {
    if (System.nanoTime() - nextReading >= 0) {
      try {
        known = Optional.of(AgentUsage.read(store));
        nextReading = System.nanoTime() + FRESH.toNanos();
      } catch (StoreException | JacksonException e) {
        log.warn("agents cannot be shown their usage: {}", e.getMessage());
        known = Optional.empty();
        nextReading = System.nanoTime() + RETRY.toNanos();
      }
    }
    return known.orElseThrow(UsageApi::unavailable);
  }

  private static RequestException unavailable() {
    return new RequestException.Unavailable("the store of feedback does not answer", RETRY);
  }

  /**
   * The answer; all null where nothing was counted.
   *
   * @param from the first day that was counted, in UTC
   * @param until the last
   * @param figures as {@code repartee report} prints them
   */
  record UsageResponse(Optional<String> from, Optional<String> until, Optional<JsonNode> figures) {}
}
