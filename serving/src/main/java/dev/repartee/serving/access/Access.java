package dev.repartee.serving.access;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Who may ask: callers with an API key, with a token of an issuer, with either, or everybody. For
 * use by several threads.
 */
public final class Access {

  private final Optional<ApiKeys> keys;
  private final Optional<JwtVerifier> tokens;

  private Access(Optional<ApiKeys> keys, Optional<JwtVerifier> tokens) {
    this.keys = requireNonNull(keys, "keys is null");
    this.tokens = requireNonNull(tokens, "tokens is null");
  }

  /** Everybody may ask, and nobody is asked who they are. */
  public static Access open() {
    return new Access(Optional.empty(), Optional.empty());
  }

  /** Those with one of these may ask; everybody when there are neither. */
  public static Access of(Optional<ApiKeys> keys, Optional<JwtVerifier> tokens) {
    return new Access(keys, tokens);
  }

  /** Whether everybody may ask. */
  public boolean isOpen() {
    return keys.isEmpty() && tokens.isEmpty();
  }

  /**
   * The name of the caller: of the key, or the token's subject. Nothing where everybody may ask.
   *
   * @param apiKey what the header {@code X-API-Key} holds
   * @param bearer what {@code Authorization: Bearer} holds
   * @throws UnauthorizedException when neither holds what lets in
   * @throws IssuerUnavailableException when that cannot be told now
   */
  Optional<String> caller(Optional<String> apiKey, Optional<String> bearer) {
    if (isOpen()) {
      return Optional.empty();
    }
    // A gateway in front may use the bearer token for itself; then the key is what is meant for us.
    Optional<String> key = keys.isPresent() && apiKey.isPresent() ? apiKey : bearer;
    if (key.isEmpty()) {
      throw UnauthorizedException.missing("this needs " + wanted());
    }
    Optional<String> name = keys.flatMap(known -> known.nameOf(key.get()));
    if (name.isPresent()) {
      return name;
    }
    if (tokens.isPresent() && bearer.isPresent()) {
      return Optional.of(tokens.get().subject(bearer.get()));
    }
    throw UnauthorizedException.invalid("the API key is not one that this service knows");
  }

  private String wanted() {
    if (keys.isEmpty()) {
      return "the header 'Authorization: Bearer TOKEN' with a token of the service's issuer";
    }
    String key = "an API key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'";
    return tokens.isPresent() ? key + ", or a token of the service's issuer" : key;
  }
}
