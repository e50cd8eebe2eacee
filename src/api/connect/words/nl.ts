import type { Words } from "./en.ts";

const theApp = "de app";

export const nl: Words = {
  choose: {
    title: "Kies wat je wilt koppelen",
    lead: (app) =>
      `${app ?? "De app waar je vandaan komt"} wil graag je gezondheids- en fitnessgegevens ontvangen. Kies het apparaat of de dienst waar ze vandaan komen.`,
    search: "Zoeken op naam",
    find: "Zoeken",
    none: "Niets gevonden. Probeer een andere naam.",
    all: "Alles tonen",
    empty: (app) =>
      `Er is nog niets om te koppelen. Laat dit weten aan ${app ?? "de app waar je vandaan komt"}.`,
  },
  share: {
    title: (provider, app) => `Je gegevens van ${provider} delen met ${app ?? theApp}`,
    what: "Wat er wordt gedeeld",
    past: (provider, days) => `Ook wat ${provider} van de afgelopen ${days} dagen heeft bewaard.`,
    choice: "Dit bepaal je zelf",
    receiverTitle: "Wie ze ontvangt",
    receiver: (app, host) =>
      `${app ?? "De app waar je vandaan komt"}. Je gegevens komen daar aan via ${host}.`,
    endTitle: "Hoe je stopt",
    endAtProvider: (provider, app) => `Op elk moment, in ${app ?? theApp} of in je account bij ${provider}.`,
    endByKey: (provider, app) =>
      `Op elk moment, in ${app ?? theApp} of door de sleutel bij ${provider} te verwijderen.`,
    endInApp: (app) => `Op elk moment, in ${app ?? theApp}.`,
    goOn: (provider) => `Akkoord en verder naar ${provider}`,
    next: (provider) => `Je logt in bij ${provider} en bevestigt het daar.`,
    agree: "Akkoord en koppelen",
    cancel: "Annuleren",
    back: "Alle apparaten en diensten",
  },
  types: {
    activity: { title: "Trainingen", detail: "Zoals duur, afstand, hartslag, tempo en route" },
    daily: {
      title: "Dagelijkse activiteit",
      detail: "Zoals stappen, calorieën en hartslag in de loop van de dag",
    },
    sleep: { title: "Slaap", detail: "Zoals tijden, slaapfasen, hartslag en ademhaling" },
    body: {
      title: "Lichaamsmetingen",
      detail: "Zoals gewicht, temperatuur, bloeddruk en zuurstof in het bloed",
    },
    nutrition: { title: "Voeding", detail: "Zoals maaltijden, dranken en voedingsstoffen" },
    menstruation: {
      title: "Menstruatiecyclus",
      detail: "Zoals de dagen van je menstruatie en de fasen van je cyclus",
    },
    athlete: { title: "Profiel", detail: "Zoals naam, geboortedatum, geslacht en land" },
  },
  key: {
    title: "Je sleutel",
    steps: (provider) => `${provider} wordt gekoppeld met een sleutel die je daar maakt:`,
    open: (provider) => `${provider} openen`,
    newTab: "opent in een nieuw tabblad",
    label: "Sleutel",
    ends: "Laatste dag van de sleutel, als die er is",
    missing: "Plak eerst de sleutel.",
  },
  upload: {
    title: (provider) => `${provider} is gekoppeld`,
    lead: "Kies hoe je gegevens moeten komen; meerdere manieren kan ook. Laat deze pagina open: ze toont het token alleen in deze browser, en maar een uur lang.",
    format: (format) => `Adres voor ‘${format}’`,
    address: "Adres",
    header: "Header met het token",
    scan: "Gebruik de knop op de telefoon zelf, of scan de code ermee.",
    code: (what) => `Code om te scannen: ${what}`,
    waiting: "Wachten op de eerste gegevens …",
    arrived: "De eerste gegevens zijn er.",
    zone: {
      title: "Je tijdzone",
      lead: "Een deel van je gegevens komt zonder tijdzone. De dagen ervan worden volgens deze gescheiden.",
      label: "Tijdzone",
      save: "Tijdzone opslaan",
      saved: (zone) => `Opgeslagen: ${zone}`,
      unknown: "Er is geen tijdzone met deze naam. Probeer de dichtstbijzijnde grote stad.",
    },
    file: {
      label: "Bestand",
      send: "Bestand uploaden",
      sending: "Bezig met uploaden …",
      sent: "Het bestand is aangekomen en wordt gelezen.",
      failed:
        "Het uploaden is onderbroken. Kies hetzelfde bestand nog eens, dan gaat het verder waar het stopte.",
      storing: "Het bestand is gelezen. De dagen worden opgeslagen, de nieuwste eerst.",
      done: "Het hele bestand is gelezen en opgeslagen.",
      problems: {
        missing: "Kies één bestand dat niet leeg is.",
        tooLarge: "Het bestand is te groot.",
        unfinished: "Er zijn te veel uploads begonnen en niet afgemaakt. Probeer het morgen opnieuw.",
        notRecognised:
          "Dit is niet het bestand dat hier bedoeld is. Stuur het precies zoals je apparaat het heeft gemaakt.",
        damaged:
          "Het bestand is beschadigd of niet volledig; wat leesbaar was, is opgeslagen. Exporteer opnieuw en stuur het nieuwe bestand.",
        encrypted: "Het bestand is beveiligd met een wachtwoord. Stuur er een zonder wachtwoord.",
        other: "Het bestand kon niet worden gelezen. Geef deze code door aan de ondersteuning van de app.",
      },
    },
    goOn: (app) => `Verder naar ${app ?? theApp}`,
  },
  connected: {
    title: "De koppeling is gelukt",
    lead: (provider, app) =>
      `Je gegevens van ${provider} zijn onderweg naar ${app ?? theApp}. Je kunt dit venster sluiten en teruggaan naar de app.`,
    withheld: "Niet gedeeld",
    withheldHint: "Wil je dit ook delen, koppel dan opnieuw vanuit de app.",
    further: (provider) => `${provider} vraagt apart om een deel van je gegevens. Je kunt die ook delen:`,
    shareToo: "Dit ook delen",
  },
  question: {
    title: "Een ander account gebruiken?",
    lead: (provider) => `Er is al een ander account van ${provider} gekoppeld.`,
    since: (date) => `Het is gekoppeld sinds ${date}.`,
    only: "Een app kan er maar één gebruiken.",
    warning:
      "Als je het nieuwe account gebruikt, heeft de app geen toegang meer tot het huidige en worden de gegevens daarvan hier verwijderd.",
    keep: "Het huidige account houden",
    replace: "Het nieuwe account gebruiken",
  },
  retry: "Opnieuw proberen",
  code: "Foutcode",
  errors: {
    linkInvalid: {
      title: "Deze link werkt niet",
      text: () =>
        "Hij is niet compleet of verlopen. Ga terug naar de app waar je vandaan komt en begin daar opnieuw.",
    },
    linkUsed: {
      title: "Deze link is al gebruikt",
      text: () =>
        "Heb jij ermee gekoppeld, sluit dan deze pagina en ga terug naar de app. Wil je iets anders koppelen, begin dan opnieuw in de app.",
    },
    loginExpired: {
      title: "Deze aanmelding is verlopen",
      text: () =>
        "Ze is al gebruikt of niet binnen 30 minuten afgerond. Begin opnieuw met de link uit de app. Is de koppeling er al, sluit dan deze pagina en ga terug naar de app.",
    },
    otherBrowser: {
      title: "Deze aanmelding begon in een andere browser",
      text: () =>
        "Er is niets gekoppeld. Open de link uit de app opnieuw en rond het af in dezelfde browser, met cookies toegestaan. Ben jij dit niet begonnen, sluit dan deze pagina.",
    },
    otherAccount: {
      title: "Dat was een ander account",
      text: (provider) =>
        `Log uit bij ${provider} en geef deze toestemming met het account dat je eerst hebt gekoppeld.`,
    },
    kept: {
      title: "Er is niets veranderd",
      text: () =>
        "Het account dat al gekoppeld was, blijft gekoppeld. Wil je toch het andere gebruiken, open dan de link uit de app opnieuw.",
    },
    questionClosed: {
      title: "Deze vraag is gesloten",
      text: () =>
        "Ze is al beantwoord, of niet binnen 15 minuten. Heb je een account gekozen, sluit dan deze pagina en ga terug naar de app. Open anders de link uit de app opnieuw.",
    },
    denied: {
      title: "Er is niets gekoppeld",
      text: () =>
        "Je hebt geen toegang gegeven, dus er wordt niets gedeeld. Je kunt het met dezelfde link opnieuw proberen.",
    },
    exchangeFailed: {
      title: "De koppeling is niet gelukt",
      text: (provider) =>
        `${provider} heeft het niet bevestigd, dus er is niets gekoppeld. Probeer het over een paar minuten opnieuw. Helpt dat niet, geef dan de code hieronder door aan de helpdesk van de app.`,
    },
    termsMissing: {
      title: "Er ontbreekt nog een stap",
      text: (provider) =>
        `Log in bij ${provider}, accepteer de voorwaarden daar en probeer het opnieuw. Er is nog niets gekoppeld.`,
    },
    keyRefused: {
      title: "Deze sleutel werkt niet",
      text: (provider) =>
        `${provider} accepteert deze sleutel niet. Controleer of je hem helemaal hebt gekopieerd, of maak een nieuwe.`,
    },
    unreachable: {
      title: "Geen antwoord",
      text: (provider) =>
        `${provider} antwoordt op dit moment niet. Er is niets gekoppeld. Probeer het over een paar minuten opnieuw.`,
    },
    notOffered: {
      title: "Dit kan hier niet worden gekoppeld",
      text: () => "De app waar je vandaan komt biedt het niet aan. Ga terug en kies iets anders.",
    },
    ended: {
      title: "Deze koppeling is beëindigd",
      text: () => "Wil je opnieuw koppelen, begin dan in de app waar je vandaan komt.",
    },
    unknown: {
      title: "Er ging iets mis",
      text: () =>
        "Dit ligt niet aan jou. Probeer het over een paar minuten opnieuw. Helpt dat niet, geef dan de code hieronder door aan de helpdesk van de app.",
    },
  },
};
