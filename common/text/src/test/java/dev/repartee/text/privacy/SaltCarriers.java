package dev.repartee.text.privacy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The sentences around planted values; a bar marks where the value stands. */
final class SaltCarriers {

  /**
   * What stands before and after a value.
   *
   * @param cued whether the words around it tell that a name stands there, so that it may be one
   *     that no list knows
   */
  record Carrier(String before, String after, boolean cued) {}

  static final List<String> LEADS =
      List.of("Hi there.", "Sure!", "Okay,", "Hello,", "Thanks for that.", "Good morning!", "so");
  static final List<String> TAILS =
      List.of("Thanks!", "Please help.", "Can you check?", "Thank you so much", "ok?", "- urgent");
  static final List<String> ENDS = List.of("", "\n", "\nThanks", "\n\nCheers!");

  static final List<String> CLEAN =
      """
      Hello, how can I help you today?
      I'm sorry to hear that. Let me take a look.
      My name is not on the list, why is that?
      This is great, thank you so much!
      Thanks again for your help.
      Can you tell me more about the problem?
      It has been broken for 3 days now.
      Great Job, Thank You
      I am happy to help you with that.
      Is there anything else I can do for you?
      Have a nice day, goodbye!
      Please restart the router and wait 30 seconds.
      The refund takes 5-10 business days.
      I would like to return two of the shirts.
      It's still not working :(
      Could you hold on for a moment please
      No, I'm not sure what you mean.
      We are open 24/7.
      You get 15% off on your next purchase.
      I'd like a table for 4 at the Shadyside Inn please
      Is the North Heights Venue free on Saturday?
      Which size do you need, M or XL?
      I'm calling about the delivery, it's late again
      May I ask what happened next?
      Will you be able to come tomorrow?
      hope this helps, let me know
      That was on the 2nd floor, room 12.
      I paid by credit card and the payment failed.
      Your account has been locked for security reasons.
      What is your order number?
      Please send us your email address and phone number.
      The app crashes on my iPhone 15 with iOS 17.
      I think there is a mistake in my bill, can you check?
      Do you prefer blue or green?
      You are welcome. Anything else?
      I am from Germany and I speak English.
      The address on the invoice is wrong.
      Call me back as soon as possible.
      I'm Just looking for some information.
      Ok, I see. One moment please.
      We have been customers since 2019.
      It's about 20 minutes away by car.
      Dear customer, your request was received.
      Hi team, any news?
      Best regards and thanks in advance
      This is the third time I ask!
      The Wi-Fi is slow in the evening.
      Half of the items were missing.
      I need 2 rooms for 3 nights.
      Please don't charge me twice.
      """
          .lines()
          .toList();

  private static final Map<Salt, List<Carrier>> CARRIERS = new EnumMap<>(Salt.class);

  static {
    add(
        Salt.NAME,
        true,
        "My name is |.",
        "Hi, my name is | and I need help with my bill",
        "This is | speaking.",
        "Hello, this is | from the billing team.",
        "Dear |,",
        "Hi |, how can I help you today?",
        "Hello |! Thanks for waiting.",
        "Please book it under the name |.",
        "Regards,\n|",
        "It never arrived.\nBest regards,\n|",
        "I am writing on behalf of |.",
        "You can call me |.",
        "Mr. | will call you back.",
        "Is Ms. | available?",
        "Name: |",
        "You are now chatting with |.",
        "I spoke with | about this.",
        "The order was signed for by |.",
        "| has joined the chat",
        "Account holder: |",
        "The name on the booking should be |",
        "Let me connect you with | now.");
    add(
        Salt.NAME,
        false,
        "I talked with | last week and nothing happened",
        "Could you ask | to phone me back?",
        "The parcel was handed to | by mistake.",
        "| signed for it.",
        "Thank you, |!",
        "Is that seat for |?",
        "Please add | as a second driver.");
    add(
        Salt.EMAIL,
        false,
        "My email is |",
        "Send it to |, please.",
        "| is my address.",
        "You can reach me at |!",
        "(|)",
        "email:|",
        "Did you write to |? I got nothing.",
        "The invoice went to | instead of me.");
    add(
        Salt.PHONE,
        false,
        "Call me at |.",
        "My number is |",
        "You can reach me on | after work.",
        "tel: |",
        "|",
        "Please text | when it is ready.",
        "Is | still your phone number?",
        "My cell (|) is off.");
    add(
        Salt.URL,
        false,
        "Have a look at |.",
        "I ordered it on |",
        "| does not load.",
        "See | for details.",
        "Please click here: |",
        "The page (|) is down",
        "it says so on |, doesn't it?");
    add(
        Salt.CARD,
        false,
        "My card number is |.",
        "Please charge |",
        "| is my Visa.",
        "It was paid with card |, I think.",
        "card: |",
        "The number on the front is | and it is valid.");
    add(
        Salt.ACCOUNT,
        false,
        "My account number is |.",
        "Please transfer it to |",
        "account: |",
        "The money should go to account |, not to the old one.",
        "I bank with you, account no. |!",
        "Here it is: |.");
    add(
        Salt.ORDER,
        false,
        "My order number is |.",
        "Where is order |?",
        "I'd like to cancel order | please",
        "order no. | has not arrived",
        "Regarding my order (|): when does it ship?",
        "The confirmation code is |.");
    add(
        Salt.TICKET,
        false,
        "I opened ticket | last week.",
        "The case number is |",
        "See ticket |, please",
        "Your reference is |.",
        "Any news on case |?",
        "I got incident | from your colleague.");
    add(
        Salt.DATE,
        false,
        "I ordered it on |.",
        "Can we move it to |?",
        "My birthday is |",
        "It was delivered |, wasn't it?",
        "| works for me.",
        "From | until further notice",
        "The invoice of | is wrong.");
    add(
        Salt.TIME,
        false,
        "Can you call me at |?",
        "| would be fine.",
        "The driver came at | and left.",
        "I'll be home by |.",
        "Let's say |, ok?",
        "We close at |");
    add(
        Salt.MONEY,
        false,
        "I was charged |.",
        "You owe me |!",
        "It costs | now",
        "| is too much for that",
        "Please refund the | to my card.",
        "The fee (|) is new to me.",
        "Why did it go up by |?");
    add(
        Salt.ADDRESS,
        false,
        "My address is |.",
        "Please ship it to |",
        "I live at |.",
        "I moved to | last month",
        "The new address: |.",
        "Send the technician to |, please.");
  }

  private SaltCarriers() {}

  private static void add(Salt kind, boolean cued, String... sentences) {
    for (String sentence : sentences) {
      int bar = sentence.indexOf('|');
      CARRIERS
          .computeIfAbsent(kind, unseen -> new ArrayList<>())
          .add(new Carrier(sentence.substring(0, bar), sentence.substring(bar + 1), cued));
    }
  }

  static List<Carrier> of(Salt kind) {
    return CARRIERS.get(kind);
  }
}
