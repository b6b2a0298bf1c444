package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An agent and how they write.
 *
 * @param id the agent's id in the data
 * @param name what they call themselves
 * @param domains where they work
 * @param busy how many conversations they get, relative to the others
 * @param loyal share of their sentences that are their own favourites
 * @param joins how often sentences go into one message rather than one each
 * @param names how often they address the customer by name
 * @param typos share of messages with a slip
 * @param formal whether they avoid contractions
 * @param lower whether they write in small letters
 * @param emoticon what they put behind friendly sentences, or empty
 */
record AgentProfile(
    String id,
    String name,
    List<String> domains,
    int busy,
    double loyal,
    double joins,
    double names,
    double typos,
    boolean formal,
    boolean lower,
    String emoticon) {

  AgentProfile {
    requireNonNull(id, "id is null");
    requireNonNull(name, "name is null");
    domains = List.copyOf(domains);
    emoticon = emoticon == null ? "" : emoticon;
  }
}
