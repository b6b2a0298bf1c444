package dev.repartee.serving.access;

import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Section;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/**
 * Lets in callers with an API key, with a token of an issuer, with either, or everybody. Notes the
 * caller's name for the log, and knows which agent a caller may name. Thread-safe.
 */
public final class Access implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Access.class);
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  /** Paths that everybody may get. */
  public static final Set<String> PROBES =
      Set.of("/health/live", "/health/startup", "/health/ready");

  /**
   * Pages and their files. A browser adds these headers only after it asked its user, so a refused
   * page makes it ask. Data that a script requests does not, or a dialog would open over the page.
   */
  private static final Pattern PAGE = Pattern.compile("/(docs|[A-Za-z0-9-]+(\\.[a-z]+)+)?");

  /**
   * Pages for frames of desks, and their files, which hold no secret. A browser gives no password
   * to a frame of another site, so such a page asks for the key or token that its requests need.
   */
  private static final Pattern FRAMED =
      Pattern.compile(
          "/(apps/[a-z]+|(app|connection|repartee-[a-z]+)\\.js|console\\.css|icon\\.svg)");

  private static final String CALLER = Caller.class.getName();
  private static final int MAX_AGENT_ID_LENGTH = 200;

  private final Optional<ApiKeys> keys;
  private final Optional<JwtVerifier> tokens;
  private final AgentRule agents;

  /** Lets in callers with a key or a token; everybody when there are neither. */
  public Access(Optional<ApiKeys> keys, Optional<JwtVerifier> tokens, AgentRule agents) {
    this.keys = keys;
    this.tokens = tokens;
    this.agents = agents;
  }

  /**
   * How a service knows who the agent of a request is.
   *
   * @param claim of a token, which names the agent
   * @param trusted whether callers that no claim names an agent for may name any
   */
  public record AgentRule(Optional<String> claim, boolean trusted) {

    /** No agent is known. */
    public static final AgentRule NONE = new AgentRule(Optional.empty(), false);

    /** Whether no request has an agent, whatever it says. */
    public boolean knowsNobody() {
      return claim.isEmpty() && !trusted;
    }
  }

  /** Who may ask, and how agents are known, as options of {@code serve}. */
  public static final class Options {

    private static final String KEYS_VARIABLE = "REPARTEE_API_KEYS_FILE";

    @Section("Who may ask")
    @Option(
        names = "--api-keys",
        paramLabel = "FILE",
        description = "Keys, a 'name: key' per line. Default: file $" + KEYS_VARIABLE + ".")
    private Optional<Path> apiKeys = Optional.empty();

    @Option(
        names = "--jwt-issuer",
        paramLabel = "URL",
        description = "Accept JSON Web Tokens (RS256, ES256) of this issuer.")
    private Optional<URI> jwtIssuer = Optional.empty();

    @Option(
        names = "--jwt-audience",
        paramLabel = "AUD",
        description = "The audience that tokens must have.")
    private Optional<String> jwtAudience = Optional.empty();

    @Option(
        names = "--agent-claim",
        paramLabel = "NAME",
        description = "Claim of a token with the agent's id, such as sub.")
    private Optional<String> agentClaim = Optional.empty();

    @Option(
        names = "--trust-agent-id",
        description = "Trust the agent_id that callers without such a claim send.")
    private boolean trustAgentId;

    @Option(names = "--insecure", description = "Accept all callers, also from other machines.")
    private boolean insecure;

    /**
     * Reads the keys.
     *
     * @param host where the service listens
     * @throws UserException (wrong usage) when an option needs another, the keys cannot be used, or
     *     everybody on the network may ask, without {@code --insecure}
     */
    public Access open(Map<String, String> environment, String host) {
      Access access = new Access(keys(environment), tokens(), agents());
      if (access.isOpen() && !isLoopback(host)) {
        if (!insecure) {
          throw UserException.usage(
              "--host %s may be reached from other machines, so callers need keys or tokens: add"
                      .formatted(host)
                  + " --api-keys FILE, or --jwt-issuer URL and --jwt-audience AUD; --insecure lets"
                  + " in everybody");
        }
        log.warn("--insecure: everybody who reaches {} may use this service", host);
      }
      return access;
    }

    private Optional<ApiKeys> keys(Map<String, String> environment) {
      return apiKeys
          .or(
              () ->
                  Optional.ofNullable(environment.get(KEYS_VARIABLE))
                      .filter(name -> !name.isBlank())
                      .map(Path::of))
          .map(ApiKeys::read);
    }

    private Optional<JwtVerifier> tokens() {
      if (jwtIssuer.isEmpty() && jwtAudience.isPresent()) {
        throw UserException.usage("--jwt-audience needs --jwt-issuer URL, too");
      }
      if (jwtIssuer.isPresent() && jwtAudience.isEmpty()) {
        throw UserException.usage(
            "--jwt-issuer needs --jwt-audience AUD, too: tokens for other services must not let"
                + " in");
      }
      return jwtIssuer.map(issuer -> new JwtVerifier(issuer, jwtAudience.orElseThrow()));
    }

    /** How agents are known. */
    public AgentRule agents() {
      if (agentClaim.isPresent() && jwtIssuer.isEmpty()) {
        throw UserException.usage(
            "--agent-claim needs --jwt-issuer URL, too; with API keys try --trust-agent-id");
      }
      if (agentClaim.filter(String::isBlank).isPresent()) {
        throw UserException.usage("--agent-claim must not be blank; try sub");
      }
      return new AgentRule(agentClaim, trustAgentId);
    }
  }

  /**
   * Who asks.
   *
   * @param name of the key, or a hash of the subject of the token
   * @param isClaimed whether a claim of the token says who the agent is
   * @param agentId what it says; a token may lack it
   * @param trusted whether the caller may name any agent where no claim does
   */
  private record Caller(
      String name, boolean isClaimed, Optional<String> agentId, boolean trusted) {}

  /** How this knows who the agent of a request is. */
  public AgentRule agents() {
    return agents;
  }

  /**
   * The agent whose own texts a request may have: the one that the token's claim names, or the one
   * that is asked for where callers are trusted to say so, or nobody.
   *
   * @param asked the {@code agent_id} of the request
   * @throws RequestException when the token's claim does not name the agent that is asked for
   */
  public static Optional<String> agent(Context ctx, Optional<String> asked) {
    Caller caller = ctx.attribute(CALLER);
    if (caller == null || !caller.isClaimed()) {
      return asked.filter(_ -> caller != null && caller.trusted());
    }
    Optional<String> agent = caller.agentId();
    if (asked.isPresent() && !asked.equals(agent)) {
      throw RequestException.forbidden(
          "agent_id",
          agent.isPresent()
              ? "must be the agent of the token; or leave it out"
              : "must be left out: the token names no agent");
    }
    return agent;
  }

  /** What it takes to have a text suggested to everybody; empty where tokens name the agents. */
  public Optional<String> whoTeaches() {
    if (agents.claim().isPresent()) {
      return Optional.empty();
    }
    if (agents.trusted()) {
      return Optional.of(
          "each caller may name any agents, so one caller alone can teach all agents a text");
    }
    return Optional.of(
        isOpen()
            ? "whoever reaches this service can teach all agents a text, by sending it in five"
                + " conversations"
            : "callers count as agents, so a text is suggested to all once two callers sent it;"
                + " with one key for all agents nothing is: add --agent-claim, or"
                + " --trust-agent-id");
  }

  /** Whether everybody is let in. */
  public boolean isOpen() {
    return keys.isEmpty() && tokens.isEmpty();
  }

  /** Whether all addresses of {@code host} belong to this machine only; false when it has none. */
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

  /** Stops fetching the keys of the tokens' issuer. */
  @Override
  public void close() {
    tokens.ifPresent(JwtVerifier::close);
  }

  /**
   * Protects every path but the probes, so that a new endpoint is protected by default.
   *
   * @param framed whether desks may have pages in frames, which everybody may get then
   */
  public void register(RoutesConfig routes, boolean framed) {
    routes.before(ctx -> check(ctx, framed));
  }

  private void check(Context ctx, boolean framed) {
    if (isOpen()) {
      ctx.attribute(CALLER, new Caller("", false, Optional.empty(), agents.trusted()));
      return;
    }
    boolean reads = ctx.req().getMethod().equals("GET"); // HEAD, too, is handled as GET
    boolean isFramed = framed && FRAMED.matcher(ctx.path()).matches();
    if (reads && (isFramed || PROBES.contains(ctx.path()))) {
      return;
    }
    try {
      Caller caller = caller(Optional.ofNullable(ctx.header("X-API-Key")), credential(ctx));
      RequestLog.notes(ctx).caller(caller.name());
      ctx.attribute(CALLER, caller);
    } catch (RequestException e) {
      boolean isPage = reads && PAGE.matcher(ctx.path()).matches();
      throw e.status() == 401 && isPage ? e.inBrowser() : e;
    }
  }

  /** A key or token: of the bearer scheme, or the password that a browser asked its user for. */
  private static Optional<String> credential(Context ctx) {
    Optional<String> header = Optional.ofNullable(ctx.header(Header.AUTHORIZATION));
    return of(BEARER, header).or(() -> of(BASIC, header).flatMap(Access::password));
  }

  private static Optional<String> of(String scheme, Optional<String> header) {
    return header
        .filter(value -> value.regionMatches(true, 0, scheme, 0, scheme.length()))
        .map(value -> value.substring(scheme.length()).strip());
  }

  /** The part after the colon (RFC 7617); the name before it does not matter. */
  private static Optional<String> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private Caller caller(Optional<String> apiKey, Optional<String> bearer) {
    // A gateway in front may use the bearer token for itself; then the key is what is meant for us.
    boolean keyWins = keys.isPresent() && apiKey.isPresent();
    Optional<String> key = keyWins ? apiKey : bearer;
    if (key.isEmpty()) {
      throw RequestException.unauthenticated("this needs " + wanted());
    }
    Optional<String> name = keys.flatMap(known -> known.nameOf(key.get()));
    if (name.isPresent()) {
      return new Caller(name.get(), false, Optional.empty(), agents.trusted());
    }
    if (!keyWins && tokens.isPresent() && bearer.isPresent()) {
      JwtVerifier.Identity identity = tokens.get().identity(bearer.get());
      return new Caller(
          identity.subject(),
          agents.claim().isPresent(),
          agents.claim().flatMap(claim -> agentId(identity.claims().get(claim))),
          agents.trusted());
    }
    throw RequestException.notAccepted("the API key is not one that this service knows");
  }

  /** Anything but a text or a whole number, as some issuers number people, names nobody. */
  private static Optional<String> agentId(Object claim) {
    return Optional.ofNullable(claim)
        .filter(id -> id instanceof String || id instanceof Long || id instanceof Integer)
        .map(id -> id.toString().strip())
        .filter(id -> !id.isEmpty() && id.length() <= MAX_AGENT_ID_LENGTH);
  }

  private String wanted() {
    if (keys.isEmpty()) {
      return "the header 'Authorization: Bearer TOKEN' with a token of the service's issuer";
    }
    String key = "an API key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'";
    return tokens.isPresent() ? key + ", or a token of the service's issuer" : key;
  }
}
