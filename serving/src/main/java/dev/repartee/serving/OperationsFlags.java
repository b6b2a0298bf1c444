package dev.repartee.serving;

import dev.repartee.serving.http.Address;
import dev.repartee.serving.operations.LogFormat;
import dev.repartee.text.UserException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code serve} for those who watch it. */
final class OperationsFlags {

  @Option(
      names = "--admin-host",
      defaultValue = "127.0.0.1",
      paramLabel = "HOST",
      description = "Interface of the admin port. Default: ${DEFAULT-VALUE}.")
  private String adminHost;

  @Option(
      names = "--admin-port",
      defaultValue = "8081",
      paramLabel = "PORT",
      description =
          "Port for /metrics and /health, without a key; 0 for any free one. Default:"
              + " ${DEFAULT-VALUE}.")
  private int adminPort;

  @Option(
      names = "--log-format",
      paramLabel = "json|text",
      description = "What log lines on stderr are. Default: text at a terminal, else json.")
  private Optional<LogFormat> logFormat = Optional.empty();

  Address admin() {
    // Checked here too, since an address calls its parts --host and --port.
    if (adminHost.isBlank()) {
      throw UserException.usage("--admin-host must not be blank; try 127.0.0.1");
    }
    if (adminPort < 0 || adminPort > 65_535) {
      throw UserException.usage("--admin-port must be between 0 and 65535 but is " + adminPort);
    }
    return new Address(adminHost, adminPort);
  }

  LogFormat logFormat() {
    return logFormat.orElseGet(LogFormat::ofStandardError);
  }
}
