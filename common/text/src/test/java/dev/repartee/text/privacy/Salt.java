package dev.repartee.text.privacy;

/** The kinds of personal data that {@link SaltedCorpus} plants. */
public enum Salt {
  NAME,
  EMAIL,
  PHONE,
  URL,
  CARD,
  ACCOUNT,
  ORDER,
  TICKET,
  DATE,
  TIME,
  MONEY,
  ADDRESS
}
