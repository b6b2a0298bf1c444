package dev.repartee.text.privacy;

/** What tells whose name a name is, the strongest first. */
enum Evidence {
  /** The writer introduces himself or herself. */
  SELF,

  /** A name is given for a booking or an account: the customer's, whoever writes it. */
  GIVEN,

  /** The writer addresses the reader. */
  ADDRESSED,

  /** A name at the end of a line of thanks: most often the writer's. */
  SIGNED,

  /** A name in running text. */
  MENTIONED
}
