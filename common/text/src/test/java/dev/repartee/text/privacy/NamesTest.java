package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  private final Redactor redactor = new Redactor();

  private String redacted(String text) {
    return redactor.redact(text.replace("\\n", "\n")).text().replace("\n", "\\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Hi John, how are you                    | Hi {name}, how are you
          Dear Ms. Smith                          | Dear {name}
          Hello Maria!                            | Hello {name}!
          hi zoltan,                              | hi {name},
          Good morning Zorvan                     | Good morning {name}
          Thanks, John                            | Thanks, {name}
          It is late.\\nRegards,\\nAnna           | It is late.\\nRegards,\\n{name}
          It never came. - Ben                    | It never came. - {name}
          Best, Li Wei                            | Best, {name}
          my name is john smith                   | my name is {name}
          My name is Zorvan Quillmere.            | My name is {name}.
          My name is Will and I wait              | My name is {name} and I wait
          name's Xolani, thanks                   | name's {name}, thanks
          well the names Mark.                    | well the names {name}.
          call me Bo                              | call me {name}
          This is Zorvan from billing             | This is {name} from billing
          I'm Mark - my order is late             | I'm {name} - my order is late
          Zorvan speaking                         | {name} speaking
          Ben here, my parcel is late             | {name} here, my parcel is late
          I am X'andra from billing               | I am {name} from billing
          My name is Jean-Luc van der Berg        | My name is {name}
          I'm David O'Brien's son                 | I'm {name}'s son
          Name: Quillmere, order late             | Name: {name}, order late
          Name: Quillmere Version: 2 Phone: no OS: x | Name: {name} Version: 2 Phone: no OS: x
          Name: Zorvan Quillmere Version: 2 OS: x | Name: {name} Version: 2 OS: x
          Name: Maria Version: 2 OS: x            | Name: {name} Version: 2 OS: x
          Device name: Maria                      | Device name: {name}
          put it under the name zorvan vossberg pls  | put it under the name {name} pls
          You are now chatting with Zorvan.       | You are now chatting with {name}.
          I spoke to Xiulan about it              | I spoke to {name} about it
          on behalf of Zorvan Quillmere           | on behalf of {name}
          Mr. White and Mrs O'Brien called        | {name} and {name} called
          dr. johnson is out                      | {name} is out
          I spoke with Maria yesterday            | I spoke with {name} yesterday
          Give it to Mark Johnson, please         | Give it to {name}, please
          robert smith is my uncle                | {name} is my uncle
          James T. Kirk came                      | {name} came
          José's order and Zoë's order            | {name}'s order and {name}'s order
          THIS IS MARIA GONZALEZ AND I WAIT       | THIS IS {name} AND I WAIT
          mi nombre es Carlos                     | mi nombre es {name}
          Vorname Thabo Nachname Vossberg         | {name}
          Hola, soy Zorvan Quillmere              | Hola, soy {name}
          hi bjørn,                               | hi {name},
          I spoke to Omar El-Sayed about it       | I spoke to {name} about it
          You're welcome, jean-pierre             | You're welcome, {name}
          It was signed for by Zorvan             | It was signed for by {name}
          Zorvan has joined the chat              | {name} has joined the chat
          <Zorvan> Hello                          | <{name}> Hello
          Zorvan from your team called            | {name} from your team called
          I can see, Zorvan, that it left         | I can see, {name}, that it left
          Will Fisher, I have found it            | {name}, I have found it
          My name is Austin.                      | My name is {name}.
          Regards,\\nEdward Hills\\nHead of Sales | Regards,\\n{name}\\nHead of Sales
          family name van den Berg                | family name {name}
          Hello Mr. A. Ashworth, welcome          | Hello {name}, welcome
          dr brzezicki called                     | {name} called
          Mr. I. Ashworth and Mrs K. Patel called | {name} and {name} called
          Ms. A Patel and Mr A. K. Patel called   | {name} and {name} called
          Guten Tag Herr K. Zschoche, ja          | Guten Tag {name}, ja
          my name is A. Patel                     | my name is {name}
          "Angel" is my first name                | "{name}" is my first name
          """)
  void namesOfPersons(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my name is not on the list",
        "this is great",
        "I'm sorry, I'm Just looking",
        "Hi there",
        "Hello thre!",
        "Hi team",
        "Thanks again",
        "Great Job",
        "Thank you Goodbye",
        "Thanks man!",
        "Thank You Very Much",
        "Will you be there in May?",
        "May I help you? Grace period applies.",
        "I flew from Paris to Sydney",
        "The Shadyside Inn is in San Jose",
        "Hilton Garden Inn, please",
        "Host Name, Guest Name, Arrival Time",
        "I am from Germany",
        "This is Amazon support",
        "Speaking with an agent helps",
        "Dear customer, welcome back",
        "Regards and thanks in advance",
        "I talked to someone named above",
        "My flight to St. Louis, Chicago, Denver",
        "I have a Dell laptop and a Christian name",
        "Rob a bank, Jasmine rice, Apollo 13",
        "First: unplug the router. Last: plug it in again",
        "WANN KOMMT DAS PAKET? SOY CLIENTE, JE SUIS EN RETARD",
        "It is a nice place, Santa Rosa",
        "Hola, buenos días",
        "The travel blog, TravelDreamStays, is good",
        "My name is A. Is that a problem?",
        "So do I. The name is a joke. THE NAME IS A JOKE",
        "Plan A. Patience, please. Vitamin K. Is it good?",
        "Basics Name: Quillmail. Device name: Quillpad, User Agent: Quillzilla/5.0",
        "Name: Quillmail Version: 3.2esr Update Channel: esr OS: Windows",
        "Update Channel: esr Sender: Quillmail Type: mailer"
      })
  void everydayWordsAfterCues(String text) {
    assertThat(redacted(text)).isEqualTo(text);
  }

  /** In other languages, what follows a name in lower case is most often a verb. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Herr Torsten Brinkmann ist der Inhaber.        | {name} ist der Inhaber.
          Herr Meier schickt Ihnen eine Mail.            | {name} schickt Ihnen eine Mail.
          Mr Meier kommt morgen.                         | {name} kommt morgen.
          Madame Dupont viendra demain.                  | {name} viendra demain.
          El señor Ledesma llegará mañana.               | El {name} llegará mañana.
          Haben Sie Frau Meier Ihren Vertrag geschickt?  | Haben Sie {name} Ihren Vertrag geschickt?
          mein name ist anna schulz und ich brauche hilfe  | mein name ist {name} und ich brauche hilfe
          ich heiße heike und wohne jetzt woanders       | ich heiße {name} und wohne jetzt woanders
          ich heiße zorvan quillmere und brauche hilfe   | ich heiße {name} und brauche hilfe
          je m'appelle lucie pouvez vous m'aider         | je m'appelle {name} pouvez vous m'aider
          je m'appelle Lucie Charpentier et je voudrais résilier  | je m'appelle {name} et je voudrais résilier
          me llamo carmen quiero saber cuando llega      | me llamo {name} quiero saber cuando llega
          me llamo juan garcia y lopez, quiero pagar     | me llamo {name}, quiero pagar
          my name is zorvan vossberg and I wait          | my name is {name} and I wait
          saw dr zorvan vossberg at the clinic           | saw {name} at the clinic
          """)
  void everydayWordsAfterNames(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ihr Termin ist im Mai, die Rechnung kommt im Juli",
        "Mehr Informationen finden Sie hier. Nur heute. Dann morgen.",
        "Mein Name ist nicht auf der Liste",
        "Zehn Tage und ein Lang-LKW, Blau oder Rot. Prima!",
        "Elle est là. Déjà fait. Quel est le problème ?",
        "Cher client, votre facture de juin. Belle journée !",
        "oui madame patientez svp",
        "Ella vendrá mañana. Esta semana. Está bien. Vale, gracias.",
        "Nada. Luz y gas en la calle Mayor. Toma nota."
      })
  void everydayWordsOfOtherLanguages(String text) {
    assertThat(redacted(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Estimado Etxeberria:\\nbuenas                   | Estimado {name}:\\nbuenas
          Cher N'Diaye,\\nje vérifie                      | Cher {name},\\nje vérifie
          Bonjour Mathilde je vérifie                    | Bonjour {name} je vérifie
          Buenos días Macarena, lo reviso                | Buenos días {name}, lo reviso
          Liebe Vosswitha, danke                         | Liebe {name}, danke
          Danke, Bärbel, das war alles.                  | Danke, {name}, das war alles.
          Gracias, Quintanilla.                          | Gracias, {name}.
          Merci, Zorvan !                                | Merci, {name} !
          Bonne journée,\\nSolène Benali                  | Bonne journée,\\n{name}
          Un saludo,\\nÍñigo                              | Un saludo,\\n{name}
          Atentamente,\\nMacarena Ledesma                 | Atentamente,\\n{name}
          LG Heike                                       | LG {name}
          Hier spricht Zorvan Schützenhofer.             | Hier spricht {name}.
          Sie sprechen mit Pfefferkorn.                  | Sie sprechen mit {name}.
          Guten Tag, ich bin Rüdiger Krähenbühl.         | Guten Tag, ich bin {name}.
          Le habla Zorvan, ¿en qué puedo ayudarle?       | Le habla {name}, ¿en qué puedo ayudarle?
          Ich verbinde Sie mit Zorvan Quillmere          | Ich verbinde Sie mit {name}
          Ich verbinde Sie mit Herrn Krähenbühl          | Ich verbinde Sie mit {name}
          Le paso con Zorvan Quillmere                   | Le paso con {name}
          Je vous passe Quéméneur                        | Je vous passe {name}
          Ma collègue Zorvan vous rappelle               | Ma collègue {name} vous rappelle
          Le contrat est au nom de Quéméneur             | Le contrat est au nom de {name}
          Bonsoir M. Quéméneur, je vérifie               | Bonsoir {name}, je vérifie
          Le docteur Guillemot peut confirmer            | Le {name} peut confirmer
          Doña Zorvana Ledesma llamó                     | {name} llamó
          Quillmere looks after your account             | {name} looks after your account
          I will pass this on to Quillmere               | I will pass this on to {name}
          """)
  void cuesOfOtherLanguages(String text, String redacted) {
    assertThat(redacted(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Guten Tag, mein Vertrag ist weg",
        "Guten Tag, Vertrag kündigen bitte. Guten Tag zusammen",
        "Liebe Kundin, lieber Kunde, liebe Gäste. Liebe Grüße",
        "Danke schön! Danke, Tschüss! Danke Ihnen. Danke, Problem gelöst.",
        "Danke, Klasse! Danke, Wiederhören. Liebe Nutzer, lieber Fahrgast,",
        "Merci, Parfait ! Merci, D'accord. Gracias, Igualmente!",
        "Hier ist Ihre Rechnung. Hier ist Platz. Hier spricht man Deutsch.",
        "Mein LG Fernseher ist kaputt",
        "Kann meine Kollegin Sie anrufen? Ich verbinde Sie mit der Technik",
        "Ein Herr rief an, eine Frau aus Köln auch",
        "Bonjour Madame, bonjour Monsieur",
        "Bonjour, Problème de facture. Bonjour, Je voudrais résilier.",
        "Cher client, chère cliente, merci beaucoup. Merci de patienter.",
        "Bonne journée. Cordialement. Bonne journée,\\nL'équipe",
        "Je vous passe le service client, au nom de ma femme",
        "Estimado cliente, gracias igualmente. Gracias, saludos.",
        "Un saludo,\\nEl equipo de atención",
        "Le atiende el servicio técnico. Le paso con el departamento.",
        "I pass this on to Billing. It was escalated to Tier 2.",
        "Size M. Please ship it. M. Night came. i don know",
        "The cream looks after your skin"
      })
  void everydayWordsAfterCuesOfOtherLanguages(String text) {
    assertThat(redacted(text)).isEqualTo(text);
  }
}
