/** The texts of the invented providers, in every language. */
import type { Translated } from "../../src/providers/provider.ts";

export const yourDays: Translated = {
  en: "Your days",
  de: "Ihre Tage",
  fr: "Vos journées",
  es: "Tus días",
  it: "Le tue giornate",
  pt: "Seus dias",
  nl: "Je dagen",
  fi: "Päiväsi",
  sv: "Dina dagar",
  ja: "毎日の記録",
};

export const daysBefore: Translated = {
  en: "Your days before you connected",
  de: "Ihre Tage vor der Verbindung",
  fr: "Vos journées d’avant la connexion",
  es: "Tus días anteriores a la conexión",
  it: "Le tue giornate prima del collegamento",
  pt: "Seus dias antes da conexão",
  nl: "Je dagen van voor de koppeling",
  fi: "Päiväsi ennen yhdistämistä",
  sv: "Dina dagar före anslutningen",
  ja: "連携前の毎日の記録",
};

export const pastDays: Translated = {
  en: "What you did before",
  de: "Was Sie bisher getan haben",
  fr: "Ce que vous avez fait auparavant",
  es: "Lo que hiciste antes",
  it: "Quello che hai fatto prima",
  pt: "O que você fez antes",
  nl: "Wat je eerder hebt gedaan",
  fi: "Mitä teit aiemmin",
  sv: "Vad du gjort tidigare",
  ja: "これまでの記録",
};

export const today: Translated = {
  en: "What you do today",
  de: "Was Sie heute tun",
  fr: "Ce que vous faites aujourd’hui",
  es: "Lo que haces hoy",
  it: "Quello che fai oggi",
  pt: "O que você faz hoje",
  nl: "Wat je vandaag doet",
  fi: "Mitä teet tänään",
  sv: "Vad du gör i dag",
  ja: "今日の記録",
};

export const nights: Translated = {
  en: "What you do at night",
  de: "Was Sie nachts tun",
  fr: "Ce que vous faites la nuit",
  es: "Lo que haces de noche",
  it: "Quello che fai di notte",
  pt: "O que você faz à noite",
  nl: "Wat je ’s nachts doet",
  fi: "Mitä teet yöllä",
  sv: "Vad du gör på natten",
  ja: "夜間の記録",
};

/** The steps to a key at Keyed. */
export const keySteps: readonly Translated[] = [
  {
    en: "Log in at keyed.example.",
    de: "Melden Sie sich bei keyed.example an.",
    fr: "Connectez-vous à keyed.example.",
    es: "Inicia sesión en keyed.example.",
    it: "Accedi a keyed.example.",
    pt: "Entre em keyed.example.",
    nl: "Log in bij keyed.example.",
    fi: "Kirjaudu osoitteessa keyed.example.",
    sv: "Logga in på keyed.example.",
    ja: "keyed.exampleにログインします。",
  },
  {
    en: "Choose “Make a key”.",
    de: "Wählen Sie „Schlüssel erstellen“.",
    fr: "Choisissez « Créer une clé ».",
    es: "Elige «Crear una clave».",
    it: "Scegli «Crea una chiave».",
    pt: "Escolha “Criar uma chave”.",
    nl: "Kies ‘Sleutel maken’.",
    fi: "Valitse ”Luo avain”.",
    sv: "Välj ”Skapa en nyckel”.",
    ja: "「キーを作成」を選びます。",
  },
  {
    en: "Copy the key and paste it here.",
    de: "Kopieren Sie den Schlüssel und fügen Sie ihn hier ein.",
    fr: "Copiez la clé et collez-la ici.",
    es: "Copia la clave y pégala aquí.",
    it: "Copia la chiave e incollala qui.",
    pt: "Copie a chave e cole-a aqui.",
    nl: "Kopieer de sleutel en plak hem hier.",
    fi: "Kopioi avain ja liitä se tähän.",
    sv: "Kopiera nyckeln och klistra in den här.",
    ja: "キーをコピーして、ここに貼り付けます。",
  },
];
