package dev.repartee.finetune.report;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an event file as TensorBoard does; a wrong checksum is an error. */
public final class EventFileReader {

  /** One event; {@code start} says that a session began. */
  public record Event(
      double wallTime, long step, String version, Map<String, Float> scalars, boolean start) {}

  private EventFileReader() {}

  public static List<Event> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      ByteBuffer length = bytes.slice(bytes.position(), Long.BYTES);
      int size = Math.toIntExact(bytes.getLong());
      requireChecksum(bytes.getInt(), length);
      ByteBuffer data = bytes.slice(bytes.position(), size);
      bytes.position(bytes.position() + size);
      requireChecksum(bytes.getInt(), data);
      events.add(event(CodedInputStream.newInstance(data.duplicate().clear())));
    }
    return events;
  }

  private static void requireChecksum(int read, ByteBuffer data) {
    if (read != bitwiseMaskedChecksum(data.duplicate())) {
      throw new AssertionError("a checksum is wrong");
    }
  }

  /** CRC-32C bit by bit, so that it shares nothing with what is tested. */
  private static int bitwiseMaskedChecksum(ByteBuffer data) {
    int register = -1;
    while (data.hasRemaining()) {
      register ^= data.get() & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        register = (register >>> 1) ^ ((register & 1) * 0x82f63b78);
      }
    }
    int checksum = ~register;
    return ((checksum >>> 15) | (checksum << 17)) + 0xa282ead8;
  }

  private static Event event(CodedInputStream in) throws IOException {
    double wallTime = 0;
    long step = 0;
    String version = "";
    Map<String, Float> scalars = new LinkedHashMap<>();
    boolean start = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> wallTime = in.readDouble();
        case 2 -> step = in.readInt64();
        case 3 -> version = in.readString();
        case 5 -> summary(in.readBytes().newCodedInput(), scalars);
        case 7 -> start = List.of((byte) 8, (byte) 1).equals(bytes(in.readByteArray()));
        default -> in.skipField(tag);
      }
    }
    return new Event(wallTime, step, version, scalars, start);
  }

  private static void summary(CodedInputStream in, Map<String, Float> scalars) throws IOException {
    while (in.readTag() != 0) {
      CodedInputStream value = in.readBytes().newCodedInput();
      value.readTag();
      String name = value.readString();
      value.readTag();
      scalars.put(name, value.readFloat());
    }
  }

  private static List<Byte> bytes(byte[] array) {
    List<Byte> list = new ArrayList<>();
    for (byte value : array) {
      list.add(value);
    }
    return list;
  }
}
