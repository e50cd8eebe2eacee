import type { Words } from "./en.ts";

const theAppYouCameFrom = "l’app da cui arrivi";

export const it: Words = {
  choose: {
    title: "Scegli che cosa collegare",
    lead: (app) =>
      `${app ?? "L’app da cui arrivi"} vorrebbe ricevere i tuoi dati su salute e attività fisica. Scegli il dispositivo o il servizio da cui provengono.`,
    search: "Cerca per nome",
    find: "Cerca",
    none: "Nessun risultato. Prova con un altro nome.",
    all: "Mostra tutto",
    empty: (app) =>
      `Non c’è ancora nulla da collegare. Segnalalo a chi gestisce ${app ?? theAppYouCameFrom}.`,
  },
  share: {
    title: (provider, app) => `Condividere i tuoi dati di ${provider} con ${app ?? "l’app"}`,
    what: "Che cosa viene condiviso",
    past: (provider, days) => `Compreso ciò che ${provider} conserva degli ultimi ${days} giorni.`,
    choice: "Questo lo decidi tu",
    receiverTitle: "Chi li riceve",
    receiver: (app, host) => `${app ?? "L’app da cui arrivi"}. I tuoi dati le arrivano tramite ${host}.`,
    endTitle: "Come interrompere",
    endAtProvider: (provider, app) =>
      `In qualsiasi momento, ${app === null ? "nell’app" : `in ${app}`} o nel tuo account ${provider}.`,
    endByKey: (provider, app) =>
      `In qualsiasi momento, ${app === null ? "nell’app" : `in ${app}`} o eliminando la chiave su ${provider}.`,
    endInApp: (app) => `In qualsiasi momento, ${app === null ? "nell’app" : `in ${app}`}.`,
    goOn: (provider) => `Accetta e continua su ${provider}`,
    next: (provider) => `Accederai a ${provider} e confermerai lì.`,
    agree: "Accetta e collega",
    cancel: "Annulla",
    back: "Tutti i dispositivi e servizi",
  },
  types: {
    activity: {
      title: "Allenamenti",
      detail: "Per esempio durata, distanza, frequenza cardiaca, passo e percorso",
    },
    daily: {
      title: "Attività quotidiana",
      detail: "Per esempio passi, calorie e frequenza cardiaca nel corso della giornata",
    },
    sleep: {
      title: "Sonno",
      detail: "Per esempio orari, fasi del sonno, frequenza cardiaca e respirazione",
    },
    body: {
      title: "Misure corporee",
      detail: "Per esempio peso, temperatura, pressione sanguigna e ossigeno nel sangue",
    },
    nutrition: { title: "Alimentazione", detail: "Per esempio pasti, bevande e nutrienti" },
    menstruation: {
      title: "Ciclo mestruale",
      detail: "Per esempio date delle mestruazioni e fasi del ciclo",
    },
    athlete: { title: "Profilo", detail: "Per esempio nome, data di nascita, sesso e paese" },
  },
  key: {
    title: "La tua chiave",
    steps: (provider) => `${provider} si collega con una chiave che crei lì:`,
    open: (provider) => `Apri ${provider}`,
    newTab: "si apre in una nuova scheda",
    label: "Chiave",
    ends: "Ultimo giorno di validità della chiave, se previsto",
    missing: "Incolla prima la chiave.",
  },
  upload: {
    title: (provider) => `${provider} è collegato`,
    lead: "Scegli come devono arrivare i tuoi dati; puoi usare più modi. Lascia aperta questa pagina: mostra il token solo in questo browser e solo per un’ora.",
    format: (format) => `Indirizzo per «${format}»`,
    address: "Indirizzo",
    header: "Intestazione con il token",
    scan: "Usa il pulsante sul telefono stesso, oppure inquadra il codice con il telefono.",
    code: (what) => `Codice da inquadrare: ${what}`,
    waiting: "In attesa dei primi dati …",
    arrived: "I primi dati sono arrivati.",
    zone: {
      title: "Il tuo fuso orario",
      lead: "Alcuni dei tuoi dati arrivano senza fuso orario. I loro giorni sono divisi secondo questo.",
      label: "Fuso orario",
      save: "Salva il fuso orario",
      saved: (zone) => `Salvato: ${zone}`,
      unknown: "Non esiste un fuso orario con questo nome. Prova con la grande città più vicina.",
    },
    file: {
      label: "File da inviare",
      send: "Carica il file",
      sending: "Caricamento in corso …",
      sent: "Il file è arrivato e viene letto.",
      failed:
        "Il caricamento si è interrotto. Scegli di nuovo lo stesso file: riprende da dove si era fermato.",
      storing: "Il file è stato letto. I suoi giorni vengono salvati, dal più recente.",
      done: "Tutto il file è stato letto e salvato.",
      problems: {
        missing: "Scegli un file che non sia vuoto.",
        tooLarge: "Il file è troppo grande.",
        unfinished: "Troppi caricamenti sono stati iniziati e non conclusi. Riprova domani.",
        notRecognised: "Non è il file previsto qui. Invialo così come l’ha creato il tuo dispositivo.",
        damaged:
          "Il file è danneggiato o incompleto; ciò che si è potuto leggere è salvato. Esportalo di nuovo e invia il nuovo file.",
        encrypted: "Il file è protetto da una password. Inviane uno senza password.",
        other: "Non è stato possibile leggere il file. Comunica questo codice all’assistenza dell’app.",
      },
    },
    goOn: (app) => `Continua su ${app ?? "l’app"}`,
  },
  connected: {
    title: "Collegamento riuscito",
    lead: (provider, app) =>
      `I tuoi dati di ${provider} sono in arrivo ${app === null ? "nell’app" : `su ${app}`}. Puoi chiudere questa finestra e tornare all’app.`,
    withheld: "Non condiviso",
    withheldHint: "Per condividere anche questo, collegati di nuovo dall’app.",
    further: (provider) => `${provider} chiede a parte alcuni dei tuoi dati. Puoi condividere anche questi:`,
    shareToo: "Condividi anche questo",
  },
  question: {
    title: "Usare un altro account?",
    lead: (provider) => `È già collegato un altro account ${provider}.`,
    since: (date) => `È collegato dal ${date}.`,
    only: "Un’app può usarne uno solo.",
    warning:
      "Se usi il nuovo account, l’app non ha più accesso a quello attuale e i dati che ne provengono vengono eliminati qui.",
    keep: "Mantieni l’account attuale",
    replace: "Usa il nuovo account",
  },
  retry: "Riprova",
  code: "Codice",
  errors: {
    linkInvalid: {
      title: "Questo link non funziona",
      text: () => "È incompleto o scaduto. Torna all’app da cui arrivi e ricomincia da lì.",
    },
    linkUsed: {
      title: "Questo link è già stato usato",
      text: () =>
        "Se lo hai usato tu, chiudi questa pagina e torna all’app. Per collegare qualcos’altro, ricomincia dall’app.",
    },
    loginExpired: {
      title: "Questo accesso è scaduto",
      text: () =>
        "È già stato usato o non è stato completato entro 30 minuti. Ricomincia dal link nell’app. Se il collegamento è già attivo, chiudi questa pagina e torna all’app.",
    },
    otherBrowser: {
      title: "Questo accesso è iniziato in un altro browser",
      text: () =>
        "Non è stato collegato nulla. Apri di nuovo il link dell’app e completa tutto nello stesso browser, con i cookie consentiti. Se non sei stato tu a iniziare, chiudi questa pagina.",
    },
    otherAccount: {
      title: "Era un altro account",
      text: (provider) =>
        `Esci da ${provider} e dai questa autorizzazione con l’account che hai collegato per primo.`,
    },
    kept: {
      title: "Non è cambiato nulla",
      text: () =>
        "L’account collegato in precedenza resta collegato. Se invece vuoi usare l’altro, apri di nuovo il link dell’app.",
    },
    questionClosed: {
      title: "Questa domanda è chiusa",
      text: () =>
        "Ha già avuto una risposta, oppure non entro 15 minuti. Se hai scelto un account, chiudi questa pagina e torna all’app. Altrimenti apri di nuovo il link dell’app.",
    },
    denied: {
      title: "Non è stato collegato nulla",
      text: () =>
        "Non hai dato l’accesso, quindi non viene condiviso nulla. Puoi riprovare con lo stesso link.",
    },
    exchangeFailed: {
      title: "Collegamento non completato",
      text: (provider) =>
        `${provider} non lo ha confermato, quindi non è stato collegato nulla. Riprova tra qualche minuto. Se non basta, comunica all’assistenza dell’app il codice qui sotto.`,
    },
    termsMissing: {
      title: "Manca un passaggio",
      text: (provider) =>
        `Accedi a ${provider}, accetta le sue condizioni e riprova. Finora non è stato collegato nulla.`,
    },
    keyRefused: {
      title: "Questa chiave non funziona",
      text: (provider) =>
        `${provider} non accetta questa chiave. Controlla di averla copiata per intero o creane una nuova.`,
    },
    unreachable: {
      title: "Nessuna risposta",
      text: (provider) =>
        `${provider} al momento non risponde. Non è stato collegato nulla. Riprova tra qualche minuto.`,
    },
    notOffered: {
      title: "Questo non si può collegare qui",
      text: () => "L’app da cui arrivi non lo offre. Torna indietro e scegli qualcos’altro.",
    },
    ended: {
      title: "Questo collegamento è terminato",
      text: () => "Per collegarti di nuovo, comincia dall’app da cui arrivi.",
    },
    unknown: {
      title: "Qualcosa è andato storto",
      text: () =>
        "Non è colpa tua. Riprova tra qualche minuto. Se non basta, comunica all’assistenza dell’app il codice qui sotto.",
    },
  },
};
