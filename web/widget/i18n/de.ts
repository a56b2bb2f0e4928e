import type { Translation } from "~/i18n/text";
import type { en } from "./en";

export const de: Translation<typeof en> = {
  title: "Chat mit uns",
  subtitle: "Schreiben Sie uns, wir antworten hier.",
  "subtitle.away": "Gerade ist niemand da. Wir antworten, sobald wir zurück sind.",
  greeting: "Hallo! Wie können wir Ihnen helfen?",

  open: "Chat öffnen",
  close: "Chat schließen",
  unread: { one: "{n} neue Nachricht", other: "{n} neue Nachrichten" },
  messages: "Nachrichten",
  older: "Frühere Nachrichten werden geladen",
  newest: "Zur neuesten Nachricht",
  you: "Sie",
  agent: "Wir",
  said: "{name}:",
  typing: "{name} schreibt",
  offline: "Keine Verbindung. Was Sie schreiben, wird gesendet, sobald es wieder eine gibt.",
  refused: "Auf dieser Seite gibt es keinen Chat.",

  write: "Ihre Nachricht",
  placeholder: "Nachricht schreiben …",
  send: "Senden",
  left: { one: "{n} Zeichen zu lang", other: "{n} Zeichen zu lang" },
  attach: "Dateien anhängen",
  drop: "Dateien hier ablegen",
  remove: "{name} entfernen",
  again: "Noch einmal versuchen",
  uploading: "{name} wird hochgeladen",
  "file.empty": "{name} ist leer.",
  "file.size": "{name} ist zu groß. Möglich sind {max}.",
  "file.type": "Dateien wie {name} lassen sich hier nicht senden.",
  "file.failed": "{name} ließ sich nicht hochladen.",

  "status.waiting": "Noch nicht gesendet",
  "status.sent": "Gesendet",
  "status.read": "Gelesen",
  "status.refused": "Nicht gesendet",
  discard: "Löschen",
  deleted: "Diese Nachricht wurde gelöscht.",
  edited: "bearbeitet",

  reply: "Auf diese Nachricht antworten",
  quote: "Frühere Nachricht",
  "quote.remove": "Nicht auf diese Nachricht antworten",
  picture: "Bild",
  file: "Datei",
  "file.coming": "Die Datei wird vorbereitet",
  download: "{name} herunterladen",
  map: "Auf der Karte zeigen",
  place: "Ort",

  "email.ask":
    "Hinterlassen Sie Ihre E-Mail-Adresse. Dann erreicht Sie unsere Antwort, auch wenn diese Seite geschlossen ist.",
  "email.label": "E-Mail-Adresse",
  "email.save": "Speichern",
  "email.no": "Nein, danke",
  "email.wrong": "Das ist keine E-Mail-Adresse.",
  "email.done": "Danke! Wir haben Ihre Adresse.",

  "consent.ask":
    "Um mit Ihnen zu chatten, speichern wir das Gespräch und in Ihrem Browser ein paar Zeilen, mit denen Sie es wiederfinden. Es gibt keine Cookies, und nichts wird gespeichert, bevor Sie zustimmen.",
  "consent.yes": "Zustimmen und beginnen",
  "consent.no": "Jetzt nicht",
};
