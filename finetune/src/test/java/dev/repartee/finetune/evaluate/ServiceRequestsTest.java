package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.text.conversation.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Against a server that closes connections at the worst moment: once a request was sent on them.
 */
class ServiceRequestsTest {

  private static final String ANSWER = "{\"complete\":true,\"suggestions\":[]}";

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> conversations = new CopyOnWriteArrayList<>(); // of the header
  private final String answer = ANSWER;
  private ServerSocket server;
  private ServicePredictor client;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    client = new ServicePredictor("http://127.0.0.1:" + server.getLocalPort(), Display.CALM);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void requestOnAConnectionThatIsClosedMeanwhileIsSentOnceMore() {
    answer(1, 1);

    assertThat(suggest("a").path("complete").asBoolean()).isTrue();
    assertThat(suggest("b").path("complete").asBoolean()).isTrue();

    assertThat(received).hasSize(3);
    assertThat(received.get(2)).isEqualTo(received.get(1)).contains("\"b\"");
  }

  /** The same as the element's, so that an instance gets all of a conversation. */
  @Test
  void aHeaderNamesTheConversationByItsHash() {
    answer(5);

    suggest("foobar");
    suggest("Größe");
    suggest("1149");

    assertThat(conversations).containsExactly("bf9cf968", "48b3427a", "00253920");
  }

  @Test
  void aRequestHoldsTheLatestMessagesThatFit() {
    String smile = "\uD83D\uDE42";
    List<Message> context = new ArrayList<>(Collections.nCopies(600, Message.customer("old")));
    context.add(Message.customer(smile + "x".repeat(7999)));
    context.add(Message.agent("the last"));
    JsonNode sent =
        ServicePredictor.request("c", context, Desk.NONE, Display.CALM).path("messages");
    assertThat(sent).hasSize(500);
    assertThat(sent.path(499).path("text").asString()).isEqualTo("the last");
    assertThat(sent.path(498).path("text").asString()).isEqualTo("x".repeat(7999));

    List<Message> large = Collections.nCopies(100, Message.customer("y".repeat(8000)));
    assertThat(ServicePredictor.request("c", large, Desk.NONE, Display.CALM).path("messages"))
        .hasSize(30);
  }

  private JsonNode suggest(String conversation) {
    return client.suggest(request(conversation));
  }

  private static ObjectNode request(String conversation) {
    return ServicePredictor.request(conversation, List.of(), Desk.NONE, Display.CALM);
  }

  /**
   * Accepts as many connections as there are numbers.
   *
   * @param requests how many each answers; it takes one more and closes
   */
  private void answer(int... requests) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                for (int count : requests) {
                  try (Socket socket = server.accept()) {
                    serve(socket, count);
                  }
                }
              } catch (IOException _) {
                // The test has ended.
              }
            });
  }

  private void serve(Socket socket, int count) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    for (int i = 0; read(in) && i < count; i++) {
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer)
                  .getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** Keeps the body of the next request; false where there is none. */
  private boolean read(BufferedReader in) throws IOException {
    int length = 0;
    String conversation = "";
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring("Content-Length: ".length()));
      } else if (line.startsWith("Repartee-Conversation: ")) {
        conversation = line.substring("Repartee-Conversation: ".length());
      }
      line = in.readLine();
    }
    char[] body = new char[length];
    if (line == null || in.read(body) < length) {
      return false;
    }
    received.add(new String(body));
    conversations.add(conversation);
    return true;
  }
}
