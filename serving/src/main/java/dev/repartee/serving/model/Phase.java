package dev.repartee.serving.model;

import java.util.Locale;

/** How far the service is; it is ready in {@link #READY} alone. */
public enum Phase {
  /** Finding the version and copying it here. */
  PULLING,
  /** Comparing every file with the manifest. */
  VERIFYING,
  /** Reading the model into memory. */
  LOADING,
  /** Making a first prediction, so that no agent pays for it. */
  WARMING,
  /** Answering. */
  READY,
  /** Finishing the last requests. */
  STOPPING;

  /** The name in the API: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
