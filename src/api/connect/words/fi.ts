import type { Words } from "./en.ts";

/** A name with a noun of which only the noun is inflected: `Acme-tili`, `Acme Health -sovellus`. */
const compound = (name: string, noun: string): string =>
  name.includes(" ") ? `${name} -${noun}` : `${name}-${noun}`;

const ofApp = (app: string | null, noun: string): string => (app === null ? noun : compound(app, noun));

export const fi: Words = {
  choose: {
    title: "Valitse, mitä yhdistät",
    lead: (app) =>
      `${app ?? "Sovellus, josta tulit,"} haluaisi saada terveys- ja liikuntatietosi. Valitse laite tai palvelu, josta ne tulevat.`,
    search: "Hae nimellä",
    find: "Hae",
    none: "Ei tuloksia. Kokeile toista nimeä.",
    all: "Näytä kaikki",
    empty: (app) =>
      `Yhdistettävää ei vielä ole. Kerro siitä ${app === null ? "sovellukselle, josta tulit" : compound(app, "sovelluksen tukeen")}.`,
  },
  share: {
    title: (provider, app) => `Jaa ${compound(provider, "tietosi")} ${ofApp(app, "sovellukselle")}`,
    what: "Mitä jaetaan",
    past: (provider, days) =>
      `Mukana on myös se, mitä ${provider} on tallentanut viimeisten ${days} päivän ajalta.`,
    choice: "Tästä päätät itse",
    receiverTitle: "Kuka tiedot saa",
    receiver: (app, host) =>
      `${app ?? "Sovellus, josta tulit"}. Tietosi kulkevat sinne palvelimen ${host} kautta.`,
    endTitle: "Miten lopetat jakamisen",
    endAtProvider: (provider, app) =>
      `Milloin tahansa, ${ofApp(app, "sovelluksessa")} tai ${compound(provider, "tililläsi")}.`,
    endByKey: (provider, app) =>
      `Milloin tahansa, ${ofApp(app, "sovelluksessa")} tai poistamalla avaimen ${compound(provider, "palvelusta")}.`,
    endInApp: (app) => `Milloin tahansa, ${ofApp(app, "sovelluksessa")}.`,
    goOn: (provider) => `Hyväksy ja jatka: ${provider}`,
    next: (provider) => `Kirjaudut ${compound(provider, "palveluun")} ja vahvistat siellä.`,
    agree: "Hyväksy ja yhdistä",
    cancel: "Peruuta",
    back: "Kaikki laitteet ja palvelut",
  },
  types: {
    activity: { title: "Harjoitukset", detail: "Esimerkiksi kesto, matka, syke, vauhti ja reitti" },
    daily: { title: "Päivän aktiivisuus", detail: "Esimerkiksi askeleet, kalorit ja päivän syke" },
    sleep: { title: "Uni", detail: "Esimerkiksi ajat, univaiheet, syke ja hengitys" },
    body: {
      title: "Kehon mittaukset",
      detail: "Esimerkiksi paino, lämpötila, verenpaine ja veren happipitoisuus",
    },
    nutrition: { title: "Ravinto", detail: "Esimerkiksi ateriat, juomat ja ravintoaineet" },
    menstruation: {
      title: "Kuukautiskierto",
      detail: "Esimerkiksi kuukautisten päivät ja kierron vaiheet",
    },
    athlete: { title: "Profiili", detail: "Esimerkiksi nimi, syntymäaika, sukupuoli ja maa" },
  },
  key: {
    title: "Avaimesi",
    steps: (provider) => `${provider} yhdistetään avaimella, jonka luot siellä:`,
    open: (provider) => `Avaa ${provider}`,
    newTab: "avautuu uuteen välilehteen",
    label: "Avain",
    ends: "Avaimen viimeinen päivä, jos sellainen on",
    missing: "Liitä ensin avain.",
  },
  upload: {
    title: (provider) => `${provider} on yhdistetty`,
    lead: "Valitse, miten tietosi tulevat; voit käyttää useaa tapaa. Pidä tämä sivu auki: se näyttää tunnisteen vain tässä selaimessa ja vain tunnin ajan.",
    format: (format) => `Osoite muodolle ”${format}”`,
    address: "Osoite",
    header: "Otsake, jossa tunniste on",
    scan: "Käytä painiketta puhelimessa tai lue koodi puhelimella.",
    code: (what) => `Luettava koodi: ${what}`,
    waiting: "Odotetaan ensimmäisiä tietoja …",
    arrived: "Ensimmäiset tiedot ovat saapuneet.",
    zone: {
      title: "Aikavyöhykkeesi",
      lead: "Osa tiedoistasi tulee ilman aikavyöhykettä. Niiden päivät erotetaan tämän mukaan.",
      label: "Aikavyöhyke",
      save: "Tallenna aikavyöhyke",
      saved: (zone) => `Tallennettu: ${zone}`,
      unknown: "Tämän nimistä aikavyöhykettä ei ole. Kokeile lähintä suurta kaupunkia.",
    },
    file: {
      label: "Tiedosto",
      send: "Lähetä tiedosto",
      sending: "Lähetetään …",
      sent: "Tiedosto on saapunut, ja sitä luetaan.",
      failed: "Lähetys keskeytyi. Valitse sama tiedosto uudelleen, niin se jatkuu siitä, mihin se jäi.",
      storing: "Tiedosto on luettu. Sen päiviä tallennetaan, uusimmat ensin.",
      done: "Koko tiedosto on luettu ja tallennettu.",
      problems: {
        missing: "Valitse yksi tiedosto, joka ei ole tyhjä.",
        tooLarge: "Tiedosto on liian suuri.",
        unfinished: "Liian monta lähetystä on aloitettu eikä saatettu loppuun. Yritä huomenna uudelleen.",
        notRecognised:
          "Tämä ei ole se tiedosto, jota tässä tarkoitetaan. Lähetä se juuri sellaisena kuin laitteesi sen teki.",
        damaged:
          "Tiedosto on vioittunut tai vajaa; se, mikä voitiin lukea, on tallennettu. Vie tiedot uudelleen ja lähetä uusi tiedosto.",
        encrypted: "Tiedosto on suojattu salasanalla. Lähetä tiedosto ilman salasanaa.",
        other: "Tiedostoa ei voitu lukea. Ilmoita tämä koodi sovelluksen tukeen.",
      },
    },
    goOn: (app) => `Jatka ${ofApp(app, "sovellukseen")}`,
  },
  connected: {
    title: "Yhteys on muodostettu",
    lead: (provider, app) =>
      `${compound(provider, "tietosi")} ovat matkalla ${ofApp(app, "sovellukseen")}. Voit sulkea tämän ikkunan ja palata sovellukseen.`,
    withheld: "Ei jaeta",
    withheldHint: "Jos haluat jakaa myös tämän, yhdistä uudelleen sovelluksesta.",
    further: (provider) => `${provider} pyytää osaa tiedoistasi erikseen. Voit jakaa myös ne:`,
    shareToo: "Jaa myös tämä",
  },
  question: {
    title: "Käytetäänkö toista tiliä?",
    lead: (provider) => `Toinen ${compound(provider, "tili")} on jo yhdistetty.`,
    since: (date) => `Se on ollut yhdistettynä ${date} lähtien.`,
    only: "Sovellus voi käyttää vain yhtä.",
    warning:
      "Jos otat uuden tilin käyttöön, sovellus ei enää pääse nykyiseen ja siitä saadut tiedot poistetaan täältä.",
    keep: "Pidä nykyinen tili",
    replace: "Käytä uutta tiliä",
  },
  retry: "Yritä uudelleen",
  code: "Virhekoodi",
  errors: {
    linkInvalid: {
      title: "Tämä linkki ei toimi",
      text: () => "Se on vajaa tai vanhentunut. Palaa sovellukseen, josta tulit, ja aloita siellä uudelleen.",
    },
    linkUsed: {
      title: "Tämä linkki on jo käytetty",
      text: () =>
        "Jos käytit sitä itse, sulje tämä sivu ja palaa sovellukseen. Jos haluat yhdistää jotain muuta, aloita sovelluksessa uudelleen.",
    },
    loginExpired: {
      title: "Tämä kirjautuminen on vanhentunut",
      text: () =>
        "Se on jo käytetty, tai sitä ei viety loppuun 30 minuutissa. Aloita uudelleen sovelluksen linkistä. Jos yhteys on jo olemassa, sulje tämä sivu ja palaa sovellukseen.",
    },
    otherBrowser: {
      title: "Tämä kirjautuminen alkoi toisessa selaimessa",
      text: () =>
        "Mitään ei yhdistetty. Avaa sovelluksen linkki uudelleen ja vie kaikki loppuun samassa selaimessa, jossa evästeet ovat sallittuja. Jos et itse aloittanut tätä, sulje sivu.",
    },
    otherAccount: {
      title: "Se oli toinen tili",
      text: (provider) =>
        `Kirjaudu ulos ${compound(provider, "palvelusta")} ja anna tämä lupa tilillä, jonka yhdistit ensin.`,
    },
    kept: {
      title: "Mitään ei muutettu",
      text: () =>
        "Aiemmin yhdistetty tili pysyy yhdistettynä. Jos haluat sittenkin käyttää toista, avaa sovelluksen linkki uudelleen.",
    },
    questionClosed: {
      title: "Tähän kysymykseen ei voi enää vastata",
      text: () =>
        "Siihen on jo vastattu, tai 15 minuuttia on kulunut. Jos valitsit tilin, sulje tämä sivu ja palaa sovellukseen. Muussa tapauksessa avaa sovelluksen linkki uudelleen.",
    },
    denied: {
      title: "Mitään ei yhdistetty",
      text: () => "Et antanut lupaa, joten mitään ei jaeta. Voit yrittää uudelleen samalla linkillä.",
    },
    exchangeFailed: {
      title: "Yhteyttä ei saatu valmiiksi",
      text: (provider) =>
        `${provider} ei vahvistanut sitä, joten mitään ei yhdistetty. Yritä uudelleen muutaman minuutin kuluttua. Jos se ei auta, kerro alla oleva koodi sovelluksen tuelle.`,
    },
    termsMissing: {
      title: "Yksi vaihe puuttuu",
      text: (provider) =>
        `Kirjaudu ${compound(provider, "palveluun")}, hyväksy sen ehdot ja yritä sitten uudelleen. Mitään ei ole vielä yhdistetty.`,
    },
    keyRefused: {
      title: "Tämä avain ei toimi",
      text: (provider) =>
        `${provider} ei hyväksy tätä avainta. Tarkista, että kopioit sen kokonaan, tai luo uusi.`,
    },
    unreachable: {
      title: "Ei vastausta",
      text: (provider) =>
        `${provider} ei vastaa juuri nyt. Mitään ei yhdistetty. Yritä uudelleen muutaman minuutin kuluttua.`,
    },
    notOffered: {
      title: "Tätä ei voi yhdistää täällä",
      text: () => "Sovellus, josta tulit, ei tarjoa sitä. Palaa takaisin ja valitse jotain muuta.",
    },
    ended: {
      title: "Tämä yhteys on päättynyt",
      text: () => "Jos haluat yhdistää uudelleen, aloita sovelluksesta, josta tulit.",
    },
    unknown: {
      title: "Jokin meni vikaan",
      text: () =>
        "Vika ei ole sinussa. Yritä uudelleen muutaman minuutin kuluttua. Jos se ei auta, kerro alla oleva koodi sovelluksen tuelle.",
    },
  },
};
