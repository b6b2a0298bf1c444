package dev.repartee.serving.operations;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.repartee.text.TextNorm;
import dev.repartee.text.cli.Terminal;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * The format of log lines on standard error: for people at a terminal, in the pattern of {@code
 * logback.xml}; elsewhere for machines, one JSON object per line.
 */
public final class LogFormat {

  private LogFormat() {}

  /** Makes the process log in the format of its standard error from now on. */
  public static void apply() {
    if (Terminal.isError()) {
      return;
    }
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      if (all.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
        FlatJsonEncoder encoder = new FlatJsonEncoder();
        encoder.setContext(root.getLoggerContext());
        encoder.start();
        appender.setEncoder(encoder);
      }
    }
  }

  /**
   * Writes each log event as one flat JSON object. Logback's own {@code JsonEncoder} nests the
   * key-value pairs in an array and turns numbers into strings, so that log stores cannot filter by
   * them.
   */
  static final class FlatJsonEncoder extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
      return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("time", event.getInstant().toString());
      line.put("level", event.getLevel().toString());
      line.put("logger", event.getLoggerName());
      line.put("message", TextNorm.escaped(event.getFormattedMessage()));
      if (event.getKeyValuePairs() != null) {
        for (KeyValuePair pair : event.getKeyValuePairs()) {
          Object value =
              pair.value instanceof Number
                  ? pair.value
                  : TextNorm.escaped(String.valueOf(pair.value));
          line.putIfAbsent(pair.key, value);
        }
      }
      Optional.ofNullable(event.getThrowableProxy())
          .ifPresent(
              thrown ->
                  line.put("exception", TextNorm.escaped(ThrowableProxyUtil.asString(thrown))));
      return (Json.COMPACT.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
      return NOTHING;
    }
  }
}
