import type { Words } from "./en.ts";

const theApp = "appen";

export const sv: Words = {
  choose: {
    title: "Välj vad du vill ansluta",
    lead: (app) =>
      `${app ?? "Appen du kommer från"} vill gärna ta emot dina hälso- och träningsdata. Välj den enhet eller tjänst som de kommer från.`,
    search: "Sök på namn",
    find: "Sök",
    none: "Inget hittades. Prova ett annat namn.",
    all: "Visa alla",
    empty: (app) => `Det finns inget att ansluta än. Säg gärna till ${app ?? "appen du kommer från"}.`,
  },
  share: {
    title: (provider, app) => `Dela dina data från ${provider} med ${app ?? theApp}`,
    what: "Det här delas",
    past: (provider, days) => `Även det som ${provider} har sparat från de senaste ${days} dagarna.`,
    choice: "Det här bestämmer du",
    receiverTitle: "Vem som tar emot dem",
    receiver: (app, host) => `${app ?? "Appen du kommer från"}. Dina data når dit via ${host}.`,
    endTitle: "Så slutar du dela",
    endAtProvider: (provider, app) => `När som helst, i ${app ?? theApp} eller i ditt konto hos ${provider}.`,
    endByKey: (provider, app) =>
      `När som helst, i ${app ?? theApp} eller genom att ta bort nyckeln hos ${provider}.`,
    endInApp: (app) => `När som helst, i ${app ?? theApp}.`,
    goOn: (provider) => `Godkänn och fortsätt till ${provider}`,
    next: (provider) => `Du loggar in hos ${provider} och bekräftar där.`,
    agree: "Godkänn och anslut",
    cancel: "Avbryt",
    back: "Alla enheter och tjänster",
  },
  types: {
    activity: { title: "Träningspass", detail: "Till exempel tid, sträcka, puls, tempo och rutt" },
    daily: {
      title: "Daglig aktivitet",
      detail: "Till exempel steg, kalorier och puls under dagen",
    },
    sleep: { title: "Sömn", detail: "Till exempel tider, sömnstadier, puls och andning" },
    body: {
      title: "Kroppsmått",
      detail: "Till exempel vikt, temperatur, blodtryck och syre i blodet",
    },
    nutrition: { title: "Kost", detail: "Till exempel måltider, drycker och näringsämnen" },
    menstruation: {
      title: "Menscykel",
      detail: "Till exempel datum för mens och cykelns faser",
    },
    athlete: { title: "Profiluppgifter", detail: "Till exempel namn, födelsedatum, kön och land" },
  },
  key: {
    title: "Din nyckel",
    steps: (provider) => `${provider} ansluts med en nyckel som du skapar där:`,
    open: (provider) => `Öppna ${provider}`,
    newTab: "öppnas i en ny flik",
    label: "Nyckel",
    ends: "Nyckelns sista dag, om den har någon",
    missing: "Klistra in nyckeln först.",
  },
  upload: {
    title: (provider) => `${provider} är anslutet`,
    lead: "Välj hur dina data ska komma; du kan använda flera sätt. Låt den här sidan vara öppen: den visar token bara i den här webbläsaren, och bara i en timme.",
    format: (format) => `Adress för ”${format}”`,
    address: "Adress",
    header: "Rubrik med token",
    scan: "Använd knappen på själva telefonen, eller skanna koden med den.",
    code: (what) => `Kod att skanna: ${what}`,
    waiting: "Väntar på de första uppgifterna …",
    arrived: "De första uppgifterna har kommit.",
    zone: {
      title: "Din tidszon",
      lead: "En del av dina data kommer utan tidszon. Deras dagar delas då efter den här.",
      label: "Tidszon",
      save: "Spara tidszonen",
      saved: (zone) => `Sparad: ${zone}`,
      unknown: "Det finns ingen tidszon med det namnet. Prova närmaste storstad.",
    },
    file: {
      label: "Fil",
      send: "Ladda upp filen",
      sending: "Laddar upp …",
      sent: "Filen har kommit fram och läses.",
      failed: "Uppladdningen avbröts. Välj samma fil igen, så fortsätter den där den slutade.",
      storing: "Filen är läst. Dagarna i den sparas, de nyaste först.",
      done: "Hela filen är läst och sparad.",
      problems: {
        missing: "Välj en fil som inte är tom.",
        tooLarge: "Filen är för stor.",
        unfinished: "För många uppladdningar har påbörjats utan att avslutas. Försök igen i morgon.",
        notRecognised: "Det här är inte den fil som avses. Skicka den precis som din enhet gjorde den.",
        damaged:
          "Filen är skadad eller inte hel; det som gick att läsa är sparat. Exportera igen och skicka den nya filen.",
        encrypted: "Filen är skyddad med lösenord. Skicka en utan lösenord.",
        other: "Filen gick inte att läsa. Uppge den här koden för appens support.",
      },
    },
    goOn: (app) => `Fortsätt till ${app ?? theApp}`,
  },
  connected: {
    title: "Nu är du ansluten",
    lead: (provider, app) =>
      `Dina data från ${provider} är på väg till ${app ?? theApp}. Du kan stänga det här fönstret och gå tillbaka till appen.`,
    withheld: "Delas inte",
    withheldHint: "Om du vill dela även detta, anslut igen från appen.",
    further: (provider) => `${provider} frågar separat om en del av dina data. Du kan dela även dem:`,
    shareToo: "Dela även detta",
  },
  question: {
    title: "Vill du använda ett annat konto?",
    lead: (provider) => `Ett annat konto hos ${provider} är redan anslutet.`,
    since: (date) => `Det har varit anslutet sedan ${date}.`,
    only: "En app kan bara använda ett.",
    warning:
      "Om du använder det nya kontot upphör appens åtkomst till det nuvarande, och data från det tas bort här.",
    keep: "Behåll det nuvarande kontot",
    replace: "Använd det nya kontot",
  },
  retry: "Försök igen",
  code: "Felkod",
  errors: {
    linkInvalid: {
      title: "Den här länken fungerar inte",
      text: () =>
        "Den är inte hel eller har gått ut. Gå tillbaka till appen du kommer från och börja om där.",
    },
    linkUsed: {
      title: "Den här länken är redan använd",
      text: () =>
        "Om det var du som anslöt med den, stäng sidan och gå tillbaka till appen. Om du vill ansluta något annat, börja om i appen.",
    },
    loginExpired: {
      title: "Den här inloggningen har gått ut",
      text: () =>
        "Den är redan använd eller blev inte klar inom 30 minuter. Börja om från länken i appen. Om du redan är ansluten, stäng sidan och gå tillbaka till appen.",
    },
    otherBrowser: {
      title: "Den här inloggningen började i en annan webbläsare",
      text: () =>
        "Inget anslöts. Öppna länken från appen igen och slutför i samma webbläsare, med kakor tillåtna. Om det inte var du som började, stäng sidan.",
    },
    otherAccount: {
      title: "Det var ett annat konto",
      text: (provider) =>
        `Logga ut hos ${provider} och ge det här tillståndet med kontot som du anslöt först.`,
    },
    kept: {
      title: "Inget ändrades",
      text: () =>
        "Kontot som var anslutet förblir anslutet. Om du ändå vill använda det andra, öppna länken från appen igen.",
    },
    questionClosed: {
      title: "Den här frågan är stängd",
      text: () =>
        "Den är redan besvarad, eller så har 15 minuter gått. Om du valde ett konto, stäng sidan och gå tillbaka till appen. Öppna annars länken från appen igen.",
    },
    denied: {
      title: "Inget anslöts",
      text: () => "Du gav inte åtkomst, så inget delas. Du kan försöka igen med samma länk.",
    },
    exchangeFailed: {
      title: "Anslutningen blev inte klar",
      text: (provider) =>
        `${provider} bekräftade den inte, så inget anslöts. Försök igen om några minuter. Om det inte hjälper, uppge koden nedan för appens support.`,
    },
    termsMissing: {
      title: "Ett steg saknas",
      text: (provider) =>
        `Logga in hos ${provider}, godkänn villkoren där och försök sedan igen. Inget är anslutet än.`,
    },
    keyRefused: {
      title: "Den här nyckeln fungerar inte",
      text: (provider) =>
        `${provider} godtar inte nyckeln. Kontrollera att du har kopierat hela, eller skapa en ny.`,
    },
    unreachable: {
      title: "Inget svar",
      text: (provider) => `${provider} svarar inte just nu. Inget anslöts. Försök igen om några minuter.`,
    },
    notOffered: {
      title: "Det här kan inte anslutas här",
      text: () => "Appen du kommer från erbjuder det inte. Gå tillbaka och välj något annat.",
    },
    ended: {
      title: "Den här anslutningen har avslutats",
      text: () => "Om du vill ansluta igen, börja i appen du kommer från.",
    },
    unknown: {
      title: "Något gick fel",
      text: () =>
        "Det är inte ditt fel. Försök igen om några minuter. Om det inte hjälper, uppge koden nedan för appens support.",
    },
  },
};
