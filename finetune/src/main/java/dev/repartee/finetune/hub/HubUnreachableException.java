package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;

/** The hub cannot be asked now, which need not matter to who has the model already. */
final class HubUnreachableException extends UserException {

  private static final long serialVersionUID = 1L;

  HubUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }

  HubUnreachableException(String message) {
    super(message);
  }
}
