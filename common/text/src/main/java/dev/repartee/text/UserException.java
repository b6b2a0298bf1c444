package dev.repartee.text;

/**
 * A failure that the user can fix. The message is one line with the problem, its place (file, line,
 * field, bound) and what to try. Command lines print it without a stack trace and end with {@link
 * Kind#exitCode()}.
 */
public class UserException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The kind of failure, which decides the exit code. */
  public enum Kind {
    FAILED(1),
    WRONG_USAGE(2),
    GATE_NOT_MET(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  public UserException(String message) {
    this(Kind.FAILED, message, null);
  }

  public UserException(String message, Throwable cause) {
    this(Kind.FAILED, message, cause);
  }

  public UserException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** A failure because of wrong options or configuration. */
  public static UserException usage(String message) {
    return new UserException(Kind.WRONG_USAGE, message, null);
  }

  public Kind kind() {
    return kind;
  }
}
