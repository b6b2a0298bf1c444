import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One agent at work: what they have before them and what they ask the service next. It knows no
 * time; every step is one keystroke or one new customer message.
 */
final class Agent {

  private static final List<String> CUSTOMER =
      List.of(
          "Hello, I ordered a lamp last week and it has not arrived yet.",
          "The parcel came this morning but one of the glasses is broken.",
          "Could you tell me when the technician will be here?",
          "I was charged twice for the same month. Can you check that please?",
          "My new router does not connect. The light stays red all the time.",
          "Yes, I tried that twice already.",
          "Thank you. And can I change the delivery address as well?",
          "The order number is 48213377, from the 3rd of May.",
          "No, it is still the same as before.",
          "That would be great, how long does it take?");

  private static final List<String> REPLIES =
      List.of(
          "I am sorry to hear that, let me check your order for you.",
          "Answer 12: your order will be here soon and we can help with it.",
          "Could you please tell me your order number?",
          "Thank you for waiting, I have found the problem.",
          "Answer 204: we can help with your order and will be here soon.",
          "We will send you a replacement tomorrow at no charge.",
          "Your technician comes between 2 and 4 pm on Tuesday.",
          "Answer 77: soon it will be here and we can help.",
          "I have refunded the second charge, it takes three days.",
          "Is there anything else that I can help you with?");

  /** Customer messages after which the next begins another conversation. */
  private static final int CONVERSATION = 6;

  /** Every how many words of at least {@link #LONG_WORD} letters the offer is taken. */
  private static final int TAKES_OFFER = 2;

  private static final int LONG_WORD = 6;

  /** A request: its kind, its conversation and its body. */
  record Question(Kind kind, String conversation, String body) {}

  private final int number;
  private final String operatingPoint;
  private final Random random;
  private final List<String> messages = new ArrayList<>();
  private int conversation;
  private int received;
  private String reply = "";
  private int typed;
  private int longWords;

  Agent(int number, String operatingPoint) {
    this.number = number;
    this.operatingPoint = operatingPoint;
    this.random = new Random(number);
  }

  /** A customer writes; what was being typed is sent before that. */
  Question message() {
    send();
    if (received == CONVERSATION) {
      received = 0;
      conversation++;
      messages.clear();
    }
    String text = CUSTOMER.get(random.nextInt(CUSTOMER.size()));
    // No two conversations begin alike, or the service would read one and know the other.
    add("customer", received == 0 ? "Case " + number + "-" + conversation + ". " + text : text);
    received++;
    return question(Kind.MESSAGE);
  }

  /** One more keystroke: a letter, the rest of a word that was offered, or the end of the reply. */
  Question keystroke() {
    boolean read = false;
    if (typed == reply.length()) {
      read = send();
      reply = REPLIES.get(random.nextInt(REPLIES.size()));
    }
    typed = takesOffer() ? wordEnd(typed) : typed + 1;
    read |= reply.charAt(typed - 1) == ' ';
    return question(read ? Kind.COMPLETION : Kind.KEYSTROKE);
  }

  /** In the middle of a long word, for every other one. */
  private boolean takesOffer() {
    int begin = reply.lastIndexOf(' ', Math.max(0, typed - 1)) + 1;
    int length = wordEnd(typed) - begin;
    if (length < LONG_WORD || typed - begin != length / 2) {
      return false;
    }
    longWords++;
    return longWords % TAKES_OFFER == 0;
  }

  private int wordEnd(int from) {
    int blank = reply.indexOf(' ', from);
    return blank < 0 ? reply.length() : blank;
  }

  /** Sends the whole reply, as if its rest had been offered; false when nothing was typed. */
  private boolean send() {
    boolean something = typed > 0;
    if (something) {
      add("agent", reply);
    }
    reply = "";
    typed = 0;
    return something;
  }

  private void add(String role, String text) {
    messages.add("{\"role\":\"" + role + "\",\"text\":\"" + text + "\"}");
  }

  /** The texts above need no escaping in JSON. */
  private Question question(Kind kind) {
    String id = "agent-%d-%d".formatted(number, conversation);
    return new Question(
        kind,
        id,
        "{\"conversation_id\":\"%s\",\"messages\":[%s],\"draft\":\"%s\",\"limit\":3,\"operating_point\":\"%s\"}"
            .formatted(
                id,
                String.join(",", messages),
                reply.substring(0, typed),
                operatingPoint));
  }
}
