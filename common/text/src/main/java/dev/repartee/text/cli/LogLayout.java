package dev.repartee.text.cli;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.repartee.text.TextNorm;

/** A line of the log that a terminal shows as it is; {@code logback.xml} names it. */
public final class LogLayout extends PatternLayout {

  @Override
  public String doLayout(ILoggingEvent event) {
    return TextNorm.escaped(super.doLayout(event));
  }
}
