package dev.repartee.infra.terraform;

/** Text that is no HCL; the message begins with file and line. */
final class HclException extends RuntimeException {

  private static final long serialVersionUID = 1;

  HclException(String file, int line, String message) {
    super(file + ":" + line + ": " + message);
  }
}
