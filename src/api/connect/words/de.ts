import type { Words } from "./en.ts";

const theApp = "der App";

export const de: Words = {
  choose: {
    title: "Was möchten Sie verbinden?",
    lead: (app) =>
      `${app ?? "Die App, aus der Sie kommen,"} möchte Ihre Gesundheits- und Fitnessdaten erhalten. Wählen Sie das Gerät oder den Dienst, von dem sie kommen.`,
    search: "Nach Namen suchen",
    find: "Suchen",
    none: "Nichts gefunden. Versuchen Sie es mit einem anderen Namen.",
    all: "Alle anzeigen",
    empty: (app) =>
      `Hier gibt es noch nichts zu verbinden. Bitte melden Sie das ${app ?? "der App, aus der Sie kommen"}.`,
  },
  share: {
    title: (provider, app) => `Ihre Daten von ${provider} mit ${app ?? theApp} teilen`,
    what: "Was geteilt wird",
    past: (provider, days) => `Dazu gehört, was ${provider} aus den letzten ${days} Tagen gespeichert hat.`,
    choice: "Das entscheiden Sie",
    receiverTitle: "Wer die Daten erhält",
    receiver: (app, host) =>
      `${app ?? "Die App, aus der Sie kommen"}. Ihre Daten gelangen über ${host} dorthin.`,
    endTitle: "So beenden Sie es",
    endAtProvider: (provider, app) => `Jederzeit, in ${app ?? theApp} oder in Ihrem Konto bei ${provider}.`,
    endByKey: (provider, app) =>
      `Jederzeit, in ${app ?? theApp} oder indem Sie den Schlüssel bei ${provider} löschen.`,
    endInApp: (app) => `Jederzeit, in ${app ?? theApp}.`,
    goOn: (provider) => `Zustimmen und weiter zu ${provider}`,
    next: (provider) => `Sie melden sich bei ${provider} an und bestätigen dort.`,
    agree: "Zustimmen und verbinden",
    cancel: "Abbrechen",
    back: "Alle Geräte und Dienste",
  },
  types: {
    activity: { title: "Trainings", detail: "Zum Beispiel Dauer, Strecke, Herzfrequenz, Tempo und Route" },
    daily: {
      title: "Aktivität im Alltag",
      detail: "Zum Beispiel Schritte, Kalorien und Herzfrequenz über den Tag",
    },
    sleep: { title: "Schlaf", detail: "Zum Beispiel Zeiten, Schlafphasen, Herzfrequenz und Atmung" },
    body: {
      title: "Körperwerte",
      detail: "Zum Beispiel Gewicht, Temperatur, Blutdruck und Blutsauerstoff",
    },
    nutrition: { title: "Ernährung", detail: "Zum Beispiel Mahlzeiten, Getränke und Nährstoffe" },
    menstruation: {
      title: "Menstruationszyklus",
      detail: "Zum Beispiel Tage der Periode und Phasen des Zyklus",
    },
    athlete: { title: "Profil", detail: "Zum Beispiel Name, Geburtsdatum, Geschlecht und Land" },
  },
  key: {
    title: "Ihr Schlüssel",
    steps: (provider) => `${provider} wird mit einem Schlüssel verbunden, den Sie dort erstellen:`,
    open: (provider) => `${provider} öffnen`,
    newTab: "öffnet einen neuen Tab",
    label: "Schlüssel",
    ends: "Letzter Tag des Schlüssels, falls er endet",
    missing: "Fügen Sie zuerst den Schlüssel ein.",
  },
  upload: {
    title: (provider) => `${provider} ist verbunden`,
    lead: "Wählen Sie, wie Ihre Daten kommen sollen; mehrere Wege gehen auch. Lassen Sie diese Seite offen: Sie zeigt das Token nur in diesem Browser und nur eine Stunde lang.",
    format: (format) => `Adresse für „${format}“`,
    address: "Adresse",
    header: "Kopfzeile mit dem Token",
    scan: "Nutzen Sie den Knopf auf dem Handy selbst, oder scannen Sie den Code damit.",
    code: (what) => `Code zum Scannen: ${what}`,
    waiting: "Es wird auf die ersten Daten gewartet …",
    arrived: "Die ersten Daten sind da.",
    zone: {
      title: "Ihre Zeitzone",
      lead: "Manche Ihrer Daten kommen ohne Zeitzone. Ihre Tage werden dann nach dieser getrennt.",
      label: "Zeitzone",
      save: "Zeitzone speichern",
      saved: (zone) => `Gespeichert: ${zone}`,
      unknown: "Eine Zeitzone dieses Namens gibt es nicht. Versuchen Sie die nächste große Stadt.",
    },
    file: {
      label: "Datei",
      send: "Datei hochladen",
      sending: "Wird hochgeladen …",
      sent: "Die Datei ist angekommen und wird gelesen.",
      failed:
        "Das Hochladen wurde unterbrochen. Wählen Sie dieselbe Datei noch einmal, dann geht es weiter, wo es aufgehört hat.",
      storing: "Die Datei ist gelesen. Ihre Tage werden gespeichert, die neuesten zuerst.",
      done: "Die ganze Datei ist gelesen und gespeichert.",
      problems: {
        missing: "Wählen Sie eine Datei, die nicht leer ist.",
        tooLarge: "Die Datei ist zu groß.",
        unfinished:
          "Zu viele Uploads wurden begonnen und nicht beendet. Versuchen Sie es morgen noch einmal.",
        notRecognised:
          "Das ist nicht die Datei, die hier gemeint ist. Senden Sie sie genau so, wie Ihr Gerät sie erstellt hat.",
        damaged:
          "Die Datei ist beschädigt oder unvollständig; was lesbar war, ist gespeichert. Exportieren Sie noch einmal und senden Sie die neue Datei.",
        encrypted: "Die Datei ist durch ein Passwort geschützt. Senden Sie eine ohne Passwort.",
        other: "Die Datei konnte nicht gelesen werden. Bitte nennen Sie dem Support der App diesen Code.",
      },
    },
    goOn: (app) => `Weiter zu ${app ?? theApp}`,
  },
  connected: {
    title: "Sie sind verbunden",
    lead: (provider, app) =>
      `Ihre Daten von ${provider} sind unterwegs zu ${app ?? theApp}. Sie können dieses Fenster schließen und in die App zurückkehren.`,
    withheld: "Nicht geteilt",
    withheldHint: "Um auch das zu teilen, verbinden Sie sich in der App noch einmal.",
    further: (provider) =>
      `${provider} fragt nach einem Teil Ihrer Daten gesondert. Sie können auch diese teilen:`,
    shareToo: "Das auch teilen",
  },
  question: {
    title: "Ein anderes Konto verwenden?",
    lead: (provider) => `Sie sind schon mit einem anderen Konto bei ${provider} verbunden.`,
    since: (date) => `Es ist seit ${date} verbunden.`,
    only: "Eine App kann nur eines verwenden.",
    warning:
      "Wenn Sie das neue Konto verwenden, endet der Zugriff der App auf das bisherige, und die Daten daraus werden hier gelöscht.",
    keep: "Das bisherige Konto behalten",
    replace: "Das neue Konto verwenden",
  },
  retry: "Noch einmal versuchen",
  code: "Fehlercode",
  errors: {
    linkInvalid: {
      title: "Dieser Link funktioniert nicht",
      text: () =>
        "Er ist unvollständig oder abgelaufen. Gehen Sie zurück zu der App, aus der Sie kommen, und beginnen Sie dort noch einmal.",
    },
    linkUsed: {
      title: "Dieser Link wurde schon verwendet",
      text: () =>
        "Wenn Sie sich damit verbunden haben, schließen Sie diese Seite und gehen Sie zurück zur App. Um etwas anderes zu verbinden, beginnen Sie in der App noch einmal.",
    },
    loginExpired: {
      title: "Diese Anmeldung ist abgelaufen",
      text: () =>
        "Sie wurde schon verwendet oder nicht innerhalb von 30 Minuten abgeschlossen. Beginnen Sie mit dem Link aus der App noch einmal. Wenn Sie schon verbunden sind, schließen Sie diese Seite und gehen Sie zurück zur App.",
    },
    otherBrowser: {
      title: "Diese Anmeldung begann in einem anderen Browser",
      text: () =>
        "Es wurde nichts verbunden. Öffnen Sie den Link aus der App noch einmal und bleiben Sie bis zum Ende im selben Browser, in dem Cookies erlaubt sind. Wenn Sie das nicht begonnen haben, schließen Sie diese Seite.",
    },
    otherAccount: {
      title: "Das war ein anderes Konto",
      text: (provider) =>
        `Melden Sie sich bei ${provider} ab und geben Sie diese Erlaubnis mit dem Konto, das Sie zuerst verbunden haben.`,
    },
    kept: {
      title: "Es wurde nichts geändert",
      text: () =>
        "Das bisher verbundene Konto bleibt verbunden. Um doch das andere zu verwenden, öffnen Sie den Link aus der App noch einmal.",
    },
    questionClosed: {
      title: "Diese Frage ist erledigt",
      text: () =>
        "Sie wurde schon beantwortet, oder nicht innerhalb von 15 Minuten. Wenn Sie ein Konto gewählt haben, schließen Sie diese Seite und gehen Sie zurück zur App. Sonst öffnen Sie den Link aus der App noch einmal.",
    },
    denied: {
      title: "Es wurde nichts verbunden",
      text: () =>
        "Sie haben keinen Zugriff gegeben, also wird nichts geteilt. Mit demselben Link können Sie es noch einmal versuchen.",
    },
    exchangeFailed: {
      title: "Die Verbindung kam nicht zustande",
      text: (provider) =>
        `${provider} hat sie nicht bestätigt, es wurde nichts verbunden. Versuchen Sie es in einigen Minuten noch einmal. Wenn das nicht hilft, nennen Sie dem Support der App den Code unten.`,
    },
    termsMissing: {
      title: "Ein Schritt fehlt noch",
      text: (provider) =>
        `Melden Sie sich bei ${provider} an, stimmen Sie den Bedingungen dort zu und versuchen Sie es dann noch einmal. Bisher wurde nichts verbunden.`,
    },
    keyRefused: {
      title: "Dieser Schlüssel funktioniert nicht",
      text: (provider) =>
        `${provider} nimmt diesen Schlüssel nicht an. Prüfen Sie, ob Sie ihn ganz kopiert haben, oder erstellen Sie einen neuen.`,
    },
    unreachable: {
      title: "Keine Antwort",
      text: (provider) =>
        `${provider} antwortet gerade nicht. Es wurde nichts verbunden. Versuchen Sie es in einigen Minuten noch einmal.`,
    },
    notOffered: {
      title: "Das kann hier nicht verbunden werden",
      text: () =>
        "Die App, aus der Sie kommen, bietet es nicht an. Gehen Sie zurück und wählen Sie etwas anderes.",
    },
    ended: {
      title: "Diese Verbindung ist beendet",
      text: () => "Um sich wieder zu verbinden, beginnen Sie in der App, aus der Sie kommen.",
    },
    unknown: {
      title: "Da ist etwas schiefgegangen",
      text: () =>
        "Das liegt nicht an Ihnen. Versuchen Sie es in einigen Minuten noch einmal. Wenn das nicht hilft, nennen Sie dem Support der App den Code unten.",
    },
  },
};
